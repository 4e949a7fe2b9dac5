/**
 * What a coordinator decides, made of what it stands on: the parts of evaluations, dispatch and sessions, tied together. Redis, the store,
 * the clock and the network come in as arguments, so that a simulation makes the same coordinator on simulated ones.
 */
import { AppError } from '../shared/domain/errors.ts';
import { misfitsOf } from '../shared/domain/fit.ts';
import { DEFAULT_NAMESPACE } from '../shared/domain/ids.ts';
import { pricedBy } from '../shared/domain/priced.ts';
import { PRICES } from '../shared/domain/prices.ts';
import { Duty, runEach, type Service } from '../shared/runtime/service.ts';
import { StopLimit } from '../shared/runtime/stop-limit.ts';
import type { CoordinatorConfig } from './config.ts';
import { candidateOf } from './cluster/agent-card.ts';
import { Cluster } from './cluster/cluster.ts';
import type { Ground } from './ground.ts';
import { Assembler } from './dispatch/assembler.ts';
import { Datasets } from './datasets/datasets.ts';
import { Dispatcher } from './dispatch/dispatcher.ts';
import { Expiry } from './dispatch/expiry.ts';
import { Stealing } from './dispatch/stealing.ts';
import { reasonParts } from './dispatch/why/parts.ts';
import { TaskLimits } from './dispatch/task-limits.ts';
import { Quarantine } from './dispatch/quarantine.ts';
import { Leftovers } from './dispatch/leftovers.ts';
import { Upkeep } from './dispatch/upkeep.ts';
import { Admission } from './evaluations/intake/admission.ts';
import { Browse } from './evaluations/reading/browse.ts';
import { Catalog } from './evaluations/catalog.ts';
import { Commander } from './evaluations/commands/commander.ts';
import { Committer } from './evaluations/committer.ts';
import { Finalizer } from './evaluations/finalizer.ts';
import { namespaceParts } from './evaluations/namespaces/parts.ts';
import { Planner } from './evaluations/planner.ts';
import { Answers } from './evaluations/judging/answers.ts';
import { JudgeLines } from './evaluations/judging/judge-lines.ts';
import { Queries } from './evaluations/reading/queries.ts';
import { SampleLines } from './evaluations/reading/sample-lines.ts';
import { Recovery } from './evaluations/recovery.ts';
import { housekeepingDuty, storeKeepers } from './evaluations/retention/housekeeping.ts';
import { SampleReader } from './evaluations/sample-reader.ts';
import { Submit } from './evaluations/intake/submit.ts';
import { Sweeper } from './evaluations/sweeper.ts';
import { EvaluationLines } from './evaluations/logs/evaluation-lines.ts';
import { LastWords } from './evaluations/dead/last-words.ts';
import { DeadLetters } from './evaluations/dead/dead-letters.ts';
import { Verify } from './evaluations/verify/verify.ts';
import { validateSpec } from './evaluations/intake/validate.ts';
import { evaluationUseCases } from './evaluation-use-cases.ts';
import { WatchMeter } from './measure.ts';
import type { NoticeHandlers } from './notices.ts';
import { provenance } from './provenance.ts';
import type { EvaluationUseCases, NamespaceUseCases } from './rpc/use-cases.ts';
import { callOff, callOffIfOver, OVER } from './sessions/call-off.ts';
import { Crashes } from './sessions/crashes.ts';
import { Duties } from './sessions/duties.ts';
import { SessionRegistry } from './sessions/registry.ts';
import { SessionHost } from './sessions/session-host.ts';

export type { Ground } from './ground.ts';

const LOCKS_MS = 60_000;

