/** How much of what is told one namespace may take, so that none silences another one, or the fleet. Pure. */
import { KINDS, type Incident, type Kind, type Ongoing } from './incident.ts';
import type { Message } from './message.ts';

/** What goes on at the same time: of the fleet itself, of all namespaces together, of one of them, and of each even when all together have more. */
const ONGOING = { fleet: 2_000, all: 2_000, one: 500, least: 20 };
/** Messages that wait for one channel: in all, of all namespaces together, of one, and of one of those that are for information. */
export const WAITING = { channel: 1_000, all: 800, one: 200, info: 100 };

const RANKS = { critical: 0, warning: 1, info: 2 } as const;
/** What is worse goes first. */
export const rankOf = ({ kind }: Incident): number => RANKS[KINDS[kind].severity];

class Counts {
  readonly #counts = new Map<string, number>();
  of(...names: string[]): number {
    return this.#counts.get(names.join('\n')) ?? 0;
  }
  add(...names: string[]): void {
    this.#counts.set(names.join('\n'), this.of(...names) + 1);
  }
}

/** What is seen and goes on already, or has room. What has none is told as one, for each kind and namespace, until there is no more of it. */
export function withinShares(ongoing: ReadonlyMap<string, { value: Ongoing }>, seen: readonly Incident[]): Incident[] {
  const counts = new Counts();
  const count = ({ namespace }: Incident): void => {
    counts.add('of', namespace);
    if (namespace !== '') counts.add('all');
  };
  for (const { value } of ongoing.values()) count(value.incident);
  const hasRoom = ({ namespace }: Incident): boolean => {
    const own = counts.of('of', namespace);
    if (namespace === '') return own < ONGOING.fleet;
    return own < ONGOING.least || (own < ONGOING.one && counts.of('all') < ONGOING.all);
  };
  const kept: Incident[] = [];
  const others = new Map<string, Incident[]>();
  for (const incident of seen.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    if (ongoing.has(incident.key)) kept.push(incident);
    else if (hasRoom(incident)) {
      count(incident);
      kept.push(incident);
    } else {
      const key = `more:${incident.kind}:${incident.namespace}`;
      const same = others.get(key);
      if (same) same.push(incident);
      else others.set(key, [incident]);
    }
  }
  return [...kept, ...[...others].map(([key, many]) => folded(key, many))];
}

function folded(key: string, many: readonly Incident[]): Incident {
  const { kind, namespace, summary } = many[0]!;
  const of = namespace === '' ? 'the fleet' : namespace;
  const words = (kind satisfies Kind).replaceAll('_', ' ');
  return {
    ...{ key, kind, namespace },
    summary: `Too much of ${of} goes on to tell each: ${words}, ${many.length} more, such as: ${summary}`,
    facts: { more: many.length },
  };
}

/** The room that channels have for what begins. Ends are not asked for any: there is one for each beginning. */
export class Rooms {
  readonly #counts = new Counts();

  constructor(waiting: Iterable<{ value: Message }>) {
    for (const { value } of waiting) this.take(value.channel, value.incident);
  }

  has(channel: string, { kind, namespace }: Incident): boolean {
    const of = (...names: string[]): number => this.#counts.of(channel, ...names);
    if (of() >= WAITING.channel) return false;
    if (namespace === '') return true;
    const isInfo = KINDS[kind].severity === 'info';
    return of('all') < WAITING.all && of('one', namespace) < WAITING.one && !(isInfo && of('info', namespace) >= WAITING.info);
  }

  take(channel: string, { kind, namespace }: Incident): void {
    this.#counts.add(channel);
    if (namespace === '') return;
    this.#counts.add(channel, 'all');
    this.#counts.add(channel, 'one', namespace);
    if (KINDS[kind].severity === 'info') this.#counts.add(channel, 'info', namespace);
  }
}
