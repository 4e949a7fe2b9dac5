/**
 * Tasks that run in namespaces with a bound on them are counted where they are granted, but for those that began before there was a bound, or at
 * a coordinator that did not know of it yet, or that a recovery found again. So before the first grant within a bound, and every few seconds
 * while there are grants, all that runs is looked through.
 */
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Lease, Leases } from '../../ledger/leases.ts';

/** As long as a coordinator may not know of a bound. */
const PERIOD_MS = 5_000;

export interface RunningParts {
  leases: Pick<Leases, 'all' | 'adopt'>;
  namespaceOf: (evaluationId: string) => Promise<string | undefined>;
  /** Namespaces with a bound on tasks, as far as they are known here. */
  bounded: () => readonly string[];
  clock: Clock;
}

export class RunningTasks {
  readonly #parts: RunningParts;
  /** When the last look began, for each namespace that had a bound then. */
  #countedAtMs = new Map<string, number>();
  #counting: Promise<void> | undefined;

  constructor(parts: RunningParts) {
    this.#parts = parts;
  }

  /** Resolves when what runs in a namespace is counted. */
  async counted(namespace: string): Promise<void> {
    if (this.#isCounted(namespace)) return;
    // A look that began before the bound was known says nothing of it.
    await this.#counting?.catch(() => undefined);
    if (this.#isCounted(namespace)) return;
    await (this.#counting ??= this.#count(namespace).finally(() => {
      this.#counting = undefined;
    }));
  }

  /** It has no bound: whatever begins is not counted. */
  forget(namespace: string): void {
    this.#countedAtMs.delete(namespace);
  }

  #isCounted(namespace: string): boolean {
    return this.#parts.clock.monotonic() - (this.#countedAtMs.get(namespace) ?? -Infinity) < PERIOD_MS;
  }

  async #count(namespace: string): Promise<void> {
    const { leases, namespaceOf, bounded, clock } = this.#parts;
    const beganAtMs = clock.monotonic();
    const own = new Map<string, Lease[]>([namespace, ...bounded()].map((name) => [name, []]));
    const owners = new Map<string, string | undefined>();
    for await (const lease of leases.all()) {
      const { evaluationId } = lease;
      if (!owners.has(evaluationId)) owners.set(evaluationId, await namespaceOf(evaluationId));
      own.get(owners.get(evaluationId) ?? '')?.push(lease);
    }
    for (const [name, found] of own) await leases.adopt(name, found);
    this.#countedAtMs = new Map([...own.keys()].map((name) => [name, beganAtMs]));
  }
}
