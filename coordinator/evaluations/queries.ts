/** What can be asked of evaluations: state and progress, results, report; and the one command, cancel. */
import type { Evaluation, Report, SampleResult } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import { groupOfUnit, unitsOf } from '../../shared/domain/manifest.ts';
import { describeRoute } from '../../shared/domain/routing.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerSnapshot, LedgerTask } from '../ledger/types.ts';
import { countsOf, groupProgressOf } from '../progress/events.ts';
import type { Store } from '../store/store.ts';
import type { Catalog, Known } from './catalog.ts';
import { readResult } from './reported.ts';

/** How long a cancel waits for a recovery. */
const CANCEL_TRIES = 40;
const CANCEL_WAIT_MS = 250;

export class Queries {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #onCancelled: (known: Known, tasks: readonly LedgerTask[]) => void;

  constructor(options: {
    store: Store;
    ledger: Ledger;
    catalog: Catalog;
    clock: Clock;
    onCancelled: (known: Known, tasks: readonly LedgerTask[]) => void;
  }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#catalog = options.catalog;
    this.#clock = options.clock;
    this.#onCancelled = options.onCancelled;
  }

  /** An accepted evaluation by id; `not_found` with the id otherwise. */
  async known(evaluationId: string): Promise<Known> {
    const known = isEvaluationId(evaluationId) ? await this.#catalog.find(evaluationId) : undefined;
    if (!known || !(await this.#store.isAccepted(evaluationId)))
      throw new AppError(
        'not_found',
        `there is no evaluation ${JSON.stringify(evaluationId.slice(0, 60))} here; check the id, and which coordinator was asked`,
      );
    return known;
  }

  async get(evaluationId: string): Promise<Evaluation> {
    const known = await this.known(evaluationId);
    const snapshot = await this.#ledger.snapshot(evaluationId);
    if (snapshot && (isFinal(snapshot.state) || !(await this.#store.isFinished(evaluationId)))) return evaluationOf(known, snapshot);
    if (snapshot) await this.#ledger.forget(evaluationId); // Redis has lost its end, the store has not
    const report = await this.#store.report(evaluationId);
    return report ? finishedOf(known, JSON.parse(report.toString('utf8')) as Report) : recoveringOf(known);
  }

  /** State and last cursor, cheaply; what Redis does not know is asked of `get`. */
  async head(evaluationId: string): Promise<{ state: EvaluationState; cursor: string }> {
    const head = await this.#ledger.head(evaluationId);
    return head && (isFinal(head.state) || !(await this.#store.isFinished(evaluationId))) ? head : await this.get(evaluationId);
  }

  /** The journal first, then the ledger: an acknowledged cancel outlives everything. */
  async cancel(evaluationId: string, reason: string): Promise<EvaluationState> {
    const known = await this.known(evaluationId);
    const { state } = await this.get(evaluationId);
    if (isFinal(state)) return state;
    await this.#store.appendControl(evaluationId, { kind: 'cancel', atMs: this.#clock.now(), reason: reason.slice(0, 1_000) });
    for (let tries = 0; tries < CANCEL_TRIES; tries++) {
      const tasks = await this.#ledger.tasks(evaluationId);
      const answer = await this.#ledger
        .control(known.manifest, { action: 'cancel', reason: reason.slice(0, 1_000) })
        .catch((error: unknown) => {
          if (AppError.from(error).code === 'not_found') return undefined; // lost by Redis: wait for the recovery
          throw error;
        });
      if (answer && answer.state !== 'recovering') {
        await this.#ledger.notify(`c:${evaluationId}`);
        this.#onCancelled(known, tasks);
        return answer.state;
      }
      await this.#clock.sleep(CANCEL_WAIT_MS);
    }
    throw new AppError('unavailable', `${evaluationId} is being recovered; the cancel is written down, repeat it to see it done`);
  }

  /** Results of closed units in unit order: of a running evaluation, those that there are. */
  async *results(evaluationId: string, signal: AbortSignal): AsyncIterable<SampleResult> {
    const { manifest } = await this.known(evaluationId);
    const index = await this.#store.openResults(evaluationId);
    try {
      for await (const stored of index.results()) {
        if (signal.aborted) return;
        const result = readResult(manifest, stored.unit, stored.content);
        if (!result) continue;
        const group = groupOfUnit(manifest.groups, stored.unit);
        yield {
          unit: stored.unit,
          benchmark: group.benchmark,
          model: group.model,
          sampleId: String(result.sampleId),
          epoch: result.epoch,
          state: result.outcome,
          completion: result.completion ?? '',
          reasoning: result.reasoning ?? '',
          scores: result.scores.map((s) => ({
            scorer: s.scorer,
            value: s.value === null ? '' : String(s.value),
            number: s.number,
            answer: s.answer ?? '',
            explanation: s.explanation ?? '',
            error: s.error ?? '',
          })),
          errorClass: result.error?.class ?? '',
          errorMessage: result.error?.message ?? '',
          usage: {
            inputTokens: result.usage.inputTokens,
            outputTokens: result.usage.outputTokens,
            calls: result.calls,
            retries: result.retries,
          },
          stopReason: result.stopReason ?? '',
          modelMs: result.timing.modelMs,
          totalMs: result.timing.totalMs,
          agentId: stored.agentId,
        };
      }
    } finally {
      await index.close();
    }
  }

  async report(evaluationId: string): Promise<{ report: Report; json: Buffer }> {
    await this.known(evaluationId);
    const json = await this.#store.report(evaluationId);
    if (!json) throw new AppError('failed_precondition', `${evaluationId} is not finished; watch it, or ask again later`);
    return { report: JSON.parse(json.toString('utf8')) as Report, json };
  }
}

/** The picture of an evaluation that Redis knows. */
export function evaluationOf(known: Known, snapshot: LedgerSnapshot): Evaluation {
  const { manifest } = known;
  const groups = manifest.groups.map((g) => groupProgressOf(g, snapshot.groups[g.index]!));
  const openOn = (routeId: string): number =>
    manifest.groups.filter((g) => g.route.id === routeId).reduce((sum, g) => sum + unitsOf(g) - closedOf(snapshot.groups[g.index]!), 0);
  return {
    evaluationId: manifest.evaluationId,
    name: manifest.spec.name,
    state: snapshot.state,
    createdAtMs: manifest.createdAtMs,
    counts: countsOf(snapshot.counts),
    groups,
    specDigest: manifest.specDigest,
    reason: snapshot.reason,
    inFlight: snapshot.inFlight,
    agents: snapshot.agents,
    routes: known.routes.map((r) => ({ route: r.id, requirement: describeRoute(r), open: openOn(r.id) })).filter((r) => r.open > 0),
    cursor: snapshot.cursor,
  };
}

const closedOf = (row: readonly number[]): number => row.slice(1, 6).reduce((sum, n) => sum + n, 0);

/** The picture of a finished evaluation that Redis has forgotten; the sums come back from the report's rows. */
export function finishedOf(known: Known, report: Report): Evaluation {
  const groups = known.manifest.groups.map((g) => {
    const rows = report.results.filter((r) => r.benchmark === g.benchmark && r.model === g.model);
    const counts = rows[0]?.counts ?? { total: unitsOf(g), scored: 0, unscored: 0, errored: 0, cancelled: 0, dead: 0 };
    const scorers = rows.map((r) => {
      const mean = r.metrics.mean ?? r.metrics.accuracy ?? 0;
      return { scorer: r.scorer, n: r.counts.scored, sum: mean * r.counts.scored, sumOfSquares: mean * r.counts.scored };
    });
    return { benchmark: g.benchmark, model: g.model, counts, scorers, retries: report.usageByModel[g.model]?.retries ?? 0 };
  });
  return {
    evaluationId: report.evaluationId,
    name: report.name,
    state: report.state,
    createdAtMs: known.manifest.createdAtMs,
    counts: report.units,
    groups,
    specDigest: report.specDigest,
    reason: '',
    inFlight: 0,
    agents: 0,
    routes: [],
    cursor: '',
  };
}

/** Redis has lost it and its recovery has not begun. */
function recoveringOf(known: Known): Evaluation {
  const { manifest } = known;
  const none = [manifest.units, 0, 0, 0, 0, 0];
  const groups = manifest.groups.map((g) => [g.index, ...Array.from({ length: 6 + 3 * g.scorers.length }, () => 0)]);
  return evaluationOf(known, {
    state: 'recovering',
    reason: 'Redis lost it; it is rebuilt from the store',
    cursor: '',
    counts: none,
    groups,
    inFlight: 0,
    agents: 0,
    wasCancelled: false,
  });
}
