/** What the first reason was over time: each look goes on with the period that it is in, or ends it and begins another one. Pure. */
import type { Reason, ReasonPeriod, ReasonTotal, WhyHistory } from '../../../shared/client/why.ts';

/** What happened while nobody looked for so long is not known. */
export const UNSEEN_MS = 300_000;
/** Agents of a reason that are kept. */
const MAX_AGENTS = 5;

/** Those that say that work runs take turns by the second, and are one. */
export const nameOf = ({ effect, code, route }: Pick<Reason, 'effect' | 'code' | 'route'>): string =>
  effect === 'runs' ? 'running ' : `${code} ${route}`;

/** What a look makes of the period before; `closed`: that one is over. */
export interface Noted {
  current: ReasonPeriod;
  closed?: ReasonPeriod;
}

export function noted(before: ReasonPeriod | undefined, first: Reason, atMs: number): Noted {
  // Of several coordinators that look, one may be late.
  const nowMs = Math.max(atMs, before?.untilMs ?? 0);
  const isUnseen = before !== undefined && nowMs - before.untilMs > UNSEEN_MS;
  const { code, effect, text, route, requirement, samples, agents, agentCount } = first;
  const seen = { code, effect, text, route, requirement, samples, agents: agents.slice(0, MAX_AGENTS), agentCount };
  if (before && !isUnseen && nameOf(before) === nameOf(first))
    return { current: { ...seen, sinceMs: before.sinceMs, untilMs: nowMs, looks: before.looks + 1 } };
  const current = { ...seen, sinceMs: nowMs, untilMs: nowMs, looks: 1 };
  if (!before) return { current };
  return { current, closed: isUnseen ? before : { ...before, untilMs: nowMs } };
}

/** What is told of it. `closed`: the newest first; `totals`: of those alone. */
export function historyOf(
  current: ReasonPeriod | undefined,
  closed: readonly ReasonPeriod[],
  totals: ReadonlyMap<string, Omit<ReasonTotal, 'code' | 'effect' | 'route'>>,
  sinceMs: number,
): WhyHistory {
  if (!current) return { sinceMs: 0, periods: [], totals: [] };
  const all = new Map(totals);
  const own = all.get(nameOf(current)) ?? { times: 0, totalMs: 0 };
  all.set(nameOf(current), { times: own.times + 1, totalMs: own.totalMs + current.untilMs - current.sinceMs });
  return {
    sinceMs,
    periods: [current, ...closed],
    totals: [...all]
      .map(([name, total]): ReasonTotal => {
        const [code = '', route = ''] = name.split(' ');
        const known = [current, ...closed].find((period) => nameOf(period) === name);
        return { code, effect: known?.effect ?? (code === 'running' ? 'runs' : 'blocks'), route, ...total };
      })
      .toSorted((a, b) => b.totalMs - a.totalMs || b.times - a.times),
  };
}
