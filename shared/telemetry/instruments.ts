/**
 * The table of instruments: every metric of both processes with its name, unit, labels and meaning. `metrics.ts` makes the
 * instruments from it, and `npm run docs` the page docs/reference/metrics.md. To add one, add a row and record it.
 *
 * Labels are bounded: routes, models, methods, classes; never ids of evaluations, tasks, attempts or agents.
 */

/** Seconds. From a tick to a deep queue behind other evaluations. */
const WAIT = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
/** Seconds. From a mock's answer to a reasoning model's; the longest default attempt is 600 s. */
const CALL = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 640];
/** Seconds. A whole task: many calls, one after the other at worst. */
const TASK = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
/** Seconds. Disk, Redis and RPCs: what should take milliseconds. */
const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30];

/** One row. `of`: which process records it. A `gauge` is asked for at each scrape. */
export interface InstrumentRow {
  name: string;
  kind: 'histogram' | 'counter' | 'gauge';
  group: string;
  of: 'coordinator' | 'agent' | 'both';
  labels: readonly string[];
  /** What it measures, and what it tells. */
  help: string;
  /** Upper bounds of a histogram's buckets, in its unit. */
  buckets?: readonly number[];
}

const row = <const Row extends InstrumentRow>(own: Row): Row => own;

export const INSTRUMENTS = {
  rpcSeconds: row({
    name: 'assay_rpc_seconds',
    kind: 'histogram',
    group: 'RPCs',
    of: 'coordinator',
    labels: ['method', 'status'],
    help: 'One gRPC call, from its arrival to its status; a stream counts when it ends',
    buckets: QUICK,
  }),
  connections: row({
    name: 'assay_connections',
    kind: 'gauge',
    group: 'RPCs',
    of: 'coordinator',
    labels: [],
    help: 'Connections of clients and agents',
  }),
  connectionsRefusedTotal: row({
    name: 'assay_connections_refused_total',
    kind: 'counter',
    group: 'RPCs',
    of: 'coordinator',
    labels: ['reason'],
    help: 'Connections that were not let in: full, peer-full, handshake (it failed), handshake-late, expired (the certificate of a caller ended)',
  }),
  callsLimitedTotal: row({
    name: 'assay_calls_limited_total',
    kind: 'counter',
    group: 'RPCs',
    of: 'coordinator',
    labels: ['reason'],
    help: 'Calls ended by a limit: compressed, login (failed ones that do not wait for their answer), late, bytes (their caller holds too much memory), resets (they are reset as fast as they are made)',
  }),
  tlsCertificateSecondsLeft: row({
    name: 'assay_tls_certificate_seconds_left',
    kind: 'gauge',
    group: 'RPCs',
    of: 'coordinator',
    labels: [],
    help: 'Until the certificate that is shown ends; below zero it has. Alert on a few days, or a fifth of its life',
  }),
  tlsReloadsTotal: row({
    name: 'assay_tls_reloads_total',
    kind: 'counter',
    group: 'RPCs',
    of: 'coordinator',
    labels: ['outcome'],
    help: 'Changes of the files of the certificate: taken, or refused (they do not fit together, have ended, cannot be read)',
  }),
  queueWaitSeconds: row({
    name: 'assay_queue_wait_seconds',
    kind: 'histogram',
    group: 'Queues',
    of: 'coordinator',
    labels: ['route'],
    help: 'From the enqueue of a task to its grant',
    buckets: WAIT,
  }),
  queueOldestWaitingSeconds: row({
    name: 'assay_queue_oldest_waiting_seconds',
    kind: 'gauge',
    group: 'Queues',
    of: 'coordinator',
    labels: ['route'],
    help: 'Age of the task that waits longest. The first one to alert on: it grows when no agent fits',
  }),
  queueWaitingTasks: row({
    name: 'assay_queue_waiting_tasks',
    kind: 'gauge',
    group: 'Queues',
    of: 'coordinator',
    labels: ['route'],
    help: 'Tasks in the queue. Bounded by the planner, so it says little of how much work is left',
  }),
  tasksEnqueuedTotal: row({
    name: 'assay_tasks_enqueued_total',
    kind: 'counter',
    group: 'Queues',
    of: 'coordinator',
    labels: ['route'],
    help: 'Tasks put into the queue, the ones that returned included',
  }),
  tasksGrantedTotal: row({
    name: 'assay_tasks_granted_total',
    kind: 'counter',
    group: 'Leases',
    of: 'coordinator',
    labels: ['route'],
    help: 'Tasks granted to agents: leases that began',
  }),
  leasesExpiredTotal: row({
    name: 'assay_leases_expired_total',
    kind: 'counter',
    group: 'Leases',
    of: 'coordinator',
    labels: [],
    help: 'Leases that ran out: agents that fell silent. Should stand still',
  }),
  attemptsReturnedTotal: row({
    name: 'assay_attempts_returned_total',
    kind: 'counter',
    group: 'Leases',
    of: 'coordinator',
    labels: ['reason'],
    help: 'Attempts that ended without all their results, by reason: crash, lost, returned, requeue',
  }),
  taskExecutionSeconds: row({
    name: 'assay_task_execution_seconds',
    kind: 'histogram',
    group: 'Execution',
    of: 'coordinator',
    labels: ['route'],
    help: "From a task's grant to its last result",
    buckets: TASK,
  }),
  unitsTotal: row({
    name: 'assay_units_total',
    kind: 'counter',
    group: 'Execution',
    of: 'coordinator',
    labels: ['outcome'],
    help: 'Units closed by results: scored, unscored, errored',
  }),
  evaluationsRemovedTotal: row({
    name: 'assay_evaluations_removed_total',
    kind: 'counter',
    group: 'Store',
    of: 'coordinator',
    labels: ['reason'],
    help: 'Finished evaluations that retention has removed, by the bound that they broke: age, count, bytes',
  }),
  ledgersForgottenTotal: row({
    name: 'assay_ledgers_forgotten_total',
    kind: 'counter',
    group: 'Store',
    of: 'coordinator',
    labels: ['reason'],
    help: 'Finished evaluations that Redis was made to forget before their time, by the bound that was reached: count, bytes, memory',
  }),
  collectedTotal: row({
    name: 'assay_collected_total',
    kind: 'counter',
    group: 'Store',
    of: 'coordinator',
    labels: ['kind'],
    help: 'Things that nobody referred to and that were removed, by kind: content, staged, temporary, removed, merged, queue',
  }),
  collectedBytesTotal: row({
    name: 'assay_collected_bytes_total',
    kind: 'counter',
    group: 'Store',
    of: 'coordinator',
    labels: ['kind'],
    help: 'The bytes that they had',
  }),
  commitSeconds: row({
    name: 'assay_commit_seconds',
    kind: 'histogram',
    group: 'Execution',
    of: 'coordinator',
    labels: [],
    help: 'One grouped commit: append, fsync and script together; a slow store shows here',
    buckets: QUICK,
  }),
  sampleSeconds: row({
    name: 'assay_sample_seconds',
    kind: 'histogram',
    group: 'Execution',
    of: 'agent',
    labels: ['model', 'outcome'],
    help: 'One sample from its start to its result, with its waits and repetitions',
    buckets: CALL,
  }),
  inFlightSamples: row({
    name: 'assay_in_flight_samples',
    kind: 'gauge',
    group: 'Execution',
    of: 'both',
    labels: ['model'],
    help: 'Samples that agents hold and have not closed; by model on an agent, as one number on a coordinator',
  }),
  modelCallSeconds: row({
    name: 'assay_model_call_seconds',
    kind: 'histogram',
    group: 'Model calls',
    of: 'agent',
    labels: ['model', 'outcome'],
    help: 'One call to a model, its repetitions apart; outcome is ok or a class of error',
    buckets: CALL,
  }),
  modelFirstChunkSeconds: row({
    name: 'assay_model_first_chunk_seconds',
    kind: 'histogram',
    group: 'Model calls',
    of: 'agent',
    labels: ['model'],
    help: 'From the start of a streamed call to the first piece of its answer',
    buckets: CALL,
  }),
  redactedAnswersTotal: row({
    name: 'assay_redacted_answers_total',
    kind: 'counter',
    group: 'Model calls',
    of: 'agent',
    labels: [],
    help: 'Answers of endpoints in which a key of the agent stood, and was taken out. Not zero: an endpoint repeats keys',
  }),
  spentToday: row({
    name: 'assay_spent_today',
    kind: 'gauge',
    group: 'Model calls',
    of: 'agent',
    labels: ['model', 'unit'],
    help: 'What the key of an entry with a spend_per_day has taken today (UTC), by the entry; unit is usd (list prices) or tokens',
  }),
  cacheLookupsTotal: row({
    name: 'assay_cache_lookups_total',
    kind: 'counter',
    group: 'Model calls',
    of: 'agent',
    labels: ['model', 'outcome'],
    help: 'Looks for a kept completion, where a spec asks for the cache; outcome is hit (no call is made), miss, or late (the files took too long, and a call is made)',
  }),
  modelRetriesTotal: row({
    name: 'assay_model_retries_total',
    kind: 'counter',
    group: 'Model calls',
    of: 'agent',
    labels: ['model', 'class'],
    help: 'Calls made again, by the class of the failure',
  }),
  modelTokensTotal: row({
    name: 'assay_model_tokens_total',
    kind: 'counter',
    group: 'Model calls',
    of: 'agent',
    labels: ['model', 'direction'],
    help: 'Tokens as the endpoint counts them; direction is input or output',
  }),
  sessions: row({
    name: 'assay_sessions',
    kind: 'gauge',
    group: 'Agents',
    of: 'coordinator',
    labels: [],
    help: 'Agents that are connected to this coordinator',
  }),
  sessionsTotal: row({
    name: 'assay_sessions_total',
    kind: 'counter',
    group: 'Agents',
    of: 'coordinator',
    labels: ['outcome'],
    help: 'Streams of agents that have ended: left, broke, refused',
  }),
  spoolBytes: row({
    name: 'assay_spool_bytes',
    kind: 'gauge',
    group: 'Agents',
    of: 'agent',
    labels: [],
    help: 'Bytes of results that no coordinator has acknowledged yet',
  }),
  watchers: row({
    name: 'assay_watchers',
    kind: 'gauge',
    group: 'Watchers',
    of: 'coordinator',
    labels: [],
    help: 'Calls that watch evaluations here',
  }),
  watchEventsTotal: row({
    name: 'assay_watch_events_total',
    kind: 'counter',
    group: 'Watchers',
    of: 'coordinator',
    labels: ['kind'],
    help: 'Events sent to watchers: snapshot, resync, progress, state. A resync is a watcher that reads slowly',
  }),
  storeSeconds: row({
    name: 'assay_store_seconds',
    kind: 'histogram',
    group: 'Store',
    of: 'coordinator',
    labels: ['operation', 'outcome'],
    help: 'One operation on the store; outcome is ok or an error code',
    buckets: QUICK,
  }),
  redisSeconds: row({
    name: 'assay_redis_seconds',
    kind: 'histogram',
    group: 'Redis',
    of: 'coordinator',
    labels: ['script', 'outcome'],
    help: 'One script of the ledger, from its sending to its answer',
    buckets: QUICK,
  }),
  redisUp: row({
    name: 'assay_redis_up',
    kind: 'gauge',
    group: 'Redis',
    of: 'coordinator',
    labels: [],
    help: '1 while there is a connection to Redis, else 0',
  }),
  eventLoopDelaySeconds: row({
    name: 'assay_event_loop_delay_seconds',
    kind: 'gauge',
    group: 'Process',
    of: 'both',
    labels: ['quantile'],
    help: 'How late the event loop ran since the last scrape: 0.5, 0.99 and 1. Above a heartbeat it costs leases',
  }),
  residentBytes: row({
    name: 'assay_process_resident_bytes',
    kind: 'gauge',
    group: 'Process',
    of: 'both',
    labels: [],
    help: 'Resident memory of the process',
  }),
} satisfies Record<string, InstrumentRow>;
