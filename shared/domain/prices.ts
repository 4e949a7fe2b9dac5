/**
 * Prices of models, for estimates. They are list prices as they were publicly known at the table's version, without discounts
 * for caches, batches or contracts, and may be out of date: indicative, never a bill.
 */
import { z } from 'zod';
import { invalid } from './errors.ts';
import { matchesPattern } from './routing.ts';
import { faultsOf } from './spec-faults.ts';

const usd = z.number().nonnegative().max(1e6);
const priceSchema = z.strictObject({
  /** `provider/name`, or a pattern with `*` for any run of characters. */
  match: z.string().min(1).max(200),
  /** US dollars for a million tokens. */
  inputUsdPerMillion: usd,
  outputUsdPerMillion: usd,
});
const tableSchema = z.strictObject({ version: z.string().min(1).max(100), models: z.array(priceSchema).max(10_000) });
export type ModelPrice = z.infer<typeof priceSchema>;
export type PriceTable = z.infer<typeof tableSchema>;

/** A table of one's own. Throws AppError invalid with every fault. */
export function parsePriceTable(value: unknown): PriceTable {
  const parsed = tableSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalid('price table', faultsOf(parsed.error.issues, value, tableSchema));
}

/** The date or `latest` that many names end with. */
const DATED = /(?:[-@]\d{4}-\d{2}-\d{2}|[-@]\d{8}|-latest)$/;

/** An exact name goes before patterns, and a longer pattern before a shorter one; then the same for the name without its date. */
export function priceOf(table: PriceTable, model: string): ModelPrice | undefined {
  const find = (name: string): ModelPrice | undefined =>
    table.models.find(({ match }) => match === name) ??
    table.models.filter(({ match }) => matchesPattern(match, name)).toSorted((a, b) => b.match.length - a.match.length)[0];
  return find(model) ?? find(model.replace(DATED, ''));
}

const price = (match: string, inputUsdPerMillion: number, outputUsdPerMillion: number): ModelPrice => ({
  match,
  inputUsdPerMillion,
  outputUsdPerMillion,
});

export const PRICES: PriceTable = {
  version: '2026-11-22',
  models: [
    price('mock/*', 0, 0),
    price('none/*', 0, 0),
    price('openai/gpt-5', 1.25, 10),
    price('openai/gpt-5-mini', 0.25, 2),
    price('openai/gpt-5-nano', 0.05, 0.4),
    price('openai/gpt-4.1', 2, 8),
    price('openai/gpt-4.1-mini', 0.4, 1.6),
    price('openai/gpt-4.1-nano', 0.1, 0.4),
    price('openai/gpt-4o', 2.5, 10),
    price('openai/gpt-4o-mini', 0.15, 0.6),
    price('openai/gpt-4-turbo', 10, 30),
    price('openai/gpt-3.5-turbo', 0.5, 1.5),
    price('openai/o1', 15, 60),
    price('openai/o3', 2, 8),
    price('openai/o3-mini', 1.1, 4.4),
    price('openai/o4-mini', 1.1, 4.4),
    price('anthropic/claude-opus-4', 15, 75),
    price('anthropic/claude-opus-4-1', 15, 75),
    price('anthropic/claude-opus-4-5', 5, 25),
    price('anthropic/claude-sonnet-4', 3, 15),
    price('anthropic/claude-sonnet-4-5', 3, 15),
    price('anthropic/claude-haiku-4-5', 1, 5),
    price('anthropic/claude-3-7-sonnet', 3, 15),
    price('anthropic/claude-3-5-sonnet', 3, 15),
    price('anthropic/claude-3-5-haiku', 0.8, 4),
    price('anthropic/claude-3-haiku', 0.25, 1.25),
    price('google/gemini-2.5-pro', 1.25, 10),
    price('google/gemini-2.5-flash', 0.3, 2.5),
    price('google/gemini-2.5-flash-lite', 0.1, 0.4),
    price('google/gemini-2.0-flash', 0.1, 0.4),
  ],
};
