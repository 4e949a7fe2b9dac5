/**
 * What operators have switched: agents that take nothing new, routes of which nothing is handed out; and agents that were put aside for what they have sent. The store holds them; this
 * is a copy that every sweep, and every notice of another coordinator, renews.
 */
import { describeRoute, type Route } from '../../shared/domain/routing.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Store } from '../store/store.ts';

const DRAINED = 'drained-agents';
const PAUSED = 'paused-routes';
const QUARANTINED = 'quarantined-agents';

/** So many agents of one identity that were put aside within that time, and all of them are, under whatever ids they come. */
export const MOST_ASIDE = 5;
const ASIDE_WITHIN_MS = 24 * 3_600_000;
/** What nobody has looked at for so long goes: ids are made up, and each costs something at every look. */
const ASIDE_KEPT_MS = 90 * ASIDE_WITHIN_MS;

export interface Switch {
  reason: string;
  atMs: number;
}

/** Of an agent that was put aside; `proof`: how its identity had proved itself, where it may have agents of many ids. */
interface Aside extends Switch {
  proof: string;
}

/** A paused route, with all that is needed to show it when no evaluation names it any more. */
export interface PausedRoute extends Switch {
  requirement: string;
  route: Route;
}

/** What the switches are made of. */
export interface SwitchesParts {
  store: Pick<Store, 'putSwitch' | 'removeSwitch' | 'switches'>;
  clock: Clock;
  /** Something was switched here: the other coordinators should look. */
  onSwitched: () => void;
  /** Something has changed: there may be work for someone. */
  onChanged: () => void;
}

export class Switches {
  readonly #parts: SwitchesParts;
  #drained: ReadonlyMap<string, Switch> = new Map();
  #paused: ReadonlyMap<string, PausedRoute> = new Map();
  #quarantined: ReadonlyMap<string, Aside> = new Map();
  /** Put aside here, until the store has it and was read after that. */
  readonly #fresh = new Map<string, Aside>();
  /** Identities of which all are put aside, by how they prove themselves. */
  #identities: ReadonlyMap<string, Switch> = new Map();
  readonly #saved = new Set<string>();
  #saving: Promise<void> | undefined;

  constructor(parts: SwitchesParts) {
    this.#parts = parts;
  }

  drained(agentId: string): Switch | undefined {
    return this.#drained.get(agentId);
  }

  /** Put aside, until an operator ends it. */
  quarantined(agentId: string, proof: string): Switch | undefined {
    return this.#fresh.get(agentId) ?? this.#quarantined.get(agentId) ?? this.#identities.get(proof);
  }

  paused(routeId: string): PausedRoute | undefined {
    return this.#paused.get(routeId);
  }

