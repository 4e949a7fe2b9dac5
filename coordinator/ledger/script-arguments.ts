/** Forms in which the ledger's scripts take and give their arguments. */
import { parseTask, type LedgerTask, type ReleaseItem, type RestoredUnit } from './types.ts';

/** As the script keeps it with the task. */
export function evidenceOf(item: ReleaseItem): unknown[] {
  if (item.kind === 'requeue') return [];
  const { agent: n, instanceId: i, exit: x, words: w } = item.evidence ?? {};
  return [{ n, i, x, w }, ...(item.suspects ? [item.suspects] : [])];
}

/** Units as a script joins them. */
export const numbersOf = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));

/** A unit with the attempt whose result it is. */
export type Replayed = RestoredUnit & { attemptId?: string };

/** A unit as scripts count it; the sixth is their own. */
export const countedRow = ({ unit, code, group, retries, values, tokens = [0, 0] }: RestoredUnit, own: unknown): unknown[] => [
  ...[unit, code, group, retries, values],
  own,
  ...tokens,
];

export const replayedOf = ({ attemptId, ...unit }: Replayed): unknown[] => countedRow(unit, attemptId ?? false);

/** `attempt:unit …` */
export const attemptUnitsOf = (text: string): [attemptId: string, unit: number][] =>
  (text === '' ? [] : text.split(' ')).map((one) => [one.split(':')[0]!, Number(one.split(':')[1])]);

/** ageMs: since it entered its state. */
export type AgedTask = LedgerTask & { ageMs: number };

/** A task, and what time it is by the clock that stamped it: those of coordinators need not agree with it. */
export const TASK = "return { redis.call('HGET', KEYS[1], ARGV[1]), redis.call('TIME') }";

export function agedTask(sequence: number, [raw, [seconds, micros]]: [string | null, [string, string]]): AgedTask | undefined {
  if (!raw) return undefined;
  const task = parseTask(sequence, raw);
  return { ...task, ageMs: Math.max(0, Number(seconds) * 1000 + Math.floor(Number(micros) / 1000) - task.sinceMs) };
}
