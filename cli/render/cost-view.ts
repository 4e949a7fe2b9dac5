/** What an evaluation has cost so far, for people. Pure. */
import type { Cost, ModelCost } from '../../shared/client/types.ts';
import { costInWords, usdInWords } from '../../shared/domain/cost.ts';
import { count, plainText } from './text.ts';

const tokensInWords = ({ inputTokens, outputTokens }: ModelCost): string => `${count(inputTokens)} tokens in, ${count(outputTokens)} out`;

/** `96 tokens in, 24 out`, of all models; '' where nobody knows. */
export const allTokensInWords = (cost: Cost | undefined): string => {
  if (!cost) return '';
  const sum = (of: (model: ModelCost) => number): number => cost.models.reduce((total, model) => total + of(model), 0);
  return tokensInWords({ model: '', inputTokens: sum((m) => m.inputTokens), outputTokens: sum((m) => m.outputTokens) });
};

/** In one line: all together, then each model with its tokens and what they cost. */
export function costLine(cost: Cost | undefined): string {
  if (!cost) return '';
  const { models, priceTableVersion } = cost;
  const total = costInWords(cost);
  const all = total === '' ? 'no price is known' : `${total} (prices of ${plainText(priceTableVersion)})`;
  const each = models.map((model) => {
    const own =
      model.costUsd === undefined ? (total === '' ? '' : ', without a price') : models.length > 1 ? `, ${usdInWords(model.costUsd)}` : '';
    return `${plainText(model.model)} ${tokensInWords(model)}${own}`;
  });
  return `${all}: ${each.join('; ')}`;
}