/** A coordinator without its servers. */
export interface Core {
  readonly useCases: EvaluationUseCases;
  /** Of an accepted evaluation; undefined: there is none. */
  namespaceOf(evaluationId: string): Promise<string | undefined>;
  readonly cluster: Cluster;
  /** The bounds that namespaces have. */
  readonly namespaces: NamespaceUseCases;
  readonly sessions: SessionHost;
  readonly registry: SessionRegistry;
  readonly catalog: Catalog;
  /** What other coordinators, or this one, tell by notices. */
  readonly notices: Omit<NoticeHandlers, 'onToken' | 'onAgentKey' | 'onProved'>;
  /** The duties in the background, in the order in which they start. */
  readonly background: readonly Service[];
  /** Compares Redis with what coordinators last worked with; the sweep does it too. */
  look(): Promise<void>;
  /** The connection to Redis broke, or is there again; also called when agents can first connect. */
  connectionLost(): void;
  connectionBack(): void;
  /** Lets what is under way come to its end, for `limitMs` at most; nothing new is begun. */
  settle(limitMs: number): Promise<void>;
}

/** Ties a coordinator together; nothing runs before its background duties are started. */
export function buildCore(config: CoordinatorConfig, outside: Ground): Core {
  const { coordinatorId, store, ledger, leases, queue, events, flight, directory, index, restarts, acknowledging, books } = outside;
  const { clock, logger, metrics } = outside;
  const { instruments } = metrics;
  const catalog = new Catalog(store, ledger, (evaluationId, error) => {
    logger.error({ evaluationId, error: AppError.from(error).message }, 'this evaluation cannot be read');
  });
  const samples = new SampleReader(store);
  const registry = new SessionRegistry();
  const answers = new Answers({ store, ledger, clock });
  const prices = config.prices ?? PRICES;
  /** What many parts are made of. */
  const parts = { store, ledger, leases, queue, catalog, registry, flight, clock, logger, instruments, priced: pricedBy(prices) };
  const namespaces = namespaceParts({ ...parts, coordinatorId, prices, reservations: outside.reservations });
  const { board, collector } = storeKeepers({ ...parts, directory });
  const cluster = new Cluster({
    ...parts,
    ...{ board, collector, coordinatorId, directory, address: outside.address, description: outside.description },
    durability: () => acknowledging.promised,
    onChanged: () => dispatcher.wakeAll(),
    seals: () => proofs.leaseKeys,
    whyRoute: (route, options) => reasons.routeWhy.of(route, options),
  });

  const planner = new Planner({
    ...parts,
    sizes: samples,
    onEnqueued: (routeId) => dispatcher.wake(routeId),
    onLines: (evaluationId, lines) => logs.add(evaluationId, lines),
    onDoomed: (evaluationId) => void commander.bury(evaluationId).catch(() => undefined), // the sweep does it again
  });
  const isOpen = (): boolean => restarts.settled && outside.isOurs();
  const proofs = provenance(outside, cluster);
  const dispatcher = new Dispatcher({
    ...parts,
    ...proofs,
    isOpen,
    isPaused: (routeId) => cluster.isPaused(routeId),
    boundOf: namespaces.boundOf,
    onGiven: (routeId, waitedMs) => books?.waits.count(routeId, waitedMs),
    othersServe: async (route, agentIds) =>
      registry.serves(route, agentIds) ||
      (await directory.read()).agents.some((agent) => !agentIds.has(agent.agentId) && misfitsOf(route, candidateOf(agent)).length === 0),
    planner,
    assembler: new Assembler(catalog, samples, new JudgeLines(answers, new SampleLines(samples, clock), clock)),
    commit: (report) => committer.commit(report),
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
    ...{ answers, costs: namespaces.costs, course: outside.course },
    onCommitted: (evaluationId, state) => {
      if (state === 'finalizing') finish(evaluationId);
      else planner.wake(evaluationId);
    },
  });
  const recovery = new Recovery({ ...parts, onRecovered: (evaluationId) => planner.wake(evaluationId) });
  const revoke = (evaluationId: string): void => registry.revoke(evaluationId, OVER);
  const queries = new Queries(parts);
  const browse = new Browse({
    ...parts,
    ...{ index, reader: samples },
    manifestOf: async (evaluationId) => (await queries.known(evaluationId)).manifest,
    stateOf: async (evaluationId) => (await queries.head(evaluationId)).state,
  });
  const commander = new Commander({
    ...parts,
    ...{ recovery, acknowledging, quotas: namespaces.quotas },
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
  const datasets = new Datasets({
    store: namespaces.contentStore,
    maxContentBytes: config.maxContentBytes,
    fetchPrivate: config.fetchPrivate,
  });
  const memory = outside.redisMemory ?? (async () => undefined);
  const admission = new Admission({
    limits: config,
    memory,
    space: () => store.space(),
    refusal: outside.refusal ?? (() => undefined),
    unfinished: () => catalog.active().map(({ manifest: { units, groups } }) => ({ units, groups: groups.length })),
  });
  const submit = new Submit({
    ...parts,
    datasets,
    ...{ admission, quotas: namespaces.quotas },
    start: async (manifest) => catalog.activate(manifest, await commander.start(manifest)),
    onAccepted: (evaluationId) => planner.wake(evaluationId),
  });
  const logs = new EvaluationLines({ ...parts, limits: config, headOf: (id) => queries.head(id) });
  const crashes = new Crashes(new LastWords(store), logger);
  const duties = new Duties({
    ...{ ...parts, crashes, committer, planner },
    onRoom: (session) => dispatcher.wakeAll(session),
    onDeclined: (held, detail) => books?.returns.hear(held, detail),
  });
  const sessions = new SessionHost({
    ...parts,
    ...proofs,
    ...{ coordinatorId, crashes, planner, duties },
    heartbeatMs: config.heartbeatMs,
    leaseMs: config.leaseMs,
    requireLeases: config.requireLeases,
    isDrained: (agentId, proof) => cluster.isDrained(agentId, proof),
    logs: config.keepLogBytes > 0 ? { evaluations: logs, agents: cluster.agentLogs } : undefined,
    onGone: (session) => cluster.gone(session),
  });

  const { sweepMs } = config;
  const reasons = reasonParts({ ...parts, ...namespaces, queries, events, memory, isOpen, fleet: cluster, books, sweepMs });
  const useCases = evaluationUseCases({
    ...{ store, admission, submit, quotas: namespaces.quotas },
    validate: ({ spec, namespace }) =>
      validateSpec(spec, {
        ...{ namespace: namespace || DEFAULT_NAMESPACE, datasets, store, prices },
        servedBy: (routes) => cluster.operator.servedBy(routes),
      }),
    ...{ queries, browse, commander, acknowledging, events, logs, ledger, directory, clock, course: outside.course },
    verify: new Verify({ ...parts, known: (evaluationId) => queries.known(evaluationId) }),
    why: reasons.why,
    deadLetters: new DeadLetters({ ...parts, queries, browse, commander }),
    meter: new WatchMeter(instruments),
  });

  const expiry = new Expiry({ ...parts, planner, names: () => directory.names(), leaseMs: config.leaseMs });
  // Marked here, rebuilt by the sweep: one that cannot be rebuilt does not keep the others waiting.
  const leftovers = new Leftovers(parts);
  const mark = async (): Promise<void> => {
    leftovers.searchSoon();
    for (const { manifest } of await catalog.refresh({ whole: true })) await recovery.mark(manifest, 'Redis was restarted');
  };
  const sweeper = new Sweeper({
    ...{ ...parts, planner, finalizer, recovery },
    turns: commander,
    bury: (evaluationId) => commander.bury(evaluationId),
    starved: () => dispatcher.starved(),
  });
  const upkeep = new Upkeep({
    ...{ ...parts, leftovers, planner },
    acceptMs: config.acceptMs,
    heartbeatMs: config.heartbeatMs,
    leaseMs: config.leaseMs,
  });

  const limits = new TaskLimits({ ...parts, planner, taskSoftMs: config.taskSoftMs, taskHardMs: config.taskHardMs });
  const quarantine = new Quarantine({ ...parts, ...proofs, planner });
  const stealing = new Stealing({ ...parts, starved: () => dispatcher.starved() });

  const warn =
    (what: string) =>
    (error: unknown): void =>
      logger.warn({ error: AppError.from(error).message }, what);
  const sweep = new Duty({
    clock,
    periodMs: sweepMs,
    onError: warn('sweep failed'),
    run: async () => {
      // Whose Redis this is, and whether it has lost anything, comes before all else; of the others none keeps another from its work.
      await outside.check();
      await restarts.check(mark);
      await runEach([
        () => admission.look(),
        () => cluster.refresh(),
        () => namespaces.book.sweep(),
        () => namespaces.costs.sweep(),
        () => sweeper.runOnce(),
        () => browse.sweep(catalog.active()),
        () => expiry.runOnce(),
        () => upkeep.runOnce(),
        () => dispatcher.wakeAll(),
        () => stealing.runOnce(),
        () => limits.runOnce(),
        () => quarantine.runOnce(),
        () => callOff(registry, catalog, store),
      ]);
    },
  });
  const locks = new Duty({ clock, periodMs: LOCKS_MS, onError: warn('locks could not be extended'), run: () => upkeep.extendLocks() });
  const housekeeping = housekeepingDuty({
    ...parts,
    ...{ policy: config.retention, namespaces: namespaces.retentions },
    ledgerPolicy: config.ledgerRetention,
    redisHeadroomPercent: config.redisHeadroomPercent,
    memory,
    finalLedgers: outside.finalLedgers,
    isFinished: (evaluationId) => store.isFinished(evaluationId),
    ...{ index, board, collector, sweepMs },
    retire: (evaluationId, finishedAtMs) => commander.removal.retire(evaluationId, finishedAtMs),
    sharedNow: () => directory.nowMs(),
  });
  const stopping = new StopLimit({ clock, limitMs: config.drainMs, onLate: warn('the stop goes on without it') });
  const background = { leaseKeys: proofs.leaseKeys, cluster, sweep, locks, browse, housekeeping, reasons: reasons.duty };
  const notices: Core['notices'] = {
    onWork: (routeId) => {
      if (catalog.routes().has(routeId)) dispatcher.wake(routeId);
      else sweep.wake();
    },
    onEvent: (id) => [events, browse].forEach((part) => part.notice(id)),
    onOver: (id) => void callOffIfOver(registry, ledger, id).catch(() => undefined), // the sweep looks
    onChanged: (id) =>
      void catalog
        .renew(id)
        .then(() => browse.changed(id))
        .catch(() => undefined), // the sweep looks
    onRelay: (notice) => cluster.relay.take(notice),
    onIdle: (routeId, samples) => stealing.onIdle(routeId, samples),
    onSwitched: () => void Promise.allSettled([cluster.refresh(), namespaces.book.refresh().then(() => namespaces.costs.look())]), // the sweep does it again
  };

  return {
    useCases,
    namespaceOf: (evaluationId) => queries.namespaceOf(evaluationId),
    ...{ cluster, namespaces: namespaces.admin },
    sessions,
    registry,
    catalog,
    notices,
    background: Object.entries(background).map(([name, duty]) => stopping.of(name, duty)),
    look: () => restarts.check(mark),
    connectionLost: () => expiry.hold(),
    connectionBack: () => {
      expiry.hold(); // agents could not renew before
      sweep.wake();
    },
    settle: async (limitMs) => {
      const limit = new StopLimit({ clock, limitMs, onLate: warn('the stop goes on without it') });
      // Results that were reported come first: all else is done again by another coordinator, and costs nobody a call.
      const commits = limit.wait('counting results', () => committer.stop());
      await limit.wait('dispatch', () => dispatcher.stop());
      await limit.wait('the sweep', () => sweeper.settle(limitMs));
      await limit.wait('planning', () => planner.settle());
      await answers.close();
      await commits;
      await namespaces.costs.stop();
      await limit.wait('log lines', () => logs.stop());
    },
  };
}
