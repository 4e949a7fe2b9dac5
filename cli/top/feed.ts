/** Where the picture comes from: lists of evaluations every two seconds, the watch of the cluster, and more of the row that is opened. */
import type { AssayClient } from '../../shared/client/client.ts';
import type { EvaluationFilter, EvaluationSummary } from '../../shared/client/types.ts';
import { AppError, isRefusedForNow, isRetryable } from '../../shared/domain/errors.ts';
import { isFinal, openOf } from '../../shared/domain/states.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { applyChange, newClusterView, type ClusterView } from '../render/cluster-view.ts';
import { closedOf } from '../render/progress-view.ts';
import { RateMeter } from '../render/rate-meter.ts';
import { UNFINISHED } from './panes.ts';
import { Pause } from './pause.ts';
import { ScoresSoFar } from './scores.ts';
import type { Details, EvaluationRow, Opened, Source, TopState, Trouble } from './state.ts';

/** Between an answer and the next question. */
const POLL_MS = 2_000;
const RETRY_MS = 1_000;
/** What is refused is not asked again and again. */
const REFUSED_MS = 30_000;
/** A coordinator that is there answers much sooner. */
const ANSWER_MS = 5_000;
/** The first picture can do without scores of what runs. */
const SCORES_MS = 1_000;
const MOST_UNFINISHED = 200;
const MOST_RECENT = 100;

export interface FeedOptions {
  client: AssayClient;
  filter: EvaluationFilter;
  clock: Clock;
  state(): TopState;
  update(change: (state: TopState) => TopState): void;
}

