/** Which entries of the agent's models share a purse, and how much is in it: one for each key, the tightest cap of all that is said of it. */
import { priceOf, type ModelPrice, type PriceTable } from '../../shared/domain/prices.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { endpointOf } from '../models/base-urls.ts';
import type { ModelEntry } from '../models/provider.ts';
import { Purses, type Purse } from './purse.ts';
import { tighter, type Cap } from './spend-book.ts';
import { readSpendFile, writeSpendFile } from './spend-file.ts';

/** What makes two entries' calls one bill: the same key, whatever it is read from; without one, the same endpoint. */
export function payerOf(entry: ModelEntry, entries: readonly ModelEntry[]): string {
  const { apiKey } = entry;
  if (!apiKey) return `endpoint ${endpointOf(entry)?.origin ?? entry.provider}`;
  const first = entries.find((other) => other.apiKey?.value === apiKey.value);
  return `key ${first?.apiKey?.source ?? apiKey.source}`;
}

/** The cap of an entry's key; undefined: it has none. */
export function capOf(entry: ModelEntry, entries: readonly ModelEntry[], ofEach: Cap = {}): Cap | undefined {
  const payer = payerOf(entry, entries);
  const caps = entries.filter((other) => payerOf(other, entries) === payer).flatMap(({ spendPerDay }) => spendPerDay ?? []);
  const cap = caps.reduce(tighter, ofEach);
  return Object.keys(cap).length > 0 ? cap : undefined;
}

/** The price of a model as the endpoint of the entry names it: that of the entry's own prefix, or of its provider. */
export const entryPrice = (
  table: PriceTable,
  { match, provider }: Pick<ModelEntry, 'match' | 'provider'>,
  model: string,
): ModelPrice | undefined => priceOf(table, `${match.split('/')[0]}/${model}`) ?? priceOf(table, `${provider}/${model}`);

/** Why no call of a model may be made under a cap: undefined, it may. */
export function unboundedBy(
  cap: Cap | undefined,
  entry: Pick<ModelEntry, 'match' | 'provider'>,
  model: string,
  table: PriceTable,
): string | undefined {
  if (!cap || cap.tokens !== undefined || entryPrice(table, entry, model)) return undefined;
  return `no price of ${model} is known, so its spend_per_day in usd bounds nothing; add tokens to it, or a table of \`prices\` to the policy`;
}

export interface OpenPurses {
  /** The entry's, in their order; undefined: no cap. */
  purses: readonly (Purse | undefined)[];
  close(): Promise<void>;
}

/** Throws AppError where the file of what was spent cannot be read. `dir`: the spool's. */
export async function openPurses({
  entries,
  ofEach,
  dir,
  clock,
}: {
  entries: readonly ModelEntry[];
  ofEach?: Cap;
  dir: string;
  clock: Clock;
}): Promise<OpenPurses> {
  const caps = entries.map((entry) => capOf(entry, entries, ofEach));
  if (caps.every((cap) => cap === undefined)) return { purses: caps.map(() => undefined), close: async () => undefined };
  const all = new Purses({ before: await readSpendFile(dir), write: (keys) => writeSpendFile(dir, keys), clock });
  return { purses: entries.map((entry, i) => caps[i] && all.open(payerOf(entry, entries), caps[i])), close: () => all.close() };
}
