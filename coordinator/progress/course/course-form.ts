/**
 * What is kept of an evaluation's course: spans of equal width with what was counted within each, and the scores as they stood at its end. Which
 * models and scores those are follows from the manifest. Pure.
 */
import { type CourseModel, type CourseScore, type Course } from '../../../shared/client/course.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { quantileOf, type Latencies } from './latencies.ts';

/** When there would be more of them, each two become one. */
export const MOST_SPANS = 240;
export const FIRST_WIDTH_MS = 2_000;
/** Of an evaluation, the first ones; other models are counted together. */
const MOST_MODELS = 8;
const MOST_SCORES = 12;
const Z95 = 1.959964;

/** Samples, tokens in and out, and how long the model took. */
export type ModelSpan = [samples: number, inputTokens: number, outputTokens: number, latencies: Latencies];

/** m: by the model's place, e: errors by class; both are added up. s: n, sum, sum of squares of each score, f: in flight, a: agents; as they stood at the end. */
export interface Span {
  m?: Record<string, ModelSpan>;
  e?: Record<string, number>;
  s?: [n: number, sum: number, sumOfSquares: number][];
  f?: number;
  a?: number;
}

/** The spans that something was counted in, by their place. */
export interface Spans {
  fromMs: number;
  widthMs: number;
  spans: ReadonlyMap<number, Span>;
}

/** What there is to say of one evaluation. */
export interface CourseForm {
  /** '' stands for all that have no place of their own. */
  models: readonly string[];
  /** The place of each group's model. */
  modelOfGroup: readonly number[];
  scores: readonly { benchmark: string; model: string; scorer: string; /** As the ledger names its sums. */ field: string }[];
  scoresLeftOut: number;
}

export function courseFormOf({ groups }: Pick<Manifest, 'groups'>): CourseForm {
  const names = [...new Set(groups.map(({ model }) => model))];
  const models = names.length > MOST_MODELS ? [...names.slice(0, MOST_MODELS), ''] : names;
  const scores = groups
    .filter(({ judge }) => judge === undefined)
    .flatMap(({ index, benchmark, model, scorers }) =>
      scorers.map((scorer, i) => ({ ...{ benchmark, model, scorer }, field: `${index}:s${i}` })),
    );
  return {
    models,
    modelOfGroup: groups.map(({ model }) => (models.includes(model) ? models.indexOf(model) : MOST_MODELS)),
    scores: scores.slice(0, MOST_SCORES),
    scoresLeftOut: Math.max(0, scores.length - MOST_SCORES),
  };
}

/** How long the list of spans is: up to the last one in which something was counted. */
const lengthOf = ({ spans }: Spans): number => Math.min(MOST_SPANS, Math.max(-1, ...spans.keys()) + 1);

/** As it is told, without attempts. */
export function courseOf(form: CourseForm, kept: Spans | undefined, timeMs: number): Omit<Course, 'attempts' | 'attemptsLeftOut'> {
  const length = kept ? lengthOf(kept) : 0;
  const at = Array.from({ length }, (_, i) => kept!.spans.get(i));
  const classes = [...new Set(at.flatMap((span) => Object.keys(span?.e ?? {})))].toSorted();
  return {
    ...{ timeMs, fromMs: kept?.fromMs ?? 0, widthMs: kept?.widthMs ?? FIRST_WIDTH_MS, spans: length },
    models: form.models.map((model, i) =>
      modelOf(
        model,
        at.map((span) => span?.m?.[i]),
      ),
    ),
    errors: classes.map((errorClass) => ({ errorClass, samples: at.map((span) => span?.e?.[errorClass] ?? 0) })),
    scores: form.scores.map(({ benchmark, model, scorer }, i) => ({
      benchmark,
      model,
      scorer,
      ...standing(at.map((span) => span?.s?.[i])),
    })),
    scoresLeftOut: form.scoresLeftOut,
    inFlight: filled(at.map((span) => span?.f)),
    agents: filled(at.map((span) => span?.a)),
  };
}

const modelOf = (model: string, spans: readonly (ModelSpan | undefined)[]): CourseModel => ({
  model,
  samples: spans.map((span) => span?.[0] ?? 0),
  inputTokens: spans.map((span) => span?.[1] ?? 0),
  outputTokens: spans.map((span) => span?.[2] ?? 0),
  p50Ms: spans.map((span) => tenths(quantileOf(span?.[3] ?? {}, 0.5))),
  p95Ms: spans.map((span) => tenths(quantileOf(span?.[3] ?? {}, 0.95))),
});

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

/** Where nothing was counted, things stand as before. */
function filled(values: readonly (number | undefined)[]): number[] {
  let last = 0;
  return values.map((value) => (last = value ?? last));
}

function standing(sums: readonly ([number, number, number] | undefined)[]): Pick<CourseScore, 'n' | 'mean' | 'halfWidth'> {
  let last: [number, number, number] = [0, 0, 0];
  const score: Pick<CourseScore, 'n' | 'mean' | 'halfWidth'> = { n: [], mean: [], halfWidth: [] };
  for (const now of sums) {
    last = now ?? last;
    const [n, sum, sumOfSquares] = last;
    const mean = n > 0 ? sum / n : 0;
    const variance = n > 1 ? Math.max(0, (sumOfSquares - n * mean * mean) / (n - 1)) : 0;
    score.n.push(n);
    score.mean.push(places(mean));
    score.halfWidth.push(n > 1 ? places(Z95 * Math.sqrt(variance / n)) : 0);
  }
  return score;
}

/** Six digits: more of them nobody sees, and they travel. */
const places = (value: number): number => Number(value.toPrecision(6));
