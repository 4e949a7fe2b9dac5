/**
 * What an accepted evaluation is made of: its spec with everything decided at submit. Kept in the store; the ledger and
 * every coordinator are rebuilt from it.
 */
import { cachePolicyOf, type CachePolicy } from './cache-policy.ts';
import { epochsOf, generateConfigOf } from './spec-defaults.ts';
import type { BenchmarkSpec, EvaluationSpec, LimitsSpec, ModelSpec, RetrySpec } from './spec.ts';
import { needsOf } from './spec-needs.ts';
import { SIGNATURE_FIELD } from './spec-signature.ts';
import { DEFAULT_METRICS } from './spec-schema.ts';
import { judgeBenchmarkOf, judgedScorersOf, judgesOf, withoutJudged } from './spec-judges.ts';
import { scorersOf } from './spec-scorers.ts';
import { routeIn, routeOf, type Route } from './routing.ts';

/**
 * One (benchmark, model) of one stage: a run of consecutive units. unit = firstUnit + sample × epochs + (epoch − 1). A group of judge calls has
 * the judge as its model; its unit at a place judges the unit at the same place of the group that it is of.
 */
export interface Group {
  index: number;
  benchmarkIndex: number;
  modelIndex: number;
  benchmark: string;
  model: string;
  /** What each of its results is scored with at once: the ids of `scorersOf`, without those for which models are asked. */
  scorers: string[];
  firstUnit: number;
  samples: number;
  epochs: number;
  route: Route;
  /** Of judge calls: which group's answers are judged (its index), and for which of the benchmark's scorers (its id). */
  judge?: { of: number; scorer: string };
}

export interface Manifest {
  evaluationId: string;
  namespace: string;
  idempotencyKey: string;
  createdAtMs: number;
  specDigest: string;
  spec: EvaluationSpec;
  /** Who is to be asked about it, as the client said. Absent: nobody said. */
  owner?: string;
  /** Digest of each benchmark's dataset as JSONL, in the spec's order. Absent: as in the spec. */
  datasets?: string[];
  /** Examples of each benchmark, in the spec's order; absent, or an empty list: none. */
  fewshots?: Shot[][];
  /** Digest of the sample index of each benchmark (see coordinator/evaluations/intake/dataset.ts), in the spec's order. */
  sampleIndexes: string[];
  groups: Group[];
  units: number;
  /** Of the coordinator's software that accepted it. Absent: an earlier release. */
  version?: string;
  /** W3C trace context of the submit, '' without tracing. */
  traceparent: string;
}

export const unitsOf = (group: Group): number => group.samples * group.epochs;

/** The groups of judge calls about a group's answers, in the order of scorers and judges. */
export const judgeGroupsOf = (groups: readonly Group[], group: Group): Group[] => groups.filter(({ judge }) => judge?.of === group.index);

/** The unit that a unit of judge calls is about. */
export const judgedUnitOf = (groups: readonly Group[], group: Group, unit: number): number =>
  groups[group.judge!.of]!.firstUnit + unit - group.firstUnit;

/** As a field: whose answers a group of judge calls is about, and for which scorer. */
export function judgeOfField(groups: readonly Group[], { judge }: Group): { judgeOf?: { model: string; scorer: string } } {
  return judge ? { judgeOf: { model: groups[judge.of]!.model, scorer: judge.scorer } } : {};
}

/** The group of answers that a group is, or is about. */
export const answersOf = (groups: readonly Group[], group: Group): Group => (group.judge ? groups[group.judge.of]! : group);

/**
 * The groups of a spec whose benchmarks have `samples[i]` samples, with lists of messages among their inputs if `hasMessages[i]`:
 * benchmarks outside, models inside; behind them, in the same order, those of judge calls, scorers outside, judges inside.
 */
export function groupsOf(spec: EvaluationSpec, samples: readonly number[], hasMessages: readonly boolean[] = []): Group[] {
  const groups: Group[] = [];
  let firstUnit = 0;
  spec.benchmarks.forEach((b, benchmarkIndex) => {
    spec.models.forEach((m, modelIndex) => {
      const labels = { ...spec.route.labels, ...m.route?.labels };
      const group: Group = {
        index: groups.length,
        benchmarkIndex,
        modelIndex,
        benchmark: b.benchmark,
        model: m.model,
        scorers: scorersOf(withoutJudged(b)).map(({ id }) => id),
        firstUnit,
        samples: samples[benchmarkIndex]!,
        epochs: epochsOf(spec).count,
        route: routeOf(m.model, labels, needsOf(withoutJudged(b), m, spec, hasMessages[benchmarkIndex])),
      };
      groups.push(group);
      firstUnit += unitsOf(group);
    });
  });
  for (const judged of [...groups]) {
    const benchmark = spec.benchmarks[judged.benchmarkIndex]!;
    for (const scorer of judgedScorersOf(benchmark)) {
      const own = judgeBenchmarkOf(benchmark, scorer);
      for (const judge of judgesOf(spec, scorer, spec.models[judged.modelIndex]!)) {
        const labels = { ...spec.route.labels, ...judge.route?.labels };
        const group: Group = {
          ...judged,
          index: groups.length,
          model: judge.model,
          scorers: scorersOf(own).map(({ id }) => id),
          firstUnit,
          route: routeOf(judge.model, labels, needsOf(own, judge, spec)),
          judge: { of: judged.index, scorer: scorer.id },
        };
        groups.push(group);
        firstUnit += unitsOf(group);
      }
    }
  }
  return groups;
}

