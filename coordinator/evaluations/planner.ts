/**
 * Planning: keeps a bounded window of tasks waiting per route. `planStep` is short and may run on any number of
 * coordinators at once: a version-checked script writes a task's boundaries before its job is added, and `repair` adds
 * what is in the ledger but not in the queue. Triggered by commits, grants, state changes and the sweep.
 */
import { jobIdOf, taskIdOf } from '../../shared/domain/ids.ts';
import type { LogLine } from '../../shared/domain/log-line.ts';
import { judgedUnitOf, placeOf, unitsOf } from '../../shared/domain/manifest.ts';
import { isOpenCode } from '../../shared/domain/states.ts';
import { describeRoute } from '../../shared/domain/routing.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import { attributeNames, spanNames, withSpan } from '../../shared/telemetry/tracing.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerTask, NewTask, PlanView, ReleaseItem } from '../ledger/types.ts';
import type { TaskJob, TaskQueue } from '../queue/task-queue.ts';
import { enqueueSpan, requeueSpan } from '../queue/task-spans.ts';
import type { Catalog, Known } from './catalog.ts';
import { holdBack, markTaken, mayBeTaken, plannableEnd } from './plan-units.ts';
import { cutTasks, roomLeft, taskUnits, windowUnits } from './plan-window.ts';
import { releaseLines } from './logs/release-lines.ts';
import { effectiveOf } from './picture.ts';
import type { SampleSizes } from './sample-reader.ts';

const LOOK_UNITS = 4_096;
/** How far beyond the first answer that is not there yet judge calls are planned. */
const LOOK_AHEAD_UNITS = 32_768;
const STEP_TASKS = 256;
const TASK_BYTES = 4 << 20;
/** A job must be missing in two looks this far apart before it is added again … */
const GONE_MS = 1_000;
/** … and a job that was fetched but never granted must be so this long. */
const UNGRANTED_MS = 5_000;

/** A task of the ledger whose job is to be added. */
interface TaskToAdd {
  /** Ordinal of the route in its evaluation. */
  route: number;
  sequence: number;
  incarnation: number;
  traceparent: string;
  avoid?: readonly string[];
}

export class Planner {
  readonly #ledger: Ledger;
  readonly #queue: TaskQueue;
  readonly #catalog: Catalog;
  readonly #sizes: SampleSizes;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #instruments: Pick<Instruments, 'tasksEnqueuedTotal' | 'attemptsReturnedTotal'>;
  readonly #onEnqueued: (routeId: string) => void;
  readonly #onDoomed: (evaluationId: string) => void;
  readonly #onLines: (evaluationId: string, lines: readonly LogLine[]) => void;
  readonly #running = new Map<string, { again: boolean; done: Promise<void> }>();
  /** By evaluation: jobs that a look did not find, and since when. */
  readonly #missing = new Map<string, ReadonlyMap<string, number>>();

  constructor(options: {
    ledger: Ledger;
    queue: TaskQueue;
    catalog: Catalog;
    sizes: SampleSizes;
    clock: Clock;
    logger: Logger;
    instruments: Pick<Instruments, 'tasksEnqueuedTotal' | 'attemptsReturnedTotal'>;
    /** Work waits on a route now. */
    onEnqueued: (routeId: string) => void;
    /** A task is to be given up. */
    onDoomed: (evaluationId: string) => void;
    /** For people: what has become of attempts. */
    onLines?: (evaluationId: string, lines: readonly LogLine[]) => void;
  }) {
    this.#ledger = options.ledger;
    this.#queue = options.queue;
    this.#catalog = options.catalog;
    this.#sizes = options.sizes;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#instruments = options.instruments;
    this.#onEnqueued = options.onEnqueued;
    this.#onDoomed = options.onDoomed;
    this.#onLines = options.onLines ?? (() => undefined);
  }

