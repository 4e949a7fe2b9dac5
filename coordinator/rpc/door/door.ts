/**
 * Where connections come in: it listens, counts them, speaks TLS with whoever must, and hands on what is left to the server behind it. It is not
 * left to grpc-js to listen: its own server waits two minutes for a handshake, counts nobody, and turns everybody away while the files of a
 * certificate do not fit together.
 */
import { lookup } from 'node:dns/promises';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { RpcLogger } from '../../../shared/rpc/handler.ts';
import type { ListenAddress } from '../listen-address.ts';
import { Certificates, type TlsSettings } from './certificates.ts';
import { Penalties } from './penalties.ts';
import { peerOf } from '../../../shared/rpc/peer-address.ts';
import { ConnectionCounts, type ConnectionLimits } from './peers.ts';
import { Seldom } from './seldom.ts';

export interface DoorMetrics {
  /** `full`, `peer-full`, `handshake` (it failed), `handshake-late`, `certificate` (a caller's is not taken), `expired` (a caller's certificate). */
  connectionRefused(reason: string): void;
  certificateReloaded(outcome: 'taken' | 'refused'): void;
  /** Asked for at each scrape. */
  observe(of: { connections: () => number; certificateUntilMs: () => number | undefined }): void;
}

export interface DoorOptions {
  readonly listen: ListenAddress;
  readonly tls?: TlsSettings | undefined;
  readonly limits: ConnectionLimits & {
    /** What a handshake may take, and the first bytes after it. */
    readonly handshakeMs: number;
    /** How often the files of the certificate are looked at. */
    readonly reloadMs: number;
  };
  /** What is spoken inside TLS, by its ALPN name (default h2). */
  readonly protocol?: string;
  /** Bytes that a connection must have sent within `handshakeMs`; without it the preface of HTTP/2. 0: it may stand. */
  readonly firstBytes?: number;
  /** Takes over a connection that may speak now. */
  readonly onConnection: (socket: Socket) => void;
  readonly logger: RpcLogger;
  readonly metrics?: DoorMetrics | undefined;
}

/** The preface of HTTP/2 and the head of the first frame: who has not sent them does not speak it. */
const PREFACE_BYTES = 24 + 9;
const BACKLOG = 1024;

