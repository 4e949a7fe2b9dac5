/** What a check of `assay doctor` is: one file per subject, each finding with what to type. */
import { AppError } from '../../shared/domain/errors.ts';

/** ok: as it should be. note: works, but may surprise. fault: must change. */
export type Level = 'ok' | 'note' | 'fault';

export interface Finding {
  level: Level;
  /** What was looked at: `Node`, `Redis`, `token` … */
  subject: string;
  /** What was found, one sentence. */
  says: string;
  /** What to type or change; of faults and notes. */
  remedy?: string;
}

/** One subject; throws only what it did not foresee. */
export interface Check {
  subject: string;
  /** What it may take, where that is more than others. */
  limitMs?: number;
  run(): Promise<Finding[]>;
}

/** For one check; a host that swallows packets must not hold up the others. */
const LIMIT_MS = 15_000;

export const ok = (subject: string, says: string): Finding => ({ level: 'ok', subject, says });
export const note = (subject: string, says: string, remedy: string): Finding => ({ level: 'note', subject, says, remedy });
export const fault = (subject: string, says: string, remedy: string): Finding => ({ level: 'fault', subject, says, remedy });

/** Runs the checks one after the other, each within its time. */
export async function* examine(checks: readonly Check[], limitMs = LIMIT_MS): AsyncGenerator<Finding> {
  for (const check of checks) yield* await within(check, check.limitMs ?? limitMs);
}

async function within({ subject, run }: Check, limitMs: number): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Finding[]>((resolve) => {
    const late = fault(
      subject,
      `gave no answer within ${limitMs / 1000} s`,
      'look at the network between this host and it, and at its log',
    );
    timer = setTimeout(() => resolve([late]), limitMs);
  });
  try {
    return await Promise.race([run(), limit]);
  } catch (error) {
    return [
      fault(subject, `could not be examined: ${AppError.from(error).message}`, 'type it again with ASSAY_DEBUG=1, and report what it says'),
    ];
  } finally {
    clearTimeout(timer);
  }
}
