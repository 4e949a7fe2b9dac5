/** Instruments that measure nothing. */
import type { Metrics } from '../../../shared/telemetry/metrics.ts';

const NOTHING = { add: () => undefined, record: () => undefined, addCallback: () => undefined };

export const noMetrics: Metrics = {
  instruments: new Proxy({}, { get: () => NOTHING }) as Metrics['instruments'],
  handler: () => undefined,
  shutdown: async () => undefined,
};
