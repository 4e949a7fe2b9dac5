/**
 * What the ledger and the planner must do, as a plain model beside them: each command is given to both, and all that can be read of the
 * ledger is held against the model afterwards. An attempt may count a unit only while it is the task's current one, and only if
 * the unit was not requeued since it was granted.
 */
// oxlint-disable vitest/no-standalone-expect -- the claims of a model, which tests call
import { expect } from 'vitest';
import type { Catalog, Known } from '../../coordinator/evaluations/catalog.ts';
import { Planner } from '../../coordinator/evaluations/planner.ts';
import type { Ledger } from '../../coordinator/ledger/ledger.ts';
import type { TaskQueue } from '../../coordinator/queue/task-queue.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { buryUnits } from './bury-units.ts';
import { UNIT_STATES, unitCode, type UnitState } from '../../shared/domain/states.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { createMetrics } from '../../shared/telemetry/metrics.ts';

type Outcome = 'scored' | 'unscored' | 'errored';

interface Unit {
  state: UnitState;
  /** Counts its requeues. */
  life: number;
  value: number | null;
  retries: number;
}

interface Attempt {
  id: string;
  sequence: number;
  /** Unit → its life when it was granted. */
  units: Map<number, number>;
  isCurrent: boolean;
  grant: number;
}

const isOpen = (unit: Unit): boolean => unit.state === 'pending';
const tokensOf = (unit: number): [number, number] => [10 + unit, 3];

export class LedgerModel {
  readonly #ledger: Ledger;
  readonly manifest: Manifest;
  readonly #planner: Planner;
  readonly units: Unit[];
  readonly attempts: Attempt[] = [];
  #commands = 0;
  #attempts = 0;
  #isDraining = false;
  #paused = false;
  /** Ended by cancel, or by the drain. */
  isOver = false;

