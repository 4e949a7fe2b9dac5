/** Free loopback ports for tests. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below those that systems give to outgoing connections: of these any other process might take one before it is listened on. */
const RANGE = [12_000, 32_000] as const;
const TRIES = 50;

/** A TCP port of 127.0.0.1 that was free a moment ago. Prefer listening on port 0 where the tested code can say what it got. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(...RANGE);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port was free in ${TRIES} tries`);
}

/** What a node of a Redis Cluster listens on for the others, above the port for its callers. */
const BUS_OFFSET = 10_000;

/** A port for a node of a Redis Cluster: that of its bus is of the same range, and was free as well. */
export async function freeNodePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(RANGE[0], RANGE[1] - BUS_OFFSET);
    if ((await isFree(port)) && (await isFree(port + BUS_OFFSET))) return port;
  }
  throw new Error(`no port was free with that of its bus in ${TRIES} tries`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** Several different ones. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count && tries < count * 10; tries++) ports.add(await freePort());
  return [...ports];
}
