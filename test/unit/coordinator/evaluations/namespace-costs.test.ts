import { describe, expect, test } from 'vitest';
import { Costs } from '../../../../coordinator/evaluations/namespaces/costs.ts';
import { COSTS } from '../../../../coordinator/evaluations/namespaces/cost-record.ts';
import type { Group } from '../../../../shared/domain/manifest.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { MemorySwitches } from '../../../support/memory-switches.ts';

const DAY = 86_400_000;
const groups = ['mock/paid', 'mock/free'].map((model, index) => ({
  ...{ index, firstUnit: index * 100, units: 100, samples: 100, epochs: 1, route: { model } },
})) as unknown as Group[];
const prices = { version: 'test', models: [{ match: 'mock/paid', inputUsdPerMillion: 2, outputUsdPerMillion: 10 }] };

function rig() {
  const store = new MemorySwitches();
  const clock = new FakeClock();
  clock.time = 100 * DAY;
  const limits = new Map([['team', 100]]);
  const notices: string[] = [];
  const start = (coordinatorId: string): Costs =>
    new Costs({
      ...{ store, coordinatorId, prices, clock, logger: silentLogger() },
      limitOf: (namespace) => limits.get(namespace),
      isWanted: () => limits.size > 0,
      notify: async () => void notices.push(coordinatorId),
    });
  return { store, clock, limits, notices, start };
}
const paid = (unit: number, inputTokens: number, outputTokens: number) => ({ unit, usage: { inputTokens, outputTokens } });
const bound = { maxCostPerDayMicroUsd: 100 };

describe('what a namespace costs', () => {
  test('tokens by their prices, and nothing of models without one', async () => {
    const costs = rig().start('co_a');
    costs.add('team', groups, [paid(0, 5, 3), paid(1, 1, 0), paid(100, 1e6, 1e6)]);
    expect(await costs.usedOf('team')).toBe(42);
    expect(await costs.usedOf('other')).toBe(0);
    expect(await costs.reached('team', {})).toBeUndefined();
    expect(await costs.reached('team', { maxCostPerDayMicroUsd: 43 })).toBeUndefined();
    expect(await costs.reached('team', { maxCostPerDayMicroUsd: 42 })).toEqual({ limit: 42, used: 42, untilMs: 101 * DAY });
    await costs.stop();
  });

  test('the sum of several coordinators, and the first that reaches the bound tells the others', async () => {
    const { start, notices } = rig();
    const [a, b] = [start('co_a'), start('co_b')];
    a.add('team', groups, [paid(0, 30, 0)]);
    await a.flush();
    b.add('team', groups, [paid(0, 19, 0)]);
    await b.refresh();
    expect(await b.reached('team', bound)).toBeUndefined();
    expect(notices).toEqual([]);
    b.add('team', groups, [paid(1, 1, 0)]);
    await b.flush();
    expect(notices).toEqual(['co_b']);
    await a.look();
    expect(await a.reached('team', bound)).toMatchObject({ used: 100 });
    await a.stop();
    await b.stop();
  });

  test('one that comes after knows what those before it have written', async () => {
    const { start } = rig();
    const before = start('co_a');
    before.add('team', groups, [paid(0, 60, 0)]);
    await before.stop();
    expect(await start('co_b').reached('team', bound)).toMatchObject({ used: 120 });
  });

  test('what is counted is written by itself', async () => {
    const { start, store } = rig();
    const costs = start('co_a');
    costs.add('team', groups, [paid(0, 7, 0)]);
    await expect.poll(() => store.kinds.get(COSTS)?.size).toBe(1);
    await costs.stop();
  });

  test('a new day begins with nothing, and old days go', async () => {
    const { start, clock, store } = rig();
    const costs = start('co_a');
    for (let day = 0; day < 4; day++) {
      costs.add('team', groups, [paid(0, 60, 0)]);
      await costs.flush();
      expect(await costs.reached('team', bound)).toBeDefined();
      clock.time += DAY;
      expect(await costs.reached('team', bound)).toBeUndefined();
      await costs.sweep();
      expect(store.kinds.get(COSTS)!.size).toBeLessThanOrEqual(2);
    }
    await costs.stop();
  });

  test('without a bound nothing is written; one that comes later counts what is known of the day', async () => {
    const { start, limits, store } = rig();
    limits.clear();
    const costs = start('co_a');
    costs.add('team', groups, [paid(0, 60, 0)]);
    await costs.sweep();
    expect(store.kinds.get(COSTS)).toBeUndefined();
    limits.set('team', 100);
    expect(await costs.reached('team', bound)).toMatchObject({ used: 120 });
    await costs.sweep();
    expect(store.kinds.get(COSTS)!.size).toBe(1);
  });

  test('where nobody can say what was spent, nothing begins', async () => {
    const { start, store } = rig();
    await store.putSwitch(COSTS, '1970-04-11_co_b', { microUsd: 'much' });
    await expect(start('co_a').reached('team', bound)).rejects.toThrow(
      new AppError(
        'unavailable',
        'what namespaces have cost cannot be read (namespace-costs/1970-04-11_co_b in the store): put it back, or remove it',
      ),
    );
    await store.removeSwitch(COSTS, '1970-04-11_co_b');
  });

  test('a store that does not write for a while loses nothing', async () => {
    const { start, store } = rig();
    const costs = start('co_a');
    const { putSwitch } = store;
    store.putSwitch = async () => Promise.reject(new AppError('unavailable', 'full'));
    costs.add('team', groups, [paid(0, 60, 0)]);
    await expect(costs.flush()).rejects.toThrow('full');
    store.putSwitch = putSwitch;
    await costs.sweep();
    expect(await start('co_b').usedOf('team')).toBe(120);
    await costs.stop();
  });
});
