/** A primary, a replica and three sentinels that watch them; the link between the two goes through a proxy. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './ports.ts';
import { redisBinary } from './redis.ts';
import { startRedisPair, type RedisPair } from './redis-pair.ts';
import { waitFor } from './wait-for.ts';

export const DOWN_AFTER_MS = 1_000;
const NAME = 'assay';

export interface RedisSentinels extends RedisPair {
  /** As coordinators take it. */
  url: string;
  /** Where the sentinels say that the primary is. */
  primaryPort(): Promise<number>;
}

export async function startSentinels({ args = [] }: { args?: string[] } = {}): Promise<RedisSentinels> {
  const pair = await startRedisPair({ args });
  const dir = await mkdtemp(join(tmpdir(), 'assay-sentinel-'));
  const ports = await Promise.all([freePort(), freePort(), freePort()]);
  const children: ChildProcess[] = [];
  let output = '';
  for (const port of ports) {
    const file = join(dir, `${port}.conf`);
    // A failover-timeout longer than any test: until then sentinels let a replica be that follows the primary by another address, the proxy's.
    const lines = [
      `port ${port}`,
      'bind 127.0.0.1',
      `dir ${dir}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${pair.primary.port} 2`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${NAME} 120000`,
    ];
    await writeFile(file, `${lines.join('\n')}\n`);
    const child = spawn(redisBinary(), [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void (output = (output + chunk.toString()).slice(-8_000)));
    children.push(child);
  }
  const clients = ports.map((port) => new Redis({ port, retryStrategy: () => 100 }));
  for (const client of clients) client.on('error', () => undefined);
  const knows = async (client: Redis): Promise<boolean> => {
    const fields = (await client.call('SENTINEL', 'MASTER', NAME)) as string[];
    const value = (name: string): string | undefined => fields[fields.indexOf(name) + 1];
    return value('num-other-sentinels') === '2' && value('num-slaves') === '1' && value('flags') === 'master';
  };
  await waitFor(async () => (await Promise.all(clients.map(knows))).every(Boolean), {
    what: 'the sentinels to know each other and the replica',
    timeoutMs: 30_000,
    everyMs: 100,
    state: () => output,
  });
  return {
    ...pair,
    url: `redis+sentinel://${ports.map((port) => `127.0.0.1:${port}`).join(',')}/${NAME}`,
    primaryPort: async () => {
      const asked = await Promise.any(clients.map((client) => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME)));
      return Number((asked as string[])[1]);
    },
    stop: async () => {
      for (const client of clients) client.disconnect();
      for (const child of children) child.kill('SIGKILL');
      await pair.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
