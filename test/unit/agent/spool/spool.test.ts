import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Segment } from '../../../../agent/spool/segment.ts';
import { Spool, type SpoolOptions } from '../../../../agent/spool/spool.ts';
import type { AttemptRef } from '../../../../agent/spool/record.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { waitFor } from '../../../support/wait-for.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-spool-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const open = (options: Partial<SpoolOptions> = {}): Promise<Spool> =>
  Spool.open({ dir, maxBytes: 1 << 30, clock: systemClock, ...options });
const ref = (attemptId: string): AttemptRef => ({ attemptId, evaluationId: 'ev_1', taskId: 'ev_1-0', traceparent: '' });
const segments = async (): Promise<string[]> => (await readdir(dir)).filter((name) => name.endsWith('.log'));

async function contents(spool: Spool): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const {
    ref: { attemptId },
    unit,
  } of spool.pending())
    found[`${attemptId}/${unit}`] = String(await spool.read(attemptId, unit));
  return found;
}

test('results survive a restart until they are acknowledged; the agent id stays', async () => {
  const first = await open();
  await Promise.all([0, 1, 2].map((unit) => first.append(ref('a'), unit, Buffer.from(`r${unit}`))));
  await first.append(ref('b'), 7, Buffer.from('r7'));
  first.ack('a', [1]);
  await first.close();
  const second = await open();
  expect(second.agentId).toBe(first.agentId);
  // An acknowledgement is not written down: what is sent again is acknowledged again.
  expect(await contents(second)).toEqual({ 'a/0': 'r0', 'a/1': 'r1', 'a/2': 'r2', 'b/7': 'r7' });
  expect(second.heldAttempts().toSorted()).toEqual(['a', 'b']);
  second.ack('a', [0, 1, 2]);
  second.forget('b');
  expect(second.heldAttempts()).toEqual([]);
  await second.close();
  expect(await segments()).toEqual([]);
});

test('two agents cannot share a spool; a lock left behind by a dead process is taken', async () => {
  const spool = await open();
  await expect(open()).rejects.toMatchObject({
    code: 'failed_precondition',
    message: expect.stringContaining(`in use by process ${process.pid}`),
  });
  await spool.close();
  // The pid lives, but it is another process than the one that took the lock.
  await writeFile(join(dir, 'lock'), JSON.stringify({ pid: process.pid, startTime: '1' }));
  await (await open()).close();
});

test('the disk is freed as results are acknowledged', async () => {
  const spool = await open({ segmentBytes: 100_000 });
  for (let unit = 0; unit < 40; unit++) await spool.append(ref('a'), unit, Buffer.alloc(10_000));
  expect((await segments()).length).toBeGreaterThan(3);
  spool.ack(
    'a',
    Array.from({ length: 40 }, (_, unit) => unit),
  );
  await waitFor(async () => (await segments()).length <= 1, { what: 'the files to be deleted' });
  expect(spool.usage().records).toBe(0);
  expect(spool.usage().bytes).toBeLessThan(100_000);
  await spool.close();
});

test('full at its limit, until a tenth is free again', async () => {
  const changes: boolean[] = [];
  const spool = await open({ maxBytes: 50_000, segmentBytes: 10_000, onFull: (full) => changes.push(full) });
  for (let unit = 0; unit < 6; unit++) await spool.append(ref('a'), unit, Buffer.alloc(9_000));
  expect(spool.full).toBe(true);
  spool.ack('a', [0, 1]);
  expect(changes).toEqual([true, false]);
  await spool.close();
});

test('a record torn at any byte is dropped, and nothing before it', async () => {
  const spool = await open();
  await spool.append(ref('a'), 0, Buffer.from('whole'));
  const { bytes: whole } = spool.usage();
  await spool.append(ref('a'), 1, Buffer.from('torn'));
  const { bytes: end } = spool.usage();
  const [name] = await segments();
  const copy = join(dir, 'copy');
  for (let size = whole; size < end; size++) {
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy);
    await copyFile(join(dir, name!), join(copy, name!));
    await truncate(join(copy, name!), size);
    const reopened = await Spool.open({ dir: copy, maxBytes: 1 << 30, clock: systemClock });
    expect(await contents(reopened), `cut at ${size}`).toEqual({ 'a/0': 'whole' });
    await reopened.append(ref('a'), 1, Buffer.from('again'));
    expect(await contents(reopened)).toEqual({ 'a/0': 'whole', 'a/1': 'again' });
    await reopened.close();
  }
  await spool.close();
});

