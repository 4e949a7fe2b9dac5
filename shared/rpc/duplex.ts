/**
 * A bidirectional call as two honest halves: an iterable of what comes in and a `send` that waits for room. Messages
 * larger than 1 MiB travel as fragments (see agent.proto) and are whole again on the other side.
 */
import type { ClientDuplexStream, ServerDuplexStream } from '@grpc/grpc-js';
import { AppError } from '../domain/errors.ts';
import type { WireCodec } from './codec-agent.ts';
import { FragmentIds, Reassembly, Slicer, WHOLE_BYTES } from './fragments.ts';
import { errorFromStatus, statusToSend } from './status.ts';

/** One side of an open agent stream. */
export interface Duplex<In, Out> {
  /**
   * The peer's messages in order, to be iterated once. Ends when the peer half-closes; throws AppError when the call
   * breaks (`unavailable`, `cancelled`, …), when a message cannot be read or is too large (`invalid`).
   */
  readonly messages: AsyncIterable<In>;
  /**
   * Resolves when the transport has taken the message; this is no delivery. Rejects with AppError `unavailable` when the
   * call is over. Sent in order, but for heartbeats and their answers, which overtake what waits. A caller that does not
   * wait buffers here, up to 256 MiB: then the call is aborted.
   */
  send(message: Out): Promise<void>;
  /** Half-closes after everything that was sent (client) or ends the call with OK (server). */
  end(): void;
  /** Ends the call at once: the server with the error's status, the client with a cancel. */
  abort(error: Error): void;
  /** Settles when the call is over, for any reason; never rejects. */
  readonly closed: Promise<void>;
  /** Asked before each piece of work for this peer, by whoever has many to do for one message. Undefined: at once. */
  readonly turn?: (() => Promise<void> | undefined) | undefined;
}

/** What is sent and not yet taken by the transport; room for the largest message and more. Beyond it the peer is stuck. */
const MAX_QUEUED_BYTES = 256 * 1024 * 1024;

export interface DuplexOptions<In, Out> {
  codec: WireCodec<In, Out>;
  /** Hears of internal errors with which this side (a server) ends the call: the peer is told the reference only. */
  onInternalError?: (reference: string, error: unknown) => void;
  /** What is borne of a peer's messages; absent: what the protocol allows. */
  incoming?: Incoming;
  /** Called once when the call is over, for instance to close the client's connection. */
  onClosed?: () => void;
}

/** What is borne of a peer's messages. */
export interface Incoming {
  /** The largest; and the largest first one, before anything is known of the peer. */
  readonly maxBytes: number;
  readonly maxFirstBytes: number;
  /** Called with the memory that is held for a message that is not whole. */
  readonly onPartial: (bytes: number) => void;
  /** It has sent what is no message, or too large. */
  readonly onInvalid: () => void;
  /** Asked before each piece of work for this peer. Undefined: at once. */
  readonly turn: () => Promise<void> | undefined;
}

/** The Duplex over a client's or a server's call that carries messages as bytes (`asBytes`). */
export function duplexOf<In, Out>(call: BytesCall, options: DuplexOptions<In, Out>): Duplex<In, Out> {
  return new CallDuplex(call, options);
}

export type BytesCall = ClientDuplexStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

/** A message on its way out: whole, or slice by slice. */
interface Outgoing {
  bytes: Buffer;
  slicer: Slicer | undefined;
  resolve: () => void;
  reject: (error: AppError) => void;
}

/**
 * One write at a time: the transport's own buffer counts messages, not bytes, and whatever waits in it cannot be
 * overtaken by a heartbeat. A write's callback may never come (the peer vanished), so the end of the call ends every wait.
 */
class CallDuplex<In, Out> implements Duplex<In, Out> {
  readonly messages: AsyncIterable<In>;
  readonly closed: Promise<void>;
  readonly turn: (() => Promise<void> | undefined) | undefined;
  readonly #call: BytesCall;
  readonly #options: DuplexOptions<In, Out>;
  readonly #settleClosed: () => void;
  readonly #urgent: Outgoing[] = [];
  readonly #ordered: Outgoing[] = [];
  readonly #fragmentIds = new FragmentIds();
  #queuedBytes = 0;
  #pumping = false;
  /** Nothing overtakes the first message: it is the Hello or the Welcome. */
  #firstSent = false;
  #ending = false;
  #readEnded = false;
  #aborted = false;
  #over = false;
  /** Why the call broke; undefined when it ended as it should. */
  #failure: AppError | undefined;
  /** No message has come yet. */
  #isFirst = true;
  #wakeWriter: (() => void) | undefined;
  #wakeReader: (() => void) | undefined;

