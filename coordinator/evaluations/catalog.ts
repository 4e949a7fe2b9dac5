/**
 * The evaluations that are not finished, as this coordinator knows them: manifests by id and routes by id. The store's
 * unfinished list is the truth; this is a bounded copy that the sweep renews.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import type { Route } from '../../shared/domain/routing.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import type { Store } from '../store/store.ts';
import { settingsOf, type Settings } from './journal.ts';

const CACHED_MANIFESTS = 2_000;

export interface Known extends Settings {
  manifest: Manifest;
  /** Routes in the order in which the groups first name them; the ledger counts by this ordinal. */
  routes: Route[];
  /** Per group: the ordinal of its route. */
  ordinals: number[];
}

export interface Seen extends Known {
  /** undefined: Redis knows nothing of it. */
  state: EvaluationState | undefined;
  /** See LedgerLook. */
  command: string;
  /** Tasks that are to be given up. */
  doomed: number;
}

export class Catalog {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #onDamage: (evaluationId: string, error: unknown) => void;
  readonly #manifests = new Map<string, Known>();
  #active = new Map<string, Seen>();
  /** Activated since the last refresh began. */
  #added = new Map<string, Seen>();
  #routes: Map<string, Route> | undefined;

  /** onDamage: a manifest cannot be read; the others go on. */
  constructor(store: Store, ledger: Ledger, onDamage: (evaluationId: string, error: unknown) => void) {
    this.#store = store;
    this.#ledger = ledger;
    this.#onDamage = onDamage;
  }

  /** An accepted or staged evaluation by id, from memory or from the store. */
  async find(evaluationId: string): Promise<Known | undefined> {
    const cached = this.#manifests.get(evaluationId);
    if (cached) {
      this.#manifests.delete(evaluationId);
      this.#manifests.set(evaluationId, cached);
      return cached;
    }
    const manifest = await this.#store.manifest(evaluationId);
    return manifest && this.#remember(manifest, settingsOf(await this.#store.controls(evaluationId)));
  }

  #remember(manifest: Manifest, settings: Settings): Known {
    const routes = routesOf(manifest);
    const ordinalOf = new Map(routes.map((r, i) => [r.id, i]));
    const known: Known = { manifest, routes, ordinals: manifest.groups.map((g) => ordinalOf.get(g.route.id)!), ...settings };
    this.#manifests.set(manifest.evaluationId, known);
    if (this.#manifests.size > CACHED_MANIFESTS) this.#manifests.delete(this.#manifests.keys().next().value!);
    return known;
  }

  /**
   * Looks at everything unfinished again, and returns it with its states. What the store cannot give just now is left out, or (`whole`) makes
   * it fail: `unavailable`.
   */
  async refresh({ whole = false }: { whole?: boolean } = {}): Promise<Seen[]> {
    const added = (this.#added = new Map<string, Seen>());
    const ids = await this.#store.unfinished();
    const looks = await this.#ledger.looks(ids);
    const active = new Map<string, Seen>();
    for (const [i, id] of ids.entries()) {
      const look = looks[i];
      // A notice of an update was lost; or of a removal, after which it was submitted anew.
      if (!this.#active.has(id) || (look?.updates ?? 0) > (this.#manifests.get(id)?.updates ?? 0)) this.#manifests.delete(id);
      const known = await this.find(id).catch((error: unknown) => {
        if (whole && AppError.from(error).code === 'unavailable') throw error;
        this.#onDamage(id, error);
        return undefined;
      });
      if (known) active.set(id, { ...known, state: look?.state, command: look?.command ?? '', doomed: look?.doomed ?? 0 });
    }
    // Accepted while this looked: it may not have been on the list yet.
    for (const [id, seen] of added) if (!active.has(id)) active.set(id, seen);
    this.#active = active;
    this.#routes = undefined;
    return [...active.values()];
  }

  /** Adds one that was just accepted, before the next sweep. */
  activate(manifest: Manifest, state: EvaluationState): void {
    const known = this.#manifests.get(manifest.evaluationId) ?? this.#remember(manifest, { changes: {}, updates: 0 });
    const seen: Seen = { ...known, state, command: '', doomed: 0 };
    this.#active.set(manifest.evaluationId, seen);
    this.#added.set(manifest.evaluationId, seen);
    this.#routes = undefined;
  }

  /** Something of it has changed in the store: what is in memory is read anew, or let go if it is not there any more. */
  async renew(evaluationId: string): Promise<void> {
    this.#manifests.delete(evaluationId);
    const seen = this.#active.get(evaluationId);
    if (!seen) return;
    const known = await this.find(evaluationId);
    if (known) this.#active.set(evaluationId, { ...seen, ...known });
    else this.forget(evaluationId);
  }

  forget(evaluationId: string): void {
    this.#added.delete(evaluationId);
    this.#active.delete(evaluationId);
    this.#routes = undefined;
  }

  /**
   * Forgets the ledger of one that the store knows as over: Redis came back as it was before the end. Nothing of it may be handed out
   * or counted any more. Cheap for what is active.
   */
  async dropIfOver(evaluationId: string): Promise<void> {
    if (this.#active.has(evaluationId) || !(await this.#store.isFinished(evaluationId))) return;
    const [look] = await this.#ledger.looks([evaluationId]);
    if (look && !isFinal(look.state) && look.command === '' && (await this.#store.isFinished(evaluationId)))
      await this.#ledger.forget(evaluationId);
  }

  isActive(evaluationId: string): boolean {
    return this.#active.has(evaluationId);
  }

  active(): Seen[] {
    return [...this.#active.values()];
  }

  /** Every route that some active evaluation names, each once. */
  routes(): ReadonlyMap<string, Route> {
    if (!this.#routes) {
      this.#routes = new Map();
      for (const { routes } of this.#active.values()) for (const route of routes) this.#routes.set(route.id, route);
    }
    return this.#routes;
  }
}

function routesOf(manifest: Manifest): Route[] {
  const routes = new Map<string, Route>();
  for (const group of manifest.groups) if (!routes.has(group.route.id)) routes.set(group.route.id, group.route);
  return [...routes.values()];
}
