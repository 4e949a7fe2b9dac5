/**
 * One error class for everything that a caller may act upon. `code` decides the gRPC status, the exit code and whether a
 * retry makes sense; `message` is one or more lines for people: place, value, remedy. No prompt, completion or key in it.
 */
export const APP_CODES = [
  'invalid',
  'not_found',
  'already_exists',
  'failed_precondition',
  'unauthenticated',
  'permission_denied',
  'resource_exhausted',
  'unavailable',
  'cancelled',
  'deadline',
  'unimplemented',
  'internal',
] as const;
export type AppCode = (typeof APP_CODES)[number];

export class AppError extends Error {
  readonly code: AppCode;
  /** Of `invalid`: each fault by itself, for callers that show them beside what was typed. */
  readonly faults: readonly Fault[];
  /** Of `unavailable` and `resource_exhausted`: the least time to wait before the call is made again. */
  readonly retryAfterMs: number | undefined;
  /** A word for programs, where the code alone says too little (`WIRE_VERSION`), and what belongs to it. */
  readonly reason: string | undefined;
  readonly details: Readonly<Record<string, string>>;
  /** What callers are told in place of the message: that one has words of a server behind us (hosts, keys, commands), which are for the log. */
  readonly outward: string | undefined;

  constructor(
    code: AppCode,
    message: string,
    options: {
      cause?: unknown;
      faults?: readonly Fault[];
      retryAfterMs?: number | undefined;
      reason?: string | undefined;
      details?: Readonly<Record<string, string>>;
      outward?: string | undefined;
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.reason = options.reason;
    this.details = options.details ?? {};
    this.outward = options.outward;
  }

  /** Any thrown value as an AppError; what is not one becomes `internal` with its message. */
  static from(error: unknown): AppError {
    if (error instanceof AppError) return error;
    if (error instanceof Error)
      return new AppError(error.name === 'AbortError' ? 'cancelled' : 'internal', error.message, { cause: error });
    return new AppError('internal', String(error));
  }
}

/** Whether the same call may succeed later without any change by its caller. */
export const isRetryable = (code: AppCode): boolean => code === 'unavailable' || code === 'deadline';

/** The same for what was refused for want of room: when room may come, it says how long to wait. */
export const isRefusedForNow = ({ code, retryAfterMs }: AppError): boolean => code === 'resource_exhausted' && retryAfterMs !== undefined;

/** One fault of an input: where, and what is wrong with what stands there, and what to write instead. */
export interface Fault {
  place: string;
  problem: string;
}

/** All faults of one input as one `invalid` error, a line each. */
export function invalid(what: string, faults: readonly Fault[]): AppError {
  const lines = faults.map((f) => (f.place ? `${f.place}: ${f.problem}` : f.problem));
  return new AppError(
    'invalid',
    lines.length === 1 ? `${what}: ${lines[0]}` : `${what} has ${lines.length} faults:\n${lines.map((l) => `  ${l}`).join('\n')}`,
    { faults },
  );
}
