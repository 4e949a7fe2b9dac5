/** What an evaluation has taken and cost so far: tokens as endpoints count them, money by the coordinator's list of prices. */
import type { Cost, Evaluation, ModelCost } from '../../../shared/client/types.ts';
import { costInWords, isPartlyPriced, pricedAs, tokensOfGroups, usdInWords } from '../../../shared/domain/cost.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { Figure, Panel } from '../kit/parts.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { compact, count } from '../words.ts';

/** As its events tell it, at the prices that were told with it. */
export function costNow({ cost, groups, state }: Pick<Evaluation, 'cost' | 'groups' | 'state'>): Cost | undefined {
  const tokens = cost && !isFinal(state) ? tokensOfGroups(groups) : undefined;
  return cost && tokens ? pricedAs(cost, tokens) : cost;
}

const sumOf = ({ models }: Cost, of: (model: ModelCost) => number): number => models.reduce((sum, model) => sum + of(model), 0);

/** For the strip on top of a page: money, or tokens where no price is known. */
export function CostFigure({ cost }: { cost: Cost | undefined }) {
  if (!cost) return null;
  const [tokensIn, tokensOut] = [sumOf(cost, (m) => m.inputTokens), sumOf(cost, (m) => m.outputTokens)];
  const words = costInWords(cost);
  if (words === '')
    return <Figure name="Tokens" value={compact(tokensIn + tokensOut)} more={`${count(tokensIn)} in, ${count(tokensOut)} out`} />;
  return <Figure name="Cost" value={words} more={`${compact(tokensIn + tokensOut)} tokens`} />;
}

/** The same for a list. */
export function CostCell({ cost }: { cost: Cost | undefined }) {
  if (!cost) return NONE;
  const words = costInWords(cost);
  if (words !== '') return <span title={priceNote(cost)}>{words}</span>;
  const tokens = sumOf(cost, (m) => m.inputTokens + m.outputTokens);
  return tokens === 0 ? (
    NONE
  ) : (
    <span class="quiet-text" title={priceNote(cost)}>
      {compact(tokens)} tok
    </span>
  );
}

const NONE = <span class="faint">–</span>;

/** `$2.50 in, $10.00 out`; '' where nobody knows. */
const pricesOf = ({ inputUsdPerMillion, outputUsdPerMillion }: Partial<ModelCost> = {}): string =>
  inputUsdPerMillion === undefined || outputUsdPerMillion === undefined
    ? ''
    : `${usdInWords(inputUsdPerMillion)} in, ${usdInWords(outputUsdPerMillion)} out`;

/** What a model has cost, beside whatever else a row says of it. */
export const costColumn = <T,>(of: (row: T) => ModelCost | undefined): Column<T> => ({
  title: 'Cost',
  right: true,
  cell: (row) => {
    const own = of(row);
    return own?.costUsd === undefined ? NONE : <span title={`${pricesOf(own)} a million`}>{usdInWords(own.costUsd)}</span>;
  },
});

/** What a sum of money is by, and what it leaves out. */
export const priceNote = (cost: Cost): string =>
  cost.costUsd === undefined
    ? 'no price of these models is known'
    : `by the list prices of ${cost.priceTableVersion}${isPartlyPriced(cost) ? ', without models that have none' : ''}`;

/** Of one that runs; a report has more to say of one that is over. */
export const CostPart = ({ cost, isOver }: { cost: Cost; isOver: boolean }) => (
  <Panel title="Usage" note={`${isOver ? 'as counted' : 'so far'}, ${priceNote(cost)}`}>
    <Table
      label="Usage by model"
      columns={[
        { title: 'Model', grows: true, cell: (m: ModelCost) => m.model },
        { title: 'Input tokens', right: true, cell: (m) => count(m.inputTokens) },
        { title: 'Output tokens', right: true, cell: (m) => count(m.outputTokens) },
        { title: 'Per million', right: true, from: 'middle', cell: (m) => pricesOf(m) || NONE },
        costColumn((m: ModelCost) => m),
      ]}
      rows={cost.models}
      keyOf={({ model }) => model}
      isList
    />
  </Panel>
);
