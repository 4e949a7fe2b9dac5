/** When what happened to a sample: failed calls, waits between them, and the one that brought the answer. */
import type { Sample } from '../../../shared/client/types.ts';
import { Panel } from '../kit/parts.tsx';
import { duration } from '../words.ts';

interface Span {
  kind: 'failed' | 'wait' | 'model' | 'rest';
  fromMs: number;
  ms: number;
  title: string;
}

/** Pure. Times since the start of the sample, or of the first failure. */
export function spansOf({ failures, startedAtMs, result }: Sample): Span[] {
  const begin = Math.min(startedAtMs || Infinity, failures[0]?.startedAtMs ?? Infinity);
  if (!Number.isFinite(begin)) return [];
  const spans: Span[] = failures.flatMap((f) => {
    const fromMs = Math.max(0, f.startedAtMs - begin);
    const call: Span = {
      kind: 'failed',
      fromMs,
      ms: f.durationMs,
      title: `${f.errorClass}${f.httpStatus > 0 ? ` ${f.httpStatus}` : ''}: ${f.message}`,
    };
    return f.waitedMs > 0
      ? [call, { kind: 'wait', fromMs: fromMs + f.durationMs, ms: f.waitedMs, title: `waited ${duration(f.waitedMs)}` }]
      : [call];
  });
  const end = Math.max(0, ...spans.map(({ fromMs, ms }) => fromMs + ms));
  if (result.modelMs > 0)
    spans.push({ kind: 'model', fromMs: Math.max(0, end), ms: result.modelMs, title: `the model answered in ${duration(result.modelMs)}` });
  return spans;
}

export function AttemptsPart({ sample }: { sample: Sample }) {
  const spans = spansOf(sample);
  if (spans.length === 0) return null;
  const whole = Math.max(1, ...spans.map(({ fromMs, ms }) => fromMs + ms));
  return (
    <Panel title="Attempts" note={duration(whole)}>
      <ol class="spans">
        {spans.map(({ kind, fromMs, ms, title }, i) => (
          <li key={i}>
            <span class="span-title">{title}</span>
            <span class="span-room" aria-hidden="true">
              <i class={`span-${kind}`} style={{ left: `${(100 * fromMs) / whole}%`, width: `${Math.max(0.6, (100 * ms) / whole)}%` }} />
            </span>
            <span class="span-ms">{duration(ms)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
