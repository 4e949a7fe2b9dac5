/** The agent's gauges: asked for at each scrape. Their labels are entries of its models, by `match`. */
import type { Instruments } from '../shared/telemetry/metrics.ts';
import type { SpendBook } from './spend/spend-book.ts';
import type { Spool } from './spool/spool.ts';
import { SUSPEND_REASONS } from './work/model-pool.ts';
import type { Work } from './work/work.ts';

/** Ties the agent's parts to the instruments that ask them. */
export function observeAgent(options: {
  instruments: Pick<
    Instruments,
    'inFlightSamples' | 'modelConnections' | 'modelMaxConnections' | 'modelSuspended' | 'spentToday' | 'spoolBytes'
  >;
  work: Pick<Work, 'entries'>;
  purses: readonly { match: string; book: Pick<SpendBook, 'spent'> }[];
  spool: Pick<Spool, 'usage'>;
}): void {
  const { instruments, work, purses, spool } = options;
  instruments.inFlightSamples.addCallback((gauge) => {
    for (const { match, samples } of work.entries()) gauge.observe(samples, { model: match });
  });
  instruments.modelConnections.addCallback((gauge) => {
    for (const { match, limit } of work.entries()) gauge.observe(limit, { model: match });
  });
  instruments.modelMaxConnections.addCallback((gauge) => {
    for (const { match, maxConnections } of work.entries()) gauge.observe(maxConnections, { model: match });
  });
  // Each reason is told, also as 0: what is told no more stays with the exporter as it was.
  instruments.modelSuspended.addCallback((gauge) => {
    for (const { match, refusal } of work.entries())
      for (const reason of SUSPEND_REASONS) gauge.observe(refusal === reason ? 1 : 0, { model: match, reason });
  });
  instruments.spentToday.addCallback((gauge) => {
    for (const { match, book } of purses) {
      gauge.observe(book.spent.microUsd / 1e6, { model: match, unit: 'usd' });
      gauge.observe(book.spent.tokens, { model: match, unit: 'tokens' });
    }
  });
  instruments.spoolBytes.addCallback((gauge) => gauge.observe(spool.usage().bytes));
}
