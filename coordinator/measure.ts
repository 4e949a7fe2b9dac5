/** Ties the coordinator's parts to the instruments that ask them, or that they feed. */
import type { WatchEvent } from '../shared/client/types.ts';
import { describeRoute } from '../shared/domain/routing.ts';
import type { RpcMetrics } from '../shared/rpc/handler.ts';
import type { Instruments } from '../shared/telemetry/metrics.ts';
import type { Catalog } from './evaluations/catalog.ts';
import type { OnRun } from './ledger/script-runner.ts';
import type { TransportMetrics } from './rpc/server.ts';
import type { TaskQueue } from './queue/task-queue.ts';
import type { SessionRegistry } from './sessions/registry.ts';

/** Routes that are told of after they are gone. */
const MAX_ROUTES = 2_000;

/** Gauges: asked for at each scrape. */
export function observeCoordinator(options: {
  instruments: Instruments;
  registry: SessionRegistry;
  catalog: Catalog;
  queue: TaskQueue;
  redisAnswers: () => Promise<boolean>;
}): void {
  const { instruments, registry, catalog, queue, redisAnswers } = options;
  instruments.sessions.addCallback((result) => result.observe(registry.size));
  instruments.inFlightSamples.addCallback((result) => result.observe(registry.all().reduce((sum, s) => sum + s.samples, 0)));
  instruments.redisUp.addCallback(async (result) => result.observe((await redisAnswers()) ? 1 : 0));
  // What rules go by begins at 0: the first one would be no increase otherwise.
  for (const state of ['succeeded', 'failed', 'cancelled']) instruments.evaluationsFinishedTotal.add(0, { state });
  for (const outcome of ['left', 'broke', 'refused']) instruments.sessionsTotal.add(0, { outcome });
  for (const outcome of ['sent', 'failed', 'given_up', 'refused']) instruments.alertsTotal.add(0, { outcome });
  for (const one of ['deadLettersTotal', 'quarantinesTotal', 'foreignTasksRefusedTotal', 'leasesExpiredTotal'] as const)
    instruments[one].add(0);
  const told = new Set<string>();
  const waiting = async (): Promise<{ route: string; count: number; oldestMs: number }[]> => {
    const routes = [...catalog.routes().values()];
    const found = await Promise.all(
      routes.map(async (route) => ({ route: describeRoute(route), at: await queue.waiting(route.id).catch(() => undefined) })),
    );
    // What was told of a route stays with the exporter as it was: one that is gone, perhaps between two scrapes, is told to be empty.
    const gone = [...told].filter((route) => !found.some((one) => one.route === route));
    for (const { route } of found) if (told.size < MAX_ROUTES) told.add(route);
    return [
      ...found.flatMap(({ route, at }) => (at ? [{ route, ...at }] : [])),
      ...gone.map((route) => ({ route, count: 0, oldestMs: 0 })),
    ];
  };
  instruments.queueOldestWaitingSeconds.addCallback(async (result) => {
    for (const { route, oldestMs } of await waiting()) result.observe(oldestMs / 1000, { route });
  });
  instruments.queueWaitingTasks.addCallback(async (result) => {
    for (const { route, count } of await waiting()) result.observe(count, { route });
  });
}

/** Every call that ends is one value; methods are those of the services, so their number is bounded. */
export const rpcMetrics = ({ rpcSeconds }: Pick<Instruments, 'rpcSeconds'>): RpcMetrics => ({
  callEnded: (method, status, durationMs) => rpcSeconds.record(durationMs / 1000, { method, status }),
});

/** The same of the HTTP API, by its rows. */
export const httpMetrics =
  ({ httpSeconds }: Pick<Instruments, 'httpSeconds'>) =>
  (route: string, code: string, durationMs: number): void =>
    httpSeconds.record(durationMs / 1000, { route, code });

/** What the door and the limits refuse, and how long the certificate holds. */
export const transportMetrics = ({
  connectionsRefusedTotal,
  callsLimitedTotal,
  tlsReloadsTotal,
  tlsCertificateSecondsLeft,
  connections,
}: Pick<
  Instruments,
  'connectionsRefusedTotal' | 'callsLimitedTotal' | 'tlsReloadsTotal' | 'tlsCertificateSecondsLeft' | 'connections'
>): TransportMetrics => ({
  connectionRefused: (reason) => connectionsRefusedTotal.add(1, { reason }),
  callEndedByLimit: (reason) => callsLimitedTotal.add(1, { reason }),
  certificateReloaded: (outcome) => tlsReloadsTotal.add(1, { outcome }),
  observe: (of) => {
    connections.addCallback((result) => result.observe(of.connections()));
    tlsCertificateSecondsLeft.addCallback((result) => {
      const untilMs = of.certificateUntilMs();
      if (untilMs !== undefined) result.observe((untilMs - Date.now()) / 1000);
    });
  },
});

/** Every script of the ledger. */
export const scriptMetrics =
  ({ redisSeconds }: Pick<Instruments, 'redisSeconds'>): OnRun =>
  (script, outcome, ms) =>
    redisSeconds.record(ms / 1000, { script, outcome });

/** Counts who watches, and what they are sent. */
export class WatchMeter {
  readonly #instruments: Pick<Instruments, 'watchEventsTotal'>;
  #watchers = 0;

  constructor(instruments: Pick<Instruments, 'watchers' | 'watchEventsTotal'>) {
    this.#instruments = instruments;
    instruments.watchers.addCallback((result) => result.observe(this.#watchers));
  }

  /** One more; until what it gives is called. */
  opened(): () => void {
    this.#watchers++;
    return () => void this.#watchers--;
  }

  told(event: WatchEvent): void {
    this.#instruments.watchEventsTotal.add(1, { kind: event.kind === 'snapshot' && event.resync ? 'resync' : event.kind });
  }
}
