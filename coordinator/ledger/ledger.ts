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
 */
import type { Redis } from 'ioredis';
import { AppError } from '../../shared/domain/errors.ts';
import { unitsOf, type Manifest } from '../../shared/domain/manifest.ts';
import type { EvaluationState } from '../../shared/domain/states.ts';
import { asUnavailable } from '../redis.ts';
import { ScriptRunner, type ScriptName } from './script-runner.ts';
import type {
  CommitAnswer,
  CommitReport,
  Grant,
  GrantAnswer,
  LedgerSnapshot,
  LedgerTask,
  NewTask,
  PlanView,
  ReleaseAnswer,
  ReleaseItem,
  RestoredUnit,
} from './types.ts';

/** Three crashes make a task dead; losses (a lease that ran out) have a larger limit of their own. */
const CRASH_LIMIT = 3;
const LOSS_LIMIT = 20;
/** The keys of a final evaluation live on for watchers. */
const KEEP_SECONDS = 24 * 3600;

export class Ledger {
  readonly #redis: Redis;
  readonly #scripts: ScriptRunner;
  readonly #prefix: string;
  readonly channel: string;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#scripts = new ScriptRunner(redis);
    this.#prefix = prefix;
    this.channel = `${prefix}:notices`;
  }

  key(evaluationId: string, name: string): string {
    return `${this.#prefix}:{${evaluationId}}:${name}`;
  }

  async #run(name: ScriptName, evaluationId: string, argument: unknown): Promise<unknown> {
    const keys = ['meta', 'units', 'tasks', 'sums', 'dirty', 'events', 'agents'].map((k) => this.key(evaluationId, k));
    return this.#scripts.run(name, keys, [this.channel, evaluationId, JSON.stringify(argument)]);
  }

  /** Makes the ledger; false if there is one. */
  async create(manifest: Manifest, state: EvaluationState, generation: number): Promise<boolean> {
    const argument = {
      state,
      generation,
      units: manifest.units,
      scorers: manifest.groups.map((g) => g.scorers.length),
      firstUnits: manifest.groups.map((g) => g.firstUnit),
    };
    return (await this.#run('create', manifest.evaluationId, argument)) === 1;
  }

  /** State per evaluation; undefined where Redis knows nothing. One round trip. */
  async states(evaluationIds: readonly string[]): Promise<(EvaluationState | undefined)[]> {
    if (evaluationIds.length === 0) return [];
    const pipeline = this.#redis.pipeline();
    for (const id of evaluationIds) pipeline.hget(this.key(id, 'meta'), 'state');
    const replies = await pipeline.exec().catch((error: unknown) => {
      throw asUnavailable(error);
    });
    return (replies ?? []).map(([error, state]) => {
      if (error) throw asUnavailable(error);
      return (state as EvaluationState | null) ?? undefined;
    });
  }

  /** What the planner needs: version, cursors, and what waits and runs per route ordinal. */
  async planView(manifest: Manifest, routes: number): Promise<PlanView | undefined> {
    const groups = manifest.groups.map((g) => `cursor:${g.index}`);
    const perRoute = Array.from({ length: routes }, (_, r) => [`queued:${r}`, `leased:${r}`]).flat();
    const values = await this.#redis
      .hmget(this.key(manifest.evaluationId, 'meta'), 'state', 'plan_version', 'unit_ms', 'open', ...groups, ...perRoute)
      .catch((error: unknown) => {
        throw asUnavailable(error);
      });
    if (!values[0]) return undefined;
    const numbers = values.map((v) => Number(v ?? 0));
    return {
      state: values[0] as EvaluationState,
      version: numbers[1]!,
      unitMs: numbers[2]!,
      open: numbers[3]!,
      cursors: numbers.slice(4, 4 + groups.length),
      queued: Array.from({ length: routes }, (_, r) => numbers[4 + groups.length + 2 * r]!),
      leased: Array.from({ length: routes }, (_, r) => numbers[5 + groups.length + 2 * r]!),
    };
  }

  /** State codes of the units first … first + count − 1. */
  async unitCodes(evaluationId: string, first: number, count: number): Promise<Uint8Array> {
    const from = first >> 1;
    const raw = await this.#redis
      .getrangeBuffer(this.key(evaluationId, 'units'), from, (first + count - 1) >> 1)
      .catch((error: unknown) => {
        throw asUnavailable(error);
      });
    const codes = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const byte = raw[((first + i) >> 1) - from] ?? 0;
      codes[i] = (first + i) % 2 === 0 ? byte >> 4 : byte & 15;
    }
    return codes;
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
    const rows = grants.map((g) => [g.sequence, g.incarnation, g.attemptId]);
    const [json] = (await this.#run('grant', evaluationId, { agent: agentId, grants: rows })) as [string];
    return (JSON.parse(json) as [GrantAnswer['answer'], number, number, string][]).map(([answer, grant, setbacks, units]) => ({
      answer,
      grant,
      setbacks,
      units: units === '' ? [] : units.split(',').map(Number),
    }));
  }

  /** Counts results that are durable. Returns a verdict per report, the state after it, and whether progress is left to tell. */
  async commit(evaluationId: string, reports: readonly CommitReport[]): Promise<CommitAnswer> {
    const rows = reports.map((r) => [
      r.sequence,
      r.attemptId,
      r.agentId,
      r.units.map((u) => [u.unit, u.code, u.group, u.retries, u.values]),
      r.totalMs,
    ]);
    const [refused, over, due, state] = (await this.#run('commit', evaluationId, { reports: rows })) as [string, string, string, string];
    const finished = JSON.parse(over) as number[];
    return {
      verdicts: (JSON.parse(refused) as string[]).map((units, i) => ({
        refused: units === '' ? [] : units.split(',').map(Number),
        taskOver: finished[i] === 1,
      })),
      progressDue: due === '1',
      state: (state || undefined) as EvaluationState | undefined,
    };
  }

  /** Takes attempts back; the caller adds the new jobs of those that are `queued`. */
  async release(evaluationId: string, items: readonly ReleaseItem[]): Promise<ReleaseAnswer[]> {
    const rows = items.map((i) => [i.sequence, i.attemptId ?? i.incarnation, i.kind]);
    const [json] = (await this.#run('release', evaluationId, { crashLimit: CRASH_LIMIT, lossLimit: LOSS_LIMIT, items: rows })) as [string];
    return (JSON.parse(json) as [ReleaseAnswer['answer'], number][]).map(([answer, incarnation]) => ({ answer, incarnation }));
  }

  /** A command or transition; returns whether it took place and the state after it. `not_found` without a ledger. */
  async control(manifest: Manifest, command: ControlCommand): Promise<{ done: boolean; state: EvaluationState }> {
    const argument = {
      reason: '',
      ...command,
      keepSeconds: KEEP_SECONDS,
      ...(command.action === 'cancel' ? { groups: manifest.groups.map(unitsOf) } : {}),
    };
    const [done, state] = (await this.#run('control', manifest.evaluationId, argument)) as [number, string];
    if (!state) throw new AppError('not_found', `Redis knows nothing of ${manifest.evaluationId}`);
    return { done: done === 1, state: state as EvaluationState };
  }

  /** Replays results of the store, in unit order, at most 4,096 units apart; false when the ledger is not being recovered. */
  async restore(evaluationId: string, units: readonly RestoredUnit[]): Promise<boolean> {
    const closed = await this.#run('restore', evaluationId, { items: units.map((u) => [u.unit, u.code, u.group, u.retries, u.values]) });
    return (closed as number) >= 0;
  }

  /** After a resume: the sequences of tasks that wait again. */
  async requeue(evaluationId: string): Promise<number[]> {
    const sequences = JSON.parse((await this.#run('requeue', evaluationId, {})) as string) as number[] | Record<string, never>;
    return Array.isArray(sequences) ? sequences : [];
  }

  async snapshot(evaluationId: string): Promise<LedgerSnapshot | undefined> {
    const json = (await this.#run('snapshot', evaluationId, {})) as string | null;
    if (!json) return undefined;
    const s = JSON.parse(json) as {
      s: EvaluationState;
      r: string;
      cursor: string;
      c: number[];
      g: number[][];
      f: number;
      a: number;
      x: boolean;
    };
    return { state: s.s, reason: s.r, cursor: s.cursor, counts: s.c, groups: s.g, inFlight: s.f, agents: s.a, wasCancelled: s.x };
  }

  /** State and last cursor: all that an idle watcher wants to know. */
  async head(evaluationId: string): Promise<{ state: EvaluationState; cursor: string } | undefined> {
    const [state, generation, sequence] = await this.#redis
      .hmget(this.key(evaluationId, 'meta'), 'state', 'generation', 'event_seq')
      .catch((error: unknown) => {
        throw asUnavailable(error);
      });
    return state ? { state: state as EvaluationState, cursor: `${generation ?? '1'}-${sequence ?? '0'}` } : undefined;
  }

  /** Drops the ledger of an evaluation that the store knows as over, or never accepted. */
  async forget(evaluationId: string): Promise<void> {
    const keys = ['meta', 'units', 'tasks', 'sums', 'dirty', 'events', 'agents'].map((k) => this.key(evaluationId, k));
    await this.#redis.del(...keys).catch((error: unknown) => {
      throw asUnavailable(error);
    });
  }

  /** One task of the window. */
  async task(evaluationId: string, sequence: number): Promise<LedgerTask | undefined> {
    const raw = await this.#redis.hget(this.key(evaluationId, 'tasks'), String(sequence)).catch((error: unknown) => {
      throw asUnavailable(error);
    });
    return raw ? parseTask(sequence, raw) : undefined;
  }

  /** All tasks of the window (bounded by the planner). */
  async tasks(evaluationId: string): Promise<LedgerTask[]> {
    const all = await this.#redis.hgetall(this.key(evaluationId, 'tasks')).catch((error: unknown) => {
      throw asUnavailable(error);
    });
    return Object.entries(all).map(([sequence, raw]) => parseTask(Number(sequence), raw));
  }

  /** Tells every coordinator: `r:<routeId>` work waits, `e:<evaluationId>` an event, `c:<evaluationId>` cancelled. */
  async notify(notice: string): Promise<void> {
    await this.#redis.publish(this.channel, notice).catch((error: unknown) => {
      throw asUnavailable(error);
    });
  }
}

export type ControlCommand =
  | { action: 'start' | 'tell' }
  | { action: 'cancel' | 'pause' | 'resume'; reason: string }
  | { action: 'finish'; state: 'succeeded' | 'failed' | 'cancelled' }
  | { action: 'recover'; reason: string; generation: number }
  | { action: 'recovered'; state: EvaluationState };

function parseTask(sequence: number, raw: string): LedgerTask {
  const t = JSON.parse(raw) as {
    g: number;
    r: number;
    s: number;
    e: number;
    n: number;
    i: number;
    st: 'q' | 'l' | 'u';
    at: number;
    a?: string;
    ag?: string;
    gr?: number;
    tp?: string;
  };
  return {
    sequence,
    group: t.g,
    route: t.r,
    first: t.s,
    end: t.e,
    open: t.n,
    incarnation: t.i,
    sinceMs: t.at,
    traceparent: t.tp ?? '',
    ...(t.st === 'l'
      ? { state: 'leased', attemptId: t.a!, agentId: t.ag!, grant: t.gr! }
      : { state: t.st === 'q' ? 'queued' : 'unqueued' }),
  };
}
