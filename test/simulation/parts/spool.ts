/** A simulated agent's spool: what it was given is durable a moment later, and is still there in its next life. */
import type { AttemptRef } from '../../../agent/spool/record.ts';
import type { Spool } from '../../../agent/spool/spool.ts';
import type { PreviousLife } from '../../../shared/rpc/messages.ts';
import type { Life } from '../world.ts';

export interface SpoolDisk {
  attempts: Map<string, { ref: AttemptRef; units: Map<number, Buffer> }>;
  /** As in `agent.json`: who ended in order. */
  endedInstanceId: string | undefined;
  /** As in `life.log`: whose life was the last one, and what ran in it. */
  instanceId: string | undefined;
  running: Map<string, PreviousLife['running'][number]>;
}

type Face = Pick<
  Spool,
  'agentId' | 'instanceId' | 'full' | 'heldAttempts' | 'usage' | 'room' | 'append' | 'ack' | 'forget' | 'read' | 'close'
> & {
  pending(): IterableIterator<{ ref: AttemptRef; unit: number; bytes: number }>;
};

/** What the life before this one has left behind, if it did not end in order; from here on it is this life's. */
export function takeLife(disk: SpoolDisk, instanceId: string, seenAtMs: number): PreviousLife | undefined {
  const { instanceId: before, running } = disk;
  Object.assign(disk, { instanceId, running: new Map() });
  return before === undefined || before === instanceId
    ? undefined
    : { instanceId: before, seenAtMs, running: [...running.values()], lastOutput: '' };
}

export class SimSpool implements Face {
  readonly agentId: string;
  readonly instanceId: string;
  readonly full = false;
  readonly #disk: SpoolDisk;
  readonly #life: Life;
  readonly #writing = new Map<string, number>();
  readonly #forgotten = new Set<string>();

  constructor(disk: SpoolDisk, life: Life, agentId: string) {
    this.#disk = disk;
    this.#life = life;
    this.agentId = agentId;
    this.instanceId = disk.endedInstanceId ?? life.name;
    disk.endedInstanceId = undefined;
  }

  heldAttempts(): string[] {
    return [...this.#disk.attempts.keys()];
  }

  usage(): { bytes: number; records: number } {
    return { bytes: 0, records: [...this.#disk.attempts.values()].reduce((sum, { units }) => sum + units.size, 0) };
  }

  async room(): Promise<void> {}

  async append(ref: AttemptRef, unit: number, content: Buffer): Promise<boolean> {
    this.#writing.set(ref.attemptId, (this.#writing.get(ref.attemptId) ?? 0) + 1);
    return this.#life.ask(0.2 + this.#life.world.random.next(), () => {
      // What a killed process had not yet written is not there.
      if (this.#life.dead || this.#forgotten.has(ref.attemptId)) return false;
      const attempt = this.#disk.attempts.get(ref.attemptId) ?? { ref, units: new Map<number, Buffer>() };
      attempt.units.set(unit, content);
      this.#disk.attempts.set(ref.attemptId, attempt);
      return true;
    });
  }

  ack(attemptId: string, units: Iterable<number>): void {
    const attempt = this.#disk.attempts.get(attemptId);
    for (const unit of units) attempt?.units.delete(unit);
    if (attempt?.units.size === 0) this.#disk.attempts.delete(attemptId);
  }

  forget(attemptId: string): void {
    this.#forgotten.add(attemptId);
    this.#disk.attempts.delete(attemptId);
  }

  *pending(): IterableIterator<{ ref: AttemptRef; unit: number; bytes: number }> {
    for (const { ref, units } of this.#disk.attempts.values())
      for (const [unit, content] of units) yield { ref, unit, bytes: content.length };
  }

  async read(attemptId: string, unit: number): Promise<Buffer | undefined> {
    return this.#life.ask(0.1, () => this.#disk.attempts.get(attemptId)?.units.get(unit));
  }

  async close(): Promise<void> {
    this.#disk.endedInstanceId = this.instanceId;
  }
}
