/** Why an agent does not fit a route: all that is in the way, for people and programs. Pure. */
import { nearestName } from './nearest-name.ts';
import { covers } from './identity.ts';
import { missingNeeds, modelFor, namespaceOfRoute, type Offer, type Route } from './routing.ts';
import { ratedModelOf, wireVersionOf } from './spec-needs.ts';

/** What is to be known of an agent. */
export interface Candidate extends Offer {
  /** Gone: not connected now. */
  state: 'ready' | 'draining' | 'gone';
  /** Why it takes nothing new, in the operator's words or its own. */
  reason: string;
  drainedByOperator: boolean;
  /** It was put aside for what it has sent. */
  quarantined?: boolean;
  /** Per entry of `models`: why it takes none (quota, auth …); '' if it does. */
  suspended: readonly string[];
}

export type MisfitKind =
  | 'namespace'
  | 'gone'
  | 'quarantined'
  | 'drained'
  | 'draining'
  | 'label'
  | 'capability'
  | 'wire'
  | 'model'
  | 'suspended';

export interface Misfit {
  kind: MisfitKind;
  /** Half a sentence: `label zone=eu is missing (it has zone=us)`. */
  text: string;
}

/** Everything that keeps the candidate from work of the route; empty: it fits. Of one that is not of the route's namespace nothing else is told. */
export function misfitsOf(route: Route, candidate: Candidate): Misfit[] {
  const namespace = namespaceOfRoute(route);
  if (!covers(candidate.namespaces, namespace)) return [{ kind: 'namespace', text: `is not of the namespace ${namespace}` }];
  return [...unwilling(candidate), ...missingLabels(route, candidate), ...needMisfits(route, candidate), ...modelMisfits(route, candidate)];
}

function unwilling({ state, reason, drainedByOperator, quarantined }: Candidate): Misfit[] {
  const why = reason ? `: ${reason}` : '';
  if (state === 'gone') return [{ kind: 'gone', text: 'is not connected' }];
  if (quarantined) return [{ kind: 'quarantined', text: `is quarantined${why}` }];
  if (drainedByOperator) return [{ kind: 'drained', text: `was drained by an operator${why}` }];
  return state === 'draining' ? [{ kind: 'draining', text: `takes nothing new${why}` }] : [];
}

function missingLabels(route: Route, { labels }: Candidate): Misfit[] {
  return Object.entries(route.labels)
    .filter(([key, value]) => !Object.hasOwn(labels, key) || labels[key] !== value)
    .map(([key, value]) => {
      const own = Object.hasOwn(labels, key) ? ` (it has ${key}=${labels[key]})` : '';
      return { kind: 'label', text: `label ${key}=${value} is missing${own}` };
    });
}

function needMisfits(route: Route, { capabilities = [] }: Candidate): Misfit[] {
  return missingNeeds(route.needs ?? [], capabilities).map((need) => {
    const version = wireVersionOf(need);
    const remedy = need.startsWith('sandbox:') ? ' (`sandbox` of agent.yaml; its log says where it does not hold)' : '';
    const rated = ratedModelOf(need);
    if (rated !== undefined)
      return {
        kind: 'capability',
        text: `no log-probabilities of prompts for ${rated}: they need an entry openai with endpoint: completions (not chat), or mock`,
      };
    return version === undefined
      ? { kind: 'capability', text: `capability ${need} is missing${remedy}` }
      : { kind: 'wire', text: `its release is too old: the work needs wire version ${version}` };
  });
}

function modelMisfits(route: Route, { models, suspended }: Candidate): Misfit[] {
  const index = modelFor(route.model, models);
  if (index >= 0) {
    const reason = suspended[index];
    return reason ? [{ kind: 'suspended', text: `model ${route.model} is suspended: ${reason}` }] : [];
  }
  const matches = models.map((model) => model.match);
  const meant = nearestName(route.model, matches);
  const shown = matches.slice(0, 5).join(', ') + (matches.length > 5 ? ', …' : '');
  return [
    { kind: 'model', text: `model ${route.model} is not served (${meant ? `did you mean ${meant}?` : `it serves ${shown || 'none'}`})` },
  ];
}