  private constructor(ledger: Ledger, manifest: Manifest) {
    this.#ledger = ledger;
    this.manifest = manifest;
    this.units = Array.from({ length: manifest.units }, () => ({ state: 'pending', life: 0, value: null, retries: 0 }));
    const routes = [{ id: 'r', model: 'm', labels: {} }];
    const known = { manifest, routes, ordinals: manifest.groups.map(() => 0), changes: {}, updates: 0 } as unknown as Known;
    this.#planner = new Planner({
      ledger,
      queue: { add: async () => undefined } as unknown as TaskQueue,
      catalog: { find: async () => known, isActive: () => true } as unknown as Catalog,
      sizes: { sizes: async (_digest: string, _first: number, count: number) => Array.from({ length: count }, () => 1) },
      clock: systemClock,
      logger: silentLogger(),
      instruments: createMetrics().instruments,
      onEnqueued: () => undefined,
      onDoomed: () => undefined,
    });
  }

  static async start(ledger: Ledger, manifest: Manifest): Promise<LedgerModel> {
    await ledger.create(manifest, 'accepted', 1);
    await ledger.control(manifest, { action: 'start' });
    return new LedgerModel(ledger, manifest);
  }

  get #id(): string {
    return this.manifest.evaluationId;
  }

  groupOf(unit: number): number {
    return this.manifest.groups.findLastIndex((g) => g.firstUnit <= unit);
  }

  async plan(): Promise<void> {
    await this.#planner.planStep(this.#id);
    await this.#planner.settle();
  }

  /** Grants one of the queued tasks. */
  async grant(pick: number): Promise<void> {
    const queued = (await this.#ledger.tasks(this.#id)).filter((t) => t.state === 'queued');
    const task = queued[pick % Math.max(1, queued.length)];
    if (!task) return;
    const id = `a${this.#attempts++}`;
    const [answer] = await this.#ledger.grant(this.#id, 'ag', [{ sequence: task.sequence, incarnation: task.incarnation, attemptId: id }]);
    if (this.#paused || this.#isDraining) return expect(answer!.answer).toBe('paused');
    if (answer!.answer !== 'granted') return expect(answer!.answer).toBe('done');
    for (const unit of answer!.units) {
      expect(isOpen(this.units[unit]!), `unit ${unit} is granted open`).toBe(true);
      const other = this.attempts.find((a) => a.isCurrent && a.units.get(unit) === this.units[unit]!.life);
      expect(other, `unit ${unit} is granted to one attempt at a time`).toBeUndefined();
    }
    const last = this.attempts.at(-1);
    expect(answer!.grant).toBeGreaterThan(last?.grant ?? 0);
    const units = new Map(answer!.units.map((unit) => [unit, this.units[unit]!.life]));
    this.attempts.push({ id, sequence: task.sequence, units, isCurrent: true, grant: answer!.grant });
  }

  #pick(pick: number, wanted: (a: Attempt) => boolean = () => true): Attempt | undefined {
    const own = this.attempts.filter(wanted);
    return own[pick % Math.max(1, own.length)];
  }

  /** Any attempt reports on some of its units, also one that is over: each counts at most once. */
  async commit(pick: number, skip: number, take: number, outcome: Outcome, value: number): Promise<void> {
    const attempt = this.#pick(pick);
    if (!attempt) return;
    const units = [...attempt.units.keys()].slice(skip % attempt.units.size).slice(0, take + 1);
    const reported = units.map((unit) => ({
      unit,
      code: unitCode(outcome),
      group: this.groupOf(unit),
      retries: 1,
      ...{ values: [outcome === 'unscored' ? null : value], tokens: tokensOf(unit) },
    }));
    const { verdicts } = await this.#ledger.commit(this.#id, [
      { sequence: attempt.sequence, attemptId: attempt.id, agentId: 'ag', totalMs: 1, units: reported },
    ]);
    const { refused, late } = verdicts[0]!;
    for (const unit of units) {
      const own = this.units[unit]!;
      const mayCount = attempt.isCurrent && !this.isOver && own.life === attempt.units.get(unit);
      if (mayCount && isOpen(own)) {
        expect([...refused, ...late]).not.toContain(unit);
        Object.assign(own, { state: outcome, value: outcome === 'unscored' ? null : value, retries: own.retries + 1 });
      } else if (isOpen(own) || own.state === 'cancelled' || own.state === 'dead')
        expect([...refused, ...late], `unit ${unit} of ${attempt.id} is not counted`).toContain(unit);
    }
    this.#settle();
  }

  async release(pick: number, kind: 'lost' | 'returned' | 'crash'): Promise<void> {
    const attempt = this.#pick(pick, (a) => a.isCurrent);
    if (!attempt) return;
    const [answer] = await this.#ledger.release(this.#id, [{ sequence: attempt.sequence, kind, attemptId: attempt.id }]);
    attempt.isCurrent = false;
    const left = [...attempt.units].filter(([unit, life]) => isOpen(this.units[unit]!) && this.units[unit]!.life === life);
    if (this.isOver || left.length === 0) expect(['unknown', 'done']).toContain(answer!.answer);
    const doomed = answer!.answer === 'doomed' ? left.map(([unit]) => unit) : [];
    for (const unit of await buryUnits(this.#ledger, this.manifest, doomed, `bury${this.#commands++}`)) this.units[unit]!.state = 'dead';
    this.#settle();
  }

  /** An agent lets go of some of the units that it was granted; others run them, and its own reports of them count no more. */
  async spare(pick: number, skip: number, take: number): Promise<void> {
    const attempt = this.#pick(pick);
    if (!attempt) return;
    const units = [...attempt.units.keys()].slice(skip % attempt.units.size).slice(0, take + 1);
    const spared = { sequence: attempt.sequence, attemptId: attempt.id, agentId: 'ag', units };
    const isOwn = (unit: number): boolean => isOpen(this.units[unit]!) && this.units[unit]!.life === attempt.units.get(unit);
    const left = [...attempt.units.keys()].filter((unit) => isOwn(unit) && !units.includes(unit));
    const answer = await this.#ledger.spare(this.#id, spared);
    if (!attempt.isCurrent || this.isOver) return expect(answer).toBe('unknown');
    const moved = units.filter(isOwn);
    for (const unit of moved) attempt.units.set(unit, -1);
    if (moved.length === 0) expect(['taken', 'unknown']).toContain(answer);
    else expect(answer).toBe(left.length > 0 ? 'taken' : 'over');
    // Its answer was lost: asked again, nothing changes.
    if (moved.length > 0) expect(await this.#ledger.spare(this.#id, spared)).toBe(left.length > 0 ? 'taken' : 'unknown');
    this.#settle();
  }

  async pauseOrResume(): Promise<void> {
    const action = this.#paused ? 'resume' : 'pause';
    const { done } = await this.#ledger.control(this.manifest, { action, reason: '' });
    expect(done).toBe(!this.isOver && this.#openUnits() > 0);
    if (done) this.#paused = !this.#paused;
  }

  async drain(): Promise<void> {
    const { done } = await this.#ledger.control(this.manifest, { action: 'drain', reason: 'enough' });
    if (!done) return;
    this.#isDraining = true;
    this.#settle();
  }

  async cancel(): Promise<void> {
    const { done } = await this.#ledger.control(this.manifest, { action: 'cancel', reason: '' });
    if (done) this.#end();
  }

  async #begin(): Promise<string | undefined> {
    const command = `c${this.#commands++}`;
    const { done } = await this.#ledger.control(this.manifest, { action: 'begin', command, states: ['running', 'paused'] });
    if (!done) return undefined;
    const other = await this.#ledger.control(this.manifest, { action: 'cancel', reason: '', command: 'other' });
    expect(other.answer).toBe('busy');
    return command;
  }

  async skip(first: number, count: number): Promise<void> {
    const command = await this.#begin();
    if (!command) return;
    const chosen = this.units.slice(first, first + count).filter(isOpen);
    const end = Math.min(this.units.length, first + count);
    expect(await this.#ledger.close(this.manifest, [[first, end]], unitCode('cancelled'), 'other')).toBeUndefined();
    expect(await this.#ledger.close(this.manifest, [[first, end]], unitCode('cancelled'), command)).toBe(chosen.length);
    for (const unit of chosen) unit.state = 'cancelled';
    await this.#ledger.control(this.manifest, { action: 'end', command, reason: '' });
    this.#settle();
  }

  /** Opens what has one of the states in a range, and commits of a stale attempt come between. */
  async requeue(first: number, count: number, states: readonly UnitState[]): Promise<void> {
    const command = await this.#begin();
    if (!command) return;
    const chosen = [...this.units.entries()].slice(first, first + count).filter(([, u]) => states.includes(u.state));
    const items = chosen.map(([unit, u]) => ({
      unit,
      code: unitCode(u.state),
      group: this.groupOf(unit),
      ...(u.state === 'cancelled' || u.state === 'dead' ? { retries: 0 } : { retries: 1, tokens: tokensOf(unit) }),
      values: u.state === 'errored' ? [u.value] : [],
    }));
    if (items.length > 0) expect(await this.#ledger.reopen(this.#id, items, command)).toBe(items.length);
    // Asked again, it changes nothing.
    if (items.length > 0) expect(await this.#ledger.reopen(this.#id, items, command)).toBe(0);
    for (const [, u] of chosen) {
      if (u.state !== 'cancelled' && u.state !== 'dead') u.retries--;
      Object.assign(u, { state: 'pending', life: u.life + 1, value: null });
    }
    await this.#ledger.control(this.manifest, { action: 'end', command, reason: '', requeued: true });
    this.#paused = false;
    this.#isDraining = false;
    this.#settle();
  }

  /** Redis came back with all that it had. */
  async recover(): Promise<void> {
    const { done } = await this.#ledger.control(this.manifest, { action: 'recover', reason: '', generation: 0 });
    if (!done) return;
    expect((await this.#ledger.grant(this.#id, 'ag', [{ sequence: 0, incarnation: 1, attemptId: 'x' }]))[0]!.answer).not.toBe('granted');
    const { requeues } = (await this.#ledger.looks([this.#id]))[0]!;
    await this.#ledger.control(this.manifest, {
      action: 'recovered',
      generation: 1,
      state: this.#paused ? 'paused' : 'running',
      requeues,
      ...(this.isOver ? { ended: 'cancel', reason: '' } : this.#isDraining ? { draining: 'enough' } : {}),
    });
    this.#settle();
  }

  #openUnits(): number {
    return this.units.filter(isOpen).length;
  }

  #isLeased(): boolean {
    return this.attempts.some(
      (a) => a.isCurrent && [...a.units].some(([u, life]) => isOpen(this.units[u]!) && this.units[u]!.life === life),
    );
  }

  #settle(): void {
    if (this.isOver) return;
    if (this.#openUnits() === 0) this.isOver = true;
    else if (this.#isDraining && !this.#isLeased()) this.#end();
  }

  #end(): void {
    for (const unit of this.units) if (isOpen(unit)) unit.state = 'cancelled';
    this.isOver = true;
  }

  /** All that can be read of the ledger is as the model says. */
  async check(): Promise<void> {
    const snapshot = (await this.#ledger.snapshot(this.#id))!;
    const count = (state: UnitState, from = this.units): number => from.filter((u) => u.state === state).length;
    const closed: UnitState[] = ['scored', 'unscored', 'errored', 'cancelled', 'dead'];
    expect(snapshot.counts).toEqual([this.units.length, ...closed.map((s) => count(s))]);
    expect(snapshot.state).toBe(this.isOver ? 'finalizing' : this.#paused ? 'paused' : 'running');
    for (const [g, row] of snapshot.groups.entries()) {
      const own = this.units.filter((_, unit) => this.groupOf(unit) === g);
      const values = own.flatMap((u) => (u.value === null ? [] : [u.value]));
      expect(row.slice(1, 6)).toEqual(closed.map((s) => count(s, own)));
      expect(row[6]).toBe(own.reduce((sum, u) => sum + u.retries, 0));
      const withResult = [...this.units.keys()].filter((u) => this.groupOf(u) === g && this.units[u]!.retries > 0);
      expect(row.slice(-2)).toEqual([0, 1].map((i) => withResult.reduce((sum, u) => sum + tokensOf(u)[i]!, 0)));
      expect(row[7]).toBe(values.length);
      expect(row[8]).toBeCloseTo(
        values.reduce((a, b) => a + b, 0),
        9,
      );
    }
    const codes = await this.#ledger.unitCodes(this.#id, 0, this.units.length);
    expect([...codes].map((code) => UNIT_STATES[code])).toEqual(this.units.map((u) => u.state));
    await this.#checkTasks(snapshot.inFlight);
  }

  /** Every open unit waits in one task, or for the planner; and the counts by which the planner goes are right. */
  async #checkTasks(inFlight: number): Promise<void> {
    const view = (await this.#ledger.planView(this.manifest, 1))!;
    const tasks = await this.#ledger.tasks(this.#id);
    const owners = new Map<number, number>();
    let [queued, leased] = [0, 0];
    for (const task of tasks) {
      let open = 0;
      for (let unit = task.first; unit < task.end; unit++) {
        if (task.aside.includes(unit) || !isOpen(this.units[unit]!)) continue;
        expect(owners.get(unit), `unit ${unit} lies in one task`).toBeUndefined();
        owners.set(unit, task.sequence);
        open++;
      }
      expect(task.open).toBe(open);
      if (task.state === 'queued') queued += open;
      if (task.state === 'leased') leased += open;
    }
    expect({ open: view.open, queued: view.queued[0], leased: view.leased[0], inFlight }).toEqual({
      open: this.#openUnits(),
      queued,
      leased,
      inFlight: leased,
    });
    for (const [unit, own] of this.units.entries()) {
      if (isOpen(own) && !owners.has(unit))
        expect(unit, `unit ${unit} is not forgotten`).toBeGreaterThanOrEqual(view.cursors[this.groupOf(unit)]!);
    }
  }

  /** Plans, grants and reports until nothing is open. */
  async finish(): Promise<void> {
    if (this.#isDraining && !this.isOver) await this.requeue(0, 0, []);
    if (this.#paused && !this.isOver) await this.pauseOrResume();
    for (let i = 0; !this.isOver && i < 300; i++) {
      await this.plan();
      await this.grant(i);
      const current = this.attempts.filter((a) => a.isCurrent);
      for (const a of current) {
        await this.commit(this.attempts.indexOf(a), 0, 99, 'scored', 1);
        if (this.isOver) break;
      }
      await this.check();
    }
    expect(this.isOver).toBe(true);
    await this.check();
  }
}
