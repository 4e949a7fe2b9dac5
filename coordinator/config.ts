/**
 * The coordinator's settings, from flags before environment before a YAML file before defaults:
 *
 *   flag             variable               in the file       default
 *   --listen         ASSAY_LISTEN           listen            127.0.0.1:4510; HOST:PORT, [IPV6]:PORT or unix:/path
 *   --redis          ASSAY_REDIS_URL        redis_url         (required) redis://, rediss://, unix:/path; redis+sentinel://, redis+cluster://
 *   --store          ASSAY_STORE            store             (required) a directory that all coordinators share, or s3://BUCKET/PREFIX
 *   --index          ASSAY_INDEX            index             a file in the directory (in memory with S3); made anew when it is lost
 *   --token-file     ASSAY_TOKEN_FILE       token_file        none; ASSAY_TOKEN holds the token itself
 *   --tls-cert       ASSAY_TLS_CERT         tls_cert          none; PEM files
 *   --tls-key        ASSAY_TLS_KEY          tls_key
 *   --tls-client-ca  ASSAY_TLS_CLIENT_CA    tls_client_ca     none; PEM of the authority whose certificates every caller must show
 *   --tls-reload-ms  ASSAY_TLS_RELOAD_MS    tls_reload_ms     10000
 *   --identities     ASSAY_IDENTITIES       identities        none; a YAML file: OIDC issuers whose JWTs are taken, certificates that are somebody
 *   --alerts         ASSAY_ALERTS           alerts            none; a YAML file: where to tell what operators want to know
 *   --http           ASSAY_HTTP             http              none; HOST:PORT of the JSON API, the page, /metrics, /healthz, /readyz
 *   --http-origins   ASSAY_HTTP_ORIGINS     http_origins      none; other names of that server, such as a proxy's: https://NAME, …
 *   --http-open-metrics ASSAY_HTTP_OPEN_METRICS http_open_metrics false; beyond this machine, may everybody read /metrics?
 *   --lease-ms       ASSAY_LEASE_MS         lease_ms          15000
 *   --heartbeat-ms   ASSAY_HEARTBEAT_MS     heartbeat_ms      5000
 *   --sweep-ms       ASSAY_SWEEP_MS         sweep_ms          1000
 *   --accept-ms      ASSAY_ACCEPT_MS        accept_ms         10000
 *   --drain-ms       ASSAY_DRAIN_MS         drain_ms          5000
 *   --task-soft-ms   ASSAY_TASK_SOFT_MS     task_soft_ms      0: none; after it an agent is asked to let go of what it has not started of a task
 *   --task-hard-ms   ASSAY_TASK_HARD_MS     task_hard_ms      0: none; after it a task is taken back from its agent
 *   --max-content-bytes ASSAY_MAX_CONTENT_BYTES max_content_bytes 8 GiB
 *   --redis-headroom-percent ASSAY_REDIS_HEADROOM_PERCENT redis_headroom_percent 20; of maxmemory, kept for what is accepted
 *   --store-headroom-bytes ASSAY_STORE_HEADROOM_BYTES store_headroom_bytes 256 MiB; of the file system, the same
 *   --max-unfinished ASSAY_MAX_UNFINISHED   max_unfinished    10000 evaluations
 *   --fetch-private  ASSAY_FETCH_PRIVATE    fetch_private     true when only this machine can reach it; may datasets come
 *                                                             from https addresses in private networks?
 *   --max-connections ASSAY_MAX_CONNECTIONS max_connections   8192
 *   --max-connections-per-peer ASSAY_MAX_CONNECTIONS_PER_PEER max_connections_per_peer 512; of one address; 0: no bound, and
 *                                                             the default when only this machine can reach it
 *   --max-streams-per-connection ASSAY_MAX_STREAMS_PER_CONNECTION max_streams_per_connection 1000
 *   --max-messages-per-second ASSAY_MAX_MESSAGES_PER_SECOND max_messages_per_second 2000; of one stream
 *   --max-pending-bytes ASSAY_MAX_PENDING_BYTES max_pending_bytes 512 MiB
 *   --max-pending-bytes-per-peer ASSAY_MAX_PENDING_BYTES_PER_PEER max_pending_bytes_per_peer 128 MiB
 *   --handshake-ms   ASSAY_HANDSHAKE_MS     handshake_ms      10000
 *   --call-ms        ASSAY_CALL_MS          call_ms           60000
 *   --slow-ms        ASSAY_SLOW_MS          slow_ms           60000
 *   --require-leases ASSAY_REQUIRE_LEASES   require_leases    false; true turns agents away that keep no signed leases (wire versions before 1.3)
 *   --redis-plaintext ASSAY_REDIS_PLAINTEXT redis_plaintext   false; with --profile production a Redis beyond this machine needs TLS
 *   --keep-for       ASSAY_KEEP_FOR         keep_for          for ever; finished evaluations older than that are removed
 *   --keep-evaluations ASSAY_KEEP_EVALUATIONS keep_evaluations all; of finished evaluations beyond so many the oldest are removed
 *   --keep-bytes     ASSAY_KEEP_BYTES       keep_bytes        all; the same for the bytes that they have together
 *   --keep-ledger    ASSAY_KEEP_LEDGER      keep_ledger       24h; how long Redis still knows what is final
 *   --keep-ledgers   ASSAY_KEEP_LEDGERS     keep_ledgers      10000; of those beyond so many Redis forgets the oldest
 *   --keep-ledger-bytes ASSAY_KEEP_LEDGER_BYTES keep_ledger_bytes no bound; the same for the bytes that they take in Redis
 *   --keep-log-bytes ASSAY_KEEP_LOG_BYTES   keep_log_bytes    16 MiB; of the lines about one evaluation; 0: none are taken of agents
 *   --keep-audit     ASSAY_KEEP_AUDIT       keep_audit        400d; how long the audit log is kept, a day at least
 *   --prices         ASSAY_PRICES           prices            a JSON file: a table of prices in place of the built-in one
 *   --key-prefix     ASSAY_KEY_PREFIX       key_prefix        assay
 *   --profile        ASSAY_PROFILE          profile           development; production refuses a Redis that may lose what it is given
 *   --durability     ASSAY_DURABILITY       durability        auto: what Redis's settings give; or a class that every acknowledgement waits for
 *   --log-level      ASSAY_LOG_LEVEL        log_level         info
 *   --exit-with-parent ASSAY_EXIT_WITH_PARENT exit_with_parent false
 *   --config         ASSAY_CONFIG                             none; the YAML file
 *
 * Durations take a unit as well: 15s, 500ms.
 */
