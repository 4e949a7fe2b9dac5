/** One sample for people: what went in, what came out, and what it took. Pure. */
import type { ContentPart, Sample, UsageTotals } from '../../shared/client/types.ts';
import { factLines, metadataInWords } from './evaluation-view.ts';
import { modelInWords } from './judge-words.ts';
import type { Look } from './look.ts';
import { unitColour, unitStateWord } from './sample-columns.ts';
import { count, duration, plainText, wrapped } from './text.ts';

const INDENT = '  ';
/** A data URL may hold megabytes. */
const LONGEST_URL = 100;

export function sampleView(sample: Sample, look: Look): string {
  const { result: r } = sample;
  const { paint } = look;
  const state = unitStateWord(r.state);
  const head = [plainText(r.sampleId), plainText(r.benchmark), plainText(modelInWords(r)), `epoch ${r.epoch}`, `unit ${r.unit}`].join(
    ' · ',
  );
  const lines = [...wrapped(head, look.columns), paint(unitColour(r.state) ?? 'dim', state), ''];
  const section = (title: string, body: readonly string[]): void => {
    if (body.length > 0) lines.push(paint('bold', title), ...body.map((line) => (line === '' ? '' : `${INDENT}${line}`)), '');
  };
  const text = (content: string): string[] => wrapped(content, Math.max(10, look.columns - INDENT.length));
  const facts = (pairs: [string, string][]): string[] => factLines(pairs, { paint, columns: Math.max(20, look.columns - INDENT.length) });

  for (const { role, parts } of sample.messages)
    section(
      plainText(role),
      parts.flatMap((part) => text(partInWords(part))),
    );
  section(
    'choices',
    sample.choices.flatMap((choice, i) => text(`${choiceLetter(i)}) ${choice}`)),
  );
  section('target', sample.target.flatMap(text));
  if (r.reasoning) section('reasoning', text(r.reasoning));
  if (r.completion) section('completion', text(r.completion));
  for (const s of r.scores) {
    section(
      `score ${plainText(s.scorer)}`,
      facts([
        ['value', s.value ? `${s.value}${s.number !== null && String(s.number) !== s.value ? ` (${s.number})` : ''}` : 'none'],
        ['answer', s.answer],
        ['explanation', s.explanation],
        ['error', s.error],
      ]),
    );
  }
  if (r.errorClass || r.errorMessage) section('error', text([r.errorClass, r.errorMessage].filter(Boolean).join(': ')));
  section(
    'failed attempts',
    sample.failures.flatMap((f) => text(failureInWords(f, look))),
  );
  section(
    'details',
    facts([
      ['where', sample.whereabouts],
      ['limit', sample.limit],
      ['stop reason', r.stopReason],
      ['tokens', r.usage.calls > 0 ? tokensInWords(r.usage) : ''],
      [
        'calls',
        r.provenance?.cached
          ? 'none: the completion is from the cache'
          : r.usage.calls > 0
            ? `${count(r.usage.calls)} (${count(r.usage.retries)} retried)`
            : '',
      ],
      ['started', look.time(sample.startedAtMs)],
      ['took', timing(r.totalMs, r.modelMs, sample.workingMs)],
      ['answered by', answeredBy(r)],
      ['prompt', r.provenance?.promptDigest ?? ''],
      ['agent', r.agentId],
      ['trace', sample.traceId],
      ['metadata', metadataInWords(sample.metadata)],
      ['cut', sample.truncated.length > 0 ? `${sample.truncated.join(', ')} at 1 MiB; \`assay results\` has completions in full` : ''],
    ]),
  );
  return `${lines.join('\n').trimEnd()}\n`;
}

const tokensInWords = ({ inputTokens, outputTokens, reasoningTokens }: UsageTotals): string =>
  `${count(inputTokens)} in, ${count(outputTokens)} out${reasoningTokens > 0 ? ` (${count(reasoningTokens)} reasoning)` : ''}`;

const answeredBy = ({ provenance: { model = '', fingerprint } = {} }: Sample['result']): string =>
  fingerprint === undefined ? model : `${model} (${fingerprint})`;

/** A, B, … Z, then numbers. */
const choiceLetter = (index: number): string => (index < 26 ? String.fromCodePoint(65 + index) : String(index + 1));

function partInWords({ kind, value }: ContentPart): string {
  if (kind === 'text') return value;
  const shown = value.length > LONGEST_URL ? `${value.slice(0, LONGEST_URL)}… (${count(value.length)} characters)` : value;
  return `[${kind}: ${shown}]`;
}

function failureInWords(failure: Sample['failures'][number], look: Look): string {
  const { errorClass, httpStatus, message, durationMs, waitedMs } = failure;
  const parts = [
    `${errorClass}${httpStatus > 0 ? ` (HTTP ${httpStatus})` : ''}: ${message}`,
    `after ${duration(durationMs)}`,
    waitedMs > 0 ? `waited ${duration(waitedMs)}` : '',
    look.time(failure.startedAtMs),
  ];
  return parts.filter(Boolean).join('; ');
}

function timing(totalMs: number, modelMs: number, workingMs: number): string {
  if (totalMs <= 0) return '';
  const parts = [modelMs > 0 && `the model call ${duration(modelMs)}`, workingMs > 0 && `working ${duration(workingMs)}`].filter(Boolean);
  return `${duration(totalMs)}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}
