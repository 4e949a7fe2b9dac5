/** All metrics by name. In specs a metric is its name, or `{name, args}`. */
import { AppError } from '../../domain/errors.ts';
import { bootstrapStderr } from './bootstrap-stderr.ts';
import { ci } from './ci.ts';
import { bleu, chrf, ter } from './corpus-scores.ts';
import { grouped } from './grouped.ts';
import type { Fold, MetricKind } from './metric.ts';
import { accuracy, mean, std, variance } from './moments.ts';
import { bitsPerByte, bytePerplexity, perplexity, wordPerplexity } from './perplexities.ts';
import { stderr } from './stderr.ts';

// Each kind is created with what its own schema made of the arguments, so that the type parameter may be forgotten here.
const KINDS = new Map<string, MetricKind<never>>(
  Object.entries({
    accuracy,
    mean,
    stderr,
    std,
    var: variance,
    ci,
    bootstrap_stderr: bootstrapStderr,
    grouped,
    perplexity,
    word_perplexity: wordPerplexity,
    byte_perplexity: bytePerplexity,
    bits_per_byte: bitsPerByte,
    bleu,
    chrf,
    ter,
  }) as unknown as [string, MetricKind<never>][],
);

/** Names of numbers in reports. */
export const METRIC_KEYS = [
  ...['accuracy', 'mean', 'stderr', 'std', 'var', 'ci_lower', 'ci_upper', 'bootstrap_stderr'],
  ...['perplexity', 'word_perplexity', 'byte_perplexity', 'bits_per_byte'],
  ...['bleu', 'chrf', 'ter'],
] as const;
export type MetricKey = (typeof METRIC_KEYS)[number];

/** A metric as specs have it. */
export type MetricSpec = string | { name: string; args: Record<string, unknown> };

export const metricNames = (): string[] => [...KINDS.keys()];

/** The zod schema of a metric's arguments, or undefined for a name that is no metric. */
export const metricArgs = (name: string): MetricKind<never>['args'] | undefined => KINDS.get(name)?.args;

/** A metric of a spec, ready to be asked. */
export interface Metric {
  name: string;
  /** Names of its numbers in reports. */
  keys: readonly string[];
  /** The metadata field by whose values it groups samples. */
  group: string | undefined;
  cluster: string | undefined;
  /** How often it draws all samples. */
  draws: number;
  create(): Fold;
}

/** Throws AppError invalid for an unknown name or wrong arguments (a parsed spec has neither). */
export function metricOf(spec: MetricSpec): Metric {
  const { name, args } = typeof spec === 'string' ? { name: spec, args: {} } : spec;
  const kind = KINDS.get(name);
  const parsed = kind?.args.safeParse(args);
  if (!kind || !parsed?.success) throw new AppError('invalid', `there is no metric ${name} with these arguments`);
  const { cluster, group } = kind.needs?.(parsed.data) ?? {};
  return { name, keys: kind.names, group, cluster, draws: kind.draws?.(parsed.data) ?? 0, create: () => kind.create(parsed.data) };
}

/** The metadata fields that metrics need of every sample. */
export const metadataOf = (metrics: readonly Metric[]): string[] => [
  ...new Set(metrics.flatMap(({ group, cluster }) => [group, cluster]).filter((field) => field !== undefined)),
];
