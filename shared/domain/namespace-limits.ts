/** The bounds that a namespace may have, each with its words: the same in the store, on the wire, and on the command line. */

/** All are optional: what is left out is bounded by the coordinator alone. */
export interface NamespaceLimits {
  /** Samples (each by model and epoch) that are not done, of all evaluations together. */
  maxQueuedSamples?: number | undefined;
  /** Tasks that run at the same time, over all agents. */
  maxTasks?: number | undefined;
  /** Bytes of datasets that the namespace holds. */
  maxContentBytes?: number | undefined;
  /** Samples (each by model and epoch) of one evaluation. */
  maxEvaluationSamples?: number | undefined;
  /** Millionths of a dollar that its results may cost a day (UTC), by the coordinator's price table. */
  maxCostPerDayMicroUsd?: number | undefined;
  /** The first priority that an evaluation may have: 1 is before all others. */
  firstPriority?: number | undefined;
  /** How long finished evaluations stay, how many, how many bytes. */
  keepMs?: number | undefined;
  keepEvaluations?: number | undefined;
  keepBytes?: number | undefined;
}

export interface NamespaceLimit {
  readonly name: keyof NamespaceLimits;
  /** As its flag, and in errors. */
  readonly word: string;
  readonly kind: 'count' | 'bytes' | 'span' | 'usd';
  readonly says: string;
}

export const NAMESPACE_LIMITS: readonly NamespaceLimit[] = [
  { name: 'maxQueuedSamples', word: 'max-queued-samples', kind: 'count', says: 'samples that are not done, of all evaluations together' },
  { name: 'maxTasks', word: 'max-tasks', kind: 'count', says: 'tasks that run at the same time' },
  { name: 'maxContentBytes', word: 'max-content-bytes', kind: 'bytes', says: 'bytes of datasets that it holds' },
  { name: 'maxEvaluationSamples', word: 'max-evaluation-samples', kind: 'count', says: 'samples of one evaluation' },
  { name: 'maxCostPerDayMicroUsd', word: 'max-cost-per-day', kind: 'usd', says: 'US dollars that it may cost a day (UTC), by list prices' },
  { name: 'firstPriority', word: 'first-priority', kind: 'count', says: 'the first priority that an evaluation may have (1 … 10)' },
  { name: 'keepMs', word: 'keep-for', kind: 'span', says: 'how long finished evaluations stay' },
  { name: 'keepEvaluations', word: 'keep-evaluations', kind: 'count', says: 'finished evaluations that stay' },
  { name: 'keepBytes', word: 'keep-bytes', kind: 'bytes', says: 'bytes of finished evaluations that stay' },
];

/** Millionths of a dollar as dollars: `12.5`. */
export const usdOf = (microUsd: number): string => (microUsd / 1e6).toFixed(6).replace(/\.?0+$/, '');
