/**
 * The report: recomputed from the store in unit order, with the ledger's word on which units are closed and how. For equal
 * completions its `results` are the same bytes, whoever ran what and when.
 */
import type { Report, ReportRow, UsageTotals } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { judgeGroupsOf, placeOf, unitsOf, type Group, type Manifest } from '../../shared/domain/manifest.ts';
import type { Score, UnitResult } from '../../shared/domain/result.ts';
import { emptyCounts, finalStateOf, UNIT_STATES, unitCode, type Counts, type UnitState } from '../../shared/domain/states.ts';
import { epochsOf } from '../../shared/domain/spec-defaults.ts';
import { scorersOf } from '../../shared/domain/spec-scorers.ts';
import { reducerOf, type Said } from '../../shared/scoring/reducers.ts';
import { MetricFold, type MetricKey, type MetricSpec } from '../../shared/scoring/metrics.ts';
import type { Labels } from '../../shared/scoring/metrics/metric.ts';
import { Breather } from '../../shared/runtime/breather.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { CacheCounts } from './report-cache.ts';
import type { ClosedUnit, ClosedUnits } from './closed-unit.ts';
import { judgedScore } from './judging/judged-score.ts';
import { Failures } from './report-failures.ts';
import { Stages, withJudges, type Judged } from './report-stages.ts';
import { totalsOf } from './report-totals.ts';
import { readResult } from './reported.ts';
import { labelsOf } from './sample-labels.ts';
import type { RangeReader } from './sample-reader.ts';

export type { ClosedUnit, ClosedUnits } from './closed-unit.ts';

const noUsage = (): UsageTotals => ({ inputTokens: 0, outputTokens: 0, calls: 0, retries: 0, reasoningTokens: 0 });

function addUsage(total: UsageTotals, result: UnitResult): void {
  total.inputTokens += result.usage.inputTokens;
  total.outputTokens += result.usage.outputTokens;
  total.calls += result.calls;
  total.retries += result.retries;
  total.reasoningTokens += result.usage.reasoningTokens ?? 0;
}

const saidBy = ({ value, answer, corpus }: Score): Said => ({ value: value ?? undefined, answer, corpus });

/** How a sample stands with one scorer. */
interface Scored {
  state: UnitState;
  score: Score | undefined;
}

/** Of a closed unit by each of its benchmark's scorers; undefined while one of the judges is not done. */
function scoredBy(manifest: Manifest, group: Group): (judged: Judged) => Map<string, Scored | undefined> {
  const judges = judgeGroupsOf(manifest.groups, group);
  const scorers = scorersOf(manifest.spec.benchmarks[group.benchmarkIndex]!).map(({ id }) => id);
  return ({ own, calls }) => {
    if (!own) return new Map();
    const state = UNIT_STATES[own.code]!;
    return new Map(
      scorers.map((scorer): [string, Scored | undefined] => {
        const at = group.scorers.indexOf(scorer);
        if (at >= 0 || state === 'cancelled' || state === 'dead') return [scorer, { state, score: own.result?.scores[at] }];
        const about = judges.flatMap(({ judge, model }, i) => (judge!.scorer === scorer ? [calls[i] && { model, ...calls[i] }] : []));
        return [scorer, judgedScore(scorer, own.result?.completion, about)];
      }),
    );
  };
}

/** One scorer of one group under one reducer, while its units pass by. */
class Row {
  readonly #group: Group;
  readonly #scorer: string;
  readonly #reducer: string;
  readonly #fold: MetricFold;
  readonly #counts: Counts;

  constructor(group: Group, scorer: string, reducer: string, metrics: readonly MetricSpec[]) {
    this.#group = group;
    this.#scorer = scorer;
    this.#reducer = reducer;
    this.#fold = new MetricFold(metrics, reducerOf(reducer));
    this.#counts = emptyCounts(unitsOf(group));
  }

  get scorer(): string {
    return this.#scorer;
  }

  add({ state, score }: Scored, sample: number, labels: Labels): void {
    if (state === 'cancelled' || state === 'dead') this.#counts[state]++;
    else if (!score || score.error !== undefined) this.#counts.errored++;
    else {
      this.#counts[score.number === null ? 'unscored' : 'scored']++;
      this.#fold.add(sample, score.number, labels, score.counts, saidBy(score));
    }
  }

