/** One table: AppError code ↔ gRPC status. */
import { randomBytes } from 'node:crypto';
import { status as Status } from '@grpc/grpc-js';
import { AppError, type AppCode } from '../domain/errors.ts';

const STATUS_OF: Record<AppCode, Status> = {
  invalid: Status.INVALID_ARGUMENT,
  not_found: Status.NOT_FOUND,
  already_exists: Status.ALREADY_EXISTS,
  failed_precondition: Status.FAILED_PRECONDITION,
  unauthenticated: Status.UNAUTHENTICATED,
  resource_exhausted: Status.RESOURCE_EXHAUSTED,
  unavailable: Status.UNAVAILABLE,
  cancelled: Status.CANCELLED,
  deadline: Status.DEADLINE_EXCEEDED,
  unimplemented: Status.UNIMPLEMENTED,
  internal: Status.INTERNAL,
};

/** Statuses that our servers never choose: they come from proxies, and from connections that break. */
const FOREIGN: Partial<Record<Status, AppCode>> = {
  [Status.PERMISSION_DENIED]: 'unauthenticated',
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

/** Headers beyond some 8 KiB are refused by proxies; what is sent is percent-encoded, so that is what counts. */
const MAX_DETAILS_BYTES = 7000;

/** In the form in which grpc-js takes it from a handler. */
export interface StatusToSend extends Error {
  code: Status;
  details: string;
}

/**
 * What a caller is told about an error: an AppError's own message; of an internal error only a reference, under which
 * `report` gets the rest for the log.
 */
export function statusToSend(error: unknown, report: (reference: string, error: unknown) => void): StatusToSend {
  const known = AppError.from(error);
  let details = known.message;
  if (known.code === 'internal') {
    const reference = randomBytes(4).toString('hex');
    report(reference, error);
    details = `internal error, reference ${reference}: the coordinator's log says more under it`;
  }
  details = shorten(details);
  return Object.assign(new Error(details), { code: STATUS_OF[known.code], details });
}

/** Cut to what a header carries; and no lone surrogates, at which percent-encoding throws. */
function shorten(text: string): string {
  const clean = text.toWellFormed();
  if (encodeURI(clean).length <= MAX_DETAILS_BYTES) return clean;
  let [low, high] = [0, clean.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (encodeURI(clean.slice(0, middle).toWellFormed()).length <= MAX_DETAILS_BYTES) low = middle;
    else high = middle - 1;
  }
  return `${clean.slice(0, low).toWellFormed()} … (cut)`;
}

/**
 * What went wrong with a call, for its caller. A connection that breaks shows as CANCELLED, UNKNOWN or INTERNAL with
 * RST_STREAM as well as UNAVAILABLE; all of them are `unavailable`, unless the caller itself has cancelled.
 */
export function errorFromStatus(error: unknown, cancelledByUs = false): AppError {
  if (error instanceof AppError) return error;
  const { code, details } = error as { code?: unknown; details?: unknown };
  if (typeof code !== 'number')
    return new AppError('unavailable', `the connection broke: ${AppError.from(error).message}`, { cause: error });
  const text = typeof details === 'string' && details !== '' ? details : `gRPC status ${Status[code] ?? code}`;
  return new AppError(codeOf(code, text, cancelledByUs), text, { cause: error });
}

function codeOf(status: Status, details: string, cancelledByUs: boolean): AppCode {
  if (status === Status.CANCELLED) return cancelledByUs ? 'cancelled' : 'unavailable';
  if (status === Status.INTERNAL && /RST_STREAM|GOAWAY|session/i.test(details)) return 'unavailable';
  return CODE_OF.get(status) ?? 'internal';
}
