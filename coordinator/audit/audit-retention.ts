/**
 * What keeps the audit log from growing for ever: chains in which nothing is younger than it is to be kept are removed as a whole, the oldest first,
 * after the log has said so. Several coordinators may be at it: what one has removed another finds gone.
 */
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { AuditPieces } from '../store/store.ts';
import type { AuditLog } from './audit-log.ts';
import { beganOf, CHAIN_MS } from './chains.ts';

const EVERY_MS = 3_600_000;

export interface AuditRetentionParts {
  store: Pick<AuditPieces, 'chains' | 'remove'>;
  log: Pick<AuditLog, 'recordRemoval'>;
  keepMs: number;
  clock: Clock;
  onTrouble: (error: unknown) => void;
}

export class AuditRetention implements Service {
  readonly #parts: AuditRetentionParts;
  readonly #duty: Duty;

  constructor(parts: AuditRetentionParts) {
    this.#parts = parts;
    const { clock, onTrouble } = parts;
    this.#duty = new Duty({ clock, periodMs: EVERY_MS, onError: onTrouble, run: (signal) => this.runOnce(signal) });
  }

  start(): Promise<void> {
    return this.#duty.start();
  }

  stop(): Promise<void> {
    return this.#duty.stop();
  }

  async runOnce(signal: AbortSignal): Promise<void> {
    const { store, log, keepMs, clock } = this.#parts;
    const untilMs = clock.now() - keepMs - CHAIN_MS;
    const old = (await store.chains()).filter((chain) => beganOf(chain) < untilMs);
    if (old.length === 0) return;
    await log.recordRemoval({ before: beganOf(old.at(-1)!) + 1, keepMs, chains: old.length });
    for (const chain of old) {
      signal.throwIfAborted();
      await store.remove(chain);
    }
  }
}
