/** Instruments that measure nothing, and a logger that says nothing. */
import { silentLogger } from '../../../shared/telemetry/logger.ts';
import type { Metrics } from '../../../shared/telemetry/metrics.ts';

const NOTHING = { add: () => undefined, record: () => undefined, addCallback: () => undefined };

export const noMetrics: Metrics = {
  instruments: new Proxy({}, { get: () => NOTHING }) as Metrics['instruments'],
  handler: () => undefined,
  shutdown: async () => undefined,
};

/** One for all processes: to make one takes longer than a start of theirs. */
export const noLogger = silentLogger();
