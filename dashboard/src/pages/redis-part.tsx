/** Redis, as the coordinator sees it: one server as facts, the shards of a cluster as rows. */
import type { RedisServer, RedisStatus } from '../../../shared/client/redis-types.ts';
import { Empty, Facts, Panel } from '../kit/parts.tsx';
import { Badge } from '../kit/state.tsx';
import { Table, type Column } from '../kit/table.tsx';
import {
  latency,
  memory,
  persistence,
  serverFacts,
  serverWords,
  UNKNOWN,
  whenFull,
  type Said,
} from '../../../shared/client/redis-words.ts';
import { ago, count, plural } from '../words.ts';

/** `status` undefined: the coordinator is of a release that does not say. */
export function RedisPart({ status, now }: { status: RedisStatus | undefined; now: number }) {
  const servers = status?.servers ?? [];
  const note = status ? `asked ${ago(status.measuredAtMs, now)}${servers.length > 1 ? `, ${plural(servers.length, 'shard')}` : ''}` : '';
  return (
    <Panel title="Redis" note={note}>
      {!status ? (
        <Empty title="This coordinator does not say.">
          <p>It is of a release before this page.</p>
        </Empty>
      ) : servers.length === 0 ? (
        <Empty title="No server that takes writes is known for the moment." />
      ) : servers.length === 1 ? (
        <One server={servers[0]!} />
      ) : (
        <Table label="Servers of Redis" columns={COLUMNS} rows={servers} keyOf={({ address }) => address} />
      )}
    </Panel>
  );
}

const One = ({ server }: { server: RedisServer }) => (
  <Facts
    rows={[
      ['Connected', connected(server)],
      ['Why', server.problem],
      ['Address', server.address],
      ...(server.problem === undefined ? serverFacts(server).map(([name, own]) => [name, word(own)] as const) : []),
    ]}
  />
);

const connected = ({ problem }: RedisServer) =>
  problem === undefined ? <Badge tone="good">yes</Badge> : <Badge tone="bad">no answer</Badge>;

const word = ({ text, isBad }: Said) =>
  isBad ? <span class="tone-bad">{text}</span> : text === UNKNOWN ? <span class="faint">{text}</span> : text;

const COLUMNS: readonly Column<RedisServer>[] = [
  { title: 'Connected', cell: connected },
  {
    title: 'Address',
    grows: true,
    cell: ({ address, problem }) => (
      <span class="two is-wrapped">
        <code>{address}</code>
        {problem === undefined ? null : <small>{problem}</small>}
      </span>
    ),
  },
  { title: 'Server', from: 'wide', cell: (server) => word({ text: serverWords(server) }) },
  {
    title: 'Replicas',
    right: true,
    from: 'middle',
    cell: ({ replicas }) => word({ text: replicas === undefined ? UNKNOWN : count(replicas) }),
  },
  { title: 'Memory', right: true, cell: (server) => word(memory(server)) },
  { title: 'When full', from: 'wide', cell: (server) => word({ ...whenFull(server), text: server.policy ?? UNKNOWN }) },
  { title: 'Synced', from: 'middle', cell: (server) => word({ ...persistence(server), text: synced(server) }) },
  { title: 'Answers in', right: true, from: 'middle', cell: (server) => word({ text: latency(server) }) },
];

const synced = ({ aof, appendfsync }: RedisServer): string => (aof === false ? 'no file' : aof ? (appendfsync ?? UNKNOWN) : UNKNOWN);
