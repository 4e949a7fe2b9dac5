/** The limits of a cluster on terminals: the words of the page, in columns that stay in line. */
import { expect, test } from 'vitest';
import { applyChange, clusterLines, newClusterView } from '../../../../cli/render/cluster-view.ts';
import { limitsInLines } from '../../../../cli/render/limit-lines.ts';
import { noPaint } from '../../../../cli/render/paint.ts';
import { widthOf } from '../../../../cli/render/text.ts';
import type { ClusterChange, CoordinatorStatus } from '../../../../shared/client/types.ts';
import { LIMIT_WORDS, limitsOfAll } from '../../../../shared/domain/limit-words.ts';

const MIB = 2 ** 20;
const some = { message_bytes: 4 * MIB, slow_ms: 30_000, max_connections: 2000, task_hard_ms: 0 };
const every = Object.fromEntries(Object.keys(LIMIT_WORDS).map((name, i) => [name, i * 1000]));

const NOTHING = { agents: [], routes: [], removedCoordinatorIds: [], removedAgentIds: [], removedRoutes: [] };

const coordinator = (limits?: CoordinatorStatus['limits'], coordinatorId = 'co_1'): CoordinatorStatus => ({
  ...{ coordinatorId, version: '0.2.0', address: '127.0.0.1:4510', startedAtMs: 1, seenAtMs: 1, agents: 0, inFlight: 0, storeId: 's' },
  ...(limits && { limits, profile: 'production' }),
});
const look = (columns: number) => ({ columns, paint: noPaint, time: () => 'just now' });
const text = (columns: number, ...those: CoordinatorStatus[]): string => limitsInLines(those, look(columns)).join('\n');

test('by their parts; values in line, and what is long goes on below itself', () => {
  expect(text(Infinity, coordinator(some))).toBe(`limits: of every coordinator

One call
message_bytes       4 MiB  one message by gRPC
slow_ms              30 s  an upload that stands still, an answer that nobody takes

Callers
max_connections     2,000  connections

Work
task_hard_ms     no bound  a task, before it is taken back`);
  expect(text(60, coordinator(some))).toContain(`
slow_ms              30 s  an upload that stands still, an
                           answer that nobody takes
`);
  // Where there is no room the name is cut, never the value.
  expect(text(20, coordinator(some)).split('\n').slice(3, 5)).toEqual(['message_b…     4 MiB', 'slow_ms         30 s']);
});

test('of coordinators that differ the values of all; of those that do not say, that', () => {
  const other = coordinator({ ...some, message_bytes: 8 * MIB }, 'co_2');
  expect(text(80, coordinator(some), other, coordinator(undefined, 'co_3'))).toMatch(
    /^limits: coordinators differ; 1 coordinator of an older release does not say\n\nOne call\nmessage_bytes +4 MiB or 8 MiB {2}one message by gRPC\n/,
  );
  expect(limitsOfAll([coordinator(some), coordinator()]).note).toBe('of 1 coordinator; 1 coordinator of an older release does not say');
  expect([text(80, coordinator()), text(80)]).toEqual(['limits: These coordinators do not say.', '']);
});

test('what a later release tells is harmless for a terminal', () => {
  expect(text(80, coordinator({ 'max_\u001b[2Jnew': 5 }))).toBe('limits: of every coordinator\n\nOthers\nmax_new  5');
});

test('a coordinator is shown with the whole of its address where there is little room', () => {
  const view = newClusterView();
  const one = {
    ...coordinator(undefined, 'co_bd2dc0606228'),
    address: '10.0.100.100:45100',
    durability: { class: 'buffered', replicas: 0 } as const,
  };
  applyChange(view, { ...NOTHING, timeMs: 1, snapshot: true, coordinators: [one] });
  expect(clusterLines(view, look(80), 24).slice(2, 4)).toEqual([
    'coordinator      address             agents  in flight  version  durability',
    'co_bd2dc0606228  10.0.100.100:45100       0          0  0.2.0    buffered',
  ]);
});

test('every limit has its line at all widths; a picture has them where all has room', () => {
  const view = newClusterView();
  const server = { kind: 'valkey', version: '8.1.1', mode: 'standalone', role: 'primary', replicas: 2, usedBytes: MIB, maxBytes: 0 };
  const change: ClusterChange = {
    ...{ ...NOTHING, timeMs: 1, snapshot: true, coordinators: [coordinator(every)] },
    redis: { measuredAtMs: 1, servers: [{ address: 'redis-1:6379', ...server, policy: 'noeviction', aof: true, appendfsync: 'everysec' }] },
    store: { measuredAtMs: 0, finished: 0, finishedBytes: 0, kept: 0, keptBytes: 0, policy: {}, kind: 's3', place: 's3://bucket/prefix' },
  };
  applyChange(view, change);
  for (const columns of [20, 40, 80, 200]) {
    const lines = clusterLines(view, look(columns), Infinity);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    if (columns >= 80)
      for (const name of Object.keys(LIMIT_WORDS)) expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(1);
    if (columns >= 80) expect(lines.join('\n')).not.toContain('…');
    const [least, low] = [clusterLines(view, look(columns), lines.length), clusterLines(view, look(columns), lines.length - 1)];
    expect(least).toEqual(lines);
    expect(low.join('\n')).not.toContain('limits');
    expect(clusterLines(view, look(columns), 5)).toHaveLength(5);
  }
  expect(clusterLines(view, look(80), Infinity).slice(0, 9)).toEqual([
    '1 coordinator  0 agents connected  0 samples in flight  0 open',
    'redis: redis-1:6379; valkey 8.1.1, standalone; primary, 2 replicas online;',
    '       1.0 MiB, no bound;',
    '       when full noeviction: it refuses, and keeps what it has;',
    '       append-only file, synced every second (everysec); answers in not told;',
    '       connections not told; up not told',
    'store: not counted yet',
    'place: s3, s3://bucket/prefix',
    'keeps: every finished evaluation',
  ]);
});
