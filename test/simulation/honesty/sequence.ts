/** A random sequence of commands on a ledger and its leases, as coordinators give them, and some as no coordinator should. */
import type { Lease, Leases } from '../../../coordinator/ledger/leases.ts';
import type { SingleFlight } from '../../../coordinator/evaluations/single-flight.ts';
import type { Ledger } from '../../../coordinator/ledger/ledger.ts';
import type { ControlCommand, ReleaseItem, RestoredUnit } from '../../../coordinator/ledger/types.ts';
import { groupOfUnit, type Manifest } from '../../../shared/domain/manifest.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import type { Random } from '../random.ts';

/** One ledger with its leases, and two coordinators that want to do the same; the same commands are given to two of them. */
export interface Side {
  ledger: Ledger;
  leases: Leases;
  flights: readonly [SingleFlight, SingleFlight];
}

export type Step = { name: string; run: (side: Side) => Promise<unknown> };

const ROUTES = 2;
const UNITS = 12;
const AGENTS = ['ag_a', 'ag_b'];

export function manifestOf(number: number, random: Random): Manifest {
  const letters = String(number)
    .padStart(26, '0')
    .split('')
    .map((digit) => 'abcdefghij'[Number(digit)])
    .join('');
  const sizes = [1 + random.below(UNITS), 1 + random.below(UNITS)];
  return {
    evaluationId: `ev_${letters}`,
    units: sizes[0]! + sizes[1]!,
    spec: { ...(random.chance(0.3) ? { fail_on_error: random.below(4) } : {}) },
    groups: sizes.map((samples, index) => ({
      index,
      benchmarkIndex: 0,
      firstUnit: index === 0 ? 0 : sizes[0],
      samples,
      epochs: 1,
      scorers: index === 0 ? ['match'] : ['match', 'includes'],
      route: { id: `r${index}` },
    })),
  } as unknown as Manifest;
}

/** Chooses steps by what the ledger says; what it says is asked of the simulated side. */
export class Sequence {
  readonly #random: Random;
  readonly #manifest: Manifest;
  readonly #attempts: Lease[] = [];
  #commands = 0;

  constructor(manifest: Manifest, random: Random) {
    this.#manifest = manifest;
    this.#random = random;
  }

