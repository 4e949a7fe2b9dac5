/** Routing: what a group of units needs, what an agent offers, and whether the two fit. Pure. */
import { routeIdOf } from './ids.ts';

/** A normalised requirement. One BullMQ queue per route. */
export interface Route {
  id: string;
  model: string;
  /** Sorted by key. */
  labels: Record<string, string>;
}

export function routeOf(model: string, labels: Record<string, string>): Route {
  const sorted = Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { id: routeIdOf(JSON.stringify([model, sorted])), model, labels: sorted };
}

/** For people: `model=openai/gpt-x zone=eu`. */
export const describeRoute = (route: Route): string =>
  [`model=${route.model}`, ...Object.entries(route.labels).map(([k, v]) => `${k}=${v}`)].join(' ');

export interface ModelOffer {
  /** A model's name, or a pattern with `*` for any run of characters. */
  match: string;
  maxConnections: number;
  lookAhead: number;
}

export interface Offer {
  labels: Record<string, string>;
  models: ModelOffer[];
}

/** Whether a pattern with `*` covers a name, without backtracking regular expressions. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return pattern === name;
  const [first, last] = [parts[0]!, parts.at(-1)!];
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** The index of the model entry by which the offer can serve the route (an exact name before patterns), or −1. */
export function fittingModel(route: Route, offer: Offer): number {
  for (const [key, value] of Object.entries(route.labels)) if (offer.labels[key] !== value) return -1;
  const exact = offer.models.findIndex((m) => m.match === route.model);
  return exact >= 0 ? exact : offer.models.findIndex((m) => matchesPattern(m.match, route.model));
}
