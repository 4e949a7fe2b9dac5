/** The coordinator's composition root: the only file that makes its parts and ties them together. */
import { AppError } from '../shared/domain/errors.ts';
import { PRICES } from '../shared/domain/prices.ts';
import { newCoordinatorId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { Duty, startAll, stopAll, type Service } from '../shared/runtime/service.ts';
import type { Logger } from '../shared/telemetry/logger.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';
import type { CoordinatorConfig } from './config.ts';
import { Cluster } from './cluster/cluster.ts';
import { Assembler } from './dispatch/assembler.ts';
import { Datasets } from './datasets/datasets.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { Expiry } from './dispatch/expiry.ts';
import { Upkeep } from './dispatch/upkeep.ts';
import { Browse } from './evaluations/reading/browse.ts';
import { Catalog } from './evaluations/catalog.ts';
import { Commander } from './evaluations/commands/commander.ts';
import { Committer } from './evaluations/committer.ts';
import { Finalizer } from './evaluations/finalizer.ts';
import { Planner } from './evaluations/planner.ts';
import { Queries } from './evaluations/reading/queries.ts';
import { Recovery } from './evaluations/recovery.ts';
import { SampleReader } from './evaluations/sample-reader.ts';
import { SingleFlight } from './evaluations/single-flight.ts';
import { Submit } from './evaluations/intake/submit.ts';
import { Sweeper } from './evaluations/sweeper.ts';
import { validateSpec } from './evaluations/intake/validate.ts';
import { evaluationUseCases } from './evaluation-use-cases.ts';
import { createHttpServer } from './http/server.ts';
import { openIndexOf } from './index/open-index.ts';
import { Leases } from './ledger/leases.ts';
import { Ledger } from './ledger/ledger.ts';
import { observeCoordinator, rpcMetrics, scriptMetrics, WatchMeter } from './measure.ts';
import { Notices } from './notices.ts';
import { OneStore } from './one-store.ts';
import { EventLog } from './progress/event-log.ts';
import { TaskQueue } from './queue/task-queue.ts';
import { connectRedis, RedisRestarts } from './redis.ts';
import { checkRedisSafety } from './redis-safety.ts';
import { createRpcServer } from './rpc/server.ts';
import { Duties } from './sessions/duties.ts';
import { SessionRegistry } from './sessions/registry.ts';
import { SessionHost } from './sessions/session-host.ts';
import { measuredStore } from './store/measured-store.ts';
import { openStore, storeIdOf } from './store/open-store.ts';

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
  await checkRedisSafety(redis, config.profile, logger);
  const queueRedis = await connectRedis(config.redisUrl, 'queue', logger);
  const noticesRedis = await connectRedis(config.redisUrl, 'notices', logger);
  const oneStore = new OneStore(redis, config.keyPrefix, {
    path: config.s3 ? config.store.split('?')[0]! : config.store,
    redisUrl: config.redisUrl,
  });
  await oneStore.check(await storeIdOf(config));
  const store = measuredStore(await openStore(config, { clock, logger, coordinatorId }), clock, instruments);
  await oneStore.check(store.storeId);

  const ledger = new Ledger(redis, config.keyPrefix, scriptMetrics(instruments));
  const leases = new Leases(redis, config.keyPrefix, config.leaseMs);
  const queue = new TaskQueue({ redis: queueRedis, prefix: config.keyPrefix, logger });
  const events = new EventLog(redis, (id) => ledger.key(id, 'events'));
  const flight = new SingleFlight(redis, config.keyPrefix, coordinatorId);
  const catalog = new Catalog(store, ledger, (evaluationId, error) => {
    logger.error({ evaluationId, error: AppError.from(error).message }, 'this evaluation cannot be read');
  });
  const samples = new SampleReader(store);
  const registry = new SessionRegistry();
  /** What many parts are made of. */
  const parts = { store, ledger, leases, queue, catalog, registry, flight, clock, logger, instruments };
  const cluster = new Cluster({
    ...parts,
    coordinatorId,
    address: () => rpc.address,
    redis,
    keyPrefix: config.keyPrefix,
    onChanged: () => dispatcher.wakeAll(),
  });

  const planner = new Planner({
    ...parts,
    sizes: samples,
    onEnqueued: (routeId) => dispatcher.wake(routeId),
    onDead: (evaluationId, units) =>
      store.appendControl(evaluationId, { kind: 'dead', atMs: clock.now(), reason: 'its task kept crashing agents', units }),
  });
  const dispatcher = new Dispatcher({
    ...parts,
    isOpen: () => restarts.settled && !oneStore.refused,
    isPaused: (routeId) => cluster.isPaused(routeId),
    planner,
    assembler: new Assembler(catalog, samples),
  });
  const finalizer = new Finalizer({
    ...parts,
    onFinished: (evaluationId) => {
      planner.forget(evaluationId);
      void browse.changed(evaluationId);
    },
  });
  const finish = (evaluationId: string): void =>
    void finalizer
      .finish(evaluationId)
      .catch((error: unknown) =>
        logger.error({ evaluationId, error: AppError.from(error).message }, 'the report could not be written; the sweep tries again'),
      );
  const committer = new Committer({
    ...parts,
    isSettled: () => restarts.settled,
    onCommitted: (evaluationId, state) => {
      if (state === 'finalizing') finish(evaluationId);
      else planner.wake(evaluationId);
    },
  });
  const recovery = new Recovery({
    ...parts,
    onRecovered: (evaluationId) => planner.wake(evaluationId),
  });
  const revoke = (evaluationId: string): void => {
    for (const session of registry.all())
      session.revoke(
        [...session.held.values()].filter((h) => h.evaluationId === evaluationId).map((h) => h.attemptId),
        'cancelled',
      );
  };
  const queries = new Queries({ store, ledger, catalog });
  const browse = new Browse({
    ...parts,
    index: await openIndexOf(config.s3 ? undefined : config.store, config.index, { logger, clock }),
    reader: samples,
    manifestOf: async (evaluationId) => (await queries.known(evaluationId)).manifest,
  });
  const commander = new Commander({
    ...parts,
    recovery,
    known: (evaluationId) => queries.known(evaluationId),
    find: (filter) => browse.find(filter),
    matchingUnits: (evaluationId, filter) => browse.matchingUnits(evaluationId, filter),
    onCancelled: (known, tasks) => {
      revoke(known.manifest.evaluationId);
      finish(known.manifest.evaluationId);
      void planner.withdraw(known, tasks).catch(() => undefined); // what stays is found stale when it is fetched
    },
    onResumed: (known) => void planner.enqueueWaiting(known).catch(() => undefined), // the sweep repairs
    onFinalizing: finish,
    onOpened: (evaluationId) => planner.wake(evaluationId),
    onChanged: (evaluationId) => browse.changed(evaluationId),
  });
  const datasets = new Datasets({ store, maxContentBytes: config.maxContentBytes, fetchPrivate: config.fetchPrivate });
  const submit = new Submit({
    ...parts,
    datasets,
    start: async (manifest) => catalog.activate(manifest, await commander.start(manifest)),
    onAccepted: (evaluationId) => planner.wake(evaluationId),
  });
  const duties = new Duties({
    ...parts,
    committer,
    planner,
    onRoom: (session) => dispatcher.wakeAll(session),
  });
  const sessions = new SessionHost({
    ...parts,
    coordinatorId,
    heartbeatMs: config.heartbeatMs,
    leaseMs: config.leaseMs,
    isDrained: (agentId) => cluster.isDrained(agentId),
    onGone: (session) => cluster.gone(session),
    planner,
    duties,
  });

  const useCases = evaluationUseCases({
    store,
    submit,
    validate: ({ spec }) =>
      validateSpec(spec, { datasets, store, prices: config.prices ?? PRICES, servedBy: (routes) => cluster.operator.servedBy(routes) }),
    queries,
    browse,
    commander,
    events,
    meter: new WatchMeter(instruments),
    clock,
  });

  const expiry = new Expiry({ ...parts, planner, leaseMs: config.leaseMs });
  const restarts = new RedisRestarts(redis, config.keyPrefix, async () => {
    // Marked here, rebuilt by the sweep: one that cannot be rebuilt does not keep the others waiting.
    for (const { manifest } of await catalog.refresh()) await recovery.mark(manifest, 'Redis was restarted');
  });
  redis.on('close', () => expiry.hold());
  redis.on('ready', () => {
    expiry.hold();
    sweep.wake();
  });
  const sweeper = new Sweeper({
    ...parts,
    planner,
    finalizer,
    recovery,
    turns: commander,
    starved: () => dispatcher.starved(),
  });
  const upkeep = new Upkeep({
    ...parts,
    planner,
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
        onChanged: (id) =>
          void catalog
            .renew(id)
            .then(() => browse.changed(id))
            .catch(() => undefined), // the sweep looks
        onSwitched: () => void cluster.refresh(),
      },
    }),
  ];
  const sweep = new Duty({
    clock,
    periodMs: config.sweepMs,
    onError: warn('sweep failed'),
    run: async () => {
      await oneStore.check(store.storeId);
      await cluster.refresh();
      await restarts.check();
      await sweeper.runOnce();
      await browse.sweep(catalog.active());
      await expiry.runOnce();
      await upkeep.runOnce();
      dispatcher.wakeAll();
    },
  });
  const locks = new Duty({ clock, periodMs: LOCKS_MS, onError: warn('locks could not be extended'), run: () => upkeep.extendLocks() });
  background.push(cluster, sweep, locks, browse);

  const rpc = createRpcServer({
    listen: config.listen,
    maxContentBytes: config.maxContentBytes,
    drainMs: config.drainMs,
    useCases,
    operator: cluster.operator,
    sessions,
    logger,
    metrics: rpcMetrics(instruments),
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
        notReady: () =>
          redis.status !== 'ready' ? 'no connection to Redis' : oneStore.refused ? 'Redis belongs to coordinators on another store' : '',
      })
    : undefined;

  observeCoordinator({ instruments, registry, catalog, queue, redis });

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
