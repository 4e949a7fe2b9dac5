/**
 * Calls to one of several coordinators: which one, how often, how long. Knows bytes and statuses; what is asked is the
 * business of `connect.ts`.
 */
import { context, propagation } from '@opentelemetry/api';
import {
  Client,
  connectivityState,
  type CallOptions,
  type ClientReadableStream,
  type ClientWritableStream,
  type Metadata,
} from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { Durability } from '../domain/durability.ts';
import { AppError, isRefusedForNow, isRetryable } from '../domain/errors.ts';
import { authorization, channelOptions, credentialsOf, DEFAULT_KEEPALIVE_MS, quietLibrary, silenceMs, targetOf } from '../rpc/channel.ts';
import { dialWith } from '../rpc/tls-files.ts';
import { errorFromStatus, isAnswer } from '../rpc/status.ts';
import { raceSignal } from '../runtime/abort.ts';
import { backoffMs } from '../runtime/backoff.ts';
import type { Clock } from '../runtime/clock.ts';
import type { ClientOptions } from './client.ts';
import { reasonOf } from './reasons.ts';

const BACKOFF = { baseMs: 100, maxMs: 2000 };
const DEFAULT_PATIENCE_MS = 30_000;
/** Where there is another address to go to: one that stands still is left after twice this, well within the patience. */
const KEEPALIVE_MS = 6_000;
/** A try that has stood this long begins patience anew. */
const STOOD_MS = 1000;
/** The backstop against a server that takes calls and drops them, for ever. */
const MAX_TRIES = 1000;

export type Method<Request, Response> = MethodDefinition<Request, never, unknown, Response>;

/** Where one try goes. */
export interface Peer {
  readonly address: string;
  readonly client: Client;
}

/** Tells `Calls.repeat` that a try is being answered. */
export type Progress = () => void;

export class Calls {
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #clients = new Map<string, { client: Client; version: number }>();
  readonly #closing = new AbortController();
  /** What `close` must cut off: closing a channel leaves its calls alone. */
  readonly #open = new Set<{ cancel(): void }>();
  /** By address: when it wants to be asked again at the earliest, in the clock's time. */
  readonly #notBeforeMs = new Map<string, number>();
  /** Which address the next try goes to; stays with one that works. */
  #turn = 0;

  constructor(options: ClientOptions, clock: Clock, random: () => number) {
    quietLibrary();
    this.#options = options;
    this.#clock = clock;
    this.#random = random;
  }

  /** What submits and commands demand of Redis. */
  get durability(): Durability | undefined {
    return this.#options.durability;
  }

  get addresses(): readonly string[] {
    return this.#options.addresses;
  }

  /** Aborted by `close`. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  close(): void {
    this.#closing.abort(new AppError('cancelled', 'this client has been closed'));
    for (const call of this.#open) call.cancel();
    for (const { client } of this.#clients.values()) client.close();
    this.#clients.clear();
  }

  /** Goes to the next address; the error may say how long this one wants to be left alone. */
  rotate(error?: AppError): void {
    if (error?.retryAfterMs !== undefined)
      this.#notBeforeMs.set(this.#options.addresses[this.#turn]!, this.#clock.monotonic() + error.retryAfterMs);
    this.#turn = (this.#turn + 1) % this.#options.addresses.length;
  }