import type { Durability } from '../shared/domain/durability.ts';
import type { RetentionPolicy } from '../shared/client/types.ts';
import type { PriceTable } from '../shared/domain/prices.ts';
import { ConfigReader } from '../shared/runtime/config-reader.ts';
import { LOG_LEVELS, type LogLevel } from '../shared/telemetry/logger.ts';
import type { LedgerPolicy } from './evaluations/retention/ledger-retention.ts';
import {
  readAddress,
  readAuditRetention,
  readDurability,
  readHttp,
  readPrices,
  readRedisUrl,
  readLedgerRetention,
  readRetention,
  type HttpSettings,
  readStore,
  readToken,
} from './config-values.ts';
import { camelFlags, configFile, flagsOf } from './config-flags.ts';
import { readAlerts } from './alerts-config.ts';
import type { AlertSettings } from './alerts/settings.ts';
import { readIdentities, type IdentitySettings } from './identities-config.ts';
import { checkRedisTransport, readLimits, readTls } from './tls-config.ts';
import { PROFILES, type Profile } from './redis/safety.ts';
import type { TlsSettings } from './rpc/door/certificates.ts';
import type { TransportLimits } from './rpc/limits/transport-limits.ts';
import { isLocal, type ListenAddress } from './rpc/listen-address.ts';
import type { S3Location } from './store/s3/location.ts';

