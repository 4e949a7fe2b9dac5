/**
 * Why no agent takes work of a route: those that would, but for the state that they are in, are the reason before all others. Where there are
 * none, it is what the agents that come nearest lack. Pure.
 */
import type { Agent } from '../../../shared/client/types.ts';
import type { Reason } from '../../../shared/client/why.ts';
import { misfitsOf, type Misfit, type MisfitKind } from '../../../shared/domain/fit.ts';
import { describeNamespaces } from '../../../shared/domain/identity.ts';
import { missingNeeds, modelFor, namespaceOfRoute, type Route } from '../../../shared/domain/routing.ts';
import { candidateOf } from '../../cluster/agent-card.ts';
import { plural, reason, reasonAgent, word } from './reason.ts';

/** An agent with all that keeps it from a route. */
export interface Candidacy {
  agent: Agent;
  misfits: Misfit[];
}

export const candidaciesOf = (route: Route, agents: readonly Agent[]): Candidacy[] =>
  agents.map((agent) => ({ agent, misfits: misfitsOf(route, candidateOf(agent)) }));

/** What passes, or an operator undoes: the agent is the right one. */
const PASSING: ReadonlySet<MisfitKind> = new Set(['gone', 'quarantined', 'drained', 'draining', 'suspended']);
export const isPassing = ({ misfits }: Candidacy): boolean => misfits.length > 0 && misfits.every(({ kind }) => PASSING.has(kind));

/** What is open on the route, for whom there is nobody. */
export interface Unserved {
  route: Route;
  samples: number;
  tasks: number;
  /** By agent that an operator has drained: since when. */
  drainedAtMs: ReadonlyMap<string, number>;
}

export function unfitReasons(work: Unserved, candidacies: readonly Candidacy[]): Reason[] {
  const held = candidacies.filter(isPassing);
  if (held.length > 0) return heldReasons(work, held);
  const [ours, others] = [candidacies.filter((c) => !isForeign(c)), candidacies.filter(isForeign)];
  const foreign = others.filter(({ agent }) => misfitsOf(work.route, { ...candidateOf(agent), namespaces: '*' }).length === 0);
  return foreign.length > 0 ? [foreignReason(work, foreign)] : [lackReason(work, ours)];
}

/** It works for others alone. */
const isForeign = ({ misfits }: Candidacy): boolean => misfits.some(({ kind }) => kind === 'namespace');

interface Kind {
  code: string;
  /** Of so many agents: half a sentence. */
  text: (agents: string) => string;
  remedy: string;
  command?: (name: string) => string;
}

/** In the order in which they are told: nearest to work first. */
const HELD: readonly Kind[] = [
  {
    code: 'key_rejected',
    text: (agents) => `the endpoint refuses the key of ${agents}`,
    remedy: 'put a valid key in place on its host; the agent tries by itself now and then',
  },
  {
    code: 'quota',
    text: (agents) => `the quota of the key of ${agents} is used up`,
    remedy: 'check the balance and the limits of its account; the agent tries by itself now and then',
  },
  {
    code: 'spend_cap',
    text: (agents) => `the cap of what the key of ${agents} may take in a day is reached`,
    remedy: 'wait until midnight, UTC; or raise `spend_per_day` in agent.yaml and start the agent again',
  },
  {
    code: 'model_not_found',
    text: (agents) => `the endpoint of ${agents} has no such model`,
    remedy: 'check `match` and `base_url` in agent.yaml, and that the server has the model',
  },
  {
    code: 'spool_full',
    text: (agents) => `the spool of ${agents} is full`,
    remedy: 'make room on its disk; it empties once results are acknowledged',
  },
  { code: 'suspended', text: (agents) => `the model is suspended at ${agents}`, remedy: "see the agent's log" },
  {
    code: 'agents_quarantined',
    text: (agents) => `${agents} would fit, quarantined for what it has sent`,
    remedy: 'look at its host, then give it work again',
    command: (name) => `assay agent undrain ${word(name)}`,
  },
  {
    code: 'agents_drained',
    text: (agents) => `${agents} would fit, drained by an operator`,
    remedy: 'give it work again',
    command: (name) => `assay agent undrain ${word(name)}`,
  },
  { code: 'agents_stopping', text: (agents) => `${agents} would fit, about to stop`, remedy: 'start the agent again, or another one' },
  { code: 'agents_gone', text: (agents) => `${agents} would fit, not connected now`, remedy: 'start the agent again, or another one' },
];
const SUSPENDED: Readonly<Record<string, string>> = { auth: 'key_rejected', draining: 'agents_stopping' };

function heldReasons({ route, samples, tasks, drainedAtMs }: Unserved, held: readonly Candidacy[]): Reason[] {
  const byCode = Map.groupBy(held, ({ agent, misfits }) => codeOf(agent, route, misfits[0]!.kind));
  return HELD.flatMap(({ code, text, remedy, command }) => {
    const own = byCode.get(code);
    if (!own) return [];
    const agents = own.map(({ agent, misfits }) =>
      reasonAgent(agent, misfits.map((m) => m.text).join('; '), sinceOf(agent, route, code, drainedAtMs)),
    );
    const sinceMs = Math.max(...agents.map((agent) => agent.sinceMs));
    const told = plural(own.length, 'agent');
    return reason({
      code,
      effect: 'blocks',
      text: text(own.length === 1 ? `the agent ${own[0]!.agent.name || own[0]!.agent.agentId}` : told),
      samples,
      tasks,
      sinceMs,
      untilMs: code.startsWith('agents_') ? 0 : untilOf(own, route),
      remedy,
      command: command?.(own[0]!.agent.name || own[0]!.agent.agentId) ?? '',
      on: route,
      agents,
    });
  });
}