test('a disk that takes nothing: full, results kept in memory, written when it takes them again', async () => {
  let broken = true;
  class Flaky extends Segment {
    override async append(frames: readonly Buffer[]): ReturnType<Segment['append']> {
      if (broken) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
      return super.append(frames);
    }
  }
  const whys: string[] = [];
  const spool = await open({ retryMs: 5, memoryBytes: 1000, createSegment: (d, n) => new Flaky(d, n), onFull: (_, why) => whys.push(why) });
  let durable = 0;
  const appends = [0, 1].map((unit) => spool.append(ref('a'), unit, Buffer.alloc(700, 'x')).then(() => durable++));
  await waitFor(() => spool.full, { what: 'the spool to be full' });
  expect(whys[0]).toContain('ENOSPC');
  let hasRoom = false;
  const room = spool.room(700).then(() => (hasRoom = true));
  spool.forget('nobody');
  expect([durable, hasRoom]).toEqual([0, false]);
  broken = false;
  await Promise.all([...appends, room]);
  expect(spool.full).toBe(false);
  expect(Object.keys(await contents(spool))).toEqual(['a/0', 'a/1']);
  await spool.close();
  const reopened = await open();
  expect(reopened.usage().records).toBe(2);
  await reopened.close();
});

test('an attempt forgotten while its result is written leaves nothing', async () => {
  const spool = await open();
  const append = spool.append(ref('a'), 0, Buffer.from('x'));
  spool.forget('a');
  expect(await append).toBe(false);
  expect(spool.usage().records).toBe(0);
  await spool.close();
});

test('property: what is held is what was appended and neither acknowledged nor forgotten, also after a crash', async () => {
  const step = fc.record({
    kind: fc.constantFrom('append', 'append', 'append', 'ack', 'forget', 'crash'),
    attempt: fc.constantFrom('a', 'b'),
    unit: fc.nat(8),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const own = await mkdtemp(join(dir, 'p-'));
      const options = { dir: own, maxBytes: 1 << 30, clock: systemClock, segmentBytes: 200 };
      let spool = await Spool.open(options);
      const held = new Map<string, string>();
      let n = 0;
      for (const { kind, attempt, unit } of steps) {
        const key = `${attempt}/${unit}`;
        if (kind === 'append') {
          const text = `content ${n++}`;
          held.set(key, text);
          await spool.append(ref(attempt), unit, Buffer.from(text));
        } else if (kind === 'ack') {
          held.delete(key);
          spool.ack(attempt, [unit]);
        } else if (kind === 'forget') {
          for (const other of [...held.keys()]) if (other.startsWith(attempt)) held.delete(other);
          spool.forget(attempt);
        } else {
          await spool.close();
          spool = await Spool.open(options);
          // What was acknowledged may come back; what was not must be there, in its last form.
          const found = await contents(spool);
          for (const [wanted, text] of held) expect(found[wanted]).toBe(text);
          for (const other of Object.keys(found)) if (!held.has(other)) spool.ack(other[0]!, [Number(other.slice(2))]);
        }
        expect(await contents(spool)).toEqual(Object.fromEntries(held));
        expect(spool.usage().records).toBe(held.size);
      }
      await spool.close();
    }),
    { numRuns: 40 },
  );
});

test('a damaged agent.json is a clear fault', async () => {
  await writeFile(join(dir, 'agent.json'), '{');
  await expect(open()).rejects.toMatchObject({ code: 'failed_precondition', message: expect.stringContaining('agent.json') });
  // The failed start gave the folder back.
  await expect(readFile(join(dir, 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the instance stays after an orderly end, and is another one after a crash', async () => {
  const first = await open();
  const { agentId, instanceId } = first;
  expect(await readFile(join(dir, 'agent.json'), 'utf8')).not.toContain(instanceId);
  await first.close();
  const second = await open();
  expect([second.agentId, second.instanceId]).toEqual([agentId, instanceId]);
  // Killed: what lies in the folder while the agent runs is what the next one finds.
  const copy = join(dir, 'copy');
  await mkdir(copy);
  await copyFile(join(dir, 'agent.json'), join(copy, 'agent.json'));
  const afterCrash = await open({ dir: copy });
  expect(afterCrash.agentId).toBe(agentId);
  expect(afterCrash.instanceId).not.toBe(instanceId);
  await Promise.all([second.close(), afterCrash.close()]);
});

test('a disk that hangs does not hold up the end', async () => {
  class Hung extends Segment {
    override append(): ReturnType<Segment['append']> {
      return new Promise(() => undefined);
    }
  }
  const spool = await open({ createSegment: (d, n) => new Hung(d, n) });
  const end = spool.append(ref('a'), 0, Buffer.from('x')).then(
    () => undefined,
    (error: unknown) => error,
  );
  await expect(spool.close(10)).rejects.toMatchObject({ code: 'deadline', message: expect.stringContaining('does not answer') });
  expect(await end).toMatchObject({ code: 'cancelled' });
  // Not an orderly end: what was on its way is lost as by a crash.
  expect(await readFile(join(dir, 'agent.json'), 'utf8')).not.toContain(spool.instanceId);
});
