/** The cluster: its coordinators, what they promise and what bounds them, Redis, and the store behind them. */
import { useReducer } from 'preact/hooks';
import type { ClusterChange, CoordinatorStatus, RedisStatus, StoreStatus } from '../../../shared/client/types.ts';
import { describeDurability } from '../../../shared/domain/durability.ts';
import { Facts, Figure, Head, Loading, Panel } from '../kit/parts.tsx';
import { StreamTrouble } from '../kit/stream-trouble.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { useNow } from '../live.ts';
import { UNKNOWN } from '../../../shared/client/redis-words.ts';
import { isConnecting, useStream } from '../stream.ts';
import { ago, bytes, count, duration, moment, plural, some } from '../words.ts';
import { LimitsPart } from './limits-part.tsx';
import { RedisPart } from './redis-part.tsx';

interface Picture {
  coordinators: Map<string, CoordinatorStatus>;
  agents: Map<string, { samples: number; version: string; isThere: boolean }>;
  routes: Map<string, number>;
  store: StoreStatus | undefined;
  redis: RedisStatus | undefined;
}

/** The picture after a change; the one before is not touched. */
export function after(before: Picture | undefined, change: ClusterChange): Picture {
  const isNew = change.snapshot || !before;
  const picture: Picture = {
    coordinators: new Map(isNew ? [] : before.coordinators),
    agents: new Map(isNew ? [] : before.agents),
    routes: new Map(isNew ? [] : before.routes),
    store: change.store ?? before?.store,
    redis: change.redis ?? (isNew ? undefined : before.redis),
  };
  for (const own of change.coordinators) picture.coordinators.set(own.coordinatorId, own);
  for (const { id, seenAtMs } of change.seen ?? []) {
    const known = picture.coordinators.get(id);
    if (known) picture.coordinators.set(id, { ...known, seenAtMs });
  }
  for (const { agentId, samples, version, state } of change.agents)
    picture.agents.set(agentId, { samples, version, isThere: state !== 'gone' });
  for (const { route, open } of change.routes) picture.routes.set(route, open);
  for (const id of change.removedCoordinatorIds) picture.coordinators.delete(id);
  for (const id of change.removedAgentIds) picture.agents.delete(id);
  for (const id of change.removedRoutes) picture.routes.delete(id);
  return picture;
}

export function ClusterPage({ query }: { query: URLSearchParams }) {
  const [picture, take] = useReducer<Picture | undefined, ClusterChange>(after, undefined);
  const stream = useStream('/cluster/events', ['change'], (data) => take(data as ClusterChange));
  const now = useNow();
  const agents = [...(picture?.agents.values() ?? [])].filter(({ isThere }) => isThere);
  const coordinators = [...(picture?.coordinators.values() ?? [])];
  return (
    <>
      <Head title="Cluster" sub={stream.isOpen ? 'live' : isConnecting(stream) ? 'connecting' : 'not live'} />
      <StreamTrouble stream={stream} />
      {!picture && !stream.trouble ? <Loading /> : null}
      {picture ? (
        <>
          <section class="strip" aria-label="The cluster">
            <div class="figures">
              <Figure name="Coordinators" value={count(coordinators.length)} />
              <Figure name="Agents" value={count(agents.length)} more="connected" />
              <Figure name="In flight" value={count(agents.reduce((sum, a) => sum + a.samples, 0))} more="samples" />
              <Figure
                name="Open"
                value={count([...picture.routes.values()].reduce((sum, n) => sum + n, 0))}
                more={`on ${plural(picture.routes.size, 'route')}`}
              />
              <Figure
                name="Release"
                value={some(versionsOf(coordinators), 2) || '–'}
                more={agents.length > 0 ? `agents: ${some(versionsOf(agents), 3)}` : 'of the coordinators'}
              />
            </div>
          </section>
          <Panel title="Coordinators">
            <Table
              label="Coordinators"
              columns={columnsOf(now)}
              rows={coordinators}
              keyOf={({ coordinatorId }) => coordinatorId}
              sorting={{ query }}
            />
          </Panel>
          {/* Shards are rows, which want the whole width. */}
          <div class={(picture.redis?.servers.length ?? 0) > 1 ? '' : 'halves'}>
            <RedisPart status={picture.redis} now={now} />
            {picture.store ? <StorePart store={picture.store} /> : null}
          </div>
          <LimitsPart coordinators={coordinators} />
        </>
      ) : null}
    </>
  );
}

/** Those that there are, the newest first. */
const versionsOf = (those: readonly { version: string }[]): string[] =>
  [...new Set(those.map(({ version }) => version))].toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));

const acknowledges = ({ durability }: CoordinatorStatus): string | undefined => durability && describeDurability(durability);

const columnsOf = (now: number): Column<CoordinatorStatus>[] => [
  { title: 'Coordinator', grows: true, by: (c) => c.coordinatorId, cell: (c) => <code>{c.coordinatorId}</code> },
  { title: 'Address', by: (c) => c.address, cell: (c) => c.address },
  { title: 'Version', from: 'middle', by: (c) => c.version, cell: (c) => c.version },
  { title: 'Agents', right: true, by: (c) => c.agents, cell: (c) => count(c.agents) },
  { title: 'In flight', right: true, by: (c) => c.inFlight, cell: (c) => count(c.inFlight) },
  { title: 'Acknowledges', from: 'middle', by: acknowledges, cell: (c) => acknowledges(c) ?? '–' },
  { title: 'Profile', from: 'wide', by: (c) => c.profile, cell: (c) => c.profile ?? '–' },
  { title: 'Up', right: true, from: 'middle', by: (c) => now - c.startedAtMs, cell: (c) => duration(now - c.startedAtMs) },
  { title: 'Seen', right: true, from: 'wide', by: (c) => c.seenAtMs, cell: (c) => ago(c.seenAtMs, now) },
];

const StorePart = ({ store }: { store: StoreStatus }) => (
  <Panel title="Store" note={store.measuredAtMs > 0 ? `counted ${moment(store.measuredAtMs)}` : 'not counted yet'}>
    <Facts
      rows={[
        ['Kind', store.kind ?? <span class="faint">{UNKNOWN}</span>],
        ['Place', store.place ?? ''],
        ['Finished evaluations', sized(store.finished, store.finishedBytes)],
        ['Kept for ever', store.kept > 0 ? sized(store.kept, store.keptBytes) : ''],
        ['Keeps', keeps(store)],
        ['Contents', store.contents === undefined ? '' : sized(store.contents, store.contentBytes ?? 0)],
        ['Removed last', store.lastRemoved ? `${store.lastRemoved.evaluationId} (${store.lastRemoved.reason})` : ''],
        ['Collected last', store.lastCollection ? sized(store.lastCollection.count, store.lastCollection.bytes) : ''],
        ['Room', store.freeBytes === undefined ? 'no bound is known' : `${bytes(store.freeBytes)} of ${bytes(store.totalBytes ?? 0)} free`],
      ]}
    />
  </Panel>
);

/** How many, and how large together: with a comma between them they would read as one number. */
const sized = (n: number, size: number): string => `${count(n)} (${bytes(size)})`;

function keeps({ policy: { keepMs, keepEvaluations, keepBytes } }: StoreStatus): string {
  const bounds = [
    keepMs === undefined ? '' : duration(keepMs),
    keepEvaluations === undefined ? '' : plural(keepEvaluations, 'evaluation'),
    keepBytes === undefined ? '' : bytes(keepBytes),
  ].filter((text) => text !== '');
  return bounds.length > 0 ? bounds.join(', ') : 'everything';
}
