/** One seed's world: coordinators, agents, a store, a Redis; evaluations that are submitted, and what clients command meanwhile. */
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import type { Namespaces } from '../../shared/domain/identity.ts';
import { digestOf, evaluationIdOf } from '../../shared/domain/ids.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { Books } from './books.ts';
import { hoursWrong, planFaults, strike, type Targets } from './faults.ts';
import { Hearing } from './hearing.ts';
import { History, type ModelCall } from './history.ts';
import { Line } from './network.ts';
import { JUDGE, SimAgent, type AgentSurroundings } from './parts/agent.ts';
import { SimClient } from './parts/client.ts';
import { SimCoordinator } from './parts/coordinator.ts';
import { SimRedis } from './redis/server.ts';
import { Disk } from './store/disk.ts';
import { World } from './world.ts';

export interface Plan {
  key: string;
  evaluationId: string;
  namespace: string;
  /** With those of judge calls, which come behind the others. */
  units: number;
  epochs: number;
  /** Whether a model judges each answer. */
  isJudged: boolean;
  /** A sample that kills whoever runs it. */
  poison: string | undefined;
  /** What clients command, in this order. */
  commands: ('pause' | 'cancel' | 'skip' | 'requeue')[];
}

type Faults = (targets: Targets) => void;

export interface ScenarioOptions {
  /** With the lines of its trace. */
  keep?: boolean;
  logger?: Logger;
  /** What goes wrong, instead of what the seed chooses. */
  faults?: Faults;
}

/** Until when there are faults; they begin within the first of these times. */
const SHORT = { withinMs: 3_000, faultyMs: 4_500 };
/** Where outages outlast leases, and calls last. */
const LONG = { withinMs: 4_000, faultyMs: 14_000 };
/** How probable such a world is; one where calls last, so that idle agents take what waits on others; one whose clocks differ; a sample that kills its agent. */
const SHARES = { long: 0.25, slow: 0.25, skewed: 0.25, poison: 0.1 };

/** Of so many seeds in one answers are judged; the others' courses are as they would be without it. */
const JUDGED_SEEDS = 6;

/** Of so many seeds in one the work is of several namespaces, and all agents but the first are bound to some of them. */
const BOUND_SEEDS = 5;
const NAMESPACES = ['team-a', 'default'];

/** The units of a skip, where there are so many. */
const SKIPPED = [0, 1, 2];

export class Scenario {
  readonly world: World;
  readonly history = new History();
  readonly redis: SimRedis;
  readonly disk: Disk;
  readonly coordinators: readonly SimCoordinator[];
  readonly agents: readonly SimAgent[];
  readonly plans: readonly Plan[];
  readonly client: SimClient;
  readonly hearing: Hearing;
  readonly #targets: Targets;
  readonly #isLong: boolean;
  readonly #faults: Faults | undefined;
  /** Clients that have not come to the end of what they do. */
  #playing = 0;
  /** When everything was mended. */
  healedAt = 0;

