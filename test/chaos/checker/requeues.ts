/** Who has asked for samples to be run again, or had it done: as clients and coordinators tell it, of whom either may have died over it. */
import type { History } from '../history/history.ts';

export interface Requeue {
  evaluation: string;
  units: readonly number[];
  from: number;
  /** Infinity: nobody knows when it was over. */
  to: number;
}

export function requeuesOf(history: History): Requeue[] {
  const answered = new Map(history.of('ok').map(({ call, t }) => [call, t]));
  const asked = history
    .of('invoke')
    .flatMap(({ op, evaluation, units = [], t, call }) =>
      op === 'requeue' && evaluation !== undefined ? [{ evaluation, units, from: t, to: answered.get(call) ?? Infinity }] : [],
    );
  const done = history.of('reopened').map(({ evaluation, units, t0, t }) => ({ evaluation, units, from: t0, to: t }));
  return [...asked, ...done];
}
