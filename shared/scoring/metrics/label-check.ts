/**
 * Whether every sample has the metadata that a benchmark's metrics group by: known before anything runs, since a report without it could not
 * be made. Memory: the values that were seen, within the bounds below.
 */
import { metricOf, type MetricSpec } from './registry.ts';

/** Of one metric: groups stand in the report, clusters have sums while it is computed. */
export const MAX_GROUPS = 1000;
export const MAX_CLUSTERS = 100_000;
/** Samples × times of drawing them: seconds. */
export const MAX_DRAWS = 100_000_000;
const MAX_LABEL_CHARS = 200;

/** A sample's value of a metadata field as text; undefined where it has none that can name a group. */
export function labelOf(metadata: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const value = Object.hasOwn(metadata, field) ? metadata[field] : undefined;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value);
  return text.length <= MAX_LABEL_CHARS ? text : undefined;
}

interface Seen {
  field: string;
  /** `benchmarks[].metrics[2]`, for messages. */
  place: string;
  most: number;
  word: 'groups' | 'clusters';
  values: Set<string>;
}

export class LabelCheck {
  readonly #seen: Seen[];
  readonly #draws: { place: string; draws: number }[];

  readonly #remedy: string;

  /** remedy: for a sample that lacks one. */
  constructor(specs: readonly MetricSpec[], remedy = 'name it in dataset.fields.metadata, or correct the metric') {
    this.#remedy = remedy;
    const metrics = specs.map((spec, i) => ({ ...metricOf(spec), place: `metrics[${i}]` }));
    this.#seen = metrics.flatMap(({ group, cluster, place }): Seen[] => [
      ...(group === undefined ? [] : [{ field: group, place, most: MAX_GROUPS, word: 'groups' as const, values: new Set<string>() }]),
      ...(cluster === undefined
        ? []
        : [{ field: cluster, place, most: MAX_CLUSTERS, word: 'clusters' as const, values: new Set<string>() }]),
    ]);
    this.#draws = metrics.filter(({ draws }) => draws > 0);
  }

  /** Takes a sample in; returns what is wrong with it. */
  take(metadata: Readonly<Record<string, unknown>>): string | undefined {
    for (const { field, place, most, values } of this.#seen) {
      const label = labelOf(metadata, field);
      if (label === undefined)
        return `has no text of at most ${MAX_LABEL_CHARS} characters, number or truth value as metadata ${JSON.stringify(field)}, which ${place} needs; ${this.#remedy}`;
      if (values.size <= most) values.add(label);
    }
    return undefined;
  }

  /** What is wrong with all of them, of which `samples` were chosen. */
  faultsAtEnd(samples: number): string[] {
    const many = this.#seen.filter(({ values, most }) => values.size > most);
    const long = this.#draws.filter(({ draws }) => draws * samples > MAX_DRAWS);
    return [
      ...many.map(
        ({ field, place, most, word }) =>
          `has more than ${most} ${word} by metadata ${JSON.stringify(field)} (${place}); at most ${most} are taken: name a coarser field`,
      ),
      ...long.map(
        ({ place, draws }) =>
          `has ${samples} samples, which ${place} draws ${draws} times; at most ${MAX_DRAWS} draws are taken: lower num_samples, or take the method t`,
      ),
    ];
  }
}