  constructor(seed: number, { keep = false, logger, faults }: ScenarioOptions = {}) {
    this.#faults = faults;
    const world = new World(seed, { keep });
    const { random } = world;
    this.world = world;
    this.disk = new Disk(() => world.time);
    this.redis = new SimRedis(world, new Books(this.history, () => world.time), () => this.history.reach('missed'));
    this.#isLong = random.chance(SHARES.long);
    const isSlow = this.#isLong || random.chance(SHARES.slow);
    const storeFaults = { failureRate: 0, slownessMs: 0 };
    const around = { world, history: this.history, redis: this.redis, disk: this.disk, storeFaults, ...(logger ? { logger } : {}) };
    this.coordinators = Array.from({ length: random.between(1, 3) }, (_, i) => new SimCoordinator(`coordinator${i}`, around));
    const model = { failureRate: 0, slowness: 1 };
    // The first host is slow, where calls last: then others idle before it has done what it holds.
    const behaviour = (agent: number): AgentSurroundings['model'] => ({
      ms: () => (50 + random.next() * 500) * model.slowness * (isSlow ? 4 : 1) * (isSlow && agent === 0 ? 2 : 1),
      get failureRate() {
        return model.failureRate;
      },
    });
    const isBound = seed % BOUND_SEEDS === 1;
    const lines = Array.from({ length: random.between(isSlow ? 2 : 1, 3) }, () => this.coordinators.map(() => new Line(world)));
    this.plans = Array.from({ length: random.chance(0.2) ? 2 : 1 }, (_, i) =>
      planOf(i, world, { isJudged: seed % JUDGED_SEEDS === 0, namespace: (isBound && NAMESPACES[i]) || 'default' }),
    );
    for (const { evaluationId, namespace } of this.plans) this.history.namespaces.set(evaluationId, namespace);
    const poison = new Set(this.plans.flatMap((plan) => plan.poison ?? []));
    this.agents = lines.map(
      (own, i) =>
        new SimAgent(i, {
          world,
          history: this.history,
          coordinators: this.coordinators,
          lines: own,
          model: behaviour(i),
          poison,
          namespaces: isBound && i > 0 ? changing(i) : () => '*',
          ...(logger ? { logger } : {}),
        }),
    );
    this.client = new SimClient(world, this.history, this.coordinators);
    this.hearing = new Hearing({ world, redis: this.redis, coordinators: this.coordinators, agents: this.agents, lines });
    this.#targets = {
      world,
      history: this.history,
      redis: this.redis,
      coordinators: this.coordinators,
      agents: this.agents,
      lines,
      storeFaults,
      model,
    };
  }

  start(): void {
    const { world, coordinators, agents, plans } = this;
    if (world.random.chance(SHARES.skewed)) {
      for (const { skew } of [...coordinators, ...agents]) skew.ms = hoursWrong(world);
      this.redis.skewMs = hoursWrong(world);
    }
    for (const coordinator of coordinators) coordinator.start();
    for (const agent of agents) agent.start();
    if (this.#faults) this.#faults(this.#targets);
    else planFaults(this.#targets, world.random.between(1, 5), { withinMs: this.#times.withinMs, areLong: this.#isLong });
    for (const plan of plans) {
      this.#playing++;
      void this.#play(plan).finally(() => this.#playing--);
    }
  }

  /** Whether clients still do something. */
  get isBusy(): boolean {
    return this.#playing > 0;
  }

  /** Calls that are under way. */
  get calling(): ModelCall[] {
    const alive = new Set(this.agents.filter(({ life }) => !life.dead).map(({ life }) => life.name));
    return this.history.calls.filter(({ endedAt, agent }) => endedAt === undefined && alive.has(agent));
  }

  /** Everything is mended: whatever ended is there again, whatever hindered is gone. */
  heal(): void {
    const { redis, storeFaults, model, lines } = this.#targets;
    this.healedAt = this.world.time;
    this.world.trace('everything is mended');
    if (!redis.isUp) redis.start();
    Object.assign(redis, { lossRate: 0, slownessMs: 0 });
    Object.assign(storeFaults, { failureRate: 0, slownessMs: 0 });
    Object.assign(model, { failureRate: 0, slowness: 1 });
    for (const line of lines.flat()) {
      line.stalled.clear();
      line.slownessMs = 0;
    }
    for (const { life } of [...this.coordinators, ...this.agents]) life.goOn();
    for (const process of [...this.coordinators, ...this.agents]) if (process.life.dead) process.start();
  }

  get #times(): typeof SHORT {
    return this.#isLong ? LONG : SHORT;
  }

  get faultyMs(): number {
    return this.#times.faultyMs;
  }

  async #play(plan: Plan): Promise<void> {
    const { client, world } = this;
    const pause = (ms: number): Promise<void> => new Promise((resolve) => void world.after(ms, resolve));
    await pause(world.random.next() * 300);
    const spec = specOf(plan);
    const submit = (use: EvaluationUseCases): Promise<unknown> =>
      use.submit({ spec, idempotencyKey: plan.key, namespace: plan.namespace, owner: '' });
    // A client in doubt asks again with the same key, and another one may ask at the same time.
    const upload = async (use: EvaluationUseCases): Promise<unknown> => {
      const dataset = datasetOf(plan);
      await use.upload(digestOf(dataset), dataset.length, once(dataset), plan.namespace);
      return submit(use);
    };
    if (world.random.chance(0.2)) void client.invoke('submit', plan.key, plan.evaluationId, upload, { tries: 3 });
    await client.invoke('submit', plan.key, plan.evaluationId, upload, { tries: 60 });
    void client.watch(plan.key, plan.evaluationId);
    if (world.random.chance(0.5)) void client.watch(plan.key, plan.evaluationId);
    for (const command of plan.commands) {
      await pause(world.random.next() * 3_000);
      await this.#command(plan, command, pause);
    }
  }

  async #command(plan: Plan, command: Plan['commands'][number], pause: (ms: number) => Promise<void>): Promise<void> {
    const { client, world } = this;
    const { key, evaluationId } = plan;
    const which = { evaluationId };
    const invoke = (what: 'cancel' | 'pause' | 'resume', work: (use: EvaluationUseCases) => Promise<unknown>): Promise<unknown> =>
      // Who gives up a resume leaves the evaluation paused for ever.
      client.invoke(what, key, evaluationId, work, { tries: what === 'resume' ? 60 : 20 });
    switch (command) {
      case 'cancel': {
        const mode = world.random.pick(['abort', 'drain'] as const);
        const cancel = (use: EvaluationUseCases): Promise<unknown> => use.cancel(which, { reason: 'enough', mode });
        return void (await client.invoke('cancel', key, evaluationId, cancel, { tries: 20, mode }));
      }
      case 'pause':
        await invoke('pause', (use) => use.pause(which, 'lunch'));
        await pause(world.random.next() * 1_000);
        // What was commanded is in the store, whatever becomes of Redis.
        if (world.random.chance(0.3)) strike(this.#targets, world.random.pick(['redis_wipe', 'redis_restart']), 200);
        await pause(world.random.next() * 3_000);
        return void (await invoke('resume', (use) => use.resume(which, '')));
      case 'skip':
        return void (await client.invoke(
          'skip',
          key,
          evaluationId,
          (use) => use.skip(evaluationId, { units: skippedOf(plan) }, 'not these'),
          { tries: 20 },
        ));
      case 'requeue':
        this.history.requeued.set(key, world.time);
        await client.invoke(
          'requeue',
          key,
          evaluationId,
          (use) => use.requeue(evaluationId, { states: ['errored', 'unscored', 'cancelled', 'dead'] }, 'again'),
          { tries: 20 },
        );
    }
  }
}

