/** What may go wrong in a simulated world: each kind of fault with its end. A seed chooses some, and when. */
import type { Line } from './network.ts';
import type { SimAgent } from './parts/agent.ts';
import type { SimCoordinator } from './parts/coordinator.ts';
import type { History } from './history.ts';
import type { SimRedis } from './redis/server.ts';
import type { StoreFaults } from './store/sim-store.ts';
import type { World } from './world.ts';

export interface Targets {
  world: World;
  history: History;
  redis: SimRedis;
  coordinators: readonly SimCoordinator[];
  agents: readonly SimAgent[];
  /** Per agent: its lines to the coordinators. */
  lines: readonly (readonly Line[])[];
  storeFaults: StoreFaults;
  /** Sets how often the model fails, and how slow it is. */
  model: { failureRate: number; slowness: number };
}

type Fault = (targets: Targets, ms: number) => void;

const later = ({ world }: Targets, ms: number, work: () => void): void => void world.after(ms, work);

const lineOf = ({ world, lines }: Targets): Line => world.random.pick(world.random.pick(lines));

/** How wrong a wall clock may be: two hours. */
export const hoursWrong = ({ random }: World): number => Math.round((random.next() * 2 - 1) * 2 * 3_600_000);

/** `ms`: how long it lasts, or how long until what was killed is there again. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  agent_kill: (targets, ms) => {
    const agent = targets.world.random.pick(targets.agents);
    const { life } = agent;
    agent.kill();
    later(targets, ms, () => agent.life === life && agent.start());
  },
  agent_sleep: (targets, ms) => {
    const { life } = targets.world.random.pick(targets.agents);
    life.stop();
    later(targets, 3 * ms, () => life.goOn());
  },
  /** It works on, and nobody hears of it. */
  agent_partition: (targets, ms) => {
    const own = targets.world.random.pick(targets.lines);
    for (const line of own) for (const way of ['up', 'down'] as const) line.stalled.add(way);
    later(targets, ms, () => {
      for (const line of own) line.stalled.clear();
    });
  },
  agent_drain: (targets, ms) => {
    const agent = targets.world.random.pick(targets.agents);
    if (!agent.life.dead) void agent.restart(ms);
  },
  coordinator_kill: (targets, ms) => {
    const coordinator = targets.world.random.pick(targets.coordinators);
    coordinator.kill();
    const { life } = coordinator;
    later(targets, ms, () => coordinator.life === life && coordinator.start());
  },
  coordinator_sleep: (targets, ms) => {
    const { life } = targets.world.random.pick(targets.coordinators);
    life.stop();
    later(targets, 2 * ms, () => life.goOn());
  },
  coordinator_restart: (targets, ms) => {
    const coordinator = targets.world.random.pick(targets.coordinators);
    if (!coordinator.isServing) return;
    const { life } = coordinator;
    void coordinator.stop().then(() => later(targets, ms, () => coordinator.life === life && coordinator.start()));
  },
  redis_restart: (targets, ms) => {
    if (!targets.redis.isUp) return;
    targets.redis.crash(false);
    later(targets, ms, () => targets.redis.start());
  },
  /** A power loss, or a failover to a replica that was behind. */
  redis_rollback: (targets, ms) => {
    targets.redis.fallBehind();
    later(targets, Math.min(ms, 1_000), () => {
      if (!targets.redis.isUp) return;
      targets.redis.crash(true);
      later(targets, ms / 2, () => targets.redis.start());
    });
  },
  redis_wipe: ({ redis }) => {
    if (redis.isUp) redis.wipe();
  },
  redis_clock_jump: ({ world, redis }) => {
    redis.skewMs += Math.round(world.random.next() * 8_000 - 2_000);
  },
  /** By hours, and to stay. */
  clock_jump: ({ world, coordinators, agents }) => {
    world.random.pick([...coordinators, ...agents]).skew.ms = hoursWrong(world);
  },
  redis_lost_replies: (targets, ms) => {
    targets.redis.lossRate = 0.02;
    later(targets, ms, () => (targets.redis.lossRate = 0));
  },
  redis_slow: (targets, ms) => {
    targets.redis.slownessMs = 200;
    later(targets, ms, () => (targets.redis.slownessMs = 0));
  },
  store_failures: (targets, ms) => {
    targets.storeFaults.failureRate = 0.2;
    later(targets, ms, () => (targets.storeFaults.failureRate = 0));
  },
  store_slow: (targets, ms) => {
    targets.storeFaults.slownessMs = 500;
    later(targets, ms, () => (targets.storeFaults.slownessMs = 0));
  },
  line_cut: (targets) => lineOf(targets).cut(),
  line_stall_up: (targets, ms) => stall(targets, ms, 'up'),
  line_stall_down: (targets, ms) => stall(targets, ms, 'down'),
  line_slow: (targets, ms) => {
    const line = lineOf(targets);
    line.slownessMs = 800;
    later(targets, ms, () => (line.slownessMs = 0));
  },
  model_failures: (targets, ms) => {
    targets.model.failureRate = 0.3;
    later(targets, ms, () => (targets.model.failureRate = 0));
  },
  model_slow: (targets, ms) => {
    targets.model.slowness = 20;
    later(targets, ms, () => (targets.model.slowness = 1));
  },
};

function stall(targets: Targets, ms: number, direction: 'up' | 'down'): void {
  const line = lineOf(targets);
  line.stalled.add(direction);
  later(targets, 2 * ms, () => line.stalled.delete(direction));
}

/** What costs a lease, if it lasts. */
const LASTING = [
  'agent_kill',
  'agent_sleep',
  'agent_partition',
  'coordinator_sleep',
  'coordinator_kill',
  'line_stall_up',
  'line_stall_down',
];

/** One fault, now. */
export function strike(targets: Targets, kind: string, ms: number): void {
  const { world, history } = targets;
  world.trace(`fault: ${kind} ${Math.round(ms)} ms`);
  history.fault(kind);
  FAULTS[kind]!(targets, ms);
}

/** Plans `count` faults between now and `withinMs`. areLong: half of them last for longer than a lease and two looks at it. */
export function planFaults(targets: Targets, count: number, { withinMs, areLong }: { withinMs: number; areLong: boolean }): void {
  const { random } = targets.world;
  const kinds = Object.keys(FAULTS);
  for (let i = 0; i < count; i++) {
    const isLong = areLong && random.chance(0.5);
    const kind = random.pick(isLong ? LASTING : kinds);
    const [at, ms] = [random.next() * withinMs, isLong ? 5_000 + random.next() * 4_000 : 100 + random.next() ** 2 * 4_000];
    targets.world.after(at, () => strike(targets, kind, ms));
  }
}
