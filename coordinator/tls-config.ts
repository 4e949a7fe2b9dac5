/** Settings of the coordinator's door: certificates, what a peer may take, and whether Redis is spoken to in plain text. */
import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../shared/domain/errors.ts';
import type { ConfigReader } from '../shared/runtime/config-reader.ts';
import { readPrivateFile } from '../shared/runtime/private-file.ts';
import { isLoopbackName, parseRedisUrl } from '../shared/runtime/redis-url.ts';
import { authorityProblem, pairProblem } from '../shared/rpc/tls-material.ts';
import type { TlsSettings } from './rpc/door/certificates.ts';
import { DEFAULT_LIMITS, LOCAL_LIMITS, type TransportLimits } from './rpc/limits/transport-limits.ts';
import type { Profile } from './redis/safety.ts';

const MAX_FILE_BYTES = 1 << 20;
/** What the kernel of most hosts lets one process open at all. */
const MAX_CONNECTIONS = 1_000_000;

export async function readTls(reader: ConfigReader): Promise<TlsSettings | undefined> {
  const [certPath, keyPath, clientCaPath] = [reader.path('tls_cert'), reader.path('tls_key'), reader.path('tls_client_ca')];
  if (certPath === undefined && keyPath === undefined) {
    if (clientCaPath !== undefined)
      reader.fault('tls_client_ca', 'is given without tls_cert and tls_key; certificates of callers need TLS');
    return undefined;
  }
  if (certPath === undefined || keyPath === undefined) {
    const [there, missing] = certPath === undefined ? ['tls_key', 'tls_cert'] : ['tls_cert', 'tls_key'];
    reader.fault(missing, `is missing, and ${there} is given; TLS needs both`);
    return undefined;
  }
  const [cert, key] = [await readSmall(reader, 'tls_cert', certPath), await readSecret(reader, 'tls_key', keyPath)];
  const clientCa = clientCaPath === undefined ? undefined : await readSmall(reader, 'tls_client_ca', clientCaPath);
  const caProblem = clientCa && authorityProblem(clientCa);
  if (caProblem)
    reader.fault(
      reader.find('tls_client_ca')!.place,
      `${clientCaPath}: ${caProblem}; name the authority that signs the certificates of callers`,
    );
  if (!cert || !key || (clientCaPath !== undefined && !clientCa)) return undefined;
  const problem = pairProblem({ cert, key }, Date.now());
  if (problem) {
    reader.fault(
      'tls_cert and tls_key',
      `${certPath} and ${keyPath} are no pair of certificate and key in PEM that can be used: ${problem}`,
    );
    return undefined;
  }
  return {
    cert,
    key,
    ...(clientCa && { clientCa }),
    files: { cert: certPath, key: keyPath, ...(clientCaPath !== undefined && { clientCa: clientCaPath }) },
  };
}

/** isLocal: only this machine can reach the coordinator. */
export function readLimits(reader: ConfigReader, isLocal: boolean): TransportLimits {
  const own = isLocal ? LOCAL_LIMITS : DEFAULT_LIMITS;
  const limits = {
    maxConnections: reader.int('max_connections', { default: own.maxConnections, min: 1, max: MAX_CONNECTIONS }),
    maxConnectionsPerPeer: reader.int('max_connections_per_peer', { default: own.maxConnectionsPerPeer, max: MAX_CONNECTIONS }),
    maxStreamsPerConnection: reader.int('max_streams_per_connection', { default: own.maxStreamsPerConnection, min: 1, max: 100_000 }),
    maxMessagesPerSecond: reader.int('max_messages_per_second', { default: own.maxMessagesPerSecond, min: 1, max: 1_000_000 }),
    maxPendingBytes: reader.int('max_pending_bytes', { default: own.maxPendingBytes, min: 8 * 1024 ** 2 }),
    maxPendingBytesPerPeer: reader.int('max_pending_bytes_per_peer', { default: own.maxPendingBytesPerPeer, min: 8 * 1024 ** 2 }),
    handshakeMs: reader.ms('handshake_ms', { default: own.handshakeMs, minMs: 100, maxMs: 600_000 }),
    callMs: reader.ms('call_ms', { default: own.callMs, minMs: 1000, maxMs: 3_600_000 }),
    slowMs: reader.ms('slow_ms', { default: own.slowMs, minMs: 1000, maxMs: 3_600_000 }),
    tlsReloadMs: reader.ms('tls_reload_ms', { default: own.tlsReloadMs, minMs: 50, maxMs: 3_600_000 }),
    loginBackoff: own.loginBackoff,
  };
  if (limits.maxConnectionsPerPeer > limits.maxConnections)
    reader.fault('max_connections_per_peer', `${limits.maxConnectionsPerPeer} is more than max_connections (${limits.maxConnections})`);
  if (limits.maxPendingBytesPerPeer > limits.maxPendingBytes)
    reader.fault(
      'max_pending_bytes_per_peer',
      `${limits.maxPendingBytesPerPeer} is more than max_pending_bytes (${limits.maxPendingBytes})`,
    );
  return Object.freeze(limits);
}

/** In production, passwords of Redis and references to all work do not cross a network for everybody to read, unless that is wanted. */
export function checkRedisTransport(reader: ConfigReader, redisUrl: string | undefined, profile: Profile): void {
  const isWanted = reader.boolean('redis_plaintext', { default: false });
  const place = redisUrl === undefined ? undefined : parseRedisUrl(redisUrl);
  if (profile !== 'production' || isWanted || typeof place !== 'object' || place.kind === 'socket' || place.tls) return;
  const hosts = place.kind === 'server' ? [place.host] : (place.kind === 'cluster' ? place.nodes : place.sentinels).map(({ host }) => host);
  const far = hosts.filter((host) => !isLoopbackName(host));
  if (far.length === 0) return;
  reader.fault(
    'redis_url',
    `${far.slice(0, 3).join(', ')} ${far.length === 1 ? 'is' : 'are'} beyond this machine and spoken to in plain text, with --profile production; write ${secureScheme(place.kind)} instead of ${secureScheme(place.kind).replace('rediss', 'redis')}, or --redis-plaintext true where the network is trusted`,
  );
}

const secureScheme = (kind: 'server' | 'sentinel' | 'cluster'): string => (kind === 'server' ? 'rediss://' : `rediss+${kind}://`);

/** A file that holds a secret. */
export const readSecret = (reader: ConfigReader, name: string, path: string): Promise<Buffer | undefined> =>
  readSmall(reader, name, path, readPrivateFile);

export async function readSmall(
  reader: ConfigReader,
  name: string,
  path: string,
  read: (path: string) => Buffer | Promise<Buffer> = (plain) => readFile(plain),
): Promise<Buffer | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw new Error(`it has ${size} bytes, the limit is ${MAX_FILE_BYTES}`);
    return await read(path);
  } catch (error) {
    if (error instanceof AppError) reader.fault(reader.find(name)?.place ?? name, `${path} ${error.message}`);
    else reader.fault(reader.find(name)?.place ?? name, `${path} cannot be read (${(error as Error).message}); name a readable file`);
    return undefined;
  }
}
