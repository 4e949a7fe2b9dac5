/**
 * Calls as they come, before anything is built for them. They begin in turns of addresses, and of each one's connections, a few in one turn of the
 * loop: who makes a thousand at once waits for himself. Those that are over before their turn cost nothing more, and are counted.
 */
import { constants, type Http2Session } from 'node:http2';
import { peerOf } from '../../../shared/rpc/peer-address.ts';
import type { FairTurns } from '../../../shared/runtime/fair-turns.ts';
import type { ArrivedCall } from '../known-server.ts';
import { Strikes } from './strikes.ts';

export interface ArrivalsOptions {
  /** `resets`. */
  readonly onEnded: (reason: string, method: string, peer: string, why: string) => void;
  /** This peer has lost a connection for abusing it. */
  readonly onAbuse: (peer: string) => void;
  readonly now: () => number;
  readonly turns: FairTurns;
}

/** Who cancels sooner did not want an answer; deadlines are longer. */
const RAPID_MS = 1000;
const RESETS_AT_ONCE = 300;
const RESETS_PER_SECOND = 20;
/** A coordinator that is reached through a socket of its machine. */
const THIS_MACHINE = 'local';

export class Arrivals {
  readonly #options: ArrivalsOptions;
  /** Calls that were reset soon after they came. HTTP/2 itself bears a thousand. */
  readonly #resets = new Strikes(RESETS_PER_SECOND, RESETS_AT_ONCE);

  constructor(options: ArrivalsOptions) {
    this.#options = options;
  }

  take({ stream, path, begin }: ArrivedCall): void {
    const { now } = this.#options;
    const { session } = stream;
    if (!session || session.destroyed) return;
    const peer = peerNameOf(session);
    const startMs = now();
    stream.on('error', () => undefined);
    stream.once('close', () => {
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR && now() - startMs <= RAPID_MS) this.#reset(session, path, peer);
    });
    this.#options.turns.run([peer, session], () => {
      if (!stream.destroyed && !stream.closed) begin();
    });
  }

  #reset(session: Http2Session, path: string, peer: string): void {
    if (session.destroyed || this.#resets.isBorne(session, this.#options.now())) return;
    this.#options.onEnded('resets', path, peer, 'calls are reset as fast as they are made');
    this.#options.onAbuse(peer);
    expel(session);
  }
}

/** The address that limits count for. */
export const peerNameOf = (session: Http2Session | undefined): string => peerOf(session?.socket.remoteAddress) ?? THIS_MACHINE;

/** Ends a connection that is abused. */
export function expel(session: Http2Session): void {
  if (session.destroyed) return;
  session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  session.destroy();
}
