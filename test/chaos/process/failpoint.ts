/** One fault at one call of a coordinator, once: `PLACE:before|after:exit|throw|delay:N`, at the N-th call of that place. */
import { AppError } from '../../../shared/domain/errors.ts';
import type { Note } from './log.ts';
import type { Around } from './ports.ts';

export interface Failpoint {
  /** Such as `ledger.commit`. */
  place: string;
  side: 'before' | 'after';
  mode: 'exit' | 'throw' | 'delay';
  /** Which call of the place, from 1. */
  call: number;
}

export const DELAY_MS = 2_000;

export const textOf = ({ place, side, mode, call }: Failpoint): string => `${place}:${side}:${mode}:${call}`;

export function failpointOf(text: string): Failpoint {
  const [place, side, mode, call] = text.split(':') as [string, Failpoint['side'], Failpoint['mode'], string];
  return { place, side, mode, call: Number(call) };
}

/**
 * Nothing happens until a failpoint is armed; a new one takes the place of the one before. `claim`: whether it is this process that fails; of
 * several that are armed with the same one, only the first to come there is.
 */
export function failing(note: Note, claim: () => boolean = () => true): { around: Around; arm: (failpoint: Failpoint) => void } {
  let armed: { failpoint: Failpoint; calls: number } | undefined;
  const strike = async (failpoint: Failpoint): Promise<void> => {
    note({ what: 'fault', kind: 'failpoint', target: textOf(failpoint), phase: 'begin' });
    if (failpoint.mode === 'exit') process.kill(process.pid, 'SIGKILL');
    if (failpoint.mode === 'throw') throw new AppError('unavailable', `the failpoint at ${failpoint.place}`);
    await new Promise((resolve) => void setTimeout(resolve, DELAY_MS));
  };
  const around: Around = async (place, _args, call) => {
    const isThere = armed?.failpoint.place === place && ++armed.calls === armed.failpoint.call && claim();
    const hit = isThere ? armed!.failpoint : undefined;
    if (hit?.side === 'before') await strike(hit);
    const answer = await call();
    if (hit?.side === 'after') await strike(hit);
    return answer;
  };
  return { around, arm: (failpoint) => void (armed = { failpoint, calls: 0 }) };
}
