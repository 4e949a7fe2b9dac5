/** What a filter of samples asks of a unit's state and of its result. Pure. */
import type { SampleFilter } from '../../../shared/client/types.ts';
import type { UnitResult } from '../../../shared/domain/result.ts';
import { isOpenCode, unitCode } from '../../../shared/domain/states.ts';

/** The state of a unit that only its result tells. */
export const UNREAD = 15;

const ERRORED = unitCode('errored');

export interface SampleMatcher {
  /** Whether a unit of this state can be meant; UNREAD can. */
  state(code: number): boolean;
  /** Whether it depends on the result as well; units without one are not meant then. */
  readonly needsResult: boolean;
  /** Whether a result of these bytes can be meant; it says yes where it does not know, and costs little. */
  bytes(content: Buffer): boolean;
  /** Whether a result of this agent can be meant. */
  agent(agentId: string): boolean;
  result(result: UnitResult): boolean;
}

export function sampleMatcher(filter: SampleFilter): SampleMatcher {
  const states = new Set((filter.states ?? []).map(unitCode));
  const classes = new Set<string>(filter.errorClasses ?? []);
  const values = new Set(filter.scoreValues ?? []);
  const agents = new Set(filter.agents ?? []);
  const { startedFromMs = 0, startedToMs = Infinity } = filter;
  const isTimed = startedFromMs > 0 || startedToMs < Infinity;
  const wanted = filter.text ? filter.text.toLowerCase() : '';
  const has = (text: string | undefined): boolean => text !== undefined && text.toLowerCase().includes(wanted);
  // What is written otherwise in JSON than it is: found by reading it alone.
  const isPlain = wanted !== '' && !/["\\/\p{Cc}]/u.test(wanted);
  const isOpenWanted = [...states].some(isOpenCode);
  return {
    needsResult: classes.size > 0 || values.size > 0 || wanted !== '' || agents.size > 0 || isTimed,
    state: (code) => {
      if (code === UNREAD) return true;
      // What has an error is errored: nothing else need be read for its class.
      if (classes.size > 0 && code !== ERRORED) return false;
      return states.size === 0 || states.has(code) || (isOpenWanted && isOpenCode(code));
    },
    bytes: (content) => {
      if (classes.size === 0 && !isPlain) return true;
      const text = content.toString('utf8');
      if (text.includes('\\u')) return true;
      if (classes.size > 0 && ![...classes].some((name) => text.includes(name))) return false;
      return !isPlain || text.toLowerCase().includes(wanted);
    },
    agent: (agentId) => agents.size === 0 || agents.has(agentId),
    result: (result) => {
      if (isTimed && (result.timing.startedAt < startedFromMs || result.timing.startedAt >= startedToMs)) return false;
      if (classes.size > 0 && !(result.error && classes.has(result.error.class))) return false;
      const scores = result.scores.filter((s) => !filter.scorer || s.scorer === filter.scorer);
      if (values.size > 0 && !scores.some((s) => s.value !== null && values.has(String(s.value)))) return false;
      return wanted === '' || has(result.completion) || result.scores.some((s) => has(s.answer));
    },
  };
}
