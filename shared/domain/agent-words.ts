/** How an agent stands, in a word or a few. Pure. */

/** Of what an agent is told as, as far as it matters here. */
export interface StandingAgent {
  state: 'ready' | 'draining' | 'gone';
  drainedByOperator: boolean;
  quarantined: boolean;
  models: readonly { match: string; suspended: string }[];
}

const MOST_REASONS = 3;

/** Why a ready agent takes nothing, or nothing for some of its models: `auth`, `openai/*: auth, vllm/*: quota`; '' where it takes all. */
export function suspensions({ state, quarantined, models }: StandingAgent): string {
  const suspended = models.filter((m) => m.suspended);
  if (quarantined || state !== 'ready' || suspended.length === 0) return '';
  const isAll = suspended.length === models.length;
  const reasons = isAll ? [...new Set(suspended.map((m) => m.suspended))] : suspended.map((m) => `${m.match}: ${m.suspended}`);
  return `${reasons.slice(0, MOST_REASONS).join(', ')}${reasons.length > MOST_REASONS ? ', …' : ''}`;
}

/** `drained` is by an operator, `quarantined` for what it has sent. */
export function agentWord({ state, drainedByOperator, quarantined }: StandingAgent): StandingAgent['state'] | 'drained' | 'quarantined' {
  if (quarantined) return 'quarantined';
  return state === 'draining' && drainedByOperator ? 'drained' : state;
}

/** Both: `ready (openai/*: auth)`. */
export function agentState(agent: StandingAgent): string {
  const reasons = suspensions(agent);
  return reasons === '' ? agentWord(agent) : `${agentWord(agent)} (${reasons})`;
}
