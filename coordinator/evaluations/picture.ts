/** Pictures of an evaluation, as clients get them: from the ledger, or from the store once Redis has forgotten it. Pure. */
import type { Evaluation, EvaluationChanges, EvaluationSummary, Report, SampleLimits } from '../../shared/client/types.ts';
import { judgeOfField, unitsOf, type Group, type Manifest } from '../../shared/domain/manifest.ts';
import { tokensOfGroups, unpriced, type ModelTokens, type Priced } from '../../shared/domain/cost.ts';
import { describeRoute } from '../../shared/domain/routing.ts';
import { emptyCounts, isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import type { LedgerSnapshot } from '../ledger/types.ts';
import { countsOf, groupProgressOf } from '../progress/events.ts';
import type { Known } from './catalog.ts';

/** Rows of a report in a list. */
const LISTED_ROWS = 20;

/** What holds after all updates. */
export interface Effective {
  priority: number;
  /** 0: no bound of its own. */
  maxSamples: number;
  limits: SampleLimits;
  tags: string[];
  metadata: Record<string, unknown>;
  /** For ever. */
  keep: boolean;
}

/** What the spec says, with what updates say otherwise. */
export function effectiveOf({ spec }: Manifest, changes: EvaluationChanges): Effective {
  const { priority, maxSamples, limits, tags, metadata, keep } = changes;
  return {
    priority: priority ?? spec.priority,
    maxSamples: maxSamples ?? spec.max_samples ?? 0,
    limits: limits ?? spec.limits ?? {},
    tags: tags ?? spec.tags,
    metadata: metadata ?? spec.metadata,
    keep: keep ?? false,
  };
}

/** What every picture says alike. */
function common({ manifest, changes }: Known): Omit<Evaluation, 'state' | 'counts' | 'groups' | 'reason' | 'finishedAtMs' | 'cost'> {
  return {
    evaluationId: manifest.evaluationId,
    name: manifest.spec.name,
    createdAtMs: manifest.createdAtMs,
    specDigest: manifest.specDigest,
    inFlight: 0,
    agents: 0,
    routes: [],
    cursor: '',
    setbacks: { crashes: 0, losses: 0, returns: 0 },
    namespace: manifest.namespace,
    owner: manifest.owner ?? '',
    ...effectiveOf(manifest, changes),
  };
}

/** Tokens by model, as the report says it, in the order of the groups. */
const reportedTokens = ({ groups }: Pick<Manifest, 'groups'>, { usageByModel: usage }: Partial<Pick<Report, 'usageByModel'>>) =>
  usage &&
  [...new Set([...groups.map(({ model }) => model), ...Object.keys(usage)])].map((model): ModelTokens => ({
    model,
    inputTokens: usage[model]?.inputTokens ?? 0,
    outputTokens: usage[model]?.outputTokens ?? 0,
  }));

/** What a final one has cost. */
export const reportedCost = (manifest: Pick<Manifest, 'groups'>, report: Partial<Pick<Report, 'usageByModel'>>, priced: Priced) =>
  costField(reportedTokens(manifest, report), priced);

/** So far, as the ledger counts it; one of an earlier release does not. */
export const countedCost = (manifest: Manifest, { groups }: Pick<LedgerSnapshot, 'groups'>, priced: Priced) =>
  costField(tokensOfGroups(manifest.groups.map((group) => groupProgressOf(manifest, group, groups[group.index]!))), priced);

const costField = (tokens: readonly ModelTokens[] | undefined, priced: Priced): Pick<Evaluation, 'cost'> =>
  tokens ? { cost: priced(tokens) } : {};

/** The picture of an evaluation that Redis knows. `report`: of a final one. */
export function evaluationOf(known: Known, snapshot: LedgerSnapshot, priced: Priced, report?: Report): Evaluation {
  const { manifest } = known;
  const openOn = (routeId: string): number =>
    manifest.groups.filter((g) => g.route.id === routeId).reduce((sum, g) => sum + unitsOf(g) - closedOf(snapshot.groups[g.index]!), 0);
  return {
    ...common(known),
    state: snapshot.state,
    counts: countsOf(snapshot.counts),
    groups: manifest.groups.map((g) => groupProgressOf(manifest, g, snapshot.groups[g.index]!)),
    reason: snapshot.reason,
    inFlight: snapshot.inFlight,
    setbacks: snapshot.setbacks,
    agents: snapshot.agents,
    routes: known.routes.map((r) => ({ route: r.id, requirement: describeRoute(r), open: openOn(r.id) })).filter((r) => r.open > 0),
    cursor: snapshot.cursor,
    finishedAtMs: isFinal(snapshot.state) && report ? finishedAtOf(report) : 0,
    ...(report ? reportedCost(manifest, report, priced) : countedCost(manifest, snapshot, priced)),
  };
}

const closedOf = (row: readonly number[]): number => row.slice(1, 6).reduce((sum, n) => sum + n, 0);

/** The picture of a finished evaluation that Redis has forgotten; the sums come back from the report's rows. */
export function finishedOf(known: Known, report: Report, reason: string, priced: Priced): Evaluation {
  const groups = known.manifest.groups.map((g) => {
    const stage = report.stages?.[g.index];
    const retriesOf = (model: string): number => report.usageByModel[model]?.retries ?? 0;
    if (stage && g.judge) {
      const [n, mean] = [stage.counts.scored, stage.mean ?? 0];
      // Of letters, whose squares are theirs but for the half of a P.
      const scorers = g.scorers.map((scorer) => ({ scorer, n, sum: n * mean, sumOfSquares: n * mean }));
      return { ...namesOf(known.manifest, g), counts: stage.counts, scorers, retries: retriesOf(g.model) };
    }
    const rows = report.results.filter((r) => r.benchmark === g.benchmark && r.model === g.model);
    const counts = stage?.counts ?? rows[0]?.counts ?? { total: unitsOf(g), scored: 0, unscored: 0, errored: 0, cancelled: 0, dead: 0 };
    const scorers = g.scorers.flatMap((scorer) => {
      const row = rows.find((r) => r.scorer === scorer); // one row for each reducer; the first is as good as any
      if (!row) return [];
      const sum = (row.metrics.mean ?? row.metrics.accuracy ?? 0) * row.counts.scored;
      return [{ scorer, n: row.counts.scored, sum, sumOfSquares: sum }];
    });
    return { ...namesOf(known.manifest, g), counts, scorers, retries: retriesOf(g.model) };
  });
  return {
    ...common(known),
    state: report.state,
    counts: report.units,
    groups,
    reason,
    finishedAtMs: finishedAtOf(report),
    ...reportedCost(known.manifest, report, priced),
  };
}

const namesOf = ({ groups }: Manifest, group: Group) => ({
  benchmark: group.benchmark,
  model: group.model,
  ...judgeOfField(groups, group),
});

export const finishedAtOf = (report: Report): number => Date.parse(report.timing.finishedAt) || 0;

/** Redis has lost it and its recovery has not begun. */
export function recoveringOf(known: Known): Evaluation {
  const { manifest } = known;
  const snapshot: LedgerSnapshot = {
    state: 'recovering',
    reason: 'Redis lost it; it is rebuilt from the store',
    cursor: '',
    counts: [manifest.units, 0, 0, 0, 0, 0],
    groups: manifest.groups.map((g) => [g.index, ...Array.from({ length: 6 + 3 * g.scorers.length }, () => 0)]),
    open: manifest.units,
    inFlight: 0,
    agents: 0,
    wasCancelled: false,
    hasFailed: false,
    setbacks: { crashes: 0, losses: 0, returns: 0 },
  };
  return evaluationOf(known, snapshot, unpriced);
}

/** An evaluation in a list. `more`: of a final one, its counts and results. */
export function summaryOf(
  manifest: Manifest,
  effective: Effective,
  more: Partial<Pick<EvaluationSummary, 'counts' | 'finishedAtMs' | 'reason' | 'results' | 'storedBytes' | 'cost'>> & {
    state: EvaluationState;
  },
): EvaluationSummary {
  return {
    evaluationId: manifest.evaluationId,
    name: manifest.spec.name,
    state: more.state,
    createdAtMs: manifest.createdAtMs,
    finishedAtMs: more.finishedAtMs ?? 0,
    counts: more.counts ?? emptyCounts(manifest.units),
    namespace: manifest.namespace,
    owner: manifest.owner ?? '',
    tags: effective.tags,
    metadata: effective.metadata,
    benchmarks: manifest.spec.benchmarks.map((b) => b.benchmark),
    models: manifest.spec.models.map((m) => m.model),
    priority: effective.priority,
    reason: more.reason ?? '',
    results: (more.results ?? []).slice(0, LISTED_ROWS),
    keep: effective.keep,
    storedBytes: more.storedBytes ?? 0,
    ...(more.cost && { cost: more.cost }),
  };
}