/** The groups with the routes of their evaluation's namespace. */
export const groupsIn = (namespace: string, groups: readonly Group[]): Group[] =>
  groups.map((group) => ({ ...group, route: routeIn(namespace, group.route) }));

/** What a group is asked for: a benchmark of the spec, or its judge's, and by which model. */
export function workOf(manifest: Pick<Manifest, 'spec'>, group: Group): { benchmark: BenchmarkSpec; model: ModelSpec } {
  const { spec } = manifest;
  const [benchmark, model] = [spec.benchmarks[group.benchmarkIndex]!, spec.models[group.modelIndex]!];
  if (!group.judge) return { benchmark: withoutJudged(benchmark), model };
  const scorer = judgedScorersOf(benchmark).find(({ id }) => id === group.judge!.scorer)!;
  return { benchmark: judgeBenchmarkOf(benchmark, scorer), model: judgesOf(spec, scorer, model).find((m) => m.model === group.model)! };
}

/** The group that a unit belongs to (groups are sorted by firstUnit). */
export function groupOfUnit(groups: readonly Group[], unit: number): Group {
  let low = 0;
  let high = groups.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (groups[middle]!.firstUnit <= unit) low = middle;
    else high = middle - 1;
  }
  return groups[low]!;
}

/** Which sample (from 0) and epoch (from 1) of its group a unit is. */
export function placeOf(group: Group, unit: number): { sample: number; epoch: number } {
  const at = unit - group.firstUnit;
  return { sample: Math.floor(at / group.epochs), epoch: (at % group.epochs) + 1 };
}

/** An example with its answer, mapped from its dataset's line. */
export interface Shot {
  /** Its number in the dataset, where that is the benchmark's own: a sample is never its own example. */
  ordinal?: number;
  /** The prompt template made of it, and its first target. */
  user: string;
  target: string;
}

/**
 * What all samples of one benchmark and model share; travels to agents once per stream, by digest. What an agent of wire version
 * 1.0 does not know is absent unless the spec asks for it; such work is routed past it (`needsOf`).
 */
export interface TaskContext {
  evaluationId: string;
  /** `generate_config` is merged into the model's and absent here. */
  benchmark: BenchmarkSpec;
  model: ModelSpec;
  retry: RetrySpec;
  fewshot?: Shot[];
  limits?: LimitsSpec;
  retryOnError?: number;
  /** Agents that do not know it make every call. */
  cache?: CachePolicy;
  /** Whose work it is; absent: an earlier release's coordinator has sent it. */
  namespace?: string;
  /** The whole spec, where its submitter has signed it. */
  signed?: unknown;
}

/** The dataset of a benchmark as JSONL in the store. */
export const datasetDigestOf = (manifest: Manifest, benchmarkIndex: number): string =>
  manifest.datasets?.[benchmarkIndex] ?? manifest.spec.benchmarks[benchmarkIndex]!.dataset.digest!;

export function taskContextOf(
  manifest: Pick<Manifest, 'spec' | 'evaluationId' | 'namespace' | 'fewshots'>,
  group: Group,
  limits: LimitsSpec | undefined = manifest.spec.limits,
): TaskContext {
  const { retry, retry_on_error: retryOnError } = manifest.spec;
  const { benchmark: asked, model } = workOf(manifest, group);
  const { generate_config: _merged, dataset, ...benchmark } = asked;
  const cache = cachePolicyOf(manifest.spec.cache, manifest.namespace);
  const { fields, input_template, target_template } = dataset;
  const fewshot = group.judge ? [] : (manifest.fewshots?.[group.benchmarkIndex] ?? []);
  return {
    evaluationId: manifest.evaluationId,
    benchmark: {
      ...benchmark,
      // Metrics are computed of all results, and not by agents, of which earlier ones know fewer.
      metrics: [...DEFAULT_METRICS],
      // Of the dataset only what maps a line: what it was made from is decided.
      dataset: {
        uri: 'file:dataset.jsonl',
        fields,
        ...(input_template === undefined ? {} : { input_template }),
        ...(target_template === undefined ? {} : { target_template }),
      },
    },
    model: { ...model, generate_config: generateConfigOf(asked, model) },
    retry,
    ...(fewshot.length > 0 ? { fewshot } : {}),
    ...(limits && Object.keys(limits).length > 0 ? { limits } : {}),
    ...(retryOnError ? { retryOnError } : {}),
    ...(cache ? { cache } : {}),
    namespace: manifest.namespace,
    ...(manifest.spec.metadata?.[SIGNATURE_FIELD] === undefined ? {} : { signed: manifest.spec }),
  };
}