  async result(breather: Breather): Promise<ReportRow> {
    const work = this.#fold.work();
    while (!(await breather.run(() => work.next())).done);
    const metrics: ReportRow['metrics'] = {};
    for (const [name, value] of Object.entries(this.#fold.result())) if (value !== null) metrics[name as MetricKey] = value;
    const groups = this.#fold.groups();
    return {
      benchmark: this.#group.benchmark,
      model: this.#group.model,
      scorer: this.#scorer,
      metrics,
      counts: this.#counts,
      reducer: this.#reducer,
      samples: this.#fold.samples,
      ...(groups.length > 0 ? { groups } : {}),
    };
  }

  /** Of its scores, whatever metrics were asked for. */
  get moments(): Pick<MetricFold['moments'], 'n' | 'mean' | 'stderr'> {
    return this.#fold.moments;
  }
}

/** Computes the report in one pass with memory for one row per scorer, and for what its metrics keep. */
export async function computeReport(options: {
  manifest: Manifest;
  closedUnits: ClosedUnits;
  /** Where datasets are read, if a metric needs metadata of the samples. */
  source: RangeReader;
  clock: Pick<Clock, 'monotonic' | 'soon'>;
  wasCancelled: boolean;
  finishedAtMs: number;
}): Promise<Report> {
  const { manifest } = options;
  const { reducers } = epochsOf(manifest.spec);
  const all: [ReportRow, Row][] = [];
  const breather = new Breather({ clock: options.clock });
  const units = emptyCounts(manifest.units);
  const failures = new Failures();
  const cache = new CacheCounts(Boolean(manifest.spec.cache));
  const usage = noUsage();
  const usageByModel: Report['usageByModel'] = {};
  const agents: Record<string, number> = {};
  let modelMsTotal = 0;
  let firstStart = Infinity;
  const stages = new Stages(manifest);
  /** Of what has a score of its own: an answer that only judges score is none yet. */
  const graded = emptyCounts();
  const add = (group: Group, closed: ClosedUnit): void => {
    const state = UNIT_STATES[closed.code]!;
    if (state === 'pending' || state === 'generated') throw new AppError('internal', `unit ${closed.unit} is open`);
    units[state]++;
    if (group.scorers.length > 0) graded[state]++;
    stages.add(group, closed);
    if (!closed.result) return;
    failures.add(group, closed.result);
    cache.add(group.model, closed.result);
    addUsage(usage, closed.result);
    addUsage((usageByModel[group.model] ??= noUsage()), closed.result);
    agents[closed.agentId] = (agents[closed.agentId] ?? 0) + 1;
    modelMsTotal += closed.result.timing.modelMs;
    if (closed.result.timing.startedAt > 0) firstStart = Math.min(firstStart, closed.result.timing.startedAt);
  };
  for (const group of manifest.groups) {
    usageByModel[group.model] ??= noUsage();
    if (group.judge) continue; // read beside the answers
    const benchmark = manifest.spec.benchmarks[group.benchmarkIndex]!;
    const judges = judgeGroupsOf(manifest.groups, group);
    const rows = scorersOf(benchmark).flatMap(({ id }) => reducers.map((reducer) => new Row(group, id, reducer, benchmark.metrics)));
    const scored = scoredBy(manifest, group);
    const labels = labelsOf(options.source, manifest, group);
    for await (const judged of withJudges(manifest.groups, group, options.closedUnits)) {
      if (judged.own) {
        add(group, judged.own);
        const { sample } = placeOf(group, judged.own.unit);
        const own = judged.own.result ? await labels(sample) : {};
        const found = scored(judged);
        for (const row of rows) {
          const score = found.get(row.scorer);
          if (score) row.add(score, sample, own);
        }
      }
      for (const [i, call] of judged.calls.entries()) if (call) add(judges[i]!, call);
    }
    for (const row of rows) all.push([await row.result(breather), row]);
  }
  const totals = totalsOf(all);
  const { errors, answers, retryBias } = failures;
  const state = finalStateOf(graded, options.wasCancelled);
  const isPartial = state !== 'succeeded' || units.cancelled + units.dead > 0;
  return {
    evaluationId: manifest.evaluationId,
    name: manifest.spec.name,
    state,
    ...(isPartial ? { partial: true } : {}),
    results: all.map(([row]) => row),
    ...(totals.length > 0 ? { totals } : {}),
    units,
    ...(errors ? { errors } : {}),
    ...(answers ? { answers } : {}),
    ...(retryBias ? { retryBias } : {}),
    ...(stages.stages ? { stages: stages.stages } : {}),
    usage,
    usageByModel,
    ...(cache.counts ? { cache: cache.counts } : {}),
    agents: Object.fromEntries(Object.entries(agents).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    timing: {
      createdAt: new Date(manifest.createdAtMs).toISOString(),
      finishedAt: new Date(options.finishedAtMs).toISOString(),
      durationMs: Math.max(0, options.finishedAtMs - manifest.createdAtMs),
      ...(Number.isFinite(firstStart) ? { firstSampleStartedAt: new Date(firstStart).toISOString() } : {}),
      modelMsTotal: Math.round(modelMsTotal),
    },
    specDigest: manifest.specDigest,
  };
}

/** Joins the ledger's unit codes with the store's winning results. */
export function joinUnits(options: {
  manifest: Manifest;
  codes: (first: number, count: number) => Promise<Uint8Array>;
  results: (from: number) => AsyncIterable<{ unit: number; content: Buffer; agentId: string }>;
}): ClosedUnits {
  return async function* (group) {
    const end = group.firstUnit + unitsOf(group);
    const stored = options.results(group.firstUnit)[Symbol.asyncIterator]();
    try {
      let next = await stored.next();
      for (let first = group.firstUnit; first < end; first += 4_096) {
        const codes = await options.codes(first, Math.min(4_096, end - first));
        for (const [i, code] of codes.entries()) {
          const unit = first + i;
          while (!next.done && next.value.unit < unit) next = await stored.next();
          if (code < 2) continue;
          const has = !next.done && next.value.unit === unit && code < 5;
          if (!has && code < 5) throw new AppError('internal', `unit ${unit} is ${UNIT_STATES[code]}, but the store has no result of it`);
          const result = has ? readResult(options.manifest, unit, next.value.content) : undefined;
          if (has && !result) throw new AppError('internal', `the store's result of unit ${unit} makes no sense`);
          yield { unit, code: result ? unitCode(result.outcome) : code, result, agentId: has ? next.value.agentId : '' };
        }
      }
    } finally {
      await stored.return?.();
    }
  };
}
