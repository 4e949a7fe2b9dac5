/** What is borne of each connection, so many at once and so many a second, before it is ended. */
import type { Http2Session } from 'node:http2';
import { Pace } from '../../../shared/runtime/pace.ts';

export class Strikes {
  readonly #perSecond: number;
  readonly #atOnce: number;
  readonly #paces = new WeakMap<Http2Session, Pace>();

  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
  }

  /** Counts one; false: it is one too many. */
  isBorne(session: Http2Session, nowMs: number): boolean {
    let pace = this.#paces.get(session);
    if (!pace) this.#paces.set(session, (pace = new Pace(this.#perSecond, nowMs, this.#atOnce)));
    return pace.next(nowMs) === 0;
  }
}