  allPaused(): PausedRoute[] {
    return [...this.#paused.values()];
  }

  /** Reads them again. What was known holds while the store cannot be read. */
  async refresh(): Promise<void> {
    const { store, onChanged } = this.#parts;
    await this.#save();
    const saved = [...this.#saved];
    const [drained, paused, quarantined] = await Promise.all([
      store.switches(DRAINED),
      store.switches(PAUSED),
      store.switches(QUARANTINED),
    ]);
    const before = this.#picture();
    this.#drained = new Map([...drained].map(([name, value]) => [name, switchOf(value)]));
    const aside = [...quarantined].map(([name, value]): [string, Aside] => [name, asideOf(value)]);
    const isOld = ([, { atMs }]: [string, Aside]): boolean => atMs > 0 && atMs < this.#parts.clock.now() - ASIDE_KEPT_MS;
    for (const [name] of aside.filter(isOld)) await store.removeSwitch(QUARANTINED, name);
    this.#quarantined = new Map(aside.filter((one) => !isOld(one)));
    for (const agentId of saved) this.#forget(agentId);
    this.#count();
    this.#paused = new Map(
      [...paused].flatMap(([name, value]) => (hasRoute(value, name) ? [[name, { ...value, ...switchOf(value) }]] : [])),
    );
    if (this.#picture() !== before) onChanged();
  }

  /** Drains it; or undoes that, and its being put aside too: where its whole identity is, that of all its agents. */
  async drain(agentId: string, options: { undo: boolean; reason: string }, proof: string): Promise<void> {
    if (options.undo && this.quarantined(agentId, proof)) {
      const together = this.#identities.has(proof) ? this.#aside().filter(([, aside]) => aside.proof === proof) : [];
      for (const id of new Set([agentId, ...together.map(([id]) => id)])) {
        this.#forget(id);
        await this.#saving?.catch(() => undefined);
        await this.#parts.store.removeSwitch(QUARANTINED, id);
      }
    }
    await this.#set(DRAINED, agentId, options.undo, { reason: options.reason });
  }

  async pause(route: Route, options: { undo: boolean; reason: string }): Promise<void> {
    await this.#set(PAUSED, route.id, options.undo, { reason: options.reason, requirement: describeRoute(route), route });
  }

  /** Holds here at once, and everywhere once the store has it. */
  async quarantine(agentId: string, reason: string, proof: string): Promise<void> {
    if (this.quarantined(agentId, proof)) return;
    this.#fresh.set(agentId, { reason, atMs: this.#parts.clock.now(), proof });
    this.#count();
    await this.#save();
    this.#parts.onSwitched();
  }

  /** Writes down what is not; one at a time, or what was ended meanwhile would be written again. */
  #save(): Promise<void> {
    return (this.#saving ??= this.#saveAll().finally(() => (this.#saving = undefined)));
  }

  async #saveAll(): Promise<void> {
    for (;;) {
      const next = [...this.#fresh].find(([agentId]) => !this.#saved.has(agentId));
      if (!next) return;
      const [agentId, value] = next;
      await this.#parts.store.putSwitch(QUARANTINED, agentId, value);
      if (this.#fresh.get(agentId) === value) this.#saved.add(agentId);
    }
  }

  #aside(): [string, Aside][] {
    return [...new Map([...this.#quarantined, ...this.#fresh])];
  }

  /** Which identities have too many agents that were put aside. */
  #count(): void {
    const byProof = Map.groupBy(
      this.#aside().map(([, aside]) => aside),
      ({ proof }) => proof,
    );
    byProof.delete('');
    this.#identities = new Map(
      [...byProof].flatMap(([proof, aside]): [string, Switch][] => {
        const times = aside.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
        const at = times.findIndex((ms, i) => ms - (times[i - MOST_ASIDE + 1] ?? -Infinity) <= ASIDE_WITHIN_MS);
        return at < 0 ? [] : [[proof, { reason: `${MOST_ASIDE} agents of ${proof} were quarantined within a day`, atMs: times[at]! }]];
      }),
    );
  }

  #forget(agentId: string): void {
    this.#fresh.delete(agentId);
    this.#saved.delete(agentId);
  }

  async #set(kind: string, name: string, undo: boolean, value: object): Promise<void> {
    const { store, clock, onSwitched } = this.#parts;
    if (undo) await store.removeSwitch(kind, name);
    else await store.putSwitch(kind, name, { ...value, atMs: clock.now() });
    onSwitched();
    await this.refresh();
  }

  #picture(): string {
    return JSON.stringify([[...this.#drained], [...this.#paused], [...this.#quarantined]]);
  }
}

/** What is there holds, whatever it says: a switch that cannot be understood is still one. */
function switchOf(value: unknown): Switch {
  const { reason, atMs } = (value ?? {}) as Partial<Record<string, unknown>>;
  return { reason: typeof reason === 'string' ? reason : '', atMs: typeof atMs === 'number' ? atMs : 0 };
}

const asideOf = (value: unknown): Aside => {
  const { proof } = (value ?? {}) as { proof?: unknown };
  return { ...switchOf(value), proof: typeof proof === 'string' ? proof : '' };
};

const hasRoute = (value: unknown, id: string): value is PausedRoute => (value as { route?: { id?: unknown } } | null)?.route?.id === id;
