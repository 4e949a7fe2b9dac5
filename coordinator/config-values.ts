/** Settings of the coordinator that are more than one value: addresses, the store's place, secrets and tables in files. */
import type { RetentionPolicy } from '../shared/client/types.ts';
import { DURABILITY_FORMS, parseDurability, type Durability } from '../shared/domain/durability.ts';
import { AppError, type Fault } from '../shared/domain/errors.ts';
import { parsePriceTable, type PriceTable } from '../shared/domain/prices.ts';
import type { ConfigReader } from '../shared/runtime/config-reader.ts';
import { parseRedisUrl } from '../shared/runtime/redis-url.ts';
import type { LedgerPolicy } from './evaluations/retention/ledger-retention.ts';
import { formatListen, isLocal, parseListen, type ListenAddress } from './rpc/listen-address.ts';
import { isS3Url, s3LocationOf, type S3Location } from './store/s3/location.ts';
import { readSecret, readSmall } from './tls-config.ts';

const HOUR_MS = 3_600_000;
/** A hundred years. */
const LONGEST_MS = 100 * 365 * 24 * HOUR_MS;

export function readAddress(reader: ConfigReader, name: string, fallback: string | undefined): ListenAddress | undefined {
  const text = reader.string(name) ?? fallback;
  const address = text === undefined ? undefined : parseListen(text);
  if (typeof address !== 'string') return address;
  reader.fault(reader.find(name)?.place ?? name, `${JSON.stringify(text)}: ${address}`);
  return undefined;
}

/** What the HTTP server is set to. */
export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** Other names that it goes by, such as those of a proxy. */
  readonly origins: readonly string[];
  /** Whether beyond this machine metrics are for everybody. */
  readonly openMetrics: boolean;
}

/** missing: what a server beyond this machine needs and is not there. */
export function readHttp(
  reader: ConfigReader,
  { missing, hasToken }: { missing: readonly string[]; hasToken: boolean },
): HttpSettings | undefined {
  const address = readAddress(reader, 'http', undefined);
  const origins = (reader.string('http_origins') ?? '').split(',').flatMap((part) => part.trim() || []);
  for (const origin of origins)
    if (!/^https?:\/\/[^/\s]+$/.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin)
      reader.fault(
        reader.find('http_origins')?.place ?? 'http_origins',
        `${JSON.stringify(origin.slice(0, 100))} is not the address of a site; write https://NAME or https://NAME:PORT`,
      );
  if (origins.length > 0 && !hasToken)
    reader.fault(
      reader.find('http_origins')?.place ?? 'http_origins',
      'names a proxy, and there is no token: all that it lets through would seem to come from this machine; add one (--token-file or ASSAY_TOKEN)',
    );
  const openMetrics = reader.boolean('http_open_metrics', { default: false });
  if (!address) return undefined;
  if (address.kind === 'unix') reader.fault('http', 'must be HOST:PORT');
  else if (!isLocal(address) && missing.length > 0)
    reader.fault(
      'http',
      `${formatListen(address)} can be reached from other machines, which needs ${missing.join(' and ')}; add it, or listen on 127.0.0.1 and put a proxy in front`,
    );
  else return { host: address.host, port: address.port, origins, openMetrics };
  return undefined;
}

/** Which finished evaluations are kept; what is not said has no bound. */
export function readRetention(reader: ConfigReader): RetentionPolicy {
  const keepMs = reader.ms('keep_for', { minMs: 1000, maxMs: LONGEST_MS });
  const keepEvaluations = reader.int('keep_evaluations', { min: 1 });
  const keepBytes = reader.int('keep_bytes', { min: 1 });
  return {
    ...(keepMs === undefined ? {} : { keepMs }),
    ...(keepEvaluations === undefined ? {} : { keepEvaluations }),
    ...(keepBytes === undefined ? {} : { keepBytes }),
  };
}

export function readLedgerRetention(reader: ConfigReader): LedgerPolicy {
  return {
    keepMs: reader.ms('keep_ledger', { default: 24 * HOUR_MS, minMs: 1000, maxMs: LONGEST_MS }),
    ledgers: reader.int('keep_ledgers', { default: 10_000, min: 0 }),
    bytes: reader.int('keep_ledger_bytes', { min: 0 }),
  };
}

/** A year, and a month in which somebody asks for it. */
export const readAuditRetention = (reader: ConfigReader): number =>
  reader.ms('keep_audit', { default: 400 * 24 * HOUR_MS, minMs: 24 * HOUR_MS, maxMs: LONGEST_MS });

export function readRedisUrl(reader: ConfigReader): string | undefined {
  const url = reader.string('redis_url', { required: 'name it by --redis redis://HOST:PORT (or ASSAY_REDIS_URL)', secret: true });
  const place = url === undefined ? undefined : parseRedisUrl(url);
  if (typeof place !== 'string') return url;
  // The flag has two names; this is the one of the manual.
  reader.fault((reader.find('redis_url')?.place ?? 'redis_url').replace(/^--redis-url$/, '--redis'), place);
  return undefined;
}

/** undefined: `auto`. */
export function readDurability(reader: ConfigReader): Durability | undefined {
  const text = reader.string('durability', { default: 'auto' });
  const durability = text === 'auto' ? undefined : parseDurability(text);
  if (text !== 'auto' && !durability)
    reader.fault(
      reader.find('durability')?.place ?? 'durability',
      `${JSON.stringify(text.slice(0, 40))} is no durability class; write auto, ${DURABILITY_FORMS}`,
    );
  return durability;
}

export function readStore(reader: ConfigReader): { store?: string | undefined; s3?: S3Location | undefined } {
  const found = reader.find('store');
  if (typeof found?.value !== 'string' || !isS3Url(found.value))
    return { store: reader.path('store', { required: 'name a directory by --store DIR (or ASSAY_STORE), or s3://BUCKET/PREFIX' }) };
  const faults: Fault[] = [];
  const s3 = s3LocationOf(found.value, found.place, faults);
  for (const { place, problem } of faults) reader.fault(place, problem);
  return { store: found.value, s3 };
}

export async function readToken(reader: ConfigReader): Promise<string | undefined> {
  const path = reader.path('token_file');
  const inline = reader.string('token', { secret: true });
  if (path !== undefined && inline !== undefined) {
    reader.fault('token', 'there are a token and a token_file; keep one of them');
    return undefined;
  }
  const token = path === undefined ? inline : (await readSecret(reader, 'token_file', path))?.toString('utf8').trim();
  if (token === undefined) return undefined;
  if (/^[\x21-\x7e]{16,512}$/.test(token)) return token;
  const name = path === undefined ? 'token' : 'token_file';
  reader.fault(
    reader.find(name)?.place ?? name,
    'a token has 16 to 512 visible ASCII characters and no blanks; make one by `openssl rand -hex 32`',
  );
  return undefined;
}

export async function readPrices(reader: ConfigReader): Promise<PriceTable | undefined> {
  const path = reader.path('prices');
  const content = path === undefined ? undefined : await readSmall(reader, 'prices', path);
  if (content === undefined) return undefined;
  const place = `${reader.find('prices')!.place} ${path}`;
  try {
    return parsePriceTable(JSON.parse(content.toString('utf8')));
  } catch (error) {
    if (!(error instanceof AppError)) reader.fault(place, 'is no JSON; write {"version": "…", "models": [{"match": "provider/name", …}]}');
    else for (const fault of error.faults) reader.fault(`${place} ${fault.place}`.trimEnd(), fault.problem);
    return undefined;
  }
}
