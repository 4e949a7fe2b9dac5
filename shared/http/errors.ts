/** One table: AppError code ↔ status of HTTP; and errors as they travel, in JSON. */
import type { AppCode, AppError, Fault } from '../domain/errors.ts';

/** What every refused call is answered with. */
export interface HttpError {
  code: AppCode;
  /** For people: one or more lines. */
  message: string;
  /** Of `invalid`: each fault by itself. */
  faults?: Fault[];
  /** Of `internal`: under it the coordinator's log says more. */
  reference?: string;
  /** A word for programs, where the code says too little. */
  reason?: string;
  /** The least time to wait before the call is made again; as `Retry-After`, which counts whole seconds. */
  retryAfterMs?: number;
}

export const HTTP_STATUS: Readonly<Record<AppCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  failed_precondition: 412,
  resource_exhausted: 429,
  cancelled: 499,
  internal: 500,
  unimplemented: 501,
  unavailable: 503,
  deadline: 504,
};

/** The code of a status that a proxy may have chosen. */
export const codeOfHttpStatus = (status: number): AppCode =>
  (Object.entries(HTTP_STATUS).find(([, known]) => known === status)?.[0] as AppCode | undefined) ??
  (status >= 500 ? 'unavailable' : 'invalid');

export const httpErrorOf = ({ code, message, faults, reason, retryAfterMs }: AppError, reference?: string): HttpError => ({
  code,
  message,
  ...(faults.length > 0 && { faults: [...faults] }),
  ...(reference !== undefined && { reference }),
  ...(reason !== undefined && { reason }),
  ...(retryAfterMs !== undefined && { retryAfterMs }),
});