export interface CoordinatorConfig {
  readonly listen: ListenAddress;
  /** As shared/runtime/redis-url.ts reads it. May hold a password: never to be logged. */
  readonly redisUrl: string;
  /** The store's directory, absolute; or its URL, where it is in S3. */
  readonly store: string;
  readonly s3?: S3Location;
  /** The file of the index, absolute; by default one in the store's directory. */
  readonly index?: string;
  readonly token?: string;
  readonly tls?: TlsSettings;
  /** Who may call without a token of this coordinator's. */
  readonly identities: IdentitySettings;
  /** Where to tell what operators want to know. */
  readonly alerts: AlertSettings;
  /** What one peer may take. */
  readonly limits: TransportLimits;
  readonly http?: HttpSettings;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly sweepMs: number;
  /** How long an agent may take to accept an assignment. */
  readonly acceptMs: number;
  /** How long a stop waits for agents and calls. */
  readonly drainMs: number;
  /** How long a task may take on one agent, until what waits of it, and all of it, is taken back; 0: for ever. */
  readonly taskSoftMs: number;
  readonly taskHardMs: number;
  readonly maxContentBytes: number;
  /** Of Redis's maxmemory and of the store's file system: kept free of new evaluations, for what is accepted. */
  readonly redisHeadroomPercent: number;
  readonly storeHeadroomBytes: number;
  /** Evaluations that are not finished. */
  readonly maxUnfinished: number;
  /** Whether agents are turned away that keep no signed leases. */
  readonly requireLeases: boolean;
  /** Whether `https:` datasets may come from private networks. */
  readonly fetchPrivate: boolean;
  /** Which finished evaluations are kept. */
  readonly retention: RetentionPolicy;
  /** Which ledgers of final evaluations Redis keeps, for watchers. */
  readonly ledgerRetention: LedgerPolicy;
  /** How long the audit log is kept, and how much of the lines about one evaluation. */
  readonly keepAuditMs: number;
  readonly keepLogBytes: number;
  /** Prices of models, in place of the built-in ones. */
  readonly prices?: PriceTable;
  /** Before every key in Redis. */
  readonly keyPrefix: string;
  /** Whether a Redis that may lose what it is given is refused, or only warned of. */
  readonly profile: Profile;
  /** What Redis must reach before a submit or a command is acknowledged; absent: whatever its settings give. */
  readonly durability?: Durability;
  readonly logLevel: LogLevel;
  /** Ends when standard input does: for a coordinator that is another process's child. */
  readonly exitWithParent: boolean;
}

const WHAT = 'coordinator configuration';

