/** The faults of a run as spans of time. */
import type { EventOf, History } from '../history/history.ts';
import { DELAY_MS } from '../process/failpoint.ts';

export interface Fault {
  kind: string;
  target: string;
  from: number;
  /** Infinity: it was still there when all was over. */
  to: number;
}

/** Of a failpoint only the beginning is noted. */
export function faultsOf(history: History): Fault[] {
  const found: Fault[] = [];
  const open = new Map<string, EventOf<'fault'>>();
  const keyOf = ({ kind, target }: EventOf<'fault'>): string => `${kind} ${target}`;
  for (const event of history.of('fault')) {
    const { kind, target, phase, t } = event;
    if (kind === 'failpoint') found.push({ kind, target, from: t, to: t + DELAY_MS });
    else if (phase === 'begin') open.set(keyOf(event), event);
    else {
      const begin = open.get(keyOf(event));
      open.delete(keyOf(event));
      if (begin) found.push({ kind, target, from: begin.t, to: t });
    }
  }
  return [...found, ...[...open.values()].map(({ kind, target, t }) => ({ kind, target, from: t, to: Infinity }))];
}
