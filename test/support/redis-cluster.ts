/** A Redis Cluster of three primaries with a replica each. */
import { Command, Redis } from 'ioredis';
import { startRedis, type TestRedis } from './redis.ts';
import { waitFor } from './wait-for.ts';

const SHARDS = 3;
const SLOTS = 16_384;
const NODE_TIMEOUT_MS = 2_000;

export const slotOf = (key: string): number => new Command('get', [key]).getSlot();

type SlotRange = [first: number, last: number, primary: [string, number], replica?: [string, number]];

export interface ClusterNode {
  server: TestRedis;
  redis: Redis;
}

export class RedisCluster {
  readonly nodes: readonly ClusterNode[];

  private constructor(nodes: readonly ClusterNode[]) {
    this.nodes = nodes;
  }

  static async start(): Promise<RedisCluster> {
    const args = [
      ...['--cluster-enabled', 'yes', '--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--cluster-config-file', 'nodes.conf'],
      ...['--repl-diskless-sync-delay', '0', '--cluster-replica-validity-factor', '0'],
    ];
    const servers = await Promise.all(Array.from({ length: 2 * SHARDS }, () => startRedis({ tcp: true, args })));
    const nodes = servers.map((server) => {
      const redis = new Redis({ port: server.port, retryStrategy: () => 200, maxRetriesPerRequest: 0 });
      redis.on('error', () => undefined);
      return { server, redis };
    });
    const cluster = new RedisCluster(nodes);
    const share = Math.ceil(SLOTS / SHARDS);
    await Promise.all(
      nodes.slice(0, SHARDS).map(({ redis }, i) => redis.call('CLUSTER', 'ADDSLOTSRANGE', i * share, Math.min(SLOTS, (i + 1) * share) - 1)),
    );
    await Promise.all(nodes.map(({ redis }, i) => redis.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)));
    for (const { server } of nodes.slice(1)) await nodes[0]!.redis.call('CLUSTER', 'MEET', '127.0.0.1', server.port);
    await waitFor(
      async () =>
        (await Promise.all(nodes.map(async ({ redis }) => String(await redis.cluster('NODES'))))).every(
          (text) => text.trim().split('\n').length === 2 * SHARDS && !text.includes('handshake'),
        ),
      {
        what: 'all nodes to have met',
        timeoutMs: 30_000,
        everyMs: 100,
      },
    );
    for (const [i, { redis }] of nodes.slice(SHARDS).entries())
      await redis.call('CLUSTER', 'REPLICATE', (await nodes[i]!.redis.call('CLUSTER', 'MYID')) as string);
    await cluster.healthy();
    return cluster;
  }

  get url(): string {
    return `redis+cluster://${this.nodes.map(({ server }) => `127.0.0.1:${server.port}`).join(',')}`;
  }

  /** Waits until every living node says that the cluster is well, and so many of the shards have their replica. */
  async healthy({ replicas = SHARDS }: { replicas?: number } = {}): Promise<void> {
    await waitFor(
      async () => {
        const asked = this.nodes.map(({ redis }) =>
          Promise.all([redis.call('CLUSTER', 'INFO'), redis.info('replication'), redis.call('CLUSTER', 'SLOTS')]).catch(() => undefined),
        );
        const told = (await Promise.all(asked)).filter((answer) => answer !== undefined);
        const withReplica = told.filter(([, text]) => /role:master[^]*slave0:.*state=online/.test(text));
        return (
          withReplica.length >= replicas &&
          told.every(([info, , slots]) => {
            const shards = new Map((slots as SlotRange[]).map(([, , primary, replica]) => [primary[1], replica]));
            return String(info).includes('cluster_state:ok') && [...shards.values()].filter(Boolean).length >= replicas;
          })
        );
      },
      { what: 'the cluster to be well', timeoutMs: 60_000, everyMs: 200 },
    );
  }

  /** The primary of a key now, and its replica. */
  async shardOf(key: string): Promise<{ primary: ClusterNode; replica: ClusterNode | undefined }> {
    const slot = slotOf(key);
    for (const { redis } of this.nodes) {
      const ranges = (await redis.call('CLUSTER', 'SLOTS').catch(() => undefined)) as SlotRange[] | undefined;
      const range = ranges?.find(([first, last]) => first <= slot && slot <= last);
      if (!range) continue;
      const [, , primary, replica] = range;
      return { primary: this.#at(primary[1])!, replica: replica && this.#at(replica[1]) };
    }
    throw new Error(`no node knows who has slot ${slot}`);
  }

  #at(port: number): ClusterNode | undefined {
    return this.nodes.find(({ server }) => server.port === port);
  }

  /** Moves a key's slot with everything in it to another primary, key by key, as an operator's tool does. */
  async migrate(key: string): Promise<void> {
    const slot = slotOf(key);
    const { primary: from } = await this.shardOf(key);
    const primaries = await Promise.all(
      this.nodes.map(async (node) => ({ node, role: await node.redis.info('replication').catch(() => '') })),
    );
    const to = primaries.find(({ node, role }) => node !== from && role.includes('role:master'))!.node;
    const idOf = async ({ redis }: ClusterNode): Promise<string> => (await redis.call('CLUSTER', 'MYID')) as string;
    const [fromId, toId] = await Promise.all([idOf(from), idOf(to)]);
    await to.redis.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.redis.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    for (;;) {
      const keys = (await from.redis.call('CLUSTER', 'GETKEYSINSLOT', slot, 1)) as string[];
      if (keys.length === 0) break;
      await from.redis.call('MIGRATE', '127.0.0.1', to.server.port, keys[0]!, 0, 5_000);
    }
    for (const node of [to, from]) await node.redis.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    await Promise.all(
      primaries
        .filter(({ node, role }) => role.includes('role:master') && node !== to && node !== from)
        .map(({ node }) => node.redis.call('CLUSTER', 'SETSLOT', slot, 'NODE', toId)),
    );
  }

  async stop(): Promise<void> {
    for (const { redis } of this.nodes) redis.disconnect();
    await Promise.all(this.nodes.map(({ server }) => server.stop()));
  }
}
