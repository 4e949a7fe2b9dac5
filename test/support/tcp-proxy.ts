/**
 * A TCP proxy that harms what goes through it: delay, stall of one way, reset now or after so many bytes, no new connections. In process,
 * without privileges, one listener per target; the address stays the same whatever happens. "up" is from who dials to the target.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type NetConnectOpts, type Server, type Socket } from 'node:net';
import { seededRandom } from '../../coordinator/evaluations/intake/seeded-random.ts';
import { Pipe, type WayFaults } from './tcp-pipe.ts';

export type Way = 'up' | 'down';

export interface TcpProxyOptions {
  target: { host?: string; port: number } | { path: string };
  /** Of the jitter. */
  seed?: number;
  /** What may wait in one direction of one connection before its sender is no longer read. */
  maxBufferedBytes?: number;
}

const WAYS: readonly Way[] = ['up', 'down'];
const MAX_BUFFERED_BYTES = 256 * 1024;

export class TcpProxy {
  /** Connections that were made to it, and those of them that it reset at once. */
  accepted = 0;
  refused = 0;
  readonly #server: Server;
  readonly #target: NetConnectOpts;
  readonly #maxBufferedBytes: number;
  readonly #random: (bound: number) => number;
  readonly #faults: Record<Way, WayFaults> = {
    up: { delayMs: 0, jitterMs: 0, stalled: false },
    down: { delayMs: 0, jitterMs: 0, stalled: false },
  };
  readonly #links = new Set<{ sockets: readonly Socket[]; pipes: readonly Pipe[] }>();
  #refusing = false;

  private constructor(server: Server, { target, seed = 1, maxBufferedBytes = MAX_BUFFERED_BYTES }: TcpProxyOptions) {
    this.#server = server;
    this.#target = 'path' in target ? target : { host: '127.0.0.1', ...target };
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#random = seededRandom(seed);
    server.on('connection', (socket) => this.#link(socket));
  }

  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, options);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** `127.0.0.1:port`. */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#links.size;
  }

  /** Bytes wait this long, and by chance up to `jitterMs` longer; their order stays. Without a way: both. */
  delay(delayMs: number, { way, jitterMs = 0 }: { way?: Way; jitterMs?: number } = {}): void {
    for (const each of way ? [way] : WAYS) Object.assign(this.#faults[each], { delayMs, jitterMs });
  }

  /** Nothing arrives that way any more, neither bytes nor an end, and nobody is told; the other way works. Without a way: neither does. */
  stall(way?: Way): void {
    for (const each of way ? [way] : WAYS) this.#faults[each].stalled = true;
  }

  /** Lets so many bytes more through that way, over all connections, and resets the connection that brings the next one. Once. */
  dropAfter(bytes: number, way: Way): void {
    this.#faults[way].bytesLeft = bytes;
  }

  /** Resets what is connected; whoever connects again gets through. */
  drop(): void {
    for (const { sockets } of this.#links) for (const socket of sockets) socket.resetAndDestroy();
  }

  /** New connections are reset; what is connected stays. */
  refuse(): void {
    this.#refusing = true;
  }

  /** Resets what is connected, and whatever tries to connect. */
  cut(): void {
    this.refuse();
    this.drop();
  }

  /** No fault is left. What a stall held back arrives now, if its connection still stands. */
  heal(): void {
    this.#refusing = false;
    for (const way of WAYS) {
      Object.assign(this.#faults[way], { delayMs: 0, jitterMs: 0, stalled: false });
      delete this.#faults[way].bytesLeft;
    }
    for (const { pipes } of this.#links) for (const pipe of pipes) pipe.look();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, 'close');
  }

  #link(dialled: Socket): void {
    this.accepted++;
    if (this.#refusing) {
      this.refused++;
      dialled.on('error', () => undefined);
      dialled.resetAndDestroy();
      return;
    }
    const onward = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    const sockets = [dialled, onward];
    const common = { maxBufferedBytes: this.#maxBufferedBytes, random: this.#random };
    const pipes = [
      new Pipe({ ...common, from: dialled, to: onward, faults: this.#faults.up }),
      new Pipe({ ...common, from: onward, to: dialled, faults: this.#faults.down }),
    ];
    const link = { sockets, pipes };
    this.#links.add(link);
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.once('close', () => {
        if (sockets.every(({ destroyed }) => destroyed)) this.#links.delete(link);
      });
    }
  }
}
