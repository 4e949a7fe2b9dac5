/** Makes reasons: what is left out of one is empty. Pure. */
import type { Agent } from '../../../shared/client/types.ts';
import type { Reason, ReasonAgent } from '../../../shared/client/why.ts';
import { describeRoute, type Route } from '../../../shared/domain/routing.ts';

const MAX_AGENTS = 20;
export const MAX_EVALUATIONS = 20;

type Made = Pick<Reason, 'code' | 'effect' | 'text'> & Partial<Omit<Reason, 'route' | 'requirement'>> & { on?: Route };

export const reason = ({ on, agents = [], ...made }: Made): Reason => ({
  samples: 0,
  tasks: 0,
  sinceMs: 0,
  untilMs: 0,
  remedy: '',
  command: '',
  evaluationIds: [],
  agentCount: agents.length,
  ...made,
  agents: agents.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.agentId < b.agentId ? -1 : 1)).slice(0, MAX_AGENTS),
  route: on?.id ?? '',
  requirement: on ? describeRoute(on) : '',
});

export const reasonAgent = ({ agentId, name }: Pick<Agent, 'agentId' | 'name'>, text: string, sinceMs = 0): ReasonAgent => ({
  agentId,
  name: name || agentId,
  text,
  sinceMs,
});

/** `1 agent`, `2 agents`, `1,234 agents`. */
export const plural = (n: number, word: string): string => `${number(n)} ${word}${n === 1 ? '' : 's'}`;
/** 1234567 → 1,234,567. */
export const number = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** A word of a command, quoted where a shell would not take it as it is. */
export const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** `: why`, or nothing. */
export const because = (why: string): string => (why ? `: ${why}` : '');