/** An identity that covers less with every second stream, and then more again. */
function changing(number: number): () => Namespaces {
  let streams = 0;
  return () => (streams++ % 2 === 0 ? NAMESPACES : [NAMESPACES[number % NAMESPACES.length]!]);
}

function planOf(number: number, { random }: World, { isJudged, namespace }: Pick<Plan, 'isJudged' | 'namespace'>): Plan {
  const key = `key-${number}`;
  const epochs = random.chance(0.2) ? 2 : 1;
  const all: Plan['commands'] = ['pause', 'cancel', 'skip', 'requeue'];
  const samples = random.between(1, 14);
  return {
    key,
    evaluationId: evaluationIdOf(namespace, key),
    namespace,
    // With a judge's call about each of them, half as many are as much work.
    units: (isJudged ? 2 * Math.ceil(samples / 2) : samples) * epochs,
    epochs,
    isJudged,
    poison: random.chance(SHARES.poison) ? `${key}/s0/1` : undefined,
    commands: all.filter(() => random.chance(0.12)),
  };
}

/** Units of the evaluated model. */
export const answersOf = ({ units, isJudged }: Plan): number => (isJudged ? units / 2 : units);

export const skippedOf = (plan: Plan): number[] => SKIPPED.slice(0, answersOf(plan));

/** By which the endpoint knows what is asked for by a unit: a sample's answer, or a judge's word on it. */
export function callOf(plan: Plan, unit: number): string {
  const [model, at] = unit < answersOf(plan) ? [plan.key, unit] : [judgeOf(plan), unit - answersOf(plan)];
  return `${model}/s${Math.floor(at / plan.epochs)}/${(at % plan.epochs) + 1}`;
}

const judgeOf = ({ key }: Plan): string => `${key}${JUDGE}`;

export const datasetOf = (plan: Plan): Buffer =>
  Buffer.from(
    Array.from(
      { length: answersOf(plan) / plan.epochs },
      (_, i) => `${JSON.stringify({ id: `s${i}`, input: `number ${i}`, target: `t${i}` })}\n`,
    ).join(''),
  );

function specOf(plan: Plan): Record<string, unknown> {
  return {
    name: plan.key,
    benchmarks: [
      {
        benchmark: 'sim',
        dataset: { uri: 'file:sim.jsonl', digest: digestOf(datasetOf(plan)), fields: { id: 'id' } },
        scorers: [{ name: 'exact' }, ...(plan.isJudged ? [{ name: 'model_graded_qa' }] : [])],
      },
    ],
    models: [{ model: `sim/${plan.key}` }],
    ...(plan.isJudged ? { model_roles: { grader: { model: `sim/${judgeOf(plan)}` } } } : {}),
    epochs: plan.epochs,
    max_task_samples: 4,
    retry: { max_retries: 50 },
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield bytes;
}
