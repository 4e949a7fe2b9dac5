/** What one peer may take of a coordinator before anybody knows what it wants, and how long. docs/secure-deployment.md shows them. */
export interface TransportLimits {
  /** Connections of all peers together. */
  readonly maxConnections: number;
  /** Of one address; 0: no bound of its own. */
  readonly maxConnectionsPerPeer: number;
  /** Calls at a time on one connection. */
  readonly maxStreamsPerConnection: number;
  /** What a handshake may take, and the first bytes after it. */
  readonly handshakeMs: number;
  /** How long a call may take that is one question and one answer; and any request to arrive whole. */
  readonly callMs: number;
  /** How long an upload may stand, and an answer that nobody takes. */
  readonly slowMs: number;
  /** Bytes of requests that are not whole yet and of answers that are not taken: of one address, and of all. */
  readonly maxPendingBytesPerPeer: number;
  readonly maxPendingBytes: number;
  /** Messages that one stream may send for ever; a tenth of them at once. */
  readonly maxMessagesPerSecond: number;
  /** Whether failed logins of one address are answered later and later. */
  readonly loginBackoff: boolean;
  /** How often the files of the certificate are looked at. */
  readonly tlsReloadMs: number;
}

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: TransportLimits = {
  maxConnections: 8192,
  maxConnectionsPerPeer: 512,
  // Not less: a client's library has one connection, and what goes beyond the limit waits there in silence.
  maxStreamsPerConnection: 1000,
  handshakeMs: 10_000,
  callMs: 60_000,
  slowMs: 60_000,
  maxPendingBytesPerPeer: 128 * MIB,
  maxPendingBytes: 512 * MIB,
  maxMessagesPerSecond: 2000,
  loginBackoff: true,
  tlsReloadMs: 10_000,
};

/** Where only this machine comes in there are no strangers: all peers have one address, and each other's limits would be in their way. */
export const LOCAL_LIMITS: TransportLimits = { ...DEFAULT_LIMITS, maxConnectionsPerPeer: 0, loginBackoff: false };
