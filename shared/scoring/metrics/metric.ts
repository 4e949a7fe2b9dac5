/** What a metric is: a fold over reduced scores. One file per metric; `registry.ts` has a line for each. */
import type { z } from 'zod';
import type { Said } from '../reducers/reducer.ts';
import type { LikelihoodCounts } from '../scorer.ts';

/** What a sample's metadata says for each field that the metrics name, as text. */
export type Labels = Readonly<Record<string, string>>;

/** The scores of a benchmark by the values of a metadata field. */
export interface GroupedScores {
  /** The metadata field. */
  key: string;
  /** In the order of their first samples. */
  groups: { group: string; samples: number; metrics: Record<string, number> }[];
  /** The mean of the groups' means: each weighs the same. */
  macro: number;
  /** Weighed by their samples: the mean of all. */
  weighted: number;
  /** Of the weighted mean. */
  pooledStderr: number;
}

/** What a fold ends with: numbers by name, or scores by groups. */
export interface Measured {
  metrics?: Record<string, number>;
  groups?: GroupedScores;
}

/** Takes one value for each sample, in unit order. */
export interface Fold {
  /** counts: of the text that a log-likelihood is of; scores of any other kind have none. said: of the sample's epochs. */
  add(value: number, labels: Labels, counts?: LikelihoodCounts, said?: readonly Said[]): void;
  /** What takes long, in short pieces; before `result`. Absent: nothing does. */
  work?(): Iterable<undefined>;
  /** Of at least one value. */
  result(): Measured;
}

/** A metric's arguments, checked, and how to make it from them. */
export interface MetricKind<Args> {
  args: z.ZodType<Args>;
  /** The names of its numbers in reports; none: it makes groups. */
  names: readonly string[];
  /** Metadata that it needs of every sample: clusters, or groups. Absent: none. */
  needs?(args: Args): { cluster?: string | undefined; group?: string | undefined };
  /** How often it draws all samples with repetition. Absent: never. */
  draws?(args: Args): number;
  create(args: Args): Fold;
}
