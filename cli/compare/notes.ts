/** In what two evaluations differ beside their scores: datasets, prompts, parameters, who answered. Pure. */
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { count, plainText } from '../render/text.ts';
import { keyOf } from './answered.ts';
import type { Compared, Comparison } from './compare.ts';
import type { Source } from './source.ts';

/** Of names in one note. */
const MAX_NAMED = 3;

/** One sentence each; none where nothing is known to differ. What a source does not say is not compared. */
export function notesOf(baseline: Source, candidate: Source, { rows }: Pick<Compared, 'rows'>): string[] {
  const benchmarks = [...new Set(rows.map((row) => row.benchmark))];
  const pairs = [...new Map(rows.map((row) => [JSON.stringify([row.benchmark, row.model, row.candidateModel]), row])).values()];
  const notes = [
    ...benchmarks.flatMap((benchmark) => datasetNote(benchmark, baseline, candidate)),
    ...pairs.flatMap((row) => [
      ...promptNote(row),
      ...parameterNote(row, baseline, candidate),
      ...answeredNote(row, baseline, candidate),
      ...driftNote(row, baseline, row.model),
      ...driftNote(row, candidate, row.candidateModel ?? row.model),
    ]),
  ];
  return [...new Set(notes)];
}

function datasetNote(benchmark: string, baseline: Source, candidate: Source): string[] {
  const [a, b] = [baseline.datasets[benchmark], candidate.datasets[benchmark]];
  if (a === undefined || b === undefined || a === b) return [];
  return [`${plainText(benchmark)}: the datasets of ${baseline.name} and ${candidate.name} differ; samples are paired by their ids`];
}

const promptNote = ({ benchmark, samples, otherPrompts = 0 }: Comparison): string[] =>
  otherPrompts === 0 ? [] : [`${plainText(benchmark)}: the prompts of ${count(otherPrompts)} of ${count(samples)} common samples differ`];

function parameterNote({ benchmark, model, candidateModel = model }: Comparison, baseline: Source, candidate: Source): string[] {
  const [a, b] = [baseline.parameters[keyOf(benchmark, model)], candidate.parameters[keyOf(benchmark, candidateModel)]];
  if (!a || !b) return [];
  const changed = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .toSorted()
    .map((name) => ({ name, from: canonicalJson(a[name]), to: canonicalJson(b[name]) }))
    .filter(({ from, to }) => from !== to);
  const words = changed.slice(0, MAX_NAMED).map(({ name, from, to }) => `${name} ${shown(from)} → ${shown(to)}`);
  const more = changed.length > MAX_NAMED ? `, and ${changed.length - MAX_NAMED} more` : '';
  return changed.length === 0 ? [] : [`${plainText(benchmark)}: parameters differ: ${words.join(', ')}${more}`];
}

const shown = (json: string): string => (json === 'null' ? 'none' : plainText(json.length > 40 ? `${json.slice(0, 39)}…` : json));

/** Of one model alone: that two models answer under two names is no news. */
function answeredNote({ benchmark, model, candidateModel }: Comparison, baseline: Source, candidate: Source): string[] {
  if (candidateModel !== undefined) return [];
  const [a, b] = [baseline.answered.of(benchmark, model), candidate.answered.of(benchmark, model)];
  if (a.length === 0 || b.length === 0 || a.join('\n') === b.join('\n')) return [];
  return [
    `${plainText(benchmark)}: ${plainText(model)} was answered by ${listed(a)} in ${baseline.name}, by ${listed(b)} in ${candidate.name}`,
  ];
}

function driftNote({ benchmark }: Comparison, source: Source, model: string): string[] {
  const names = source.answered.of(benchmark, model);
  if (names.length < 2) return [];
  return [`${plainText(benchmark)}: ${plainText(model)} changed while ${source.name} ran: ${listed(names)}`];
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, MAX_NAMED).map(plainText).join(', ')}${names.length > MAX_NAMED ? `, and ${names.length - MAX_NAMED} more` : ''}`;