  first(): Step {
    const state = this.#random.chance(0.8) ? 'running' : 'accepted';
    return { name: `create ${state}`, run: ({ ledger }) => ledger.create(this.#manifest, state, 1) };
  }

  async next(ask: Side): Promise<Step> {
    const id = this.#manifest.evaluationId;
    const steps: [weight: number, make: () => Promise<Step> | Step][] = [
      [6, () => this.#plan(ask)],
      [8, () => this.#grant(ask)],
      [12, () => this.#commit()],
      [6, () => this.#release(ask)],
      [4, () => this.#spare(ask)],
      [1, () => this.#flight()],
      [6, () => this.#control()],
      [2, () => this.#close()],
      [2, () => this.#reopen()],
      [1, () => this.#restore()],
      [2, () => this.#leases()],
      [1, () => this.#createTold()],
      [1, () => ({ name: 'create again', run: ({ ledger }) => ledger.create(this.#manifest, 'recovering', 2, { rebuild: true }) })],
      [1, () => ({ name: 'looks', run: ({ ledger }) => ledger.looks([id, `${id.slice(0, -1)}z`]) })],
      [1, () => ({ name: 'snapshot', run: ({ ledger }) => ledger.snapshot(id) })],
    ];
    let at = this.#random.below(steps.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of steps) if ((at -= weight) < 0) return make();
    throw new Error('no step');
  }

  async #plan({ ledger }: Side): Promise<Step> {
    const random = this.#random;
    const view = await ledger.planView(this.#manifest, ROUTES);
    const group = random.pick(this.#manifest.groups);
    const last = group.firstUnit + group.samples;
    const first = Math.min(view?.cursors[group.index] ?? 0, last);
    const end = Math.min(last, first + 1 + random.below(5));
    const version = (view?.version ?? 0) - Number(random.chance(0.1));
    const tasks = first < end ? [{ group: group.index, route: group.index, first, end, traceparent: '' }] : [];
    return {
      name: `plan ${first}–${end}`,
      run: ({ ledger: own }) => own.plan(this.#manifest.evaluationId, version, tasks, [[group.index, end]]),
    };
  }

  async #grant({ ledger }: Side): Promise<Step> {
    const random = this.#random;
    const { evaluationId } = this.#manifest;
    const tasks = await ledger.tasks(evaluationId);
    const task = tasks.length > 0 && random.chance(0.95) ? random.pick(tasks) : undefined;
    const [old] = this.#attempts.length > 0 && random.chance(0.1) ? [random.pick(this.#attempts)] : [];
    const agentId = random.pick(AGENTS);
    const attempt: Lease = {
      evaluationId,
      sequence: old?.sequence ?? task?.sequence ?? 99,
      attemptId: old?.attemptId ?? `att${this.#attempts.length}`,
      agentId: old?.agentId ?? agentId,
      instanceId: 'i1',
    };
    const incarnation = (task?.incarnation ?? 1) - Number(random.chance(0.1));
    this.#attempts.push(attempt);
    return {
      name: `grant ${attempt.sequence}`,
      run: async ({ ledger: own, leases }) => {
        await leases.add([attempt]);
        return own.grant(evaluationId, attempt.agentId, [{ sequence: attempt.sequence, incarnation, attemptId: attempt.attemptId }]);
      },
    };
  }

  #unitsOf(count: number): number[] {
    const first = this.#random.below(this.#manifest.units);
    return Array.from({ length: count }, (_, i) => first + i).filter((unit) => unit < this.#manifest.units);
  }

  #results(units: readonly number[], code = this.#random.between(2, 4)): RestoredUnit[] {
    return units.map((unit) => {
      const { index, scorers } = groupOfUnit(this.#manifest.groups, unit);
      return {
        unit,
        code,
        group: index,
        retries: this.#random.below(3),
        values: code === 2 ? scorers.map(() => this.#random.pick([0, 1, 0.5, 0.1, 1 / 3, null])) : [],
      };
    });
  }

  #commit(): Step {
    const reports = Array.from({ length: 1 + this.#random.below(2) }, () => {
      const attempt = this.#attempts.length > 0 ? this.#random.pick(this.#attempts.slice(-6)) : undefined;
      return {
        sequence: attempt?.sequence ?? 0,
        attemptId: attempt?.attemptId ?? 'nobody',
        agentId: this.#random.chance(0.95) ? (attempt?.agentId ?? 'ag_a') : 'ag_stranger',
        totalMs: this.#random.below(5_000),
        units: this.#results(this.#unitsOf(1 + this.#random.below(6))),
      };
    });
    return { name: 'commit', run: ({ ledger }) => ledger.commit(this.#manifest.evaluationId, reports) };
  }

  async #release({ ledger }: Side): Promise<Step> {
    const { evaluationId } = this.#manifest;
    if (this.#random.chance(0.2)) {
      const tasks = await ledger.tasks(evaluationId);
      const task = tasks.length > 0 ? this.#random.pick(tasks) : undefined;
      const items = [{ sequence: task?.sequence ?? 0, kind: 'requeue' as const, incarnation: task?.incarnation ?? 1 }];
      return { name: 'requeue of a job', run: ({ ledger: own }) => own.release(evaluationId, items) };
    }
    const attempt = this.#attempts.length > 0 ? this.#random.pick(this.#attempts.slice(-4)) : undefined;
    const kind = this.#random.pick(['crash', 'crash', 'lost', 'lost', 'crashed', 'returned'] as const);
    const item: ReleaseItem = { sequence: attempt?.sequence ?? 0, kind, attemptId: attempt?.attemptId ?? 'nobody', ...this.#evidence() };
    const items = [item];
    return { name: `release ${kind}`, run: ({ ledger: own }) => own.release(evaluationId, items) };
  }

  /** What is known of a crash. */
  #evidence(): Pick<ReleaseItem & { kind: 'crash' }, 'evidence' | 'suspects'> {
    const random = this.#random;
    return {
      ...(random.chance(0.6) ? { evidence: { agent: random.pick(['a', 'b']), ...(random.chance(0.5) ? { exit: 'signal 9' } : {}) } } : {}),
      ...(random.chance(0.5) ? { suspects: this.#unitsOf(random.below(4)) } : {}),
    };
  }

  /** Units of an attempt that runs, or of one that does not, or that lie elsewhere. */
  async #spare({ ledger }: Side): Promise<Step> {
    const random = this.#random;
    const { evaluationId } = this.#manifest;
    const leased = (await ledger.tasks(evaluationId)).filter((task) => task.state === 'leased');
    const task = leased.length > 0 && random.chance(0.9) ? random.pick(leased) : undefined;
    const own = task && Array.from({ length: task.end - task.first }, (_, i) => task.first + i).filter(() => random.chance(0.6));
    const attempt = this.#attempts.find(({ attemptId }) => attemptId === task?.attemptId) ?? this.#attempts.at(-1);
    const spared = {
      sequence: task?.sequence ?? attempt?.sequence ?? 0,
      attemptId: attempt?.attemptId ?? 'nobody',
      agentId: random.chance(0.95) ? (attempt?.agentId ?? 'ag_a') : 'ag_stranger',
      units: own && own.length > 0 && random.chance(0.9) ? own : this.#unitsOf(3),
    };
    return { name: 'spare', run: ({ ledger: side }) => side.spare(evaluationId, spared) };
  }

  /** One does it, and the other one does not while it is done. */
  #flight(): Step {
    const { evaluationId } = this.#manifest;
    const run = async ({ flights: [one, other] }: Side): Promise<boolean[]> => {
      const answers: boolean[] = [];
      const meanwhile = async (): Promise<void> => void answers.push(await other.run('recover', evaluationId, async () => undefined));
      answers.push(await one.run('recover', evaluationId, meanwhile));
      await meanwhile();
      return answers;
    };
    return { name: 'flight', run };
  }

  #createTold(): Step {
    const random = this.#random;
    const named = random.chance(0.3) ? { command: `c${this.#commands}` } : {};
    const options = { rebuild: random.chance(0.5), told: `t${this.#commands}`, ...named };
    return { name: 'create told', run: ({ ledger }) => ledger.create(this.#manifest, 'running', 3, options) };
  }

  #control(): Step {
    const random = this.#random;
    const command = `c${random.chance(0.7) ? this.#commands : this.#commands++}`;
    const named = random.chance(0.3) ? { command } : {};
    const states: EvaluationState[] = ['running', 'paused'];
    const chosen = random.pick<ControlCommand>([
      { action: 'start' },
      { action: 'tell' },
      { action: 'tell' },
      { action: 'wait', reason: 'it waits' },
      { action: 'begin', command, states },
      { action: 'begin', command, states },
      { action: 'end', command, reason: '', updated: random.chance(0.3), requeued: random.chance(0.5) },
      { action: 'end', command, reason: 'so', requeued: random.chance(0.3) },
      { action: 'cancel', reason: 'enough', ...named },
      { action: 'drain', reason: 'slowly', ...named },
      { action: 'pause', reason: 'lunch', ...named },
      { action: 'pause', reason: '', ...named },
      { action: 'resume', reason: '', ...named },
      { action: 'resume', reason: 'again', ...named },
      { action: 'reopen', command, reason: 'requeued' },
      { action: 'finish', state: random.pick(['succeeded', 'failed', 'cancelled'] as const) },
      { action: 'recover', reason: 'lost', generation: random.below(3) },
      { action: 'recover', reason: 'lost', generation: random.below(5) },
      { action: 'recovered', generation: random.below(5), state: random.pick(['running', 'paused', 'accepted'] as const), ...this.#left() },
      { action: 'recovered', generation: random.below(3), state: 'running', ...this.#left() },
    ]);
    return { name: `control ${chosen.action}`, run: ({ ledger }) => ledger.control(this.#manifest, chosen) };
  }

  #left(): object {
    const random = this.#random;
    const ended = random.chance(0.1) ? { ended: random.pick(['cancel', 'fail'] as const), reason: 'as it was' } : {};
    return { ...ended, ...(random.chance(0.1) ? { draining: 'slowly' } : {}), updates: random.below(3), requeues: random.below(3) };
  }

  #close(): Step {
    const units = this.#unitsOf(1 + this.#random.below(5));
    const [code, command] = [
      this.#random.pick([5, 6]),
      this.#random.chance(0.3) ? { generation: this.#random.below(4) } : `c${this.#commands}`,
    ];
    return {
      name: 'close',
      run: ({ ledger }) => ledger.close(this.#manifest, [[units[0]!, units.at(-1)! + 1]], code, command),
    };
  }

  #reopen(): Step {
    const items = this.#results(this.#unitsOf(1 + this.#random.below(5)), this.#random.between(3, 6));
    return { name: 'reopen', run: ({ ledger }) => ledger.reopen(this.#manifest.evaluationId, items, `c${this.#commands}`) };
  }

  #restore(): Step {
    const items = this.#results(this.#unitsOf(1 + this.#random.below(8)));
    return { name: 'restore', run: ({ ledger }) => ledger.restore(this.#manifest.evaluationId, items) };
  }

  #leases(): Step {
    const some = this.#attempts.filter(() => this.#random.chance(0.5));
    const agentId = this.#random.pick(AGENTS);
    const number = 1_700_000_000_000 + this.#random.below(1_000);
    const one = this.#attempts.length > 0 ? this.#random.pick(this.#attempts) : undefined;
    return this.#random.pick<Step>([
      { name: 'take', run: async ({ leases }) => one && leases.take(one) },
      { name: 'add that ran out', run: async ({ leases }) => one && leases.add([one], 0) },
      { name: 'renew', run: ({ leases }) => leases.renew(some) },
      { name: 'expired', run: ({ leases }) => leases.expired(3) },
      { name: 'missing', run: ({ leases }) => leases.missing(some) },
      { name: 'leases of an agent', run: async ({ leases }) => (await leases.ofAgent(agentId)).map((l) => l.attemptId).toSorted() },
      { name: 'arrive', run: ({ leases }) => leases.arrive(agentId, number) },
      { name: 'remove', run: ({ leases }) => (some.length > 0 ? leases.remove(some) : Promise.resolve()) },
    ]);
  }
}
