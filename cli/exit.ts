/** How the command line ends: exit codes, and what is printed when something went wrong. */
import { AppError, type AppCode } from '../shared/domain/errors.ts';
import type { EvaluationState } from '../shared/domain/states.ts';

/** The exit codes of every command (docs/cli.md). */
export const EXIT = { ok: 0, failed: 1, usage: 2, belowThreshold: 3, cancelled: 4, differs: 5, interrupted: 130 } as const;

/** Ctrl-C or SIGTERM ended a command; its message, if any, says how to go on. */
export class Interrupted extends Error {
  constructor(message = '') {
    super(message);
    this.name = 'Interrupted';
  }
}

/** Whoever read our standard output has stopped reading, as `assay results … | head` does. */
export class OutputClosed extends Error {
  constructor() {
    super('standard output is closed');
    this.name = 'OutputClosed';
  }
}

/** Codes that mean: what was typed or written must change before it can work. */
const USAGE_CODES: ReadonlySet<AppCode> = new Set([
  'invalid',
  'not_found',
  'already_exists',
  'unauthenticated',
  'permission_denied',
  'unimplemented',
]);

/** The exit code that an evaluation's state stands for; an unfinished one is no failure. */
export function exitCodeOfState(state: EvaluationState): number {
  if (state === 'failed') return EXIT.failed;
  return state === 'cancelled' ? EXIT.cancelled : EXIT.ok;
}

/** The exit code and the words for anything thrown by a command. With `debug` the words end with the stack. */
export function explainFailure(error: unknown, debug: boolean): { code: number; text: string } {
  if (error instanceof OutputClosed) return { code: EXIT.ok, text: '' };
  if (error instanceof Interrupted) return { code: EXIT.interrupted, text: error.message };
  const failure = AppError.from(error);
  const code = USAGE_CODES.has(failure.code) ? EXIT.usage : failure.code === 'cancelled' ? EXIT.cancelled : EXIT.failed;
  const text = `assay: ${failure.message || failure.code}`;
  return { code, text: debug && failure.stack ? `${text}\n${failure.stack}${causeOf(failure)}` : text };
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : '';
}
