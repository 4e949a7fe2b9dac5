/** Samples in a list. */
import type { SampleResult } from '../../shared/client/types.ts';
import type { UnitState } from '../../shared/domain/states.ts';
import { modelInWords } from './judge-words.ts';
import type { Colour } from './paint.ts';
import type { Column } from './table.ts';
import { count, duration } from './text.ts';

/** What callers know: what is not closed yet is open. */
export const unitStateWord = (state: UnitState): string => (state === 'pending' || state === 'generated' ? 'open' : state);

/** A sample for scripts, its state in the callers' word. */
export const sampleDocument = (sample: SampleResult): object => ({ ...sample, state: unitStateWord(sample.state) });

export const unitColour = (state: UnitState): Colour | undefined =>
  state === 'scored'
    ? 'green'
    : state === 'errored' || state === 'dead'
      ? 'red'
      : state === 'pending' || state === 'generated'
        ? 'dim'
        : 'yellow';

/** `C`; of several scorers `match=C f1=0.5`. */
export function scoresInWords(scores: SampleResult['scores']): string {
  const value = (s: SampleResult['scores'][number]): string => s.value || (s.error ? 'failed' : '–');
  return scores.length === 1 ? value(scores[0]!) : scores.map((s) => `${s.scorer}=${value(s)}`).join(' ');
}

export function sampleColumns(wide: boolean): Column<SampleResult>[] {
  const columns: Column<SampleResult>[] = [
    { title: 'unit', right: true, cell: (s) => String(s.unit) },
    { title: 'sample', cell: (s) => s.sampleId, least: 8 },
    { title: 'benchmark', cell: (s) => s.benchmark, least: 8, drop: 4 },
    { title: 'model', cell: modelInWords, least: 8, drop: 3 },
    { title: 'epoch', right: true, cell: (s) => (s.epoch > 1 || wide ? String(s.epoch) : ''), drop: 5, optional: true },
    { title: 'state', cell: (s) => unitStateWord(s.state), colour: (s) => unitColour(s.state) },
    { title: 'score', cell: (s) => scoresInWords(s.scores), least: 6, optional: true },
    { title: 'answer', cell: (s) => s.scores.find((x) => x.answer)?.answer ?? '', least: 8, drop: 2, optional: true },
    { title: 'error', cell: (s) => [s.errorClass, s.errorMessage].filter(Boolean).join(': '), least: 10, drop: 1, optional: true },
  ];
  if (!wide) return columns;
  return [
    ...columns,
    { title: 'tokens', right: true, cell: (s) => count(s.usage.inputTokens + s.usage.outputTokens), drop: 6 },
    { title: 'retries', right: true, cell: (s) => count(s.usage.retries), drop: 7 },
    { title: 'took', right: true, cell: (s) => (s.totalMs > 0 ? duration(s.totalMs) : ''), drop: 8, optional: true },
    { title: 'agent', cell: (s) => s.agentId, drop: 9, least: 8 },
  ];
}