  get #keepaliveMs(): number {
    const { addresses, keepaliveMs } = this.#options;
    return keepaliveMs ?? (addresses.length > 1 ? KEEPALIVE_MS : DEFAULT_KEEPALIVE_MS);
  }

  peer(): Peer {
    this.closing.throwIfAborted();
    const address = this.#options.addresses[this.#turn]!;
    const files = this.#options.tlsFiles?.current();
    const version = files?.version ?? 0;
    const known = this.#clients.get(address);
    if (known?.version === version) return { address, client: known.client };
    const dial = { ...this.#options, ...(files && dialWith(files.material)), address, keepaliveMs: this.#keepaliveMs };
    const client = new Client(targetOf(address), credentialsOf(dial), channelOptions(dial));
    this.#clients.set(address, { client, version });
    // The channel goes when its last call has ended; those are not touched.
    known?.client.close();
    return { address, client };
  }

  /**
   * Tries, at the addresses in turn, until it works, fails for good, or nothing has been reached for `patienceMs` and at any
   * address. All addresses are tried before the first wait.
   */
  async repeat<T>(attempt: (peer: Peer, progress: Progress) => Promise<T>, signal: AbortSignal = this.closing): Promise<T> {
    const patienceMs = this.#options.patienceMs ?? DEFAULT_PATIENCE_MS;
    let sinceMs = this.#clock.monotonic();
    let failures = 0;
    /** By address: what came of it last. */
    const last = new Map<string, AppError>();
    for (let tries = 1; ; tries++) {
      let standsSinceMs = Infinity;
      try {
        signal.throwIfAborted();
        const peer = this.peer();
        await raceSignal(settled(peer.client, silenceMs(this.#keepaliveMs)), signal);
        return await attempt(peer, () => (standsSinceMs = Math.min(standsSinceMs, this.#clock.monotonic())));
      } catch (thrown) {
        if (signal.aborted) throw AppError.from(signal.reason);
        const error = AppError.from(thrown);
        const isRefused = isRefusedForNow(error);
        if (!isRetryable(error.code) && !isRefused) throw error;
        if (this.#clock.monotonic() - standsSinceMs >= STOOD_MS) [sinceMs, failures] = [this.#clock.monotonic(), 0];
        last.set(this.#options.addresses[this.#turn]!, error);
        const waitedMs = this.#clock.monotonic() - sinceMs;
        failures++;
        const rounds = Math.floor(failures / this.#options.addresses.length);
        if ((waitedMs >= patienceMs && rounds > 0) || tries >= MAX_TRIES)
          throw isRefused ? error : this.#gaveUp([...last.values()].find(isAnswer) ?? error, waitedMs);
        if (isRefused) this.#options.onRefused?.(error);
        this.rotate(error);
        const waitMs = Math.max(0, Math.min(this.#waitMs(rounds), patienceMs - waitedMs));
        await this.#clock.sleep(waitMs, signal).catch(() => undefined);
      }
    }
  }

  /** After a stream broke: the next one goes to another address, a moment later. */
  async afterBreak(signal: AbortSignal, error?: AppError): Promise<void> {
    this.rotate(error);
    const waitMs = Math.min(this.#waitMs(2), this.#options.patienceMs ?? DEFAULT_PATIENCE_MS);
    await this.#clock.sleep(waitMs, signal).catch(() => undefined);
  }

  /** Before the next try: what the address that it goes to has asked for, and a backoff that grows with the rounds. */
  #waitMs(rounds: number): number {
    const notBeforeMs = this.#notBeforeMs.get(this.#options.addresses[this.#turn]!) ?? 0;
    return Math.max(backoffMs(rounds, BACKOFF, this.#random), notBeforeMs - this.#clock.monotonic());
  }

  #gaveUp(error: AppError, waitedMs: number): AppError {
    const where = this.#options.addresses.join(', ');
    const tried = `tried for ${Math.round(waitedMs / 100) / 10} s`;
    return new AppError(
      error.code,
      isAnswer(error)
        ? `${error.message} (${tried} at ${where})`
        : `no coordinator answers at ${where} (${tried}; last: ${reasonOf(error.message)}). Is one running there?`,
      { cause: error, retryAfterMs: error.retryAfterMs, reason: error.reason, details: error.details },
    );
  }

  /** The token and the active trace. */
  metadata(): Metadata {
    const metadata = authorization(this.#options.token);
    propagation.inject(context.active(), metadata, { set: (carrier, key, value) => carrier.set(key, value) });
    return metadata;
  }

  /** Aborts when `close` is called, or by the signal if there is one. */
  until(signal: AbortSignal | undefined): AbortSignal {
    return signal ? AbortSignal.any([signal, this.closing]) : this.closing;
  }

  /** One question, repeated until it is answered. */
  ask<Request, Response>(method: Method<Request, Response>, request: Request, deadlineMs: number): Promise<Response> {
    return this.repeat((peer) => this.unary(peer, method, request, deadlineMs));
  }

  unary<Request, Response>(peer: Peer, method: Method<Request, Response>, request: Request, deadlineMs: number): Promise<Response> {
    return new Promise((resolve, reject) => {
      const options: CallOptions = { deadline: Date.now() + deadlineMs };
      const { path, requestSerialize, responseDeserialize } = method;
      const call = peer.client.makeUnaryRequest<Request, Response>(
        path,
        requestSerialize as (r: Request) => Buffer,
        responseDeserialize,
        request,
        this.metadata(),
        options,
        (error, value) => {
          this.#open.delete(call);
          if (error) reject(errorFromStatus(error, this.closing.aborted));
          else resolve(value as Response);
        },
      );
      this.#open.add(call);
    });
  }

  /** A server's stream; leaving the loop cancels the call. Reads no further than its reader. `progress`: headers have come. */
  async *stream<Request, Response>(
    peer: Peer,
    method: Method<Request, Response>,
    request: Request,
    signal: AbortSignal,
    progress: Progress,
  ): AsyncGenerator<Response> {
    const { path, requestSerialize, responseDeserialize } = method;
    const call: ClientReadableStream<Response> = peer.client.makeServerStreamRequest(
      path,
      requestSerialize as (r: Request) => Buffer,
      responseDeserialize,
      request,
      this.metadata(),
      {},
    );
    call.on('error', () => undefined);
    call.on('metadata', progress);
    const cancel = (): void => call.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      if (signal.aborted) cancel();
      for await (const message of call as AsyncIterable<Response>) yield message;
    } catch (error) {
      throw errorFromStatus(error, signal.aborted);
    } finally {
      signal.removeEventListener('abort', cancel);
      call.cancel();
    }
  }

  /** A client's stream with its answer. */
  upload<Request, Response>(
    peer: Peer,
    method: Method<Request, Response>,
    deadlineMs: number,
  ): { call: ClientWritableStream<Request>; answer: Promise<Response> } {
    const { path, requestSerialize, responseDeserialize } = method;
    const { promise: answer, resolve, reject } = Promise.withResolvers<Response>();
    const call = peer.client.makeClientStreamRequest<Request, Response>(
      path,
      requestSerialize as (r: Request) => Buffer,
      responseDeserialize,
      this.metadata(),
      { deadline: Date.now() + deadlineMs },
      (error, value) => {
        this.#open.delete(call);
        if (error) reject(errorFromStatus(error, this.closing.aborted));
        else resolve(value as Response);
      },
    );
    call.on('error', () => undefined);
    this.#open.add(call);
    return { call, answer };
  }
}

/**
 * Resolves when there is a connection, or none can be made, which the call itself then tells; `unavailable` if that is not known in time:
 * the library would wait for ever for one who accepts a connection and says nothing.
 */
async function settled(client: Client, ms: number): Promise<void> {
  const channel = client.getChannel();
  const untilMs = Date.now() + ms;
  for (;;) {
    const state = channel.getConnectivityState(true);
    if (state !== connectivityState.IDLE && state !== connectivityState.CONNECTING) return;
    await new Promise<void>((resolve, reject) =>
      channel.watchConnectivityState(state, untilMs, (late) =>
        late ? reject(new AppError('unavailable', `no connection within ${ms / 1000} s`)) : resolve(),
      ),
    );
  }
}
