/**
 * What a submit would say, without one: every fault, the samples, what it is likely to take, who could work on it. A spec with
 * faults is a good answer. Nothing is kept but content that a submit would need too, under its digest; where its
 * namespace has a bound on content, within that, and counted.
 */
import type { Validation } from '../../../shared/client/types.ts';
import { AppError, type Fault } from '../../../shared/domain/errors.ts';
import { DEFAULT_OUTPUT_TOKENS, estimateGroup, totalOf } from '../../../shared/domain/estimate.ts';
import { judgeTextsOf } from '../../../shared/domain/judge-texts.ts';
import { judgeOfField, workOf, type Group, type Shot } from '../../../shared/domain/manifest.ts';
import { priceOf, type PriceTable } from '../../../shared/domain/prices.ts';
import { describeRoute, type Route } from '../../../shared/domain/routing.ts';
import { generateConfigOf } from '../../../shared/domain/spec-defaults.ts';
import { judgedScorersOf } from '../../../shared/domain/spec-judges.ts';
import type { ModelGradedArgs } from '../../../shared/scoring/scorers/model-graded.ts';
import { warningsOf } from '../../../shared/domain/spec-warnings.ts';
import { firstFaults, readSpec, specDigestOf, type BenchmarkSpec, type EvaluationSpec } from '../../../shared/domain/spec.ts';
import type { Datasets } from '../../datasets/datasets.ts';
import type { Store } from '../../store/store.ts';
import { groupsWithin, prepareBenchmarks, type PreparedBenchmark } from './prepare.ts';

const CHARS_PER_TOKEN = 4;

export interface ValidateOptions {
  /** Where it would be submitted: whose content the spec may name. */
  namespace: string;
  datasets: Pick<Datasets, 'prepare'>;
  store: Pick<Store, 'streamContent' | 'readContent'>;
  prices: PriceTable;
  /** For each route: how many agents, connected to any coordinator, could work on it now. */
  servedBy: (routes: readonly Route[]) => Promise<number[]>;
}

export async function validateSpec(value: unknown, options: ValidateOptions): Promise<Validation> {
  const read = readSpec(value);
  if ('faults' in read) return answer(options, { faults: read.faults });
  const { spec } = read;
  const { benchmarks, faults } = await prepareBenchmarks(spec, { ...options, keepIndex: async () => '' });
  const warnings = warningsOf(spec);
  let groups: Group[];
  try {
    ({ groups } = groupsWithin(spec, benchmarks, options.namespace));
  } catch (error) {
    return answer(options, { faults: [...faults, { place: '', problem: AppError.from(error).message }], warnings });
  }
  const estimated = groups.map((group) => estimateOf(groups, group, spec, benchmarks[group.benchmarkIndex], options.prices));
  return answer(options, {
    faults,
    warnings,
    groups: estimated,
    total: totalOf(estimated.map(({ estimate }) => estimate)),
    routesWithoutAgent: await unserved(groups, options.servedBy),
    specDigest: faults.length > 0 ? '' : specDigestOf(spec),
  });
}

function answer({ prices }: ValidateOptions, found: Partial<Validation>): Validation {
  return {
    warnings: [],
    groups: [],
    total: { units: 0, inputTokens: 0, outputTokens: 0 },
    routesWithoutAgent: [],
    specDigest: '',
    ...found,
    faults: firstFaults(found.faults ?? []).map(({ place, problem }): Fault => ({ place, problem })),
    priceTableVersion: prices.version,
  };
}

function estimateOf(
  groups: readonly Group[],
  group: Group,
  spec: EvaluationSpec,
  prepared: PreparedBenchmark | undefined,
  prices: PriceTable,
): Validation['groups'][number] {
  const benchmark = spec.benchmarks[group.benchmarkIndex]!;
  const { model, samples, epochs } = group;
  const work = workOf({ spec }, group);
  const config = generateConfigOf(work.benchmark, work.model);
  const shots = shotTokens(benchmark, prepared?.shots ?? []);
  const perSample = group.judge ? judgeTokens(spec, groups[group.judge.of]!, group.judge.scorer, shots) : shots;
  const promptTokens = (prepared?.promptTokens ?? 0) + samples * perSample;
  return {
    benchmark: group.benchmark,
    ...judgeOfField(groups, group),
    model,
    samples,
    estimate: estimateGroup({ samples, epochs, promptTokens, config, price: priceOf(prices, model) }),
  };
}

/**
 * Tokens of what a judge is shown beside the question: its own text, and an answer as long as the estimate of its model has it; `shots`, those of
 * the examples, where it sees them.
 */
function judgeTokens(spec: EvaluationSpec, answers: Group, scorerId: string, shots: number): number {
  const { benchmark, model } = workOf({ spec }, answers);
  const scorer = judgedScorersOf(spec.benchmarks[answers.benchmarkIndex]!).find(({ id }) => id === scorerId)!;
  const { template, instructions } = judgeTextsOf(scorer);
  const answer = generateConfigOf(benchmark, model).max_tokens ?? DEFAULT_OUTPUT_TOKENS;
  const before = (scorer.args as Partial<ModelGradedArgs>).include_history ? shots : 0;
  return Math.ceil((template.length + instructions.length) / CHARS_PER_TOKEN) + answer + before;
}

/** Tokens of the examples in front of one sample. */
function shotTokens({ prompt }: BenchmarkSpec, shots: readonly Shot[]): number {
  const { delimiter = '\n\n', target_delimiter: target = ' ' } = prompt.fewshot ?? {};
  const chars = shots
    .slice(0, prompt.num_fewshot ?? 0)
    .reduce((sum, shot) => sum + shot.user.length + target.length + shot.target.length + delimiter.length, 0);
  return Math.ceil(chars / CHARS_PER_TOKEN);
}

/** Each route once, with the units that would wait for an agent. */
async function unserved(groups: readonly Group[], servedBy: ValidateOptions['servedBy']): Promise<Validation['routesWithoutAgent']> {
  const routes = new Map<string, { route: Route; open: number }>();
  for (const { route, samples, epochs } of groups) {
    const open = (routes.get(route.id)?.open ?? 0) + samples * epochs;
    routes.set(route.id, { route, open });
  }
  const wanted = [...routes.values()];
  const agents = await servedBy(wanted.map(({ route }) => route));
  return wanted.filter((_, i) => agents[i] === 0).map(({ route, open }) => ({ route: route.id, requirement: describeRoute(route), open }));
}
