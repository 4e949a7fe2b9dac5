/** Forms in which the ledger's scripts take and give their arguments. */
import type { ReleaseItem } from './types.ts';

/** As the script keeps it with the task. */
export function evidenceOf(item: ReleaseItem): unknown[] {
  if (item.kind === 'requeue') return [];
  const { agent: n, instanceId: i, exit: x, words: w } = item.evidence ?? {};
  return [{ n, i, x, w }, ...(item.suspects ? [item.suspects] : [])];
}

/** Units as a script joins them. */
export const numbersOf = (text: string): number[] => (text === '' ? [] : text.split(',').map(Number));
