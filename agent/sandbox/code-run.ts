/**
 * One run: two sandboxes, one with the program under test, one with the tests, and the agent between them, which passes their lines on
 * and believes only the second one.
 *
 *   program ◀── calls ── tests ── verdict ──▶ agent
 *           ── values ──▶
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Box, type BoxKind } from './box.ts';
import { firstLine } from './first-line.ts';
import { rlimitsOf, type BoxLimits } from './policy.ts';
import { residentBytes } from './resident.ts';

export interface CodeJob {
  program: string;
  /** Of it, helpers of the tests; '' where it is no code. */
  prompt: string;
  test: string;
  /** The function that `check` of the test is called with; undefined: the test calls it by itself. */
  entryPoint: string | undefined;
  timeoutMs: number;
  memoryBytes: number;
}

export interface CodeVerdict {
  passed: boolean;
  /** Why it failed; '' if it did not. */
  why: string;
}

const guest = (name: string): string => readFileSync(join(import.meta.dirname, 'guests', name), 'utf8');
const COMMON = guest('common.py');
const PROGRAM = guest('program.py');
const TESTS = guest('tests.py');

/** Until both interpreters are ready; no part of the run's own time. */
const START_MS = 30_000;
/** Of all that one side says to the other. */
const MAX_BYTES = 64 * 1024 * 1024;
const WATCH_MS = 50;

/** Throws AppError `failed_precondition` where there is no verdict on the program (no sandbox, a broken test), or the signal's reason. */
export async function runCode(kind: BoxKind, job: CodeJob, { clock, signal }: { clock: Clock; signal: AbortSignal }): Promise<CodeVerdict> {
  signal.throwIfAborted();
  const limits: BoxLimits = { memoryBytes: job.memoryBytes, cpuSeconds: Math.ceil(job.timeoutMs / 1000) + 1 };
  const code = (source: string, call: string): string => `${COMMON}\n${source}\n${call}(${JSON.stringify(rlimitsOf(limits))})\n`;
  const boxes: Box[] = [];
  const done = new AbortController();
  const ended = AbortSignal.any([done.signal, signal]);
  try {
    const program = new Box(kind, code(PROGRAM, 'serve'), { hasVerdicts: false });
    boxes.push(program);
    const tests = new Box(kind, code(TESTS, 'judge'), { hasVerdicts: true });
    boxes.push(tests);
    await Promise.race([
      Promise.all([started(program), started(tests)]),
      clock.sleep(START_MS, ended).then(() => Promise.reject(noSandbox(`was not ready within ${START_MS / 1000} s`))),
    ]);
    const { promise: over, resolve: end } = Promise.withResolvers<CodeVerdict>();
    connect(program, tests, () => end({ passed: false, why: `the program wrote more than ${MAX_BYTES / 2 ** 20} MiB of answers` }));
    void watch(boxes, job, { clock, signal: ended }, end);
    const line = firstLine(tests.verdicts!);
    tests.verdicts!.write(
      `${JSON.stringify({ program: job.program, prompt: job.prompt, test: job.test, entry_point: job.entryPoint ?? null })}\n`,
    );
    return await Promise.race([
      over,
      line.then((text) => verdictIn(text)),
      clock.sleep(job.timeoutMs, ended).then(() => ({ passed: false, why: `timed out after ${job.timeoutMs / 1000} s` })),
    ]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    done.abort(new AppError('cancelled', 'the run is over'));
    await Promise.all(boxes.map((box) => box.end(clock)));
  }
}

/** What it says before it knows anything of the run: that its limits hold. */
async function started(box: Box): Promise<void> {
  const text = await Promise.race([firstLine(box.verdicts ?? box.channel), box.gone.then((words) => Promise.reject(noSandbox(words)))]);
  if (text !== '"ready"') throw noSandbox(await box.gone);
  box.hasStarted();
}

const noSandbox = (words: string): AppError =>
  new AppError(
    'failed_precondition',
    `the sandbox ${words.startsWith('was') ? words : `did not start: ${words.slice(0, 500) || 'it ended at once'}`}`,
  );

function connect(program: Box, tests: Box, onTooMuch: () => void): void {
  for (const [from, to] of [
    [program.channel, tests.channel],
    [tests.channel, program.channel],
  ] as const) {
    let bytes = 0;
    from.on('data', (chunk: Buffer) => {
      if ((bytes += chunk.length) > MAX_BYTES) onTooMuch();
    });
    from.pipe(to);
  }
}

/** Ends the run when one of its sandboxes has more in memory than it may, or when the tests end without a verdict. */
async function watch(
  [program, tests]: Box[],
  { memoryBytes }: CodeJob,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
  end: (verdict: CodeVerdict) => void,
): Promise<void> {
  const tooMuch = { passed: false, why: `took more than ${Math.round(memoryBytes / 2 ** 20)} MiB of memory` };
  try {
    for (;;) {
      if ([program, tests].some((box) => residentBytes(box!.pid!) > memoryBytes)) return end(tooMuch);
      await clock.sleep(WATCH_MS, signal);
    }
  } catch {
    // The run is over.
  }
}

function verdictIn(text: string | undefined): CodeVerdict {
  if (text === undefined)
    return { passed: false, why: 'the tests were ended before they were through (by their limits of time and memory)' };
  const value = JSON.parse(text) as { error?: string; passed?: boolean; why?: string };
  if (value.error !== undefined) throw new AppError('failed_precondition', value.error);
  return { passed: value.passed === true, why: value.why ?? '' };
}
