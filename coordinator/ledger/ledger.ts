/**
 * The ledger: what Redis knows of one evaluation, and the only owner of counting. Every change is one Lua script over keys
 * that share the evaluation's hash slot (`scripts/`); this file gives them types. It holds no prompt and no completion.
 *
 * Keys of an evaluation, all `<prefix>:{<evaluationId>}:…`
 *   meta    hash: state, counts, cursors of the planner, generation, grants
 *   units   string: the state of every unit, 4 bits each
 *   tasks   hash: sequence → task in the window (queued, leased or unqueued); a task that is over is gone
 *   sums    hash: counts and live sums per group
 *   dirty   set: groups that changed since the last progress event
 *   events  stream: what watchers see, `<generation>-<number>` → event
 *   agents  sorted set: agents that work on it, by when they were last seen
 *   why, course, attempts  hashes: what kept it from running (dispatch/why), how it went over time (progress/course); only removed here
 */
import { AppError } from '../../shared/domain/errors.ts';
import { unitsOf, type Manifest } from '../../shared/domain/manifest.ts';
import type { EvaluationState } from '../../shared/domain/states.ts';
import type { RedisClient } from '../redis/connect.ts';
import { throwUnavailable } from '../redis/errors.ts';
import {
  agedTask,
  attemptUnitsOf,
  codesOf,
  countedRow,
  evidenceOf,
  numbersOf,
  replayedOf,
  TASK,
  type AgedTask,
  type Replayed,
} from './script-arguments.ts';
import { errorRuleOf } from './error-rule.ts';
import { looksOf } from './looks.ts';
import { spansOf } from './spans.ts';
import { ScriptRunner, type OnRun, type ScriptName } from './script-runner.ts';
import {
  ATTEMPT_ENDS,
  parseSnapshot,
  parseTask,
  type AttemptTold,
  type CommitAnswer,
  type CommitReport,
  type ControlAnswer,
  type ControlCommand,
  type Grant,
  type GrantAnswer,
  type LedgerLook,
  type LedgerSnapshot,
  type LedgerTask,
  type NewTask,
  type PlanView,
  type ReleaseAnswer,
  type ReleaseItem,
  type ReopenedUnit,
  type RestoreOptions,
  type Spared,
  type SpareAnswer,
  type UnitRange,
} from './types.ts';

/** Three crashes make a task dead; losses (a lease that ran out) have a larger limit of their own. */
const CRASH_LIMIT = 3;
const LOSS_LIMIT = 20;
/** The keys of a final evaluation live on for watchers. */
const KEEP_MS = 24 * 3_600_000;

export interface LedgerOptions {
  onScript?: OnRun;
  /** How long the keys of a final evaluation live on. */
  keepMs?: number;
  /**
   * False while Redis may have forgotten what it knew: until that is marked nothing is written, and so no number of an event used twice; and
   * nothing is told, which may be older than what was answered.
   */
  isSettled?: () => boolean;
  /** Told of attempts that begin or end, maybe more than once. */
  onAttempt?: (told: AttemptTold) => void;
}

const KEYS = ['meta', 'units', 'tasks', 'sums', 'dirty', 'events', 'agents'];
/** No script reads or makes it. */
const BESIDE = ['why', 'returns', 'course', 'attempts'];

export class Ledger {
  readonly #redis: RedisClient;
  readonly #scripts: ScriptRunner;
  readonly #prefix: string;
  readonly channel: string;
  readonly #keepSeconds: number;
  readonly #isSettled: () => boolean;
  /** Tells of an attempt, also what the ledger itself has no part in. */
  readonly tell: (told: AttemptTold) => void;

  constructor(redis: RedisClient, prefix: string, { onScript, keepMs = KEEP_MS, isSettled, onAttempt }: LedgerOptions = {}) {
    this.#isSettled = isSettled ?? (() => true);
    this.tell = onAttempt ?? (() => undefined);
    this.#redis = redis;
    this.#scripts = new ScriptRunner(redis, onScript);
    this.#prefix = prefix;
    this.#keepSeconds = Math.ceil(keepMs / 1000);
    this.channel = `${prefix}:notices`;
  }

