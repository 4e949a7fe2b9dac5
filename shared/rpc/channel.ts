/** How this side dials: credentials, limits and keepalive of every connection to a coordinator. */
import { credentials, logVerbosity, Metadata, setLogVerbosity, type ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';

/** A message is at most this long on the wire, in both directions. */
export const MAX_WIRE_BYTES = 4 * 1024 * 1024;

export interface DialOptions {
  /** `host:port` or `unix:/path`. */
  address: string;
  token?: string;
  /** PEM of the CA to trust; its presence or `tls: true` means TLS. */
  tlsCa?: Buffer;
  tls?: boolean;
  /** What this side shows, where a coordinator wants certificates of its callers: PEM of it with its chain, and of its key. */
  tlsCert?: Buffer;
  tlsKey?: Buffer;
  /** Ping a silent connection this often; half-open ones are found so (default 20 s). */
  keepaliveMs?: number;
}

/** TLS when it is asked for; a unix socket never needs it. */
export function credentialsOf(options: DialOptions): ChannelCredentials {
  if (isUnix(options.address) || !(options.tls || options.tlsCa)) return credentials.createInsecure();
  const { tlsCa = null, tlsKey = null, tlsCert = null } = options;
  return credentials.createSsl(tlsCa, tlsKey, tlsCert);
}

/** Whether an address stays on this host: a unix socket, or loopback. */
export function isLocal(address: string): boolean {
  return isUnix(address) || /^(localhost|127(\.\d{1,3}){3}|\[::1\]):/.test(address);
}

/**
 * Whether TLS is spoken to these coordinators. What was asked for goes first; else wherever an authority is named or an address
 * leaves this host: a coordinator listens there only with TLS, and a token must not cross a network in plain text.
 */
export function speaksTls(options: { addresses: readonly string[]; tls?: boolean | undefined; tlsCa?: Buffer | undefined }): boolean {
  return options.tls ?? (options.tlsCa !== undefined || !options.addresses.every(isLocal));
}

export const DEFAULT_KEEPALIVE_MS = 20_000;

/** How long an answer to a ping may take. */
const pingMs = (keepaliveMs: number): number => Math.min(keepaliveMs, 10_000);

/** After so long a connection that says nothing is given up. */
export const silenceMs = (keepaliveMs: number): number => keepaliveMs + pingMs(keepaliveMs);

export function channelOptions({ keepaliveMs = DEFAULT_KEEPALIVE_MS }: DialOptions): ChannelOptions {
  return {
    'grpc.max_receive_message_length': MAX_WIRE_BYTES,
    'grpc.max_send_message_length': MAX_WIRE_BYTES,
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.keepalive_timeout_ms': pingMs(keepaliveMs),
    // Callers repeat by themselves, on any address: a channel that hides failures, or remembers them for two minutes, is in the way.
    'grpc.enable_retries': 0,
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 2000,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_channelz': 0,
    // What a coordinator may send before it waits for us; the default of 64 KiB makes distant agents slow.
    'grpc-node.flow_control_window': MAX_WIRE_BYTES,
  };
}

/** The metadata of every call. */
export function authorization(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/** gRPC targets by scheme; `host:port` alone is taken for DNS. */
export const targetOf = (address: string): string => (isUnix(address) ? address : `dns:///${address}`);

const isUnix = (address: string): boolean => address.startsWith('unix:');

/**
 * grpc-js writes to stderr, past our logger; what matters reaches us as errors. Who sets GRPC_VERBOSITY or GRPC_TRACE wants
 * to read it.
 */
export function quietLibrary(): void {
  if (!process.env['GRPC_VERBOSITY'] && !process.env['GRPC_TRACE']) setLogVerbosity(logVerbosity.NONE);
}
