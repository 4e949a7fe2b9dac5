/**
 * The details of an error in the trailer `grpc-status-details-bin`: a google.rpc.Status with an ErrorInfo always, a BadRequest
 * where there are faults, a RetryInfo where the call may be made again. The only file that knows those messages.
 */
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import type { AppError, Fault } from '../domain/errors.ts';
import { loadProtos } from './load.ts';

/** The trailer's name. */
export const DETAILS_KEY = 'grpc-status-details-bin';
const DOMAIN = 'assay';
const TYPE = 'type.googleapis.com/google.rpc.';
const DEFAULT_RETRY_MS = 1000;
const MAX_RETRY_MS = 3_600_000;
const MAX = { faults: 100, place: 200, problem: 500, metadata: 20, metadataBytes: 600, key: 64, value: 200 };
/** What the words for the faults that do not fit may take. */
const REST_BYTES = 80;

interface Messages {
  Status: { code: number; message: string; details: { type_url: string; value: Buffer }[] };
  ErrorInfo: { reason: string; domain: string; metadata: Record<string, string> };
  RetryInfo: { retryDelay: { seconds: string; nanos: number } | null };
  BadRequest: { fieldViolations: { field: string; description: string }[] };
}
type Codecs = { [Name in keyof Messages]: MessageTypeDefinition<Messages[Name], Messages[Name]> };

/** A constant that is computed at its first use, as in `load.ts`. */
const loaded: { codecs?: Codecs } = {};

function codecs(): Codecs {
  if (!loaded.codecs) {
    const all = loadProtos('details');
    const names = ['Status', 'ErrorInfo', 'RetryInfo', 'BadRequest'];
    loaded.codecs = Object.fromEntries(names.map((name) => [name, all[`google.rpc.${name}`]])) as unknown as Codecs;
  }
  return loaded.codecs;
}

/** The word for programs: the error's own, or its code. */
const reasonOf = (error: AppError): string => error.reason ?? error.code.toUpperCase();

/** Encodes an error's details in at most `maxBytes` (some hundreds over its message at least); faults that do not fit are counted. */
export function encodeDetails(error: AppError, status: number, message: string, maxBytes: number): Buffer {
  const { Status, ErrorInfo, RetryInfo, BadRequest } = codecs();
  const details = [any('ErrorInfo', ErrorInfo.serialize({ reason: reasonOf(error), domain: DOMAIN, metadata: metadataOf(error) }))];
  // A bound that no waiting moves (too many matches, too large) has none.
  const retryAfterMs = error.code === 'unavailable' ? (error.retryAfterMs ?? DEFAULT_RETRY_MS) : error.retryAfterMs;
  if (retryAfterMs !== undefined && (error.code === 'unavailable' || error.code === 'resource_exhausted')) {
    const ms = Math.min(Math.max(0, retryAfterMs), MAX_RETRY_MS);
    const retryDelay = { seconds: String(Math.floor(ms / 1000)), nanos: Math.round((ms % 1000) * 1e6) };
    details.push(any('RetryInfo', RetryInfo.serialize({ retryDelay })));
  }
  const encode = (more: typeof details): Buffer => Status.serialize({ code: status, message, details: [...details, ...more] });
  if (error.faults.length === 0) return encode([]);
  const left = maxBytes - encode([]).length - TYPE.length - 'BadRequest'.length - 20;
  return encode([any('BadRequest', BadRequest.serialize({ fieldViolations: violationsOf(error.faults, left) }))]);
}

const any = (type: string, value: Buffer): Messages['Status']['details'][number] => ({ type_url: `${TYPE}${type}`, value });

function metadataOf(error: AppError): Record<string, string> {
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const [key, value] of Object.entries(error.details).slice(0, MAX.metadata)) {
    const entry = [key.slice(0, MAX.key).toWellFormed(), value.slice(0, MAX.value).toWellFormed()] as const;
    bytes += Buffer.byteLength(entry[0]) + Buffer.byteLength(entry[1]) + 8;
    if (bytes > MAX.metadataBytes) break;
    metadata[entry[0]] = entry[1];
  }
  return metadata;
}

function violationsOf(faults: readonly Fault[], maxBytes: number): Messages['BadRequest']['fieldViolations'] {
  const violations: Messages['BadRequest']['fieldViolations'] = [];
  let left = maxBytes - REST_BYTES;
  for (const { place, problem } of faults.slice(0, MAX.faults)) {
    const field = place.slice(0, MAX.place).toWellFormed();
    const description = problem.slice(0, MAX.problem).toWellFormed();
    left -= Buffer.byteLength(field) + Buffer.byteLength(description) + 12;
    if (left < 0) break;
    violations.push({ field, description });
  }
  const cut = faults.length - violations.length;
  if (cut > 0) violations.push({ field: '', description: `${cut} more ${cut === 1 ? 'fault is' : 'faults are'} not listed` });
  return violations;
}

/** What the details say; empty if there are none, or none that can be read. */
export function decodeDetails(bytes: unknown): {
  faults?: Fault[];
  retryAfterMs?: number;
  reason?: string;
  details?: Record<string, string>;
} {
  if (!Buffer.isBuffer(bytes)) return {};
  const { Status, ErrorInfo, RetryInfo, BadRequest } = codecs();
  const known: ReturnType<typeof decodeDetails> = {};
  try {
    for (const { type_url, value } of Status.deserialize(bytes).details) {
      if (type_url === `${TYPE}ErrorInfo`) {
        const { reason, domain, metadata } = ErrorInfo.deserialize(value);
        if (domain === DOMAIN) Object.assign(known, { reason, details: { ...metadata } });
      } else if (type_url === `${TYPE}RetryInfo`) {
        const { retryDelay } = RetryInfo.deserialize(value);
        const ms = Number(retryDelay?.seconds ?? 0) * 1000 + (retryDelay?.nanos ?? 0) / 1e6;
        if (ms >= 0) known.retryAfterMs = Math.min(ms, MAX_RETRY_MS);
      } else if (type_url === `${TYPE}BadRequest`) {
        known.faults = BadRequest.deserialize(value).fieldViolations.map((v) => ({ place: v.field, problem: v.description }));
      }
    }
  } catch {
    return {}; // of a stranger; the status itself says enough
  }
  return known;
}
