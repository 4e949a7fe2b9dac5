/** One call as its limits see it: what it holds, what it waits for, and how it is ended. */
import { constants, type Http2Session, type ServerHttp2Stream } from 'node:http2';
import { status as Status, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { AppError } from '../../../shared/domain/errors.ts';
import { statusToSend } from '../../../shared/rpc/status.ts';
import type { CallKind } from './methods.ts';
import type { Seats } from './seats.ts';
import type { TransportLimits } from './transport-limits.ts';

/** The longest deadline of the client's library, for what reads datasets or many evaluations; and some time for the way. */
const LONG_MS = 615_000;
/** How long a stream may stay open for a request that is answered already. */
const LINGER_MS = 5000;
/** Who uploads slower than this, over `slowMs`, does not mean to. */
const MIN_BYTES_PER_SECOND = 1024;
/** A message that says to be larger needs a seat: it is more than HTTP/2 sends before it is told that something was read. */
const SEATLESS_BYTES = 64 * 1024;
/** So does one of which so much has come, whatever it says. */
const SEATLESS_PART_BYTES = 32 * 1024;
/** Before each message: whether it is compressed, and its length. */
const HEAD_BYTES = 5;
/** Who has a seat that others wait for brings so much in this time, or has had it. */
const SEATED_MS = 5000;
const SEATED_BYTES = 64 * 1024;

export class LimitedCall {
  /** Its full path. */
  readonly method: string;
  readonly kind: CallKind;
  readonly peer: string;
  readonly stream: ServerHttp2Stream;
  readonly session: Http2Session | undefined;
  readonly #call: ServerInterceptingCallInterface;
  readonly #limits: TransportLimits;
  readonly #startMs: number;
  /** Of the message that is not whole yet. */
  #partialBytes = 0;
  #isWhole = false;
  #answeredMs: number | undefined;
  /** Since when a message is waited for, and what has come since the mark. */
  #readingSinceMs: number | undefined;
  #markMs: number;
  #sinceMark = 0;
  readonly #seats: Seats;
  #seat: 'none' | 'waits' | 'has' = 'none';
  /** Since when it has its seat, or since it was last seen to bring enough; and what it has brought since. */
  #seatedMs: number | undefined;
  #sinceSeated = 0;

  constructor(of: {
    method: string;
    kind: CallKind;
    /** Of one message; Infinity: what the library takes. */
    maxBytes: number;
    peer: string;
    stream: ServerHttp2Stream;
    call: ServerInterceptingCallInterface;
    limits: TransportLimits;
    seats: Seats;
    nowMs: number;
    /** Its message was refused, by the library itself or here: it announces, or brings, more than one may have. */
    onTooLarge: (call: LimitedCall) => void;
  }) {
    this.method = of.method;
    this.kind = of.kind;
    this.peer = of.peer;
    this.stream = of.stream;
    this.session = of.stream.session;
    this.#call = of.call;
    this.#limits = of.limits;
    this.#seats = of.seats;
    this.#startMs = this.#markMs = of.nowMs;
    of.stream.once('close', () => this.#leaveSeat());
    // The library reads it by the same event, and has paused it: this starts nothing.
    of.stream.on('data', (chunk: Buffer) => {
      if (hasStatus(of.stream)) {
        if (this.#answeredMs === undefined) of.onTooLarge(this);
        return this.#finish(of.nowMs);
      }
      const announced = this.#partialBytes === 0 && chunk.length >= HEAD_BYTES ? chunk.readUInt32BE(1) : 0;
      const isLarge = announced > SEATLESS_BYTES;
      this.#partialBytes += chunk.length;
      // Of a stream of messages one may begin within a chunk, and then the next chunk's beginning announces nothing.
      const size = Math.max(this.kind === 'talk' ? 0 : announced, this.#partialBytes - HEAD_BYTES);
      if (size > of.maxBytes) {
        this.refuse(new AppError('resource_exhausted', `a message to ${of.method} has at most ${of.maxBytes} bytes`), of.nowMs);
        of.onTooLarge(this);
        return this.#finish(of.nowMs);
      }
      this.#sinceMark += chunk.length;
      this.#sinceSeated += chunk.length;
      // An agent's heartbeats come behind its results: what agents send in slices is bounded apart.
      if (this.kind !== 'agent' && this.#seat === 'none' && (isLarge || this.#partialBytes > SEATLESS_PART_BYTES)) this.#takeSeat();
    });
  }

  /** What this call holds in memory: of a request that is not whole, of what has come and is not read, of what is not taken. */
  get pendingBytes(): number {
    return this.#partialBytes + this.stream.readableLength + this.stream.writableLength;
  }

  /** Whose turn it takes. */
  get owners(): readonly unknown[] {
    return [this.peer, this.session];
  }

  get isOver(): boolean {
    return this.stream.closed || this.stream.destroyed;
  }

  reading(nowMs: number): void {
    this.#readingSinceMs ??= nowMs;
  }

  received(): void {
    this.#leaveSeat(false);
    this.#partialBytes = 0;
    this.#readingSinceMs = undefined;
  }

  whole(): void {
    this.#isWhole = true;
  }

  /** Its status was sent. */
  answered(nowMs: number): void {
    this.#answeredMs ??= nowMs;
    this.#leaveSeat();
  }

  /** It was waiting to bring the rest of its message, and may now. */
  sit(): void {
    this.#seat = 'has';
    if (!this.isOver && this.#answeredMs === undefined) this.stream.resume();
    else this.#leaveSeat(false);
  }

  /** Waits for no seat any more: the rest of its message stays where it is. */
  stay(): void {
    if (this.#seat === 'waits') this.#leaveSeat(false);
  }

  #takeSeat(): void {
    this.#seat = 'has';
    this.#seatedMs = undefined;
    if (this.#seats.take(this)) return;
    this.#seat = 'waits';
    this.stream.pause();
  }

  /** `rests`: it had begun a message, which is never whole now. */
  #leaveSeat(rests = true): void {
    if (this.#seat === 'none') return;
    this.#seat = 'none';
    this.#seats.leave(this, rests);
  }

  /** Ends it with a status, as far as the caller takes one. */
  refuse(error: AppError, nowMs: number): void {
    if (this.#answeredMs !== undefined) return;
    this.#call.sendStatus(statusToSend(error, () => undefined));
    this.answered(nowMs);
  }

  /** Has its answer, and goes on with its request: the answer holds, and nothing more of it is read. */
  #finish(nowMs: number): void {
    this.stream.pause();
    this.#partialBytes = 0;
    this.answered(nowMs);
    // A reset overtakes what has not left yet, and the answer leaves at the end of this turn.
    setImmediate(() => this.stream.close(constants.NGHTTP2_NO_ERROR));
  }

  /** Ends it, whatever the caller does. */
  cut(): void {
    this.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  }

  /** What is too slow in it, or undefined; `cut`: there is nobody to tell. */
  lateness(nowMs: number): { why: string; cut: boolean } | undefined {
    const { callMs, slowMs } = this.#limits;
    if (this.#answeredMs !== undefined) {
      // A caller that has its answer ends the stream itself: one that goes on with its request does not want to.
      const limitMs = this.#isWhole || this.stream.writableLength > 0 ? slowMs : Math.min(slowMs, LINGER_MS);
      return nowMs - this.#answeredMs > limitMs
        ? { why: `the stream stood for ${limitMs / 1000} s after its answer`, cut: true }
        : undefined;
    }
    const ageMs = nowMs - this.#startMs;
    if (this.#blocks(nowMs)) return { why: 'a large message stood still while others waited to be sent', cut: false };
    if (this.kind === 'upload') return this.#slowness(nowMs);
    if (this.kind === 'agent') return undefined;
    if (!this.#isWhole && ageMs > callMs) return { why: `the request was not whole within ${callMs / 1000} s`, cut: false };
    if (this.kind === 'watch') return undefined;
    const limitMs = this.kind === 'long' ? Math.max(callMs, LONG_MS) : callMs;
    return ageMs > limitMs ? { why: `the call took longer than ${limitMs / 1000} s`, cut: false } : undefined;
  }

  /** Whether it keeps others from a seat, and does next to nothing with it. */
  #blocks(nowMs: number): boolean {
    if (this.#seat !== 'has') return false;
    if (this.#seatedMs === undefined || this.#sinceSeated >= SEATED_BYTES || !this.#seats.isWanted(this)) {
      this.#seatedMs = nowMs;
      this.#sinceSeated = 0;
      return false;
    }
    return nowMs - this.#seatedMs > Math.min(SEATED_MS, this.#limits.slowMs);
  }

  /** Only time that was spent on waiting for the caller is the caller's. */
  #slowness(nowMs: number): { why: string; cut: boolean } | undefined {
    const { slowMs } = this.#limits;
    if (
      this.#isWhole ||
      this.#seat === 'waits' ||
      this.#readingSinceMs === undefined ||
      this.#sinceMark * 1000 >= MIN_BYTES_PER_SECOND * slowMs
    ) {
      this.#markMs = nowMs;
      this.#sinceMark = 0;
      return undefined;
    }
    const sinceMs = Math.max(this.#markMs, this.#readingSinceMs);
    if (nowMs - sinceMs <= slowMs) return undefined;
    return {
      why: `the upload brought ${this.#sinceMark} bytes within ${slowMs / 1000} s; it needs ${MIN_BYTES_PER_SECOND} a second`,
      cut: false,
    };
  }
}

/** Whether the status is on its way, with the headers or behind all else: until then the stream must stay. */
const hasStatus = ({ sentTrailers, sentHeaders }: ServerHttp2Stream): boolean =>
  sentTrailers !== undefined || sentHeaders?.['grpc-status'] !== undefined;

/** What grpc-js keeps to itself. One place, so that another release of it is noticed at the first call. */
export function innardsOf(call: ServerInterceptingCallInterface): { stream: ServerHttp2Stream; encoding: string } {
  const { stream, incomingEncoding } = call as unknown as { stream?: ServerHttp2Stream; incomingEncoding?: string };
  if (typeof stream?.close !== 'function' || typeof incomingEncoding !== 'string')
    throw new Error('this release of @grpc/grpc-js hides the stream of a call: see coordinator/rpc/limits');
  return { stream, encoding: incomingEncoding };
}

export const isLoginFailure = (code: Status): boolean => code === Status.UNAUTHENTICATED;
