/** What keeps store and Redis from growing for ever, as one duty in the background: retention, and after it the daily collection. */
import { AppError } from '../../../shared/domain/errors.ts';
import { Duty } from '../../../shared/runtime/service.ts';
import type { Collector } from './collector.ts';
import { Retention, type RetentionParts } from './retention.ts';

/** A round comes with one in so many sweeps. */
const SWEEPS = 60;

export function housekeepingDuty(parts: Omit<RetentionParts, 'periodMs'> & { sweepMs: number; collector: Collector }): Duty {
  const { sweepMs, collector, clock, logger } = parts;
  const periodMs = sweepMs * SWEEPS;
  const retention = new Retention({ ...parts, periodMs });
  return new Duty({
    clock,
    periodMs,
    onError: (error) => logger.warn({ error: AppError.from(error).message }, 'old evaluations could not be removed; it is tried again'),
    run: async (signal) => {
      await retention.runOnce(signal);
      await collector.daily(signal);
    },
  });
}
