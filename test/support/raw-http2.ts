/** A peer that speaks HTTP/2 frame by frame, as no library would. For tests. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, windowUpdate: 8, continuation: 9 } as const;
export const END_STREAM = 1;
export const END_HEADERS = 4;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Names and values in plain, without any table; each shorter than 127 bytes. */
export const headerBlock = (headers: Readonly<Record<string, string>>): Buffer =>
  Buffer.concat(
    Object.entries(headers).map(([name, value]) =>
      Buffer.concat([Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]),
    ),
  );

export const callHeaders = (path: string, more: Readonly<Record<string, string>> = {}): Buffer =>
  headerBlock({
    ':method': 'POST',
    ':scheme': 'http',
    ':path': path,
    ':authority': 'a',
    'content-type': 'application/grpc',
    te: 'trailers',
    ...more,
  });

/** A gRPC message with its head. */
export function message(bytes: Uint8Array, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(compressed, 0);
  head.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

/** Resolves when a stream takes more, or is over; leaves no listener behind. */
export function roomIn(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.once('drain', done).once('close', done);
  });
}

export class RawPeer {
  readonly socket: Socket;
  /** Whether the other side has ended the connection. */
  ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
    socket.resume();
  }

  /** Connected, and nothing said. `reads: false`: it never takes what is sent to it. */
  static async dial(address: string, { reads = true }: { reads?: boolean } = {}): Promise<RawPeer> {
    const [host, port] = address.split(':');
    const socket = connect(Number(port), host);
    await once(socket, 'connect');
    const peer = new RawPeer(socket);
    if (!reads) socket.pause();
    return peer;
  }

  /** The preface and the first settings. */
  static async open(address: string, options: { reads?: boolean } = {}): Promise<RawPeer> {
    const peer = await RawPeer.dial(address, options);
    peer.send(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(FRAME.settings, 0, 0)]));
    return peer;
  }

  send(bytes: Uint8Array): void {
    if (!this.ended) this.socket.write(bytes);
  }

  /** Sends a piece again and again until the other side has had enough; false: it never had. */
  async flood(piece: (n: number) => Buffer, pieces: number): Promise<boolean> {
    for (let n = 0; n < pieces && !this.ended; n++) {
      if (!this.socket.write(piece(n)) && !this.ended) await roomIn(this.socket);
      if (n % 16 === 0) await new Promise(setImmediate);
    }
    for (let i = 0; i < 100 && !this.ended; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    return this.ended;
  }

  end(): void {
    this.socket.destroy();
  }
}