  constructor(call: BytesCall, options: DuplexOptions<In, Out>) {
    this.#call = call;
    this.#options = options;
    const closed = Promise.withResolvers<void>();
    this.closed = closed.promise;
    this.#settleClosed = closed.resolve;
    this.turn = options.incoming?.turn;
    this.messages = this.#read();
    // A client's call ends with a status, a server's with its stream; both may say `error` before.
    call.on('readable', () => this.#wakeReader?.());
    // The reset of a peer that vanished shows as an end first, and as what it is a moment later.
    call.on('end', () => setImmediate(() => this.#endOfReading()));
    call.on('error', (error: unknown) => this.#finish(errorFromStatus(error)));
    call.on('status', (status: { code: number }) => this.#finish(status.code === 0 ? undefined : errorFromStatus(status)));
    call.on('close', () => this.#finish(this.#ending ? undefined : peerGone()));
  }

  send(message: Out): Promise<void> {
    const sent = this.#enqueue(message);
    // The end of the call is seen by the reader too; who does not wait for `send` must not crash over it.
    sent.catch(() => undefined);
    return sent;
  }

  #enqueue(message: Out): Promise<void> {
    if (this.#over || this.#ending) return Promise.reject(this.#sendError());
    let bytes: Buffer;
    try {
      bytes = this.#options.codec.encode(message);
    } catch (cause) {
      return Promise.reject(new AppError('internal', `a message cannot be encoded: ${AppError.from(cause).message}`, { cause }));
    }
    if (this.#queuedBytes > 0 && this.#queuedBytes + bytes.length > MAX_QUEUED_BYTES) {
      // To drop one message and go on would break the order; a new stream resumes where the peer stands.
      this.abort(new AppError('resource_exhausted', `the peer does not read: ${this.#queuedBytes} bytes wait for it`));
      return Promise.reject(this.#sendError());
    }
    this.#queuedBytes += bytes.length;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const slicer = bytes.length > WHOLE_BYTES ? new Slicer(this.#fragmentIds.next(), bytes) : undefined;
    const lane = !slicer && this.#options.codec.isUrgent(message) ? this.#urgent : this.#ordered;
    lane.push({ bytes, slicer, resolve, reject });
    void this.#pump();
    return promise;
  }

  end(): void {
    if (this.#over || this.#ending) return;
    this.#ending = true;
    void this.#pump();
  }

  abort(error: Error): void {
    if (this.#over) return;
    this.#aborted = true;
    if ('cancel' in this.#call) {
      this.#finish(AppError.from(error));
      this.#call.cancel();
      return;
    }
    const status = statusToSend(error, (reference, cause) => this.#options.onInternalError?.(reference, cause));
    this.#finish(AppError.from(error));
    this.#call.emit('error', status);
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      await this.#sendQueued();
    } catch (error) {
      this.abort(AppError.from(error));
    }
    this.#pumping = false;
    if (this.#ending && !this.#over) this.#call.end();
  }

  async #sendQueued(): Promise<void> {
    for (let next = this.#next(); next && !this.#over; next = this.#next()) {
      const { slicer } = next.item;
      await this.#write(slicer ? this.#options.codec.encodeFragment(slicer.next()) : next.item.bytes);
      if (this.#over) break;
      this.#firstSent = true;
      if (slicer && !slicer.done) continue;
      next.lane.shift();
      this.#queuedBytes -= next.item.bytes.length;
      next.item.resolve();
    }
  }

  #next(): { lane: Outgoing[]; item: Outgoing } | undefined {
    const lane = this.#urgent.length > 0 && (this.#firstSent || this.#ordered.length === 0) ? this.#urgent : this.#ordered;
    const item = lane[0];
    return item && { lane, item };
  }

  /** Resolves when the transport has taken the bytes, or the call is over. */
  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeWriter = resolve;
      this.#call.write(bytes, () => resolve());
    });
  }

  /**
   * Not the stream's own iterator: that one destroys the stream when it meets an error, and with it the status that is
   * still to be sent.
   */
  async *#read(): AsyncGenerator<In, void, undefined> {
    const reassembly = new Reassembly();
    while (!this.#aborted) {
      const bytes = this.#call.read() as Buffer | null;
      if (bytes !== null) {
        await this.turn?.();
        if (this.#aborted) break;
        const message = await this.#decode(bytes, reassembly);
        if (!message) continue;
        this.#isFirst = false;
        yield message.message;
      } else if (this.#readEnded || this.#over) {
        break;
      } else {
        await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      }
    }
    if (this.#failure) throw this.#failure;
  }

  #endOfReading(): void {
    this.#readEnded = true;
    this.#wakeReader?.();
  }

  async #decode(bytes: Buffer, reassembly: Reassembly): Promise<{ message: In } | undefined> {
    const { codec, incoming } = this.#options;
    try {
      const read = codec.decode(bytes);
      if ('message' in read) return read;
      const isWhole = reassembly.add(read.fragment, this.#isFirst ? incoming?.maxFirstBytes : incoming?.maxBytes);
      incoming?.onPartial(reassembly.heldBytes);
      if (!isWhole) return undefined;
      const whole = await reassembly.whole(this.turn);
      incoming?.onPartial(0);
      const inner = codec.decode(whole);
      if ('message' in inner) return inner;
      throw new AppError('invalid', `fragment ${read.fragment.id}: it holds another fragment`);
    } catch (error) {
      incoming?.onInvalid();
      throw error;
    }
  }

  /** The call is over: every wait ends, whatever was not taken is rejected. */
  #finish(failure: AppError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    this.#failure = failure;
    this.#wakeWriter?.();
    this.#wakeReader?.();
    const error = this.#sendError();
    for (const item of [...this.#urgent.splice(0), ...this.#ordered.splice(0)]) item.reject(error);
    this.#queuedBytes = 0;
    this.#options.incoming?.onPartial(0);
    this.#settleClosed();
    this.#options.onClosed?.();
  }

  #sendError(): AppError {
    const why = this.#failure?.message ?? (this.#over ? 'it has ended' : 'this side has ended it');
    return new AppError('unavailable', `nothing can be sent on this stream any more: ${why}`, { cause: this.#failure });
  }
}

const peerGone = (): AppError => new AppError('unavailable', 'the peer is gone');
