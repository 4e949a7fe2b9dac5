/** All calls that are open: how much they hold together, and which of them are late. */
import { AppError } from '../../../shared/domain/errors.ts';
import type { FairTurns } from '../../../shared/runtime/fair-turns.ts';
import type { LimitedCall } from './limited-call.ts';
import type { TransportLimits } from './transport-limits.ts';

/** Calls that are ended by one sweep: each costs a tenth of a millisecond or more. */
const ENDED_AT_ONCE = 50;

/** Told of each call that was ended: `late`, `bytes`. */
export type OnEnded = (reason: 'late' | 'bytes', call: LimitedCall, why: string) => void;

export class OpenCalls {
  readonly #calls = new Set<LimitedCall>();
  readonly #limits: TransportLimits;
  readonly #onEnded: OnEnded;
  readonly #turns: FairTurns;
  /** What a sweep has decided, and is not done yet. */
  #ending = 0;

  constructor(limits: TransportLimits, onEnded: OnEnded, turns: FairTurns) {
    this.#limits = limits;
    this.#onEnded = onEnded;
    this.#turns = turns;
  }

  get size(): number {
    return this.#calls.size;
  }

  add(call: LimitedCall): void {
    this.#calls.add(call);
    call.stream.once('close', () => this.#calls.delete(call));
  }

  /** Ends what is late, then what holds too much; a few in one turn of the loop. */
  sweep(nowMs: number): void {
    if (this.#ending === 0) this.#judge(nowMs);
  }

  #end(call: LimitedCall, end: () => void): void {
    this.#ending++;
    this.#turns.run(call.owners, () => {
      this.#ending--;
      if (!call.isOver) end();
    });
  }

  #judge(nowMs: number): void {
    const byPeer = new Map<string, { bytes: number; calls: LimitedCall[] }>();
    let total = 0;
    let ended = 0;
    for (const call of this.#calls) {
      const late = call.lateness(nowMs);
      // Whoever is going to be ended brings nothing more, however many are ended before.
      if (late) call.stay();
      if (late && ended < ENDED_AT_ONCE) {
        ended++;
        this.#end(call, () => {
          this.#onEnded('late', call, late.why);
          if (late.cut) call.cut();
          else call.refuse(new AppError('deadline', late.why), nowMs);
        });
        continue;
      }
      const bytes = call.pendingBytes;
      if (bytes === 0) continue;
      const of = byPeer.get(call.peer) ?? { bytes: 0, calls: [] };
      byPeer.set(call.peer, { bytes: of.bytes + bytes, calls: of.calls });
      of.calls.push(call);
      total += bytes;
    }
    const { maxPendingBytesPerPeer, maxPendingBytes } = this.#limits;
    for (const [peer, { bytes, calls }] of byPeer)
      if (bytes > maxPendingBytesPerPeer) {
        const freed = this.#free(calls, bytes - maxPendingBytesPerPeer, nowMs);
        total -= freed;
        byPeer.set(peer, { bytes: bytes - freed, calls });
      }
    if (total <= maxPendingBytes) return;
    // Whoever holds most gives first.
    for (const { bytes, calls } of [...byPeer.values()].toSorted((a, b) => b.bytes - a.bytes)) {
      if (total <= maxPendingBytes) return;
      total -= this.#free(calls, Math.min(bytes, total - maxPendingBytes), nowMs);
    }
  }

  /** Lets the largest end until so much is free; returns how much will be. */
  #free(calls: readonly LimitedCall[], wanted: number, nowMs: number): number {
    let freed = 0;
    for (const call of calls
      .filter(({ isOver }) => !isOver)
      .toSorted((a, b) => b.pendingBytes - a.pendingBytes)
      .slice(0, ENDED_AT_ONCE)) {
      if (freed >= wanted) break;
      freed += call.pendingBytes;
      const why = 'this caller holds too much of the coordinator’s memory with calls that are not whole, or that it does not read';
      this.#end(call, () => {
        this.#onEnded('bytes', call, why);
        call.refuse(new AppError('resource_exhausted', why), nowMs);
        call.cut();
      });
    }
    return freed;
  }
}
