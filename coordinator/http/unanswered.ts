/** Requests of one connection that are not answered yet. HTTP/1.1 lets a caller send as many as it likes ahead; nobody needs that. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Browsers and clients have one at a time; some that pipeline have a few. */
export const MAX_UNANSWERED = 32;

export class Unanswered {
  readonly #counts = new WeakMap<Socket, number>();

  /** Counts one more; false: there are too many, and the connection was closed. */
  take({ socket }: IncomingMessage, response: ServerResponse): boolean {
    // What the parser has read already comes all the same.
    if (socket.destroyed) return false;
    const count = (this.#counts.get(socket) ?? 0) + 1;
    if (count > MAX_UNANSWERED) {
      socket.destroy();
      return false;
    }
    this.#counts.set(socket, count);
    response.once('close', () => this.#counts.set(socket, this.#counts.get(socket)! - 1));
    return true;
  }
}
