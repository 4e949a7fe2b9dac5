/** Calls for what is over end soon after their agent can hear of it: the check waits for that, and no longer. */
import { expect, test, vi } from 'vitest';
import { Attempt } from '../../../agent/work/attempt.ts';
import { strike, type Targets } from '../../simulation/faults.ts';
import { Hearing } from '../../simulation/hearing.ts';
import type { Line } from '../../simulation/network.ts';
import { runSeed } from '../../simulation/run.ts';
import { Life, World } from '../../simulation/world.ts';

/** Worlds in which an evaluation is cancelled while calls last; in one or the other of them it may come at another moment. */
const CANCELLED = [1, 6, 8, 9, 16];

async function runs(): Promise<{ violations: string[]; stopped: number }> {
  const all = [];
  for (const seed of CANCELLED) all.push(await runSeed(seed, { faults: cutOffAndAsleep }));
  return { violations: all.flatMap(({ violations }) => violations), stopped: all.reduce((sum, { reached }) => sum + reached.stopped, 0) };
}

/** The agent is cut off when the cancel comes, hears no word of it when all is mended, and then sleeps twice, while it is cut off again. */
function cutOffAndAsleep(targets: Targets): void {
  const { world, lines } = targets;
  strike(targets, 'model_slow', 60_000);
  world.after(300, () => strike(targets, 'agent_partition', 60_000));
  const whenMended = (): void => {
    if (lines[0]![0]!.stalled.size > 0) return void world.after(1, whenMended);
    strike(targets, 'agent_partition', 3_000);
    strike(targets, 'agent_sleep', 1_500);
    world.after(1_000, () => strike(targets, 'agent_sleep', 500));
  };
  world.after(400, whenMended);
}

test('an agent that was cut off and slept, both at once and again, stops when it wakes', async () => {
  const { violations, stopped } = await runs();
  expect(violations).toEqual([]);
  expect(stopped).toBeGreaterThan(0);
});

test('one that does not is named', async () => {
  const abort = vi.spyOn(Attempt.prototype, 'abort').mockImplementation(() => undefined);
  const { violations } = await runs().finally(() => abort.mockRestore());
  expect(violations.length).toBeGreaterThan(0);
  for (const violation of violations) expect(violation).toMatch(/^L3 stops key-\d+: agent\d\.\d still called/);
});

function hearing(): { world: World; at: (ms: number, work: () => void) => void; parts: ReturnType<typeof partsOf>; own: Hearing } {
  const world = new World(1);
  const parts = partsOf(world);
  const own = new Hearing(parts as never);
  own.look();
  const at = (ms: number, work: () => void): void => {
    world.time = ms;
    work();
    own.look();
  };
  return { world, at, parts, own };
}

const partsOf = (world: World) => ({
  world,
  redis: { isUp: true },
  coordinators: [0, 1].map((i) => ({ life: new Life(world, `c${i}`), isServing: true })),
  agents: [{ life: new Life(world, 'a.0') }],
  lines: [[0, 1].map(() => ({ stalled: new Set<string>() }) as unknown as Line)],
});

test('it could hear for so long on end: awake, with lines that carry, Redis, and coordinators that do not stand still', () => {
  const { at, parts, own } = hearing();
  const [[line], [agent], [first, second]] = [parts.lines[0]!, parts.agents, parts.coordinators];
  expect(own.heardBy('a.0', 0, 50)).toBe(50);
  at(100, () => agent!.life.stop());
  at(150, () => line!.stalled.add('up'));
  at(200, () => agent!.life.goOn());
  at(300, () => line!.stalled.clear());
  at(400, () => (parts.redis.isUp = false));
  at(500, () => (parts.redis.isUp = true));
  at(600, () => second!.life.stop());
  at(700, () => second!.life.goOn());
  at(800, () => (first!.isServing = false));
  at(900, () => (second!.isServing = false));
  at(1_000, () => (first!.isServing = true));
  // Before: 0–100, 300–400, 500–600, 700–900; from 1,000 on.
  expect(own.heardBy('a.0', 0, 100)).toBe(100);
  expect(own.heardBy('a.0', 10, 100)).toBe(400);
  expect(own.heardBy('a.0', 320, 80)).toBe(400);
  expect(own.heardBy('a.0', 321, 80)).toBe(580);
  expect(own.heardBy('a.0', 0, 200)).toBe(900);
  expect(own.heardBy('a.0', 0, 201)).toBe(1_201);
  at(1_100, () => agent!.life.kill());
  expect(own.heardBy('a.0', 0, 201)).toBe(Infinity);
  expect(own.heardBy('a.1', 0, 1)).toBe(Infinity);
});
