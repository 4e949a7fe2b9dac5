/** One table: AppError code ↔ gRPC status; and errors as they travel, with their details. */
import { randomBytes } from 'node:crypto';
import { Metadata, status as Status } from '@grpc/grpc-js';
import { AppError, type AppCode, type Fault } from '../domain/errors.ts';
import { decodeDetails, DETAILS_KEY, encodeDetails } from './status-details.ts';

const STATUS_OF: Record<AppCode, Status> = {
  invalid: Status.INVALID_ARGUMENT,
  not_found: Status.NOT_FOUND,
  already_exists: Status.ALREADY_EXISTS,
  failed_precondition: Status.FAILED_PRECONDITION,
  unauthenticated: Status.UNAUTHENTICATED,
  permission_denied: Status.PERMISSION_DENIED,
  resource_exhausted: Status.RESOURCE_EXHAUSTED,
  unavailable: Status.UNAVAILABLE,
  cancelled: Status.CANCELLED,
  deadline: Status.DEADLINE_EXCEEDED,
  unimplemented: Status.UNIMPLEMENTED,
  internal: Status.INTERNAL,
};

/** Statuses that our servers never choose: they come from proxies, and from connections that break. */
const FOREIGN: Partial<Record<Status, AppCode>> = {
  [Status.OUT_OF_RANGE]: 'invalid',
  [Status.ABORTED]: 'unavailable',
  [Status.UNKNOWN]: 'unavailable',
};

const CODE_OF = new Map<Status, AppCode>([
  ...Object.entries(STATUS_OF).map(([code, status]): [Status, AppCode] => [status, code as AppCode]),
  ...Object.entries(FOREIGN).map(([status, code]): [Status, AppCode] => [Number(status) as Status, code]),
]);

/** The gRPC status of an AppError code. */
export const statusOf = (code: AppCode): Status => STATUS_OF[code];

/** Headers beyond some 8 KiB are refused by proxies. The message is sent twice: in the status, percent-encoded, and in its details. */
const MAX_TRAILER_BYTES = 7600;
/** What message and details may take of it; with faults most is left for those, which say the same one by one. */
const MAX_MESSAGE_COST = { alone: 6200, withFaults: 3000 };
const CUT = ' … (cut)';

const costOf = (text: string): number => encodeURI(text).length + base64Length(Buffer.byteLength(text));
const base64Length = (bytes: number): number => Math.ceil((bytes * 4) / 3);

/** In the form in which grpc-js takes it from a handler. */
export interface StatusToSend extends Error {
  code: Status;
  details: string;
  /** The trailer with the details. */
  metadata: Metadata;
}

/** Gets for the log what callers see only a reference of. */
export type Report = (reference: string, error: unknown) => void;

/**
 * What leaves of an error, by whichever protocol: an AppError's own message; of one whose message is not for callers, and of an internal error,
 * only what may be told and a reference, under which `report` gets the rest.
 */
export function outwardOf(error: unknown, report: Report): { told: AppError; reference?: string } {
  const known = AppError.from(error);
  const { code, outward, retryAfterMs, reason, details } = known;
  if (code !== 'internal' && outward === undefined) return { told: known };
  const reference = randomBytes(4).toString('hex');
  report(reference, error);
  const told =
    code === 'internal'
      ? new AppError('internal', `internal error, reference ${reference}: the coordinator's log says more under it`)
      : new AppError(code, `${outward} (reference ${reference} in the coordinator's log)`, { retryAfterMs, reason, details });
  return { told, reference };
}

/** The same as a gRPC status. */
export function statusToSend(error: unknown, report: Report): StatusToSend {
  const { told: known } = outwardOf(error, report);
  const details = shorten(known.message, known.faults.length > 0 ? MAX_MESSAGE_COST.withFaults : MAX_MESSAGE_COST.alone);
  const code = STATUS_OF[known.code];
  const metadata = new Metadata();
  const left = Math.floor(((MAX_TRAILER_BYTES - encodeURI(details).length) * 3) / 4);
  metadata.set(DETAILS_KEY, encodeDetails(known, code, details, left));
  return Object.assign(new Error(details), { code, details, metadata });
}

/** Cut to what a header carries; and no lone surrogates, at which percent-encoding throws. */
function shorten(text: string, maxCost: number): string {
  const clean = text.toWellFormed();
  if (costOf(clean) <= maxCost) return clean;
  let [low, high] = [0, Math.min(clean.length, maxCost)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (costOf(clean.slice(0, middle).toWellFormed()) <= maxCost) low = middle;
    else high = middle - 1;
  }
  return `${clean.slice(0, low).toWellFormed()}${CUT}`;
}

/**
 * What went wrong with a call, for its caller. A connection that breaks shows as CANCELLED, UNKNOWN or INTERNAL with
 * RST_STREAM as well as UNAVAILABLE; all of them are `unavailable`, unless the caller itself has cancelled.
 */
export function errorFromStatus(error: unknown, cancelledByUs = false): AppError {
  if (error instanceof AppError) return error;
  const { code, details, metadata } = error as { code?: unknown; details?: unknown; metadata?: unknown };
  if (typeof code !== 'number')
    return new AppError('unavailable', `the connection broke: ${AppError.from(error).message}`, { cause: error });
  const text = typeof details === 'string' && details !== '' ? details : `gRPC status ${Status[code] ?? code}`;
  const appCode = codeOf(code, text, cancelledByUs);
  const { faults = [], reason, ...more } = decodeDetails(metadata instanceof Metadata ? metadata.get(DETAILS_KEY)[0] : undefined);
  // What was cut of the sentence stands in the faults.
  const whole = text.endsWith(CUT) && faults.length > 0 ? listed(text, faults) : text;
  return new AppError(appCode, whole, { cause: error, faults, ...more, reason: reason === appCode.toUpperCase() ? undefined : reason });
}

/** Whether a coordinator itself has answered so: its errors bear details, those of a connection that breaks, or of a proxy, none. */
export function isAnswer({ cause }: AppError): boolean {
  const { metadata } = (cause ?? {}) as { metadata?: unknown };
  return metadata instanceof Metadata && metadata.get(DETAILS_KEY).length > 0;
}

const listed = (text: string, faults: readonly Fault[]): string =>
  [text.split('\n', 1)[0]!, ...faults.map(({ place, problem }) => `  ${place ? `${place}: ` : ''}${problem}`)].join('\n');

function codeOf(status: Status, details: string, cancelledByUs: boolean): AppCode {
  if (status === Status.CANCELLED) return cancelledByUs ? 'cancelled' : 'unavailable';
  if (status === Status.INTERNAL && /RST_STREAM|GOAWAY|session/i.test(details)) return 'unavailable';
  return CODE_OF.get(status) ?? 'internal';
}
