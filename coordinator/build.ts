/** The coordinator's composition root: the only file that makes its parts and ties them together. */
import { AppError } from '../shared/domain/errors.ts';
import { describeRoute } from '../shared/domain/routing.ts';
import { newCoordinatorId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { Duty, startAll, stopAll, type Service } from '../shared/runtime/service.ts';
import type { Logger } from '../shared/telemetry/logger.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';
import type { CoordinatorConfig } from './config.ts';
import { Assembler } from './dispatch/assembler.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { Expiry } from './dispatch/expiry.ts';
import { Upkeep } from './dispatch/upkeep.ts';
import { Catalog } from './evaluations/catalog.ts';
import { Committer } from './evaluations/committer.ts';
import { Finalizer } from './evaluations/finalizer.ts';
import { Planner } from './evaluations/planner.ts';
import { Queries } from './evaluations/queries.ts';
import { Recovery } from './evaluations/recovery.ts';
import { SampleReader } from './evaluations/sample-reader.ts';
import { SingleFlight } from './evaluations/single-flight.ts';
import { Submit } from './evaluations/submit.ts';
import { Sweeper } from './evaluations/sweeper.ts';
import { createHttpServer } from './http/server.ts';
import { Leases } from './ledger/leases.ts';
import { Ledger } from './ledger/ledger.ts';
import { Notices } from './notices.ts';
import { EventLog } from './progress/event-log.ts';
import { watchEvaluation } from './progress/watch.ts';
import { TaskQueue } from './queue/task-queue.ts';
import { connectRedis, RedisRestarts } from './redis.ts';
import { createRpcServer } from './rpc/server.ts';
import type { EvaluationUseCases } from './rpc/use-cases.ts';
import { Duties } from './sessions/duties.ts';
import { SessionRegistry } from './sessions/registry.ts';
import { SessionHost } from './sessions/session-host.ts';
import { openDirectoryStore } from './store/directory-store.ts';

const LOCKS_MS = 60_000;

export interface Coordinator extends Service {
  readonly coordinatorId: string;
  /** Where it listens; known after `start`. */
  readonly address: string;
  readonly httpAddress: string | undefined;
}

/** Makes a coordinator. It connects to Redis and opens the store here, and listens from `start` on. */
export async function buildCoordinator(
  config: CoordinatorConfig,
  base: { logger: Logger; clock: Clock; metrics: Metrics },
): Promise<Coordinator> {
  const { clock, metrics } = base;
  const { instruments } = metrics;
  const coordinatorId = newCoordinatorId();
  const logger = base.logger.child({ coordinatorId });

  const redis = await connectRedis(config.redisUrl, 'ledger', logger);
  const queueRedis = await connectRedis(config.redisUrl, 'queue', logger);
  const noticesRedis = await connectRedis(config.redisUrl, 'notices', logger);
  const store = await openDirectoryStore({ path: config.store, clock, logger, coordinatorId });

  const ledger = new Ledger(redis, config.keyPrefix);
  const leases = new Leases(redis, config.keyPrefix, config.leaseMs);
  const queue = new TaskQueue({ redis: queueRedis, prefix: config.keyPrefix, logger });
  const events = new EventLog(redis, (id) => ledger.key(id, 'events'));
  const flight = new SingleFlight(redis, config.keyPrefix, coordinatorId);
  const catalog = new Catalog(store, ledger, (evaluationId, error) => {
    logger.error({ evaluationId, error: AppError.from(error).message }, 'this evaluation cannot be read');
  });
  const samples = new SampleReader(store);
  const registry = new SessionRegistry();

  const planner = new Planner({ ledger, queue, catalog, sizes: samples, clock, logger, onEnqueued: (routeId) => dispatcher.wake(routeId) });
  const dispatcher = new Dispatcher({
    isOpen: () => restarts.settled,
    catalog,
    queue,
    ledger,
    leases,
    registry,
    planner,
    assembler: new Assembler(catalog, samples),
    clock,
    logger,
    instruments,
  });
  const finalizer = new Finalizer({
    store,
    ledger,
    catalog,
    clock,
    logger,
    flight,
    onFinished: (evaluationId) => planner.forget(evaluationId),
  });
  const finish = (evaluationId: string): void =>
    void finalizer
      .finish(evaluationId)
      .catch((error: unknown) =>
        logger.error({ evaluationId, error: AppError.from(error).message }, 'the report could not be written; the sweep tries again'),
      );
  const committer = new Committer({
    isSettled: () => restarts.settled,
    store,
    ledger,
    catalog,
    clock,
    logger,
    instruments,
    onCommitted: (evaluationId, state) => {
      if (state === 'finalizing') finish(evaluationId);
      else planner.wake(evaluationId);
    },
  });
  const recovery = new Recovery({
    store,
    ledger,
    catalog,
    clock,
    logger,
    flight,
    onRecovered: (evaluationId) => planner.wake(evaluationId),
  });
  const revoke = (evaluationId: string): void => {
    for (const session of registry.all())
      session.revoke(
        [...session.held.values()].filter((h) => h.evaluationId === evaluationId).map((h) => h.attemptId),
        'cancelled',
      );
  };
  const queries = new Queries({
    store,
    ledger,
    catalog,
    clock,
    onCancelled: (known, tasks) => {
      revoke(known.manifest.evaluationId);
      finish(known.manifest.evaluationId);
      void planner.withdraw(known, tasks).catch(() => undefined); // what stays is found stale when it is fetched
    },
  });
  const submit = new Submit({ store, ledger, catalog, clock, logger, onAccepted: (evaluationId) => planner.wake(evaluationId) });
  const duties = new Duties({
    committer,
    leases,
    ledger,
    queue,
    catalog,
    planner,
    clock,
    logger,
    instruments,
    onRoom: (session) => dispatcher.wakeAll(session),
  });
  const sessions = new SessionHost({
    coordinatorId,
    heartbeatMs: config.heartbeatMs,
    leaseMs: config.leaseMs,
    registry,
    ledger,
    leases,
    catalog,
    planner,
    duties,
    clock,
    logger,
  });

  const useCases: EvaluationUseCases = {
    hasContent: (digest) => store.hasContent(digest),
    upload: (digest, sizeBytes, chunks) => store.putContent(digest, chunks, sizeBytes),
    submit: async (request) => {
      const { manifest, existed } = await submit.submit(request);
      return { evaluation: await queries.get(manifest.evaluationId), existed };
    },
    get: (id) => queries.get(id),
    watch: async function* (id, cursor, signal) {
      const { manifest } = await queries.known(id);
      yield* watchEvaluation({
        log: events,
        source: { manifest, picture: () => queries.get(id), head: () => queries.head(id) },
        cursor,
        clock,
        signal,
      });
    },
    cancel: (id, reason) => queries.cancel(id, reason),
    results: (id, signal) => queries.results(id, signal),
    report: (id) => queries.report(id),
  };

  const expiry = new Expiry({ leases, ledger, catalog, planner, clock, logger, instruments, leaseMs: config.leaseMs });
  const restarts = new RedisRestarts(redis, config.keyPrefix, async () => {
    // Marked here, rebuilt by the sweep: one that cannot be rebuilt does not keep the others waiting.
    for (const { manifest } of await catalog.refresh()) await recovery.mark(manifest, 'Redis was restarted');
  });
  redis.on('close', () => expiry.hold());
  redis.on('ready', () => {
    expiry.hold();
    sweep.wake();
  });
  const sweeper = new Sweeper({ store, ledger, catalog, planner, finalizer, recovery, clock, logger, starved: () => dispatcher.starved() });
  const upkeep = new Upkeep({
    registry,
    queue,
    catalog,
    planner,
    ledger,
    leases,
    clock,
    logger,
    acceptMs: config.acceptMs,
    heartbeatMs: config.heartbeatMs,
    leaseMs: config.leaseMs,
  });

  const warn =
    (what: string) =>
    (error: unknown): void =>
      logger.warn({ error: AppError.from(error).message }, what);
  const background: Service[] = [
    new Notices({
      redis: noticesRedis,
      channel: ledger.channel,
      logger,
      handlers: {
        onWork: (routeId) => {
          if (catalog.routes().has(routeId)) dispatcher.wake(routeId);
          else sweep.wake();
        },
        onEvent: (id) => events.notice(id),
        onCancelled: revoke,
      },
    }),
  ];
  const sweep = new Duty({
    clock,
    periodMs: config.sweepMs,
    onError: warn('sweep failed'),
    run: async () => {
      await restarts.check();
      await sweeper.runOnce();
      await expiry.runOnce();
      await upkeep.runOnce();
      dispatcher.wakeAll();
    },
  });
  const locks = new Duty({ clock, periodMs: LOCKS_MS, onError: warn('locks could not be extended'), run: () => upkeep.extendLocks() });
  background.push(sweep, locks);

  const rpc = createRpcServer({
    listen: config.listen,
    maxContentBytes: config.maxContentBytes,
    drainMs: config.drainMs,
    useCases,
    sessions,
    logger,
    ...(config.token ? { token: config.token } : {}),
    ...(config.tls ? { tls: config.tls } : {}),
    onDrain: async () => {
      for (const session of registry.all()) session.drain('the coordinator stops');
      const until = clock.monotonic() + config.drainMs;
      while (registry.size > 0 && clock.monotonic() < until) await clock.sleep(50);
    },
  });
  const http = config.http
    ? createHttpServer({
        listen: config.http,
        metrics: metrics.handler,
        notReady: () => (redis.status === 'ready' ? '' : 'no connection to Redis'),
      })
    : undefined;

  instruments.sessions.addCallback((result) => result.observe(registry.size));
  instruments.inFlightSamples.addCallback((result) => result.observe(registry.all().reduce((sum, s) => sum + s.samples, 0)));
  instruments.queueOldestWaitingSeconds.addCallback(async (result) => {
    for (const route of catalog.routes().values()) {
      const waiting = await queue.waiting(route.id).catch(() => undefined);
      if (waiting) result.observe(waiting.oldestMs / 1000, { route: describeRoute(route) });
    }
  });

  const connections: Service = {
    start: async () => undefined,
    stop: async () => {
      await dispatcher.stop();
      await sweeper.settle(config.drainMs);
      await planner.settle();
      await committer.stop();
      await queue.close();
      await store.close();
      for (const connection of [redis, queueRedis, noticesRedis]) connection.disconnect();
    },
  };
  const services = [connections, ...background, ...(http ? [http] : []), rpc];
  return {
    coordinatorId,
    get address() {
      return rpc.address;
    },
    get httpAddress() {
      return http?.address;
    },
    start: async () => {
      await startAll(services);
      expiry.hold(); // agents could not renew before
    },
    stop: () => stopAll(services),
  };
}
