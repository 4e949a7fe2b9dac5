/**
 * A bidirectional call as two honest halves: an iterable of what comes in and a `send` that waits for room. Messages
 * larger than 1 MiB travel as fragments (see agent.proto) and are whole again on the other side.
 */

/** One side of an open agent stream. */
export interface Duplex<In, Out> {
  /**
   * The peer's messages in order, to be iterated once. Ends when the peer half-closes; throws AppError when the call
   * breaks (`unavailable`, `cancelled`, …), when a message cannot be read or is too large (`invalid`).
   */
  readonly messages: AsyncIterable<In>;
  /**
   * Resolves when the transport has taken the message; this is no delivery. Rejects with AppError `unavailable` when the
   * call is over. Calls are sent in order; a caller that does not wait buffers here.
   */
  send(message: Out): Promise<void>;
  /** Half-closes after everything that was sent (client) or ends the call with OK (server). */
  end(): void;
  /** Ends the call at once: the server with the error's status, the client with a cancel. */
  abort(error: Error): void;
  /** Settles when the call is over, for any reason; never rejects. */
  readonly closed: Promise<void>;
}