  /** Plans soon; calls for one evaluation that overlap become one more step. */
  wake(evaluationId: string): void {
    const running = this.#running.get(evaluationId);
    if (running) {
      running.again = true;
      return;
    }
    const entry = { again: false, done: Promise.resolve() };
    this.#running.set(evaluationId, entry);
    entry.done = this.#steps(evaluationId, entry)
      .catch((error: unknown) => {
        this.#logger.warn({ evaluationId, error: String(error) }, 'planning failed; the sweep tries again');
      })
      .finally(() => this.#running.delete(evaluationId));
  }

  async #steps(evaluationId: string, entry: { again: boolean }): Promise<void> {
    do {
      entry.again = false;
      await this.planStep(evaluationId);
    } while (entry.again);
  }

  /** Waits for steps that are under way. */
  async settle(): Promise<void> {
    await Promise.all([...this.#running.values()].map((r) => r.done));
  }

  /** Fills the window of every route of one evaluation once. */
  async planStep(evaluationId: string): Promise<void> {
    const known = await this.#catalog.find(evaluationId);
    const view = known && (await this.#ledger.planView(known.manifest, known.routes.length));
    if (!known || !view || view.state !== 'running' || view.isDraining) return;
    const isUnplanned = known.routes.map((_, r) =>
      known.manifest.groups.some(
        (g) => known.ordinals[g.index] === r && view.cursors[g.index]! < plannableEnd(known.manifest.groups, view, g),
      ),
    );
    const inFlight = known.routes.map((_, r) => view.queued[r]! + view.leased[r]!);
    const { room, ofRoutes } = roomLeft(effectiveOf(known.manifest, known.changes).maxSamples, inFlight, isUnplanned);
    const perTask = view.unitMs.map((ms) => taskUnits(ms, known.manifest.spec.max_task_samples));
    const short = known.routes.map((_, r) => {
      const window = windowUnits(view.unitMs[r]!, view.leased[r]!, perTask[r]!);
      return view.queued[r]! < window / 2 ? Math.min(window - view.queued[r]!, ofRoutes[r]!) : 0;
    });
    if (room <= 0 || !short.some((units, r) => units > 0 && isUnplanned[r])) return;
    const attributes = { [attributeNames.evaluationId]: evaluationId };
    await withSpan(spanNames.plan, { parent: known.manifest.traceparent, attributes }, () =>
      this.#plan(known, view, { perTask, budgets: short, room }),
    );
  }

  /** perTask: units in a task, per route; budgets: units to plan per route; room: units to plan at all. */
  async #plan(known: Known, view: PlanView, bounds: { perTask: number[]; budgets: number[]; room: number }): Promise<void> {
    const { manifest } = known;
    const { perTask, budgets } = bounds;
    let { room } = bounds;
    /** Tasks of before, in whose units the cursor stands again after a requeue, or that were planned ahead of it. */
    let existing: LedgerTask[] | undefined;
    const tasks: NewTask[] = [];
    const cursors: [number, number][] = [];
    // Judges first: what is answered is finished before more is begun.
    for (const group of manifest.groups.toSorted((a, b) => Number(!a.judge) - Number(!b.judge))) {
      const route = known.ordinals[group.index]!;
      const end = group.firstUnit + unitsOf(group);
      const start = view.cursors[group.index]!;
      const limit = group.judge ? Math.min(plannableEnd(manifest.groups, view, group), start + LOOK_AHEAD_UNITS) : end;
      /** Where the first unit stands that cannot be planned yet. */
      let held: number | undefined;
      let at = start;
      while (at < limit && budgets[route]! > 0 && room > 0 && tasks.length < STEP_TASKS) {
        const codes = await this.#ledger.unitCodes(manifest.evaluationId, at, Math.min(LOOK_UNITS, limit - at));
        if (group.judge) {
          const source = await this.#ledger.unitCodes(manifest.evaluationId, judgedUnitOf(manifest.groups, group, at), codes.length);
          const first = holdBack(codes, at, source);
          held ??= first;
        }
        if (mayBeTaken(view, group, at, codes)) markTaken(codes, at, (existing ??= await this.#ledger.tasks(manifest.evaluationId)));
        if (codes.every((code) => !isOpenCode(code))) {
          at += codes.length;
          continue;
        }
        const samples = { first: placeOf(group, at).sample, last: placeOf(group, at + codes.length - 1).sample };
        const sizes = await this.#sizes.sizes(
          manifest.sampleIndexes[group.benchmarkIndex]!,
          samples.first,
          samples.last - samples.first + 1,
        );
        const cut = cutTasks({
          first: at,
          codes,
          end,
          budget: Math.min(budgets[route]!, room),
          perTask: perTask[route]!,
          maxBytes: TASK_BYTES,
          maxTasks: STEP_TASKS - tasks.length,
          sizeOf: (unit) => sizes[placeOf(group, unit).sample - samples.first]!,
        });
        for (const t of cut.tasks)
          tasks.push({ group: group.index, route, ...t, traceparent: enqueueSpan(manifest.evaluationId, group.route.id) });
        budgets[route]! -= cut.units;
        room -= cut.units;
        at = cut.cursor;
      }
      const cursor = Math.min(at, held ?? at);
      if (cursor !== start) cursors.push([group.index, cursor]);
    }
    if (cursors.length === 0 && tasks.length === 0) return;
    const first = await this.#ledger.plan(manifest.evaluationId, view.version, tasks, cursors);
    if (first === undefined) return; // another planner was faster; what it did will wake us if more is needed
    await this.enqueue(
      known,
      tasks.map((t, i) => ({ route: t.route, sequence: first + i, incarnation: 1, traceparent: t.traceparent })),
    );
    if (tasks.length >= STEP_TASKS) this.wake(manifest.evaluationId);
  }

  /** Adds the jobs of tasks that the ledger has as queued, and tells the dispatchers. */
  async enqueue(known: Known, tasks: readonly TaskToAdd[], delayMs = 0): Promise<void> {
    const byRoute = Map.groupBy(tasks, (t) => t.route);
    for (const [route, own] of byRoute) {
      const { id: routeId } = known.routes[route]!;
      this.#instruments.tasksEnqueuedTotal.add(own.length, { route: describeRoute(known.routes[route]!) });
      const jobs = own.map((t): TaskJob => ({
        evaluationId: known.manifest.evaluationId,
        sequence: t.sequence,
        incarnation: t.incarnation,
        traceparent: t.traceparent,
        ...(t.avoid && t.avoid.length > 0 ? { avoid: t.avoid } : {}),
      }));
      await this.#queue.add(routeId, jobs, { priority: effectiveOf(known.manifest, known.changes).priority, delayMs });
      this.#onEnqueued(routeId);
      await this.#ledger.notify(`r:${routeId}`);
    }
  }

  /** After a resume, or a change of settings: every waiting task has a job, of the priority that is in effect. */
  async enqueueWaiting(known: Known): Promise<void> {
    const waiting = (await this.#ledger.tasks(known.manifest.evaluationId)).filter((t) => t.state === 'queued');
    if (waiting.length > 0)
      await this.enqueue(
        known,
        waiting.map((t) => ({ ...t, avoid: crashedOver(t) })),
      );
    const { priority } = known.changes;
    if (priority !== undefined)
      for (const [route, own] of Map.groupBy(waiting, (t) => t.route)) {
        const jobs = own.map((t) => jobIdOf(taskIdOf(known.manifest.evaluationId, t.sequence), t.incarnation));
        await this.#queue.reprioritize(known.routes[route]!.id, jobs, priority);
      }
    this.wake(known.manifest.evaluationId);
  }

  /** Adds again what the ledger has as queued and BullMQ has lost. For routes on which room waits in vain. */
  async repair(known: Known, starved: ReadonlySet<string>): Promise<void> {
    const { evaluationId } = known.manifest;
    const suspects = (await this.#ledger.tasks(evaluationId)).filter((t) => t.state === 'queued' && starved.has(known.routes[t.route]!.id));
    const before = this.#missing.get(evaluationId);
    const missing = new Map<string, number>();
    const gone: LedgerTask[] = [];
    for (const [route, tasks] of Map.groupBy(suspects, (t) => t.route)) {
      const ids = tasks.map((t) => `${taskIdOf(evaluationId, t.sequence)}-${t.incarnation}`);
      const places = await this.#queue.whereabouts(known.routes[route]!.id, ids);
      for (const [i, task] of tasks.entries()) {
        if (places[i] === 'waiting') continue;
        const since = before?.get(ids[i]!) ?? this.#clock.monotonic();
        missing.set(ids[i]!, since);
        if (this.#clock.monotonic() - since >= (places[i] === 'gone' ? GONE_MS : UNGRANTED_MS)) gone.push(task);
      }
    }
    this.#missing.set(evaluationId, missing);
    // Others that have ended meanwhile, at other coordinators perhaps.
    for (const id of this.#missing.keys()) if (!this.#catalog.isActive(id)) this.#missing.delete(id);
    if (gone.length === 0) return;
    this.#logger.warn({ evaluationId, tasks: gone.length }, 'tasks without a job are queued again');
    await this.release(
      known,
      gone.map((t) => ({ sequence: t.sequence, kind: 'requeue', incarnation: t.incarnation })),
      gone,
    );
  }

  /** Lets go of what was remembered of an evaluation that is over. */
  forget(evaluationId: string): void {
    this.#missing.delete(evaluationId);
  }

  /** Takes attempts back and lets their tasks wait again. Returns the answers in the order of the items. */
  async release(known: Known, items: readonly ReleaseItem[], tasks: readonly LedgerTask[], delayMs = 0): Promise<string[]> {
    const { evaluationId } = known.manifest;
    const answers = await this.#ledger.release(evaluationId, items);
    this.#onLines(evaluationId, releaseLines(evaluationId, items, answers, this.#clock.now()));
    const again = answers.flatMap((a, i) => (a.answer === 'queued' ? [this.#again(known, items[i]!, tasks[i]!, a.incarnation)] : []));
    answers.forEach((a, i) => a.answer !== 'unknown' && this.#instruments.attemptsReturnedTotal.add(1, { reason: items[i]!.kind }));
    if (again.length > 0) await this.enqueue(known, again, delayMs);
    await this.#endJobs(known, tasks);
    if (answers.some((a) => a.answer === 'doomed')) this.#onDoomed(evaluationId);
    // Of a task that was narrowed, the others of its units wait to be planned.
    if (items.some((i) => (i.kind === 'crash' || i.kind === 'crashed') && i.suspects)) this.wake(evaluationId);
    return answers.map((a) => a.answer);
  }

  /** The new job of a task whose attempt has ended. */
  #again(known: Known, { kind, attemptId }: ReleaseItem, task: LedgerTask, incarnation: number): TaskToAdd {
    const { route, sequence, traceparent: before } = task;
    const { evaluationId } = known.manifest;
    const traceparent = requeueSpan({
      evaluationId,
      sequence,
      routeId: known.routes[route]!.id,
      kind: kind === 'crashed' ? 'crash' : kind,
      attemptId,
      traceparent: before,
    });
    return { route, sequence, incarnation, traceparent, avoid: crashedOver(task, kind) };
  }

  /** Lets go of the jobs under which attempts were fetched; one that stays is found by BullMQ's stalled check, and is stale. */
  async #endJobs(known: Known, tasks: readonly LedgerTask[]): Promise<void> {
    for (const task of tasks) {
      if (task.state !== 'leased') continue;
      const jobId = jobIdOf(taskIdOf(known.manifest.evaluationId, task.sequence), task.incarnation);
      await this.#queue.complete(known.routes[task.route]!.id, jobId, task.attemptId).catch(() => undefined);
    }
  }

  /** Removes the jobs of tasks whose evaluation was cancelled. */
  async withdraw(known: Known, tasks: readonly LedgerTask[]): Promise<void> {
    for (const [route, own] of Map.groupBy(tasks, (t) => t.route)) {
      const queued = own
        .filter((t) => t.state === 'queued')
        .map((t) => jobIdOf(taskIdOf(known.manifest.evaluationId, t.sequence), t.incarnation));
      await this.#queue.remove(known.routes[route]!.id, queued);
    }
    await this.#endJobs(known, tasks);
  }
}

/** The agents that are known to have crashed over a task; `kind`: how its attempt ends now. */
function crashedOver(task: LedgerTask, kind?: ReleaseItem['kind']): string[] {
  const agents = task.evidence.filter((e) => e.kind === 'crash').map((e) => e.agentId);
  if (kind === 'crash' && task.state === 'leased') agents.push(task.agentId);
  return [...new Set(agents)];
}
