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

export interface Switch {
  reason: string;
  atMs: number;
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
  #quarantined: ReadonlyMap<string, Switch> = new Map();
  /** Put aside here, until the store has it and was read after that. */
  readonly #fresh = new Map<string, Switch>();
  readonly #saved = new Set<string>();
  #saving: Promise<void> | undefined;

  constructor(parts: SwitchesParts) {
    this.#parts = parts;
  }

  drained(agentId: string): Switch | undefined {
    return this.#drained.get(agentId);
  }

  /** Put aside, until an operator ends it. */
  quarantined(agentId: string): Switch | undefined {
    return this.#fresh.get(agentId) ?? this.#quarantined.get(agentId);
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
    this.#quarantined = new Map([...quarantined].map(([name, value]) => [name, switchOf(value)]));
    for (const agentId of saved) this.#forget(agentId);
    this.#paused = new Map(
      [...paused].flatMap(([name, value]) => (hasRoute(value, name) ? [[name, { ...value, ...switchOf(value) }]] : [])),
    );
    if (this.#picture() !== before) onChanged();
  }

  /** Drains it; or undoes that, and its being put aside too. */
  async drain(agentId: string, options: { undo: boolean; reason: string }): Promise<void> {
    if (options.undo && this.quarantined(agentId)) {
      this.#forget(agentId);
      await this.#saving?.catch(() => undefined);
      await this.#parts.store.removeSwitch(QUARANTINED, agentId);
    }
    await this.#set(DRAINED, agentId, options.undo, { reason: options.reason });
  }

  async pause(route: Route, options: { undo: boolean; reason: string }): Promise<void> {
    await this.#set(PAUSED, route.id, options.undo, { reason: options.reason, requirement: describeRoute(route), route });
  }

  /** Holds here at once, and everywhere once the store has it. */
  async quarantine(agentId: string, reason: string): Promise<void> {
    if (this.quarantined(agentId)) return;
    this.#fresh.set(agentId, { reason, atMs: this.#parts.clock.now() });
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

const hasRoute = (value: unknown, id: string): value is PausedRoute => (value as { route?: { id?: unknown } } | null)?.route?.id === id;