  key(evaluationId: string, name: string): string {
    return `${this.#prefix}:{${evaluationId}}:${name}`;
  }

  /** All keys of a ledger: the first is that with its state. */
  keys(evaluationId: string): string[] {
    return KEYS.map((name) => this.key(evaluationId, name));
  }

  /** The same, and what lies beside them and goes with them. */
  keysOfAll(evaluationId: string): string[] {
    return [...KEYS, ...BESIDE].map((name) => this.key(evaluationId, name));
  }

  async #run(name: ScriptName, evaluationId: string, argument: object): Promise<unknown> {
    const isMark = 'action' in argument && argument.action === 'recover';
    if (!isMark && !this.#isSettled())
      throw new AppError('unavailable', 'Redis was connected again: what it knows is compared with the store first; repeat in a moment');
    return this.#scripts.run(name, this.keys(evaluationId), [this.channel, evaluationId, JSON.stringify(argument)]);
  }

  /**
   * Makes the ledger; false if there is one. `rebuild`: also in the place of one that is being recovered. `command`: one that is under
   * way from the beginning. `told`: a name for this creation, by which it is known as a command is by its own.
   */
  async create(
    manifest: Manifest,
    state: EvaluationState,
    generation: number,
    options: { rebuild?: boolean; command?: string; told?: string } = {},
  ): Promise<boolean> {
    const argument = {
      ...options,
      ...errorRuleOf(manifest),
      totals: manifest.groups.map(unitsOf),
      state,
      generation,
      units: manifest.units,
      scorers: manifest.groups.map((g) => g.scorers.length),
      firstUnits: manifest.groups.map((g) => g.firstUnit),
    };
    return (await this.#run('create', manifest.evaluationId, argument)) === 1;
  }

  /** A look at each evaluation; undefined where Redis knows nothing, or nothing that makes sense. One round trip. */
  looks(evaluationIds: readonly string[]): Promise<(LedgerLook | undefined)[]> {
    return looksOf(
      this.#redis,
      evaluationIds.map((id) => this.key(id, 'meta')),
    );
  }

  /** What the planner needs: version, cursors, and what waits and runs per route ordinal. */
  async planView(manifest: Manifest, routes: number): Promise<PlanView | undefined> {
    const groups = manifest.groups.flatMap((g) => [`cursor:${g.index}`, `planned:${g.index}`]);
    const perRoute = Array.from({ length: routes }, (_, r) => [`queued:${r}`, `leased:${r}`, `unit_ms:${r}`]).flat();
    const values = await this.#redis
      .hmget(this.key(manifest.evaluationId, 'meta'), 'state', 'plan_version', 'open', ...groups, ...perRoute, 'draining')
      .catch(throwUnavailable);
    if (!values[0]) return undefined;
    const numbers = values.map((v) => Number(v ?? 0));
    const ofRoutes = (at: number): number[] => Array.from({ length: routes }, (_, r) => numbers[3 + groups.length + 3 * r + at]!);
    return {
      state: values[0] as EvaluationState,
      isDraining: values.at(-1) !== null,
      version: numbers[1]!,
      open: numbers[2]!,
      cursors: manifest.groups.map((_, g) => numbers[3 + 2 * g]!),
      planned: manifest.groups.map((_, g) => numbers[4 + 2 * g]!),
      queued: ofRoutes(0),
      leased: ofRoutes(1),
      unitMs: ofRoutes(2),
    };
  }

  /** State codes of the units first … first + count − 1. */
  async unitCodes(evaluationId: string, first: number, count: number): Promise<Uint8Array> {
    const from = first >> 1;
    const raw = await this.#redis.getrangeBuffer(this.key(evaluationId, 'units'), from, (first + count - 1) >> 1).catch(throwUnavailable);
    return codesOf(raw, first, count);
  }

  /** Writes new tasks; returns the first sequence, or undefined if another planner was faster. */
  async plan(
    evaluationId: string,
    version: number,
    tasks: readonly NewTask[],
    cursors: readonly [group: number, cursor: number][],
  ): Promise<number | undefined> {
    const rows = tasks.map((t) => [t.group, t.route, t.first, t.end, t.traceparent]);
    const [ok, first] = (await this.#run('plan', evaluationId, { version, tasks: rows, cursors })) as [number, number];
    return ok === 1 ? first : undefined;
  }

  /** Grants attempts to one agent. */
  async grant(evaluationId: string, agentId: string, grants: readonly Grant[]): Promise<GrantAnswer[]> {
    const rows = grants.map((g) => [g.sequence, g.incarnation, g.attemptId, g.traceparent ?? '', g.isSigned ? 1 : 0]);
    const [json] = (await this.#run('grant', evaluationId, { agent: agentId, grants: rows })) as [string];
    const answers = (JSON.parse(json) as [GrantAnswer['answer'], number, number, string][]).map(([answer, grant, crashes, units]) => ({
      answer,
      grant,
      crashes,
      units: numbersOf(units),
    }));
    for (const [i, { answer, units }] of answers.entries())
      if (answer === 'granted') this.tell({ ...grants[i]!, kind: 'began', evaluationId, agentId, units });
    return answers;
  }

  /** Counts results that are durable. Returns a verdict per report, the state after it, and whether progress is left to tell. */
  async commit(evaluationId: string, reports: readonly CommitReport[]): Promise<CommitAnswer> {
    const rows = reports.map((r) => [r.sequence, r.attemptId, r.agentId, r.units.map((u) => countedRow(u, 0)), r.totalMs]);
    const [refused, late, over, due, state, generation] = (await this.#run('commit', evaluationId, { reports: rows })) as string[];
    const lateUnits = JSON.parse(late!) as string[];
    const finished = JSON.parse(over!) as number[];
    for (const [i, { attemptId }] of reports.entries()) if (finished[i] === 1) this.tell({ kind: 'done', evaluationId, attemptId });
    return {
      verdicts: (JSON.parse(refused!) as string[]).map((units, i) => ({
        refused: numbersOf(units),
        late: numbersOf(lateUnits[i]!),
        taskOver: finished[i] === 1,
      })),
      progressDue: due === '1',
      state: (state || undefined) as EvaluationState | undefined,
      generation: Number(generation),
    };
  }

  /** Takes attempts back; the caller adds the new jobs of those that are `queued`. */
  async release(evaluationId: string, items: readonly ReleaseItem[]): Promise<ReleaseAnswer[]> {
    const rows = items.map((i) => [i.sequence, i.attemptId ?? i.incarnation, i.kind, ...evidenceOf(i)]);
    const [json] = (await this.#run('release', evaluationId, { crashLimit: CRASH_LIMIT, lossLimit: LOSS_LIMIT, items: rows })) as [string];
    const answers = (JSON.parse(json) as [ReleaseAnswer['answer'], number][]).map(([answer, incarnation]) => ({ answer, incarnation }));
    for (const [i, item] of items.entries())
      if (item.kind !== 'requeue' && answers[i]!.answer !== 'unknown')
        this.tell({ kind: ATTEMPT_ENDS[item.kind], evaluationId, attemptId: item.attemptId });
    return answers;
  }

  /** Takes units that its agent has not started from a leased task; they are planned again. It may be repeated. */
  async spare(evaluationId: string, { sequence, attemptId, agentId, units }: Spared): Promise<SpareAnswer> {
    const [answer] = (await this.#run('spare', evaluationId, { sequence, attempt: attemptId, agent: agentId, units })) as [SpareAnswer];
    if (answer === 'over') this.tell({ kind: 'returned', evaluationId, attemptId });
    return answer;
  }

  /** A command or transition; `not_found` without a ledger. */
  async control(manifest: Manifest, command: ControlCommand): Promise<ControlAnswer> {
    const early = ['cancel', 'drain', 'recovered'].includes(command.action);
    const argument = {
      reason: '',
      ...command,
      keepSeconds: this.#keepSeconds,
      ...(early ? { totals: manifest.groups.map(unitsOf) } : {}),
    };
    const [done, state, detail] = (await this.#run('control', manifest.evaluationId, argument)) as [number, EvaluationState | '', string];
    if (!state) throw new AppError('not_found', `Redis knows nothing of ${manifest.evaluationId}`);
    const [generation = 0, grants = 0, requeues = 0] = detail.startsWith('[') ? (JSON.parse(detail) as number[]) : [];
    const answer = done === 1 ? 'done' : detail === 'busy' || detail === 'lost' ? detail : 'no';
    return { answer, done: done === 1, state, grant: generation * 2 ** 32 + grants, requeues };
  }

  /**
   * Closes what is open of these units, ascending, without a result (code: cancelled or dead): for a command under way, or for the recovery
   * of this generation. Returns how many were closed; undefined when the command was broken off, or another recovery is at it.
   */
  async close(
    manifest: Manifest,
    ranges: Iterable<UnitRange>,
    code: number,
    by: string | { generation: number },
  ): Promise<number | undefined> {
    let closed = 0;
    const whose = typeof by === 'string' ? { command: by } : { command: '', ...by };
    for (const part of spansOf(manifest, ranges)) {
      const answer = (await this.#run('close', manifest.evaluationId, { ...whose, code, ranges: part })) as number;
      if (answer < 0) return undefined;
      closed += answer;
    }
    return closed;
  }

  /** Opens closed units again, in unit order, at most 4,096 units apart; undefined when the command was broken off. */
  async reopen(evaluationId: string, units: readonly ReopenedUnit[], command: string): Promise<number | undefined> {
    const items = units.map((u) => countedRow(u, u.anew ? 1 : 0));
    const opened = (await this.#run('reopen', evaluationId, { command, items })) as number;
    return opened < 0 ? undefined : opened;
  }

  /**
   * Replays results of the store, in unit order, at most 4,096 units apart; false when the ledger is not being recovered, or (`generation`)
   * by another recovery than this one. `overruled` is told each unit that is closed although another attempt than the result's runs it.
   */
  async restore(evaluationId: string, units: readonly Replayed[], { generation, overruled }: RestoreOptions = {}): Promise<boolean> {
    const argument = { items: units.map(replayedOf), ...(generation === undefined ? {} : { generation }) };
    const [closed, others] = (await this.#run('restore', evaluationId, argument)) as [number, string];
    for (const [attemptId, unit] of attemptUnitsOf(others)) overruled?.(attemptId, unit);
    return closed >= 0;
  }

  async snapshot(evaluationId: string): Promise<LedgerSnapshot | undefined> {
    const json = (await this.#run('snapshot', evaluationId, {})) as string | null;
    return json ? parseSnapshot(json) : undefined;
  }

  /** State, generation and last cursor: all that an idle watcher wants to know. */
  async head(evaluationId: string): Promise<{ state: EvaluationState; generation: number; cursor: string } | undefined> {
    const [state, generation, sequence] = await this.#redis
      .hmget(this.key(evaluationId, 'meta'), 'state', 'generation', 'event_seq')
      .catch(throwUnavailable);
    return state
      ? { state: state as EvaluationState, generation: Number(generation ?? 1), cursor: `${generation ?? '1'}-${sequence ?? '0'}` }
      : undefined;
  }

  /** Drops the ledger of an evaluation that the store knows as over, or never accepted. */
  async forget(evaluationId: string): Promise<void> {
    await this.#redis.del(...this.keysOfAll(evaluationId)).catch(throwUnavailable);
  }

  /** One task of the window, and for how long it has been in its state. */
  async task(evaluationId: string, sequence: number): Promise<AgedTask | undefined> {
    const found = await this.#redis.eval(TASK, 1, this.key(evaluationId, 'tasks'), sequence).catch(throwUnavailable);
    return agedTask(sequence, found as [string | null, [string, string]]);
  }

  /** All tasks of the window (bounded by the planner). */
  async tasks(evaluationId: string): Promise<LedgerTask[]> {
    const all = await this.#redis.hgetall(this.key(evaluationId, 'tasks')).catch(throwUnavailable);
    return Object.entries(all).map(([sequence, raw]) => parseTask(Number(sequence), raw));
  }

  /** Tells every coordinator: `r:<routeId>` work waits, `e:<evaluationId>` an event, `c:<evaluationId>` ended early, `s:` switches, `u:<evaluationId>` accepted, updated, finished or removed, `k:<hash>` an API token. */
  async notify(notice: string): Promise<void> {
    await this.#redis.publish(this.channel, notice).catch(throwUnavailable);
  }
}
