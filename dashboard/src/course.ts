/** What charts show of the course of an evaluation. Pure. */
import type { Course } from '../../shared/client/course.ts';

/** One line of a chart: a value for each place, null where there is none. */
export interface Line {
  name: string;
  values: (number | null)[];
  /** The ends of what it may be. */
  low?: (number | null)[];
  high?: (number | null)[];
  /** Which of the colours of lines; those of one model are the same. */
  colour: number;
  isDashed?: boolean;
}

/** Lines over the same places in time. */
export interface Plot {
  /** Seconds since the epoch: the middles of spans. */
  at: number[];
  lines: Line[];
}

/** Classes of errors with lines of their own; the others are added up. */
const MOST_CLASSES = 5;
/** A last span of which less than this share is over says little of how fast it goes. */
const LEAST_SHARE = 0.3;

/** The places that are shown: where nothing was counted any more, up to now. */
interface Places {
  at: number[];
  /** Seconds of each that are over. */
  seconds: number[];
  /** Whether rates of the last one mean something. */
  isLastWhole: boolean;
}

function placesOf({ fromMs, widthMs, spans }: Course, untilMs: number): Places {
  const count = Math.max(spans, Math.min(spans + 240, Math.ceil((untilMs - fromMs) / widthMs)));
  const starts = Array.from({ length: count }, (_, i) => fromMs + i * widthMs);
  const ends = starts.map((start) => Math.max(start + 1, Math.min(start + widthMs, Math.max(untilMs, start))));
  return {
    at: starts.map((start) => (start + widthMs / 2) / 1000),
    seconds: starts.map((start, i) => (ends[i]! - start) / 1000),
    isLastWhole: count < 2 || (ends.at(-1)! - starts.at(-1)!) / widthMs >= LEAST_SHARE,
  };
}

const rated = (values: readonly number[], { seconds, isLastWhole }: Places): (number | null)[] =>
  seconds.map((s, i) => (i === seconds.length - 1 && !isLastWhole ? null : (values[i] ?? 0) / s));

const known = (values: readonly number[], { at }: Places): (number | null)[] => at.map((_, i) => values[i] || null);

/** Where nothing was counted, it stands as it stood. */
const standing = (values: readonly number[], { at }: Places): number[] => at.map((_, i) => values[i] ?? values.at(-1) ?? 0);

const sumOf = (lists: readonly (readonly number[])[]): number[] =>
  (lists[0] ?? []).map((_, i) => lists.reduce((sum, list) => sum + (list[i] ?? 0), 0));

const nameOf = (model: string): string => model || 'other models';

/** Samples a second, by model; `untilMs`: when it ended, or now. */
export function throughputOf(course: Course, untilMs: number): Plot {
  const places = placesOf(course, untilMs);
  return {
    at: places.at,
    lines: course.models.map(({ model, samples }, colour) => ({ name: nameOf(model), values: rated(samples, places), colour })),
  };
}

/** Tokens a second of all models: what comes out, and what goes in. */
export function tokensOf(course: Course, untilMs: number): Plot {
  const places = placesOf(course, untilMs);
  return {
    at: places.at,
    lines: [
      { name: 'output', values: rated(sumOf(course.models.map((m) => m.outputTokens)), places), colour: 0 },
      { name: 'input', values: rated(sumOf(course.models.map((m) => m.inputTokens)), places), colour: 1, isDashed: true },
    ],
  };
}

/** Seconds that calls took, by model: the middle one, and the slowest in twenty. */
export function latencyOf(course: Course, untilMs: number): Plot {
  const places = placesOf(course, untilMs);
  const seconds = (values: readonly number[]): (number | null)[] => known(values, places).map((ms) => (ms === null ? null : ms / 1000));
  return {
    at: places.at,
    lines: course.models.flatMap(({ model, p50Ms, p95Ms }, colour) => [
      { name: `${nameOf(model)} p50`, values: seconds(p50Ms), colour },
      { name: `${nameOf(model)} p95`, values: seconds(p95Ms), colour, isDashed: true },
    ]),
  };
}

/** Samples that errored a minute, by class: the most frequent ones first. */
export function errorsOf(course: Course, untilMs: number): Plot {
  const places = placesOf(course, untilMs);
  const total = (samples: readonly number[]): number => samples.reduce((sum, n) => sum + n, 0);
  const classes = course.errors.toSorted((a, b) => total(b.samples) - total(a.samples));
  const [shown, rest] = [classes.slice(0, MOST_CLASSES), classes.slice(MOST_CLASSES)];
  const all = rest.length > 0 ? [...shown, { errorClass: `${rest.length} others`, samples: sumOf(rest.map((r) => r.samples)) }] : shown;
  return {
    at: places.at,
    lines: all.map(({ errorClass, samples }, colour) => ({
      name: errorClass,
      values: rated(samples, places).map((perSecond) => (perSecond === null ? null : perSecond * 60)),
      colour,
    })),
  };
}

/** Means with their 95 % intervals, as they stood. */
export function scoresOf(course: Course, untilMs: number): Plot {
  const places = placesOf(course, untilMs);
  const several = new Set(course.scores.map((s) => s.benchmark)).size > 1;
  const scorers = new Set(course.scores.map((s) => s.scorer)).size > 1;
  return {
    at: places.at,
    lines: course.scores.map(({ benchmark, model, scorer, n, mean, halfWidth }, colour) => {
      const [counts, means, halves] = [standing(n, places), standing(mean, places), standing(halfWidth, places)];
      const of = (value: (i: number) => number, least: number): (number | null)[] => counts.map((c, i) => (c >= least ? value(i) : null));
      return {
        name: [...(several ? [benchmark] : []), model, ...(scorers ? [scorer] : [])].join(' · '),
        values: of((i) => means[i]!, 1),
        // Of two or three samples it says nothing, and takes all the room.
        low: of((i) => means[i]! - halves[i]!, 8),
        high: of((i) => means[i]! + halves[i]!, 8),
        colour,
      };
    }),
  };
}

/** What was at work at the end of each span. */
export function workOf(course: Course, untilMs: number): Plot {
  const places = placesOf(course, untilMs);
  // It is known where something was counted; after that, nothing is.
  const told = (values: readonly number[]): (number | null)[] => places.at.map((_, i) => values[i] ?? null);
  return {
    at: places.at,
    lines: [
      { name: 'samples in flight', values: told(course.inFlight), colour: 0 },
      { name: 'agents', values: told(course.agents), colour: 1, isDashed: true },
    ],
  };
}
