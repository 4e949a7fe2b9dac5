/** Routing: what a group of units needs, what an agent offers, and whether the two fit. Pure. */
import { covers, type Namespaces } from './identity.ts';
import { DEFAULT_NAMESPACE, routeIdOf } from './ids.ts';
import { matchesPattern } from './name-pattern.ts';
import { coversUrl, readUrlPattern } from './url-pattern.ts';

export { matchesPattern } from './name-pattern.ts';

/** A normalised requirement. One BullMQ queue per route, so that a queue holds nothing of which those who take from it must not know. */
export interface Route {
  id: string;
  model: string;
  /** Sorted by key. */
  labels: Record<string, string>;
  /** Capabilities that an agent must have (`command:grader`, `url:https://…`, `wire:1.2`), sorted. Absent: none. */
  needs?: string[];
  /** Whose work it is: agents must be bound to it. Absent: `default`. */
  namespace?: string;
}

export function routeOf(
  model: string,
  labels: Record<string, string>,
  needs: readonly string[] = [],
  namespace = DEFAULT_NAMESPACE,
): Route {
  const sorted = Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const needed = [...new Set(needs)].toSorted();
  const own = namespace === DEFAULT_NAMESPACE ? {} : { namespace };
  // Without needs, and in the default namespace, the id is that of the first release: its routes live on.
  const requirement = own.namespace ? [model, sorted, needed, namespace] : needed.length > 0 ? [model, sorted, needed] : [model, sorted];
  return { id: routeIdOf(JSON.stringify(requirement)), model, labels: sorted, ...(needed.length > 0 ? { needs: needed } : {}), ...own };
}

export const namespaceOfRoute = ({ namespace = DEFAULT_NAMESPACE }: Pick<Route, 'namespace'>): string => namespace;

/** The same requirement of a namespace's own: releases before let all namespaces share a route. */
export const routeIn = (namespace: string, route: Route): Route =>
  namespaceOfRoute(route) === namespace ? route : routeOf(route.model, route.labels, route.needs, namespace);

/** For people: `model=openai/gpt-x zone=eu namespace:team-a`; of the default namespace nothing is said. */
export const describeRoute = ({ model, labels, needs = [], namespace }: Route): string =>
  [
    `model=${model}`,
    ...Object.entries(labels).map(([k, v]) => `${k}=${v}`),
    ...needs,
    // No label looks like this: its sign is another one.
    ...(namespace === undefined ? [] : [`namespace:${namespace}`]),
  ].join(' ');

export interface ModelOffer {
  /** A model's name, or a pattern with `*` for any run of characters. */
  match: string;
  maxConnections: number;
  lookAhead: number;
}

export interface Offer {
  /** Whose work it may be given: what its identity is bound to, never what it says. */
  namespaces: Namespaces;
  labels: Record<string, string>;
  models: ModelOffer[];
  /** What the agent can do beside calling models; patterns with `*` after the colon. */
  capabilities?: readonly string[];
}

/** The needs that no capability covers: by their text, but URLs as URLs, so that this and the agent's own check say the same. */
export function missingNeeds(needs: readonly string[], capabilities: readonly string[]): string[] {
  return needs.filter((need) => {
    const url = need.startsWith(URL_NEED) ? URL.parse(need.slice(URL_NEED.length)) : null;
    return !capabilities.some((own) => {
      const pattern = url && own.startsWith(URL_NEED) ? readUrlPattern(own.slice(URL_NEED.length)) : undefined;
      return pattern ? coversUrl(pattern, url!) : matchesPattern(own, need);
    });
  });
}

const URL_NEED = 'url:';

/** The index of the model entry by which the offer can serve the route (an exact name before patterns), or −1. */
export function fittingModel(route: Route, offer: Offer): number {
  if (!covers(offer.namespaces, namespaceOfRoute(route))) return -1;
  for (const [key, value] of Object.entries(route.labels)) if (offer.labels[key] !== value) return -1;
  if (route.needs && missingNeeds(route.needs, offer.capabilities ?? []).length > 0) return -1;
  return modelFor(route.model, offer.models);
}

/** The index of the entry that serves a model (an exact name before patterns), or −1. */
export function modelFor(model: string, models: readonly { match: string }[]): number {
  const exact = models.findIndex((m) => m.match === model);
  return exact >= 0 ? exact : models.findIndex((m) => matchesPattern(m.match, model));
}