/** Reads everything once; `invalid` names every fault with its place, its value and the remedy. `argv`: what follows the command. */
export async function parseCoordinatorConfig(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CoordinatorConfig> {
  const { flags, faults } = flagsOf(argv);
  const file = await configFile(flags['config'] ?? environment['ASSAY_CONFIG'], faults);
  const reader = new ConfigReader({ what: WHAT, flags: camelFlags(flags), environment, file });
  for (const { place, problem } of faults) reader.fault(place, problem);

  const listen = readAddress(reader, 'listen', '127.0.0.1:4510');
  const redisUrl = readRedisUrl(reader);
  const { store, s3 } = readStore(reader);
  const index = reader.path('index');
  const token = await readToken(reader);
  const tls = await readTls(reader);
  const identities = await readIdentities(reader, tls);
  const alerts = await readAlerts(reader, environment);
  const limits = readLimits(reader, listen !== undefined && isLocal(listen));
  const missing = [...(tls ? [] : ['TLS (--tls-cert and --tls-key)']), ...(token ? [] : ['a token (--token-file or ASSAY_TOKEN)'])];
  const http = readHttp(reader, { missing, hasToken: token !== undefined });
  const times = {
    leaseMs: reader.ms('lease_ms', { default: 15_000, minMs: 300, maxMs: 3_600_000 }),
    heartbeatMs: reader.ms('heartbeat_ms', { default: 5000, minMs: 50, maxMs: 600_000 }),
    sweepMs: reader.ms('sweep_ms', { default: 1000, minMs: 10, maxMs: 60_000 }),
    acceptMs: reader.ms('accept_ms', { default: 10_000, minMs: 100, maxMs: 600_000 }),
    drainMs: reader.ms('drain_ms', { default: 5000, maxMs: 600_000 }),
    taskSoftMs: reader.ms('task_soft_ms', { default: 0 }),
    taskHardMs: reader.ms('task_hard_ms', { default: 0 }),
  };
  const maxContentBytes = reader.int('max_content_bytes', { default: 8 * 1024 ** 3, min: 1 });
  const admission = {
    redisHeadroomPercent: reader.int('redis_headroom_percent', { default: 20, max: 90 }),
    storeHeadroomBytes: reader.int('store_headroom_bytes', { default: 256 * 1024 ** 2 }),
    maxUnfinished: reader.int('max_unfinished', { default: 10_000, min: 1 }),
    keepLogBytes: reader.int('keep_log_bytes', { default: 16 * 1024 ** 2 }),
  };
  const requireLeases = reader.boolean('require_leases', { default: false });
  const fetchPrivate = reader.boolean('fetch_private', { default: listen !== undefined && isLocal(listen) });
  const retention = readRetention(reader);
  const ledgerRetention = readLedgerRetention(reader);
  const keepAuditMs = readAuditRetention(reader);
  const prices = await readPrices(reader);
  const keyPrefix = reader.string('key_prefix', { default: 'assay' });
  if (!/^[A-Za-z0-9_.-]{1,64}$/.test(keyPrefix))
    reader.fault('key_prefix', `${JSON.stringify(keyPrefix)} must be 1 to 64 letters, digits, "_", "." or "-"`);
  const profile = reader.oneOf('profile', PROFILES, { default: 'development' });
  checkRedisTransport(reader, redisUrl, profile);
  const durability = readDurability(reader);
  const logLevel = reader.oneOf('log_level', LOG_LEVELS, { default: 'info' });
  const exitWithParent = reader.boolean('exit_with_parent', { default: false });

  if (times.heartbeatMs * 3 > times.leaseMs) {
    const most = Math.floor(times.leaseMs / 3);
    reader.fault(
      'heartbeat_ms',
      `${times.heartbeatMs} is more than a third of lease_ms (${times.leaseMs}), so two lost heartbeats would cost a lease; write ${most} or less`,
    );
  }
  if (times.taskHardMs > 0 && times.taskSoftMs >= times.taskHardMs)
    reader.fault('task_soft_ms', `${times.taskSoftMs} is not less than task_hard_ms (${times.taskHardMs}); write less, or leave it out`);
  if (listen && !isLocal(listen) && missing.length > 0)
    reader.fault(
      'listen',
      `${reader.find('listen')?.value} can be reached from other machines, which needs ${missing.join(' and ')}; add it, or listen on 127.0.0.1`,
    );
  reader.finish();
  return Object.freeze({
    listen: Object.freeze(listen!),
    redisUrl: redisUrl!,
    store: store!,
    ...(s3 && { s3: Object.freeze(s3) }),
    ...(index && { index }),
    ...(token && { token }),
    ...(tls && { tls: Object.freeze(tls) }),
    identities: Object.freeze(identities),
    alerts: Object.freeze(alerts),
    limits,
    ...(http && { http: Object.freeze(http) }),
    ...times,
    maxContentBytes,
    ...admission,
    requireLeases,
    fetchPrivate,
    retention: Object.freeze(retention),
    ledgerRetention: Object.freeze(ledgerRetention),
    keepAuditMs,
    ...(prices && { prices: Object.freeze(prices) }),
    keyPrefix,
    profile,
    ...(durability && { durability: Object.freeze(durability) }),
    logLevel,
    exitWithParent,
  });
}