export class Feed {
  readonly #options: FeedOptions;
  /** When each source last gave something. */
  readonly #answeredMs = new Map<Source, number>();
  readonly #meters = new Map<string, RateMeter>();
  readonly #scores = new ScoresSoFar();
  readonly #betweenLists = new Pause();
  readonly #betweenDetails = new Pause();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** The first picture. Throws where neither evaluations nor the fleet may be seen. */
  async first(): Promise<void> {
    const { clock } = this.#options;
    const sources: [Source, Promise<void>][] = [
      ['evaluations', this.#list()],
      ['fleet', withDeadline({ ms: ANSWER_MS, what: 'the picture of the fleet', clock }, (signal) => this.#watch(signal, true))],
    ];
    const scores = withDeadline({ ms: SCORES_MS, what: 'the scores so far', clock }, (signal) => this.#watchScores(signal, true));
    const [ends] = await Promise.all([Promise.allSettled(sources.map(([, end]) => end)), scores.catch(() => undefined)]);
    const failures = ends.flatMap((end, i) => (end.status === 'rejected' ? [[sources[i]![0], end.reason as unknown] as const] : []));
    if (failures.length === sources.length) throw failures[0]![1];
    for (const [source, error] of failures) this.#failed(source, error);
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([
      this.#again('evaluations', this.#betweenLists, signal, () => this.#list()),
      this.#again('fleet', new Pause(), signal, () => this.#watch(signal)),
      this.#scoresAgain(signal),
      this.#detail(signal),
    ]);
  }

  /** Asks now: something was done, or a row was opened. */
  hurry(): void {
    this.#betweenLists.end();
    this.#betweenDetails.end();
  }

  async #again(source: Source, pause: Pause, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      let waitMs = POLL_MS;
      try {
        await work();
      } catch (error) {
        if (signal.aborted) return;
        waitMs = this.#failed(source, error) ? RETRY_MS : REFUSED_MS;
      }
      await pause.wait(waitMs, signal);
    }
  }

  /** Notes what is wrong; whether it may be better soon. */
  #failed(source: Source, thrown: unknown): boolean {
    const error = AppError.from(thrown);
    const isLost = error.code === 'deadline' || isRetryable(error.code) || isRefusedForNow(error);
    const nowMs = this.#options.clock.now();
    this.#options.update((state) => {
      const sinceMs = state.troubles[source]?.sinceMs ?? this.#answeredMs.get(source) ?? nowMs;
      const trouble: Trouble = { sinceMs, why: error.message || error.code, isLost };
      // What may not be seen any more is not shown any more.
      const seen = isLost ? state.seen : { ...state.seen, [source]: false };
      return { ...state, seen, troubles: { ...state.troubles, [source]: trouble } };
    });
    return isLost;
  }

  async #list(): Promise<void> {
    const { clock, update } = this.#options;
    const found = await withDeadline({ ms: ANSWER_MS, what: 'the list of evaluations', clock }, () => this.#asked());
    const nowMs = clock.monotonic();
    this.#answeredMs.set('evaluations', clock.now());
    const evaluations = found.items.map((e) => this.#scored(this.#rated(e, nowMs)));
    const ids = new Set(evaluations.map((e) => e.evaluationId));
    for (const id of this.#meters.keys()) if (!ids.has(id)) this.#meters.delete(id);
    update((state) => ({ ...seenNow(state, 'evaluations'), isCut: found.isCut, rows: { ...state.rows, evaluations } }));
  }

  /** Those that are not over, and the last ones of all; of those that a filter names by state only these. */
  async #asked(): Promise<{ items: EvaluationSummary[]; isCut: boolean }> {
    const { client, filter } = this.#options;
    const [open, recent] = await Promise.all([
      client.list({ states: UNFINISHED, ...filter }, { size: MOST_UNFINISHED }),
      filter.states ? undefined : client.list(filter, { size: MOST_RECENT }),
    ]);
    const items = new Map([...open.items, ...(recent?.items ?? [])].map((e) => [e.evaluationId, e]));
    return { items: [...items.values()], isCut: open.nextToken !== '' };
  }

  #rated(evaluation: EvaluationSummary, nowMs: number): EvaluationRow {
    if (isFinal(evaluation.state)) return { ...evaluation, rate: 0 };
    const meter = this.#meters.get(evaluation.evaluationId) ?? new RateMeter();
    this.#meters.set(evaluation.evaluationId, meter);
    meter.note(nowMs, closedOf(evaluation.counts));
    if (evaluation.state === 'paused') return { ...evaluation, rate: 0 };
    const etaMs = meter.etaMs(openOf(evaluation.counts), nowMs);
    return { ...evaluation, rate: meter.perSecond(nowMs), ...(etaMs === undefined ? {} : { etaMs }) };
  }

  /** `isOnce`: only the first change, which is a snapshot. */
  async #watch(signal: AbortSignal, isOnce = false): Promise<void> {
    const { client, update } = this.#options;
    const view = newClusterView();
    for await (const change of client.watchCluster({ signal })) {
      applyChange(view, change);
      update((state) => withFleet(state, view));
      if (isOnce) return;
    }
  }

  /** Whatever comes of it, the rest is shown: coordinators of before know no such watch. */
  async #scoresAgain(signal: AbortSignal): Promise<void> {
    const pause = new Pause();
    while (!signal.aborted) {
      await this.#watchScores(signal).catch(() => undefined);
      await pause.wait(REFUSED_MS, signal);
    }
  }

  async #watchScores(signal: AbortSignal, isOnce = false): Promise<void> {
    const { client, filter, update } = this.#options;
    const states = UNFINISHED.filter((state) => filter.states?.includes(state) ?? true);
    if (states.length === 0) return;
    for await (const change of client.watchList({ ...filter, states }, { size: MOST_UNFINISHED, signal })) {
      this.#scores.take(change);
      update((state) => ({ ...state, rows: { ...state.rows, evaluations: state.rows.evaluations.map((e) => this.#scored(e)) } }));
      if (isOnce) return;
    }
  }

  #scored(row: EvaluationRow): EvaluationRow {
    return isFinal(row.state) ? row : { ...row, score: this.#scores.of(row.evaluationId) };
  }

  async #detail(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { opened } = this.#options.state();
      if (opened && opened.pane !== 'routes') {
        const news = await this.#detailsOf(opened);
        this.#options.update((state) =>
          state.opened?.pane === opened.pane && state.opened.id === opened.id ? { ...state, opened: answered(state.opened, news) } : state,
        );
      }
      await this.#betweenDetails.wait(POLL_MS, signal);
    }
  }

  async #detailsOf({ pane, id }: Opened): Promise<Pick<Opened, 'details' | 'problem'>> {
    const { client, clock } = this.#options;
    try {
      const ask = pane === 'agents' ? () => agentDetails(client, id) : () => evaluationDetails(client, id);
      return { details: await withDeadline({ ms: ANSWER_MS, what: 'the answer', clock }, ask) };
    } catch (error) {
      return { problem: AppError.from(error).message };
    }
  }
}

async function agentDetails(client: AssayClient, id: string): Promise<Details> {
  return { kind: 'agent', ...(await client.agent(id)) };
}

async function evaluationDetails(client: AssayClient, evaluationId: string): Promise<Details> {
  const evaluation = await client.get(evaluationId);
  // Both say more of it, and it can be shown without.
  const more = isFinal(evaluation.state)
    ? await client.report(evaluationId).then(
        (report) => ({ report }),
        () => ({}),
      )
    : await client.why({ evaluationId }).then(
        (why) => ({ why }),
        () => ({}),
      );
  return { kind: 'evaluation', evaluation, ...more };
}

/** The answer goes in the place of a problem; a problem stands beside the last answer. */
function answered(opened: Opened, news: Pick<Opened, 'details' | 'problem'>): Opened {
  const { problem: _, ...rest } = opened;
  return { ...rest, ...news };
}

function seenNow(state: TopState, source: Source): TopState {
  const { [source]: _, ...troubles } = state.troubles;
  return { ...state, seen: { ...state.seen, [source]: true }, troubles };
}

const withFleet = (state: TopState, view: ClusterView): TopState => ({
  ...seenNow(state, 'fleet'),
  coordinators: [...view.coordinators.values()],
  rows: { ...state.rows, agents: [...view.agents.values()], routes: [...view.routes.values()] },
});
