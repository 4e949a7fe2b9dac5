/**
 * Metrics: the instruments of the table, and the handler that serves them as Prometheus text. Nothing global: two
 * coordinators fit into one process.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { Counter, Histogram, ObservableGauge } from '@opentelemetry/api';
import { INSTRUMENTS, type InstrumentRow } from './instruments.ts';

type Labels<Row extends InstrumentRow> = { [Label in Row['labels'][number]]: string };
type Made<Row extends InstrumentRow> = Row['kind'] extends 'histogram'
  ? Histogram<Labels<Row>>
  : Row['kind'] extends 'counter'
    ? Counter<Labels<Row>>
    : ObservableGauge<Partial<Labels<Row>>>;

/** What can be measured, by the names of the table's rows. A gauge is asked for at each scrape (`addCallback`). */
export type Instruments = { readonly [Name in keyof typeof INSTRUMENTS]: Made<(typeof INSTRUMENTS)[Name]> };

export interface Metrics {
  readonly instruments: Instruments;
  /** Answers GET /metrics. */
  handler(request: IncomingMessage, response: ServerResponse): void;
  shutdown(): Promise<void>;
}

/** A fresh set of instruments, all zero. One per process (per coordinator in a test). */
export function createMetrics(): Metrics {
  const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true, withoutTargetInfo: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter('assay');
  const make = ({ name, kind, help: description, buckets }: InstrumentRow): Histogram | Counter | ObservableGauge => {
    const unit = /_(seconds|bytes)$/.exec(name)?.[1];
    const options = { description, ...(unit ? { unit: unit === 'seconds' ? 's' : 'By' } : {}) };
    if (kind === 'counter') return meter.createCounter(name, options);
    if (kind === 'gauge') return meter.createObservableGauge(name, options);
    return meter.createHistogram(name, { ...options, advice: { explicitBucketBoundaries: [...(buckets ?? [])] } });
  };
  // Each row is made into what its kind says, so the table's type may be given to the whole.
  const instruments = Object.fromEntries(Object.entries(INSTRUMENTS).map(([key, own]) => [key, make(own)])) as unknown as Instruments;
  return {
    instruments,
    handler: (request, response) => exporter.getMetricsRequestHandler(request, response),
    shutdown: () => provider.shutdown(),
  };
}
