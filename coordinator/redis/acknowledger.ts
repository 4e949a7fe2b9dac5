/**
 * What an acknowledgement is worth: the durability class that Redis's settings give by themselves, or the one that was demanded, by the
 * coordinator's setting or by the client, and then waited for.
 */
import { BUFFERED, describeDurability, isFsynced, strongerOf, weakerOf, type Durability } from '../../shared/domain/durability.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Barrier, Witness } from './barrier.ts';
import { askDurability, unreachable, unwaited, type DurabilityFacts } from './durability.ts';
import type { Primaries } from './primaries.ts';

/** What the use-cases ask; a simulation answers it by itself. */
export interface Acknowledging {
  /** What an acknowledgement says when the client demands nothing. */
  readonly promised: Durability;
  /** Before anything is written: throws when a demanded class cannot be reached. */
  demand(required: Durability | undefined): Promise<void>;
  /** After the write: waits for what is demanded; throws `unavailable`, marked as indeterminate, when it takes too long. */
  reach(evaluationId: string, witness: Witness, required: Durability | undefined): Promise<Durability>;
}

export class Acknowledger implements Acknowledging {
  readonly #primaries: Primaries;
  readonly #barrier: Pick<Barrier, 'pass'>;
  readonly #own: Durability;
  readonly #logger: Logger;
  #facts: DurabilityFacts[] = [];
  /** The most replicas that every shard had at once, so that one that is away for a while is not taken for one that is not there. */
  #replicas = 0;
  #unwaited = BUFFERED;
  #told = '';
  /** Connections that broke: what was asked before tells nothing of the next one's server. */
  #breaks = 0;

  /** own: what the coordinator's setting demands of every acknowledgement; undefined: nothing. primaries: those that are asked for their settings. */
  constructor(options: { primaries: Primaries; barrier: Pick<Barrier, 'pass'>; own: Durability | undefined; logger: Logger }) {
    this.#primaries = options.primaries;
    this.#barrier = options.barrier;
    this.#own = options.own ?? BUFFERED;
    this.#logger = options.logger;
  }

  get promised(): Durability {
    return strongerOf(this.#own, this.#unwaited);
  }

  /** The connection broke, and another server may answer the next one: until the next look an answer promises the least. */
  forget(): void {
    this.#breaks++;
    this.#unwaited = BUFFERED;
  }

  /** Asks Redis: at the start, after each connection that is made anew, once a minute, and before what is demanded is waited for. */
  async look(): Promise<void> {
    const breaks = this.#breaks;
    const facts = await Promise.all(this.#primaries.all().map(askDurability));
    if (facts.length === 0 || breaks !== this.#breaks)
      throw new AppError('unavailable', 'Redis: no primary is known', { retryAfterMs: 1_000 });
    this.#facts = facts;
    this.#unwaited = facts.map(unwaited).reduce(weakerOf);
    this.#replicas = Math.max(this.#replicas, this.#online());
    const { version, appendfsync } = this.#facts[0]!;
    const told = {
      durability: describeDurability(this.promised),
      version,
      appendfsync,
      shards: this.#facts.length,
      replicas: this.#online(),
    };
    if (JSON.stringify(told) !== this.#told) this.#logger.info(told, 'durability of acknowledgements');
    this.#told = JSON.stringify(told);
  }

  async demand(required: Durability | undefined): Promise<void> {
    const demand = strongerOf(this.#own, required ?? BUFFERED);
    if (demand.class === 'buffered') return;
    await this.look();
    const problem = this.#facts.map((facts) => unreachable(demand, facts, this.#replicas)).find((text) => text !== undefined);
    const wanted = describeDurability(demand);
    if (problem !== undefined)
      throw new AppError('failed_precondition', `durability ${wanted} cannot be reached: ${problem}. Nothing was written`, {
        reason: 'DURABILITY_UNREACHABLE',
        details: { required: wanted },
      });
    if (demand.replicas > this.#online())
      throw new AppError(
        'unavailable',
        `durability ${wanted} cannot be reached now: ${this.#online()} replicas are online. Nothing was written`,
        {
          reason: 'DURABILITY_NOT_REACHED',
          details: { indeterminate: 'false', required: wanted },
          retryAfterMs: 1_000,
        },
      );
  }

  async reach(evaluationId: string, witness: Witness, required: Durability | undefined): Promise<Durability> {
    const demand = strongerOf(this.#own, required ?? BUFFERED);
    if (demand.replicas === 0 && (!isFsynced(demand) || isFsynced(this.#unwaited))) return this.#unwaited;
    return this.#barrier.pass(evaluationId, witness, demand);
  }

  #online(): number {
    return Math.min(...this.#facts.map(({ replicas }) => replicas));
  }
}
