/**
 * Metrics: every instrument of both processes, by name, unit and buckets, and the handler that serves them as Prometheus
 * text. Nothing global: two coordinators fit into one process. Labels are bounded: routes, models and classes, never ids
 * of evaluations, tasks or agents.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { Counter, Histogram, ObservableGauge } from '@opentelemetry/api';

/** Seconds. From a tick to a deep queue behind other evaluations. */
const WAIT_BUCKETS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
/** Seconds. From a mock's answer to a reasoning model's; the longest default attempt is 600 s. */
const CALL_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640];
/** Seconds. A whole task: many calls, one after the other at worst. */
const TASK_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
/** Seconds. An append, an fsync and one script. */
const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What can be measured; each is named as in Prometheus, in camel case. The comment of each names its labels and who writes it. */
export interface Instruments {
  /** Coordinator, `route`: from the enqueue of a task to its grant. */
  queueWaitSeconds: Histogram<{ route: string }>;
  /** Coordinator, `route`: age of the task that waits longest, asked for at each scrape (`addCallback`). */
  queueOldestWaitingSeconds: ObservableGauge<{ route: string }>;
  /** Coordinator, `route`: from a task's grant to its last result. */
  taskExecutionSeconds: Histogram<{ route: string }>;
  /** Agent, `model`, `outcome` (`ok` or an error class): one call to a model, its retries apart. */
  modelCallSeconds: Histogram<{ model: string; outcome: string }>;
  /** Coordinator: one grouped commit, append, fsync and script together. */
  commitSeconds: Histogram;
  /** Coordinator, `outcome`: units closed. */
  unitsTotal: Counter<{ outcome: string }>;
  /** Coordinator, `route`. */
  tasksGrantedTotal: Counter<{ route: string }>;
  /** Coordinator: attempts whose agent fell silent for longer than its lease. */
  leasesExpiredTotal: Counter;
  /** Coordinator: open agent sessions. */
  sessions: ObservableGauge;
  /** Both, `model` on an agent: samples that an agent holds and has not closed. */
  inFlightSamples: ObservableGauge<{ model?: string }>;
  /** Agent, `model`, `class`: calls made again, by the class of the failure. */
  modelRetriesTotal: Counter<{ model: string; class: string }>;
}

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
  const seconds = (name: string, description: string, buckets: number[]): Histogram =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: buckets } });
  const instruments: Instruments = {
    queueWaitSeconds: seconds('assay_queue_wait_seconds', 'From the enqueue of a task to its grant', WAIT_BUCKETS),
    queueOldestWaitingSeconds: meter.createObservableGauge('assay_queue_oldest_waiting_seconds', {
      description: 'Age of the task that waits longest',
      unit: 's',
    }),
    taskExecutionSeconds: seconds('assay_task_execution_seconds', 'From the grant of a task to its last result', TASK_BUCKETS),
    modelCallSeconds: seconds('assay_model_call_seconds', 'One call to a model', CALL_BUCKETS),
    commitSeconds: seconds('assay_commit_seconds', 'One grouped commit: append, fsync and script', COMMIT_BUCKETS),
    unitsTotal: meter.createCounter('assay_units_total', { description: 'Units closed, by outcome' }),
    tasksGrantedTotal: meter.createCounter('assay_tasks_granted_total', { description: 'Tasks granted to agents' }),
    leasesExpiredTotal: meter.createCounter('assay_leases_expired_total', { description: 'Leases that ran out' }),
    sessions: meter.createObservableGauge('assay_sessions', { description: 'Open agent sessions' }),
    inFlightSamples: meter.createObservableGauge('assay_in_flight_samples', { description: 'Samples held by agents and not closed' }),
    modelRetriesTotal: meter.createCounter('assay_model_retries_total', { description: 'Calls to models made again, by class of failure' }),
  };
  return {
    instruments,
    handler: (request, response) => exporter.getMetricsRequestHandler(request, response),
    shutdown: () => provider.shutdown(),
  };
}
