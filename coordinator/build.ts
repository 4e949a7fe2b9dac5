/** The coordinator's composition root: what it stands on (Redis, the store), the core, and the servers in front of it. */
import { join } from 'node:path';
import { AppError } from '../shared/domain/errors.ts';
import { newCoordinatorId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { startAll, stopAll, type Service } from '../shared/runtime/service.ts';
import { StopLimit } from '../shared/runtime/stop-limit.ts';
import type { Logger } from '../shared/telemetry/logger.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';
import type { CoordinatorConfig } from './config.ts';
import { AlertBook } from './alerts/alert-book.ts';
import { Alerts } from './alerts/alerts.ts';
import { Feed } from './alerts/feed.ts';
import { send } from './alerts/send.ts';
import { alertSources } from './alerts/sources.ts';
import { Directory } from './cluster/directory.ts';
import { buildCore, type Ground } from './core.ts';
import { HistoryBook } from './dispatch/why/history-book.ts';
import { ReturnBook } from './dispatch/why/return-book.ts';
import { WaitBook } from './dispatch/why/wait-book.ts';
import { Reservations } from './evaluations/namespaces/reservations.ts';
import { SingleFlight } from './evaluations/single-flight.ts';
import { createHttpServer } from './http/server.ts';
import { RedisSessions } from './http/session/redis-sessions.ts';
import { AuditLog } from './audit/audit-log.ts';
import { AuditRetention } from './audit/audit-retention.ts';
import { AuditReader } from './audit/audit-reader.ts';
import { AuditWitness } from './audit/witness.ts';
import { auditing, callOf, offenceCall } from './audit/auditing.ts';
import { Changes } from './audit/changes.ts';
import { Denials } from './audit/denials.ts';
import { readIdentitiesFile } from './identities-config.ts';
import { CertificateIdentities } from './identity/certificate-identities.ts';
import { IdentitiesFile } from './identity/identities-file.ts';
import { Jwts } from './identity/oidc/jwts.ts';
import { AgentBook } from './identity/agents/agent-book.ts';
import { Joins } from './identity/agents/joins.ts';
import { RedisOwnerRecords } from './identity/agents/owner-records.ts';
import { Owners } from './identity/agents/owners.ts';
import { Proofs } from './identity/agents/proofs.ts';
import { TokenBook } from './identity/token-book.ts';
import { Tokens } from './identity/tokens.ts';
import { openIndexOf } from './index/open-index.ts';
import { FinalLedgers } from './ledger/final-ledgers.ts';
import { Leases } from './ledger/leases.ts';
import { Ledger } from './ledger/ledger.ts';
import { observeCoordinator, httpMetrics, rpcMetrics, scriptMetrics, transportMetrics } from './measure.ts';
import { Notices } from './notices.ts';
import { OneStore } from './one-store.ts';
import { CourseKeeper } from './progress/course/course-keeper.ts';
import { EventLog } from './progress/event-log.ts';
import { TaskQueue } from './queue/task-queue.ts';
import { Acknowledger } from './redis/acknowledger.ts';
import { Barrier } from './redis/barrier.ts';
import { redisAnswers } from './redis/answers.ts';
import { connectRedis, isReady, watchConnection } from './redis/connect.ts';
import { redisMemory } from './redis/memory.ts';
import { primariesOf } from './redis/primaries.ts';
import { RedisRestarts } from './redis/restarts.ts';
import { checkRedisSafety } from './redis/safety.ts';
import { SettingsWatch } from './redis/settings-watch.ts';
import { RedisBoard } from './redis/status.ts';
import { isLocal } from './rpc/listen-address.ts';
import { createRpcServer } from './rpc/server.ts';
import { measuredStore } from './store/measured-store.ts';
import { openStore, storeIdOf } from './store/open-store.ts';
import { describeSelf } from './describe-self.ts';

export interface Coordinator extends Service {
  readonly coordinatorId: string;
  /** Where it listens; known after `start`. */
  readonly address: string;
  readonly httpAddress: string | undefined;
}

/**
 * Makes a coordinator. It connects to Redis and opens the store here, and listens from `start` on. `between`: puts something between the
 * core and what it stands on.
 */
export async function buildCoordinator(
  config: CoordinatorConfig,
  base: { logger: Logger; clock: Clock; metrics: Metrics },
  between: (ground: Ground) => Ground = (ground) => ground,
): Promise<Coordinator> {
  const { clock, metrics } = base;
  const { instruments } = metrics;
  const coordinatorId = newCoordinatorId();
  const logger = base.logger.child({ coordinatorId });

  const redis = await connectRedis(config.redisUrl, 'ledger', logger);
  const primaries = primariesOf(redis);
  const known = await checkRedisSafety(primaries, config.profile, logger);
  const queueRedis = await connectRedis(config.redisUrl, 'queue', logger);
  const noticesRedis = await connectRedis(config.redisUrl, 'notices', logger);
  const barrierRedis = await connectRedis(config.redisUrl, 'barrier', logger);
  const oneStore = new OneStore(redis, config.keyPrefix, {
    path: config.s3 ? config.store.split('?')[0]! : config.store,
    redisUrl: config.redisUrl,
  });
  await oneStore.check(await storeIdOf(config));
  const store = measuredStore(await openStore(config, { clock, logger, coordinatorId }), clock, instruments);
  await oneStore.check(store.storeId);

  const acknowledging = new Acknowledger({
    primaries,
    barrier: new Barrier(primariesOf(barrierRedis), config.keyPrefix, clock),
    own: config.durability,
    logger,
  });
  await acknowledging.look();
  const settings = new SettingsWatch({ primaries, profile: config.profile, known, acknowledging, clock, logger });

  const restarts = new RedisRestarts(redis, primaries, config.keyPrefix);
  const ledger = new Ledger(redis, config.keyPrefix, {
    onScript: scriptMetrics(instruments),
    keepMs: config.ledgerRetention.keepMs,
    isSettled: () => restarts.settled,
    onAttempt: (told) => course.attempt(told),
  });
  const course = new CourseKeeper({ redis, keyOf: (id, name) => ledger.key(id, name), clock });
  const queue = new TaskQueue({ redis: queueRedis, prefix: config.keyPrefix, logger, clock });
  const directory = new Directory(redis, config.keyPrefix);
  const index = await openIndexOf(config.s3 ? undefined : config.store, config.index, { logger, clock });
  const core = buildCore(
    config,
    between({
      coordinatorId,
      address: () => rpc.address,
      store,
      ledger,
      finalLedgers: new FinalLedgers(redis, ledger),
      leases: new Leases(redis, config.keyPrefix, config.leaseMs),
      queue,
      events: new EventLog(redis, (id) => ledger.key(id, 'events'), clock),
      books: {
        history: new HistoryBook(redis, config.keyPrefix, (id, name) => ledger.key(id, name)),
        waits: new WaitBook(redis, config.keyPrefix),
        returns: new ReturnBook(redis, (id, name) => ledger.key(id, name)),
      },
      course,
      flight: new SingleFlight(redis, config.keyPrefix, coordinatorId, clock),
      directory,
      index,
      reservations: new Reservations(redis, config.keyPrefix),
      redisMemory: () => redisMemory(primaries),
      description: describeSelf(config, new RedisBoard(primaries, clock)),
      refusal: () => settings.refusal(),
      restarts,
      acknowledging,
      onOffence: (offence) => void denials.record(offenceCall(offence)).catch(() => undefined), // it was refused all the same
      isOurs: () => !oneStore.refused,
      check: () => oneStore.check(store.storeId),
      clock,
      logger,
      metrics,
    }),
  );
  watchConnection(redis, {
    lost: () => {
      restarts.unsettle();
      settings.lost();
      core.connectionLost();
    },
    back: () => {
      core.connectionBack();
      settings.back();
    },
  });
  const { cluster, sessions, registry, catalog } = core;
  const book = new TokenBook({
    store,
    clock,
    onTrouble: (error) => logger.warn({ error: AppError.from(error).message }, 'tokens cannot be read; those known hold for a minute'),
  });
  const jwts = new Jwts({
    issuers: config.identities.issuers,
    clock,
    onTrouble: (issuer, error) =>
      logger.warn({ issuer, error: AppError.from(error).message }, 'keys of an issuer cannot be read; those known hold for a day'),
  });
  const certificates = new CertificateIdentities(config.identities.certificates, clock);
  const identities = new IdentitiesFile({
    settings: config.identities,
    read: (path) => readIdentitiesFile(path, config.tls),
    onChange: async (now) => {
      certificates.update(now.certificates);
      await jwts.update(now.issuers);
    },
    clock,
    logger,
  });
  const tokens = new Tokens({ store, book, notify: (hash) => ledger.notify(`k:${hash}`), clock, logger });
  const onTrouble = (error: unknown): void => logger.error({ error: AppError.from(error).message }, 'the audit log could not be written');
  const witness = new AuditWitness({ redis, keyPrefix: config.keyPrefix, logger });
  const onWritten: AuditWitness['saw'] = (...end) => witness.saw(...end);
  const auditLog = new AuditLog({ store: store.audit, coordinatorId, clock, onTrouble, onWritten });
  const denials = new Denials({ record: (call) => auditLog.record(call), clock, onTrouble });
  const changes = new Changes({ record: (call) => auditLog.recordDone(call), clock, onTrouble });
  const auditRetention = new AuditRetention({ store: store.audit, log: auditLog, keepMs: config.keepAuditMs, clock, onTrouble });
  const onDecision = auditing({ log: auditLog, denials });
  const keys = new AgentBook({
    store,
    clock,
    onTrouble: (error) => logger.warn({ error: AppError.from(error).message }, 'agents cannot be read; those known hold for a minute'),
  });
  const joins = new Joins({ store, book: keys, notify: (agentId) => ledger.notify(`j:${agentId}`), clock, logger });
  const owners = new Owners({ records: new RedisOwnerRecords(redis, config.keyPrefix), tokens: book, clock });
  const proofs = new Proofs({ store, book: keys, owners, notify: (notice) => ledger.notify(notice), onDecision, clock, logger });
  const handlers = {
    ...core.notices,
    onToken: (hash: string) => book.notice(hash),
    onAgentKey: (agentId: string) => keys.notice(agentId),
    onProved: (notice: string) => proofs.twins.notice(notice),
  };
  const notices = new Notices({ redis: noticesRedis, channel: ledger.channel, handlers, clock, logger });

  // One without channels leaves the look to one that has some.
  const alertBook = new AlertBook(redis, config.keyPrefix, `${config.alerts.channels.length > 0 ? '' : '-'}${coordinatorId}`);
  const rpc = createRpcServer({
    listen: config.listen,
    maxContentBytes: config.maxContentBytes,
    drainMs: config.drainMs,
    useCases: core.useCases,
    namespaceOf: core.namespaceOf,
    authenticators: [book, keys, jwts, certificates],
    tokens,
    namespaces: core.namespaces,
    joins,
    proofs,
    audit: new AuditReader(store.audit, () => witness.heads()),
    onDecision,
    onChange: (change) => changes.record(callOf(change)),
    operator: cluster.operator,
    events: new Feed(alertBook),
    sessions,
    logger,
    metrics: rpcMetrics(instruments),
    ...(config.token ? { token: config.token } : {}),
    ...(config.tls ? { tls: config.tls } : {}),
    limits: config.limits,
    transportMetrics: transportMetrics(instruments),
    onDrain: async () => {
      sessions.leave('the coordinator stops');
      const until = clock.monotonic() + config.drainMs;
      while (registry.size > 0 && clock.monotonic() < until) await clock.sleep(50);
    },
  });
  const answers = redisAnswers(redis, clock);
  const http = config.http
    ? createHttpServer({
        listen: config.http,
        // What only this machine can reach is asked by probes and scrapers beside it, which know no certificate.
        ...(config.tls && !isLocal({ kind: 'tcp', ...config.http }) && { tls: config.tls }),
        ...{ origins: config.http.origins, openMetrics: config.http.openMetrics },
        page: join(import.meta.dirname, '../dashboard/dist'),
        sessions: new RedisSessions({ redis, keyPrefix: config.keyPrefix, now: () => clock.now() }),
        ...{ inside: rpc.inside, limits: config.limits, clock, logger },
        metrics: metrics.handler,
        onEnded: httpMetrics(instruments),
        notReady: async () => {
          if (!isReady(redis)) return 'no connection to Redis';
          if (oneStore.refused) return 'Redis belongs to coordinators on another store';
          return (await answers()) ? '' : 'Redis does not answer';
        },
      })
    : undefined;

  const alerts = new Alerts({
    settings: config.alerts,
    book: alertBook,
    sources: alertSources({ directory, operator: cluster.operator, index, catalog, ledger, store }),
    send,
    periodMs: 5 * config.sweepMs,
    onMessage: (outcome) => instruments.alertsTotal.add(1, { outcome }),
    ...{ clock, logger },
  });
  observeCoordinator({ instruments, registry, catalog, queue, redisAnswers: answers });

  const connections: Service = {
    start: async () => undefined,
    stop: async () => {
      await core.settle(config.drainMs);
      await course.flush();
      const limit = new StopLimit({
        clock,
        limitMs: config.drainMs,
        onLate: ({ message }) => logger.warn({ error: message }, 'the stop goes on without it'),
      });
      await limit.wait('closing the queues', () => queue.close());
      await limit.wait('closing the store', () => store.close());
      for (const connection of [redis, queueRedis, noticesRedis, barrierRedis]) connection.disconnect();
    },
  };
  const services = [
    connections,
    settings,
    book,
    keys,
    jwts,
    identities,
    auditLog,
    auditRetention,
    denials,
    changes,
    notices,
    course,
    ...core.background,
    alerts,
    ...(http ? [http] : []),
    rpc,
  ];
  return {
    coordinatorId,
    get address() {
      return rpc.address;
    },
    get httpAddress() {
      return http?.address;
    },
    start: async () => {
      await core.look();
      await startAll(services);
      core.connectionBack();
    },
    stop: () => stopAll(services),
  };
}
