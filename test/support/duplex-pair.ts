/** The two ends of an agent stream in memory, for tests that need no network. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';

/** One direction: a queue with one reader. */
class Channel<T> implements AsyncIterable<T> {
  readonly #items: T[] = [];
  #end: { error: Error | undefined } | undefined;
  #wake: (() => void) | undefined;

  push(item: T): void {
    if (this.#end) return;
    this.#items.push(item);
    this.#wake?.();
  }

  finish(error?: Error): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      while (this.#items.length > 0 && !this.#end?.error) yield this.#items.shift()!;
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

export interface DuplexPair<A, B> {
  /** Reads A, writes B. */
  left: Duplex<A, B>;
  /** Reads B, writes A. */
  right: Duplex<B, A>;
  /** The connection breaks for both sides. */
  cut(): void;
  /** What the right side sends vanishes from now on; the left side notices nothing. */
  mute(): void;
}

export function duplexPair<A, B>(): DuplexPair<A, B> {
  const toLeft = new Channel<A>();
  const toRight = new Channel<B>();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  let muted = false;
  const over = { left: false, right: false, all: false };
  const finish = (error?: Error): void => {
    over.all = true;
    toLeft.finish(error);
    toRight.finish(error);
    close();
  };
  const end = (side: 'left' | 'right'): void => {
    over[side] = true;
    (side === 'left' ? toRight : toLeft).finish();
    if (over.left && over.right) finish();
  };
  const send = <T>(channel: Channel<T>, side: 'left' | 'right', message: T): Promise<void> => {
    if (over.all || over[side]) return Promise.reject(new AppError('unavailable', 'the call is over'));
    if (side === 'left' || !muted) channel.push(message);
    return Promise.resolve();
  };
  return {
    left: {
      messages: toLeft,
      closed,
      send: (message) => send(toRight, 'left', message),
      end: () => end('left'),
      abort: () => finish(new AppError('cancelled', 'the call was cancelled')),
    },
    right: {
      messages: toRight,
      closed,
      send: (message) => send(toLeft, 'right', message),
      end: () => finish(),
      abort: (error) => finish(error),
    },
    cut: () => finish(new AppError('unavailable', 'the connection broke')),
    mute: () => {
      muted = true;
    },
  };
}