function codeOf(agent: Agent, route: Route, kind: MisfitKind): string {
  if (kind === 'gone') return 'agents_gone';
  if (kind === 'quarantined') return 'agents_quarantined';
  if (kind === 'drained') return 'agents_drained';
  if (kind === 'draining') return 'agents_stopping';
  const why = entryOf(agent, route)?.suspended ?? '';
  const code = SUSPENDED[why] ?? why;
  return HELD.some((known) => known.code === code) ? code : 'suspended';
}

const entryOf = (agent: Agent, route: Route): Agent['models'][number] | undefined => agent.models[modelFor(route.model, agent.models)];

/** When the first of them tries again by itself; 0: that is not known. */
function untilOf(held: readonly Candidacy[], route: Route): number {
  const times = held.flatMap(({ agent }) => entryOf(agent, route)?.retryAtMs ?? []);
  return times.length > 0 ? Math.min(...times) : 0;
}

/** Since when it is so, where the directory says it. */
function sinceOf(agent: Agent, route: Route, code: string, drainedAtMs: ReadonlyMap<string, number>): number {
  if (code === 'agents_gone') return agent.seenAtMs;
  if (code === 'agents_drained') return drainedAtMs.get(agent.agentId) ?? 0;
  return entryOf(agent, route)?.suspendedAtMs ?? 0;
}

/** Only operators are shown agents of other namespaces. */
function foreignReason({ route, samples, tasks }: Unserved, foreign: readonly Candidacy[]): Reason {
  return reason({
    code: 'no_namespace',
    effect: 'blocks',
    text: `${plural(foreign.length, 'agent')} would fit, not bound to the namespace ${namespaceOfRoute(route)}`,
    samples,
    tasks,
    remedy: 'give an agent a token of this namespace',
    on: route,
    agents: foreign.map(({ agent }) => reasonAgent(agent, `works for ${describeNamespaces(agent.namespaces)}`)),
  });
}

/** One condition after the other, until no agent is left: that is what is missing. */
function lackReason({ route, samples, tasks }: Unserved, candidacies: readonly Candidacy[]): Reason {
  const blocks = { effect: 'blocks', samples, tasks, on: route } as const;
  let left = candidacies.filter(({ agent }) => agent.state !== 'gone');
  if (left.length === 0)
    return reason({
      ...blocks,
      code: 'no_agent',
      text: `no agent is connected that works for the namespace ${namespaceOfRoute(route)}`,
      remedy: `connect one that serves ${route.model}`,
      command: 'assay agent --config agent.yaml',
    });
  for (const kind of ['model', 'wire', 'label', 'capability'] as const) {
    const fit = left.filter(({ misfits }) => textOf(misfits, kind) === '');
    if (fit.length === 0) {
      const agents = left.map(({ agent, misfits }) => reasonAgent(agent, textOf(misfits, kind)));
      return reason({ ...blocks, ...lackOf(kind, route, left), agents });
    }
    left = fit;
  }
  // Not reached: whoever passes all of these has nothing but what passes.
  return reason({ ...blocks, code: 'no_agent', text: 'no connected agent takes it', remedy: 'see what is in the way at each agent' });
}

const textOf = (misfits: readonly Misfit[], kind: MisfitKind): string =>
  misfits
    .filter((m) => m.kind === kind)
    .map((m) => m.text)
    .join('; ');

function lackOf(
  kind: 'model' | 'wire' | 'label' | 'capability',
  route: Route,
  left: readonly Candidacy[],
): Pick<Reason, 'code' | 'text' | 'remedy'> {
  switch (kind) {
    case 'model':
      return {
        code: 'no_model',
        text: `no connected agent of its namespace serves the model ${route.model}`,
        remedy: 'add it to `models` of an agent.yaml, or connect an agent that serves it',
      };
    case 'wire':
      return {
        code: 'too_old',
        text: `the agents that serve ${route.model} are of a release that is too old for it`,
        remedy: 'update one of them',
      };
    case 'label': {
      const labels = Object.entries(route.labels).map(([key, value]) => `${key}=${value}`);
      return {
        code: 'no_label',
        text: `no agent that serves ${route.model} bears the ${labels.length === 1 ? 'label' : 'labels'} ${labels.join(' ')}`,
        remedy: 'add them to `labels` of an agent.yaml, or submit with another `route`',
      };
    }
    case 'capability': {
      const missing = [...new Set(left.flatMap(({ agent }) => missingNeeds(route.needs ?? [], candidateOf(agent).capabilities ?? [])))];
      const isSandbox = missing.length > 0 && missing.every((need) => need.startsWith('sandbox:'));
      return {
        code: isSandbox ? 'no_sandbox' : 'no_capability',
        text: `no agent that could take it has ${missing.join(', ')}`,
        remedy: isSandbox
          ? 'set `sandbox` in an agent.yaml; the log of the agent says where it does not hold'
          : 'allow it in an agent.yaml (`commands`, `urls`), or add a model entry that can do it',
      };
    }
  }
}
