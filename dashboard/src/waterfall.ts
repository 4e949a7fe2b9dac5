/**
 * When what happened to a sample, on one scale of time: waits in the queue, attempts on agents, and within the one that counts its calls, their waits,
 * the answer, its scoring; then its judges. Pure.
 */
import type { Sample, SampleAttempt } from '../../shared/client/types.ts';
import { duration, plural } from './words.ts';

export type BarKind = 'queue' | SampleAttempt['state'] | 'failed' | 'wait' | 'model' | 'rest' | 'judge';

export interface Bar {
  kind: BarKind;
  /** Within the attempt above it. */
  isInner: boolean;
  fromMs: number;
  /** undefined: nobody has seen its end. */
  ms: number | undefined;
  /** What it is, and how it went, in words. */
  title: string;
  more: string;
  agentId?: string;
  /** Whose sample has all of it. */
  unit?: number;
}

export interface Waterfall {
  bars: Bar[];
  fromMs: number;
  toMs: number;
  /** What is to be said of it, in sentences. */
  notes: string[];
}

/** Clocks that differ by less are not told of. */
const SAME_CLOCK_MS = 1_000;
/** What is shorter is not worth a bar. */
const LEAST_MS = 1;

/** `nowMs`: until when what is under way has lasted. */
export function waterfallOf(sample: Sample, nowMs: number): Waterfall {
  const { attempts, attemptsLeftOut, result } = sample;
  const notes: string[] = [];
  const bars: Bar[] = [];
  const counting = attempts.find((attempt) => attempt.result === 'counts');
  const shift = counting ? shiftOf(sample, counting) : 0;
  for (const [i, attempt] of attempts.entries()) {
    const { fromMs, toMs, waitedMs, agent, agentId } = attempt;
    if (waitedMs !== undefined && waitedMs >= LEAST_MS)
      bars.push({ kind: 'queue', isInner: false, fromMs: fromMs - waitedMs, ms: waitedMs, title: 'Waited in the queue', more: '' });
    const endMs = toMs > 0 ? toMs : attempt.state === 'running' ? Math.max(nowMs, fromMs) : undefined;
    bars.push({
      kind: attempt.state,
      isInner: false,
      fromMs,
      ms: endMs === undefined ? undefined : Math.max(0, endMs - fromMs),
      title: `Attempt ${i + 1} on ${agent || agentId}`,
      more: wordsOf(attempt),
      agentId,
    });
    if (attempt === counting) bars.push(...innerBars(sample, shift));
  }
  if (!counting && result.agentId !== '' && sample.startedAtMs > 0) {
    bars.push({
      ...{ kind: 'done', isInner: false, fromMs: sample.startedAtMs, ms: result.totalMs, agentId: result.agentId },
      ...{ title: `On ${result.agentId}`, more: 'its result counts; of the attempt itself nothing is told' },
    });
    bars.push(...innerBars(sample, 0));
  }
  for (const { unit, model, scorer, state, startedAtMs, totalMs } of sample.judgeCalls)
    bars.push({
      ...{ kind: 'judge', isInner: false, fromMs: startedAtMs, ms: totalMs, unit },
      ...{ title: `${model} judged it`, more: `for ${scorer}${state === 'scored' ? '' : `: ${state}`}` },
    });
  if (Math.abs(shift) > SAME_CLOCK_MS)
    notes.push(
      `The agent's clock is ${duration(Math.abs(shift))} ${shift > 0 ? 'behind' : 'ahead'}: its times were moved into its attempt.`,
    );
  if (attemptsLeftOut > 0)
    notes.push(
      `${plural(attemptsLeftOut, 'attempt')} of this evaluation ${attemptsLeftOut === 1 ? 'is' : 'are'} not kept; some may have been at this sample${attempts.length > 0 ? ', and numbers are of those that are' : ''}.`,
    );
  const fromMs = Math.min(...bars.map((bar) => bar.fromMs));
  return { bars, notes, fromMs, toMs: Math.max(...bars.map((bar) => bar.fromMs + (bar.ms ?? 0))) };
}

/** Agents have clocks of their own: by how much theirs is moved, so that what was done in an attempt lies within it. */
function shiftOf({ startedAtMs, result: { totalMs } }: Sample, { fromMs, toMs }: SampleAttempt): number {
  if (startedAtMs <= 0) return 0;
  if (startedAtMs < fromMs) return fromMs - startedAtMs;
  const overMs = toMs > 0 ? startedAtMs + totalMs - toMs : 0;
  return overMs > SAME_CLOCK_MS ? -Math.min(overMs, startedAtMs - fromMs) : 0;
}

/** What its agent has told: calls that failed, what was waited, the call that brought the answer, and what came behind it. */
function innerBars({ failures, startedAtMs, result }: Sample, shift: number): Bar[] {
  if (startedAtMs <= 0) return [];
  const bar = (kind: BarKind, fromMs: number, ms: number, title: string, more = ''): Bar => ({
    ...{ kind, isInner: true, fromMs: fromMs + shift, ms, title, more },
  });
  const bars = failures.flatMap((f) => {
    const title = `Call failed: ${f.errorClass}${f.httpStatus > 0 ? ` ${f.httpStatus}` : ''}`;
    const call = bar('failed', f.startedAtMs, f.durationMs, title, f.message);
    return f.waitedMs >= LEAST_MS ? [call, bar('wait', f.startedAtMs + f.durationMs, f.waitedMs, 'Waited for the next call')] : [call];
  });
  const endMs = startedAtMs + result.totalMs;
  let at = Math.max(startedAtMs, ...failures.map((f) => f.startedAtMs + f.durationMs + f.waitedMs));
  if (result.modelMs > 0) {
    bars.push(bar('model', at, result.modelMs, 'The model answered'));
    at += result.modelMs;
  }
  if (endMs - at >= LEAST_MS)
    bars.push(bar('rest', at, endMs - at, 'Scoring and all else', 'rendering, sandbox, scorers; these are not told apart'));
  return bars;
}

const STATES: Readonly<Record<SampleAttempt['state'], string>> = {
  running: 'under way',
  done: 'done',
  returned: 'handed back',
  lost: 'lease lost',
  crashed: 'agent crashed',
  over: 'over, nothing says how',
};

function wordsOf({ state, result, samples }: SampleAttempt): string {
  const none = state === 'done' ? 'without the result that counts' : '';
  const came = { counts: 'its result counts', refused: 'its result came too late and was refused', none }[result];
  const others = samples > 1 ? ` (with ${plural(samples - 1, 'other sample')})` : '';
  return `${[STATES[state], came].filter((words) => words !== '').join(', ')}${others}`;
}