export class Door {
  readonly #options: DoorOptions;
  readonly #servers: Server[] = [];
  readonly #counts: ConnectionCounts;
  readonly #penalties = new Penalties();
  readonly #sockets = new Set<Socket>();
  /** Of those that have shown a certificate: when it ends. */
  readonly #untilMs = new Map<TLSSocket, number>();
  readonly #seldom = new Seldom();
  readonly #certificates: Certificates | undefined;
  readonly #tlsServer: TlsServer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  constructor(options: DoorOptions) {
    const { tls, limits, logger, metrics } = options;
    this.#options = options;
    this.#counts = new ConnectionCounts(limits);
    if (tls) {
      const onChange = (material: Pick<TlsSettings, 'cert' | 'key' | 'clientCa'>): void =>
        this.#tlsServer!.setSecureContext(contextOf(material));
      this.#certificates = new Certificates({ tls, logger, onChange, onReload: (outcome) => metrics?.certificateReloaded(outcome) });
      this.#tlsServer = this.#makeTlsServer(tls);
    }
    metrics?.observe({ connections: () => this.#counts.total, certificateUntilMs: () => this.#certificates?.untilMs });
  }

  /** Resolves with the port that it listens on; 0 for a unix socket. */
  async open(): Promise<number> {
    const { listen, limits } = this.#options;
    const port = listen.kind === 'unix' ? await this.#listenAt({ path: listen.path }) : await this.#listenAtAll(listen);
    this.#timer = setInterval(() => void this.#look(), limits.reloadMs);
    this.#timer.unref();
    if (this.#certificates) await this.#look();
    return port;
  }

  get connections(): number {
    return this.#counts.total;
  }

  /** Takes no more connections; resolves when those that there are have ended. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#servers.splice(0).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  }

  /** Ends what is left, handshakes too. */
  destroy(): void {
    void this.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A name may stand for several addresses, such as localhost for both of its own: those that can be listened on are. */
  async #listenAtAll({ host, port }: { host: string; port: number }): Promise<number> {
    const hosts = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
    let problem: Error | undefined;
    let bound: number | undefined;
    for (const address of hosts)
      try {
        bound = await this.#listenAt({ host: address, port: bound ?? port });
      } catch (error) {
        problem ??= error as Error;
      }
    if (bound !== undefined) return bound;
    throw problem ?? new Error(`${host} has no address`);
  }

  #listenAt(place: { path: string } | { host: string; port: number }): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ ...place, backlog: BACKLOG }, () => {
        this.#servers.push(server);
        // Such as too many open files: the connection is lost, the server is not.
        server.off('error', reject).on('error', (error) => this.#options.logger.warn({ err: error }, 'a connection could not be taken'));
        const bound = server.address();
        resolve(typeof bound === 'object' ? (bound?.port ?? 0) : 0);
      });
    });
  }

  #accept(socket: Socket): void {
    const peer = peerOf(socket.remoteAddress);
    // One that is gone already has no address, and must not count as one from this machine.
    if (socket.destroyed || (peer === undefined && this.#options.listen.kind !== 'unix')) {
      socket.destroy();
      return;
    }
    const refusal = this.#counts.enter(peer);
    if (refusal) {
      this.#refused(refusal, peer);
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#counts.leave(peer);
    });
    const waitMs = this.#penalties.delayMs(peer, performance.now());
    if (waitMs === 0) this.#begin(socket, peer);
    else setTimeout(() => this.#begin(socket, peer), waitMs).unref();
  }

  #begin(socket: Socket, peer: string | undefined): void {
    if (socket.destroyed) return;
    if (this.#tlsServer) this.#tlsServer.emit('connection', socket);
    else this.#handOn(socket, peer);
  }

  /** This peer has abused a connection. */
  punish(peer: string): void {
    this.#penalties.punish(peer, performance.now());
  }

  #handOn(socket: Socket, peer: string | undefined): void {
    const { firstBytes = PREFACE_BYTES } = this.#options;
    const late = setTimeout(() => {
      if (socket.bytesRead >= firstBytes) return;
      this.#refused('handshake-late', peer);
      socket.destroy();
    }, this.#options.limits.handshakeMs);
    late.unref();
    socket.once('close', () => clearTimeout(late));
    this.#options.onConnection(socket);
  }

  #makeTlsServer(tls: TlsSettings): TlsServer {
    const server = createTlsServer({
      ...contextOf(tls),
      ALPNProtocols: [this.#options.protocol ?? 'h2'],
      handshakeTimeout: this.#options.limits.handshakeMs,
      // Never "optional": who asks for certificates and takes those that fail has asked for nothing.
      requestCert: tls.clientCa !== undefined,
      rejectUnauthorized: true,
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('error', () => undefined);
      if (tls.clientCa) {
        this.#untilMs.set(socket, Date.parse(socket.getPeerCertificate().valid_to));
        socket.once('close', () => this.#untilMs.delete(socket));
      }
      this.#handOn(socket, peerOf(socket.remoteAddress));
    });
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
      const isLate = error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT';
      // What is wrong with a caller's certificate, a word of OpenSSL: the error itself says only that the connection is over.
      const wrong = (socket as { authorizationError?: string | Error | null }).authorizationError?.toString();
      const reason = isLate ? 'handshake-late' : wrong ? 'certificate' : 'handshake';
      this.#refused(reason, peerOf(socket.remoteAddress), (wrong ?? error.message).slice(0, 200));
      socket.destroy();
    });
    return server;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      await this.#certificates?.look();
    } catch (error) {
      this.#options.logger.error({ err: error }, 'the new certificate cannot be shown, the one before stays');
    } finally {
      this.#looking = false;
    }
    // Its owner was let in for as long as it holds; who has a new one comes again at once.
    for (const [socket, untilMs] of this.#untilMs) {
      if (untilMs > Date.now()) continue;
      this.#refused('expired', peerOf(socket.remoteAddress));
      socket.destroy();
    }
  }

  #refused(reason: string, peer: string | undefined, problem?: string): void {
    this.#options.metrics?.connectionRefused(reason);
    const quiet = this.#seldom.pass(reason, performance.now());
    if (quiet === undefined) return;
    const fields = { reason, peer, ...(problem === undefined ? {} : { problem }), ...(quiet > 0 ? { since: quiet } : {}) };
    this.#options.logger.warn(fields, 'connection refused; told once a minute for each reason');
  }
}

const contextOf = ({ cert, key, clientCa }: Pick<TlsSettings, 'cert' | 'key' | 'clientCa'>): TlsOptions => ({
  cert,
  key,
  minVersion: 'TLSv1.2',
  ...(clientCa && { ca: clientCa }),
});
