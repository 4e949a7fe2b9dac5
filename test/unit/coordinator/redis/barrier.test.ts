/** What the barrier asks a server, and what it makes of the answers, the late and the missing ones among them. */
import type { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { Barrier } from '../../../../coordinator/redis/barrier.ts';
import { onePrimary } from '../../../../coordinator/redis/primaries.ts';
import { parseDurability, type Durability } from '../../../../shared/domain/durability.ts';
import { systemClock, type Clock } from '../../../../shared/runtime/clock.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

type Answer = number | [disks: number, replicas: number] | Error;

/** A server that holds every write, and answers WAIT and WAITAOF by a script. */
function scripted(clock: Clock, wait: (command: string, ...args: number[]) => Answer | Promise<Answer>) {
  const asked: unknown[][] = [];
  let before: Promise<unknown> = Promise.resolve();
  const redis = {
    eval: async () => 1,
    // One after the other, as on one connection.
    call: (...args: unknown[]) => {
      const answer = before.then(async () => {
        asked.push(args);
        const said = await wait(...(args as [string, ...number[]]));
        if (said instanceof Error) throw said;
        return said;
      });
      before = answer.catch(() => undefined);
      return answer;
    },
  };
  const barrier = new Barrier(onePrimary(redis as unknown as Redis), 'test', clock);
  const pass = (id: string, demand: string): Promise<Durability> => barrier.pass(id, { kind: 'nothing' }, parseDurability(demand)!);
  return { asked, pass };
}

const notReached = { code: 'unavailable', reason: 'DURABILITY_NOT_REACHED', details: { indeterminate: 'true' } };
const never = new Promise<never>(() => undefined);

test('what reaches a disk is waited for with WAITAOF, and both of its numbers count', async () => {
  const answers: Answer[] = [
    [1, 0],
    [1, 2],
  ];
  const { asked, pass } = scripted(new FakeClock(), () => answers.shift()!);
  expect(await pass('a', 'fsynced')).toEqual({ class: 'fsynced', replicas: 0 });
  expect(await pass('b', 'replicated_fsynced:2')).toEqual({ class: 'replicated_fsynced', replicas: 2 });
  expect(asked.map((words) => words.slice(0, 3))).toEqual([
    ['WAITAOF', 1, 0],
    ['WAITAOF', 1, 2],
  ]);
});

test.each([[[0, 2]], [[1, 1]]] as [Answer][])('an answer of %j is not enough for two replicas with their disks', async (answer) => {
  const clock = new FakeClock();
  const { pass } = scripted(clock, () => {
    clock.time += 2_900;
    return answer;
  });
  await expect(pass('a', 'replicated_fsynced:2')).rejects.toMatchObject({
    ...notReached,
    message: expect.stringContaining('replicas had it within 3 s'),
  });
});

test('who comes while a round does not end is told in time all the same', async () => {
  const clock = new FakeClock();
  const { asked, pass } = scripted(clock, () => never);
  await expect(pass('first', 'replicated:1')).rejects.toMatchObject(notReached);
  expect(clock.time).toBe(3_000);
  await expect(pass('second', 'replicated:1')).rejects.toMatchObject(notReached);
  expect(clock.time).toBe(6_000);
  expect(asked).toHaveLength(1);
});

test('a round ends in time for the first of its waiters; who has more time goes into the next', async () => {
  let now = 0;
  const clock: Clock = { ...systemClock, monotonic: () => now, sleep: () => never };
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let rounds = 0;
  const { asked, pass } = scripted(clock, async () => {
    await gates[rounds++]!.promise;
    return 1;
  });
  const outcomes: string[] = [];
  const waits = (id: string, demand: string): Promise<unknown> =>
    pass(id, demand).then(
      () => outcomes.push(`${id} reached`),
      () => outcomes.push(`${id} failed`),
    );
  const all = [waits('a', 'replicated:1')];
  now = 1_000;
  all.push(waits('b', 'replicated:2'));
  now = 2_000;
  all.push(waits('c', 'replicated:1'), waits('d', 'replicated:2'));
  gates[0]!.resolve();
  await all[0];
  now = 3_900;
  gates[1]!.resolve();
  await Promise.all([all[1], all[2]]);
  now = 4_900;
  gates[2]!.resolve();
  await Promise.all(all);
  expect(outcomes).toEqual(['a reached', 'b failed', 'c reached', 'd failed']);
  expect(asked).toEqual([
    ['WAIT', 1, 2_800],
    ['WAIT', 2, 1_800],
    ['WAIT', 2, 900],
  ]);
});

test('demands that share a round do not fail each other', async () => {
  const clock = new FakeClock();
  /** A replica without an append-only file: nothing of it ever has an fsync. */
  const { asked, pass } = scripted(clock, (command, ...args) => {
    const [disks, replicas] = command === 'WAITAOF' ? [args[0]!, args[1]!] : [0, 0];
    if (command === 'WAIT') return 1;
    if (replicas > 0) clock.time += args[2]!;
    return [disks, 0];
  });
  const first = pass('first', 'fsynced');
  const shared = [pass('disk', 'fsynced'), pass('never', 'replicated_fsynced:1'), pass('memory', 'replicated:1')];
  expect(await first).toEqual({ class: 'fsynced', replicas: 0 });
  expect(await shared[2]).toEqual({ class: 'replicated', replicas: 1 });
  expect(await shared[0]).toEqual({ class: 'fsynced', replicas: 0 });
  await expect(shared[1]).rejects.toMatchObject(notReached);
  expect(asked.slice(1, 4).map((words) => words.slice(0, -1))).toEqual([
    ['WAITAOF', 1, 0],
    ['WAIT', 1],
    ['WAITAOF', 1, 1],
  ]);
  // Together as long as the first of them has.
  expect(asked.slice(1, 4).map((words) => words.at(-1))).toEqual([933, 933, 933]);
});
