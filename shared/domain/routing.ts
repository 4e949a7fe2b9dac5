/** Routing: what a group of units needs, what an agent offers, and whether the two fit. Pure. */
import { routeIdOf } from './ids.ts';
import { matchesPattern } from './name-pattern.ts';
import { coversUrl, readUrlPattern } from './url-pattern.ts';

export { matchesPattern } from './name-pattern.ts';

/** A normalised requirement. One BullMQ queue per route. */
export interface Route {
  id: string;
  model: string;
  /** Sorted by key. */
  labels: Record<string, string>;
  /** Capabilities that an agent must have (`command:grader`, `url:https://…`, `wire:1.2`), sorted. Absent: none. */
  needs?: string[];
}

export function routeOf(model: string, labels: Record<string, string>, needs: readonly string[] = []): Route {
  const sorted = Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const needed = [...new Set(needs)].toSorted();
  // Without needs the id is that of the first release: its routes live on.
  const requirement = needed.length > 0 ? [model, sorted, needed] : [model, sorted];
  return { id: routeIdOf(JSON.stringify(requirement)), model, labels: sorted, ...(needed.length > 0 ? { needs: needed } : {}) };
}

/** For people: `model=openai/gpt-x zone=eu`. */
export const describeRoute = (route: Route): string =>
  [`model=${route.model}`, ...Object.entries(route.labels).map(([k, v]) => `${k}=${v}`), ...(route.needs ?? [])].join(' ');

export interface ModelOffer {
  /** A model's name, or a pattern with `*` for any run of characters. */
  match: string;
  maxConnections: number;
  lookAhead: number;
}

export interface Offer {
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
  for (const [key, value] of Object.entries(route.labels)) if (offer.labels[key] !== value) return -1;
  if (route.needs && missingNeeds(route.needs, offer.capabilities ?? []).length > 0) return -1;
  return modelFor(route.model, offer.models);
}

/** The index of the entry that serves a model (an exact name before patterns), or −1. */
export function modelFor(model: string, models: readonly { match: string }[]): number {
  const exact = models.findIndex((m) => m.match === model);
  return exact >= 0 ? exact : models.findIndex((m) => matchesPattern(m.match, model));
}
