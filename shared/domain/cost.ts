/** What results have taken so far, and what that costs by list prices: indicative, never a bill. Pure. */
import { costOf } from './estimate.ts';
import type { ModelPrice } from './prices.ts';

export interface ModelTokens {
  model: string;
  inputTokens: number;
  outputTokens: number;
}

export interface ModelCost extends ModelTokens {
  /** Absent, with the prices: its price is not known. */
  costUsd?: number;
  /** US dollars for a million tokens. */
  inputUsdPerMillion?: number;
  outputUsdPerMillion?: number;
}

/** Of all results that count. */
export interface Cost {
  models: ModelCost[];
  /** Of the models whose price is known; absent: of none it is. */
  costUsd?: number;
  priceTableVersion: string;
}

/** Says what tokens cost. */
export type Priced = (tokens: readonly ModelTokens[]) => Cost;

/** Tokens alone. */
export const unpriced: Priced = (tokens) => costOfTokens(tokens, () => undefined, '');

/** At the prices of another cost: of what has run on since it was told. */
export const pricedAs = ({ models, priceTableVersion }: Cost, tokens: readonly ModelTokens[]): Cost =>
  costOfTokens(tokens, (model) => pricesOf(models.find((known) => known.model === model)), priceTableVersion);

type Prices = Omit<ModelPrice, 'match'>;

function pricesOf({ inputUsdPerMillion, outputUsdPerMillion }: Partial<ModelCost> = {}): Prices | undefined {
  return inputUsdPerMillion === undefined || outputUsdPerMillion === undefined ? undefined : { inputUsdPerMillion, outputUsdPerMillion };
}

/** `priceOfModel`: undefined where nobody knows. */
export function costOfTokens(
  tokens: readonly ModelTokens[],
  priceOfModel: (model: string) => Prices | undefined,
  priceTableVersion: string,
): Cost {
  const models = tokens.map(({ model, inputTokens, outputTokens }): ModelCost => {
    const own = { model, inputTokens, outputTokens };
    const price = priceOfModel(model);
    if (!price) return own;
    const { inputUsdPerMillion, outputUsdPerMillion } = price;
    return { ...own, costUsd: costOf(price, inputTokens, outputTokens), inputUsdPerMillion, outputUsdPerMillion };
  });
  const priced = models.flatMap(({ costUsd }) => (costUsd === undefined ? [] : [costUsd]));
  return { models, ...(priced.length > 0 && { costUsd: priced.reduce((sum, usd) => sum + usd, 0) }), priceTableVersion };
}

/** By model, in the order in which they come; undefined where those of some group are not known. */
export function tokensOfGroups(
  groups: readonly { model: string; inputTokens?: number; outputTokens?: number }[],
): ModelTokens[] | undefined {
  const models = new Map<string, ModelTokens>();
  for (const { model, inputTokens, outputTokens } of groups) {
    if (inputTokens === undefined || outputTokens === undefined) return undefined;
    const own = models.get(model) ?? { model, inputTokens: 0, outputTokens: 0 };
    models.set(model, { model, inputTokens: own.inputTokens + inputTokens, outputTokens: own.outputTokens + outputTokens });
  }
  return [...models.values()];
}

/** Whether a model that took something has no price: what is told is then less than it cost. */
export const isPartlyPriced = ({ models }: Cost): boolean =>
  models.some(({ costUsd, inputTokens, outputTokens }) => costUsd === undefined && inputTokens + outputTokens > 0);

/** `$0.0042`, `$0.42`, `$12.30`, `$1,230`. */
export function usdInWords(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.0001) return '< $0.0001';
  if (usd < 0.1) return `$${Number(usd.toPrecision(2))}`;
  return `$${usd < 1_000 ? usd.toFixed(2) : String(Math.round(usd)).replace(/\B(?=(\d{3})+$)/g, ',')}`;
}

/** The same of a cost, with a `+` where a model has no price; '' where none has. */
export const costInWords = (cost: Cost | undefined): string =>
  cost?.costUsd === undefined ? '' : `${usdInWords(cost.costUsd)}${isPartlyPriced(cost) ? '+' : ''}`;
