/** What both processes measure of themselves: how late their event loop runs, and their memory. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Instruments } from './metrics.ts';

const QUANTILES = [
  ['0.5', 50],
  ['0.99', 99],
  ['1', 100],
] as const;
const NANOSECONDS = 1e9;

/** Starts to measure; returns how to end it. */
export function measureProcess(instruments: Pick<Instruments, 'eventLoopDelaySeconds' | 'residentBytes'>): () => void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  instruments.eventLoopDelaySeconds.addCallback((gauge) => {
    for (const [quantile, percentile] of QUANTILES) {
      const seconds = delay.percentile(percentile) / NANOSECONDS;
      if (Number.isFinite(seconds)) gauge.observe(seconds, { quantile });
    }
    delay.reset();
  });
  instruments.residentBytes.addCallback((gauge) => gauge.observe(process.memoryUsage.rss()));
  return () => delay.disable();
}
