/** Nothing stays: after evaluations of all kinds were deleted and what they left collected, Redis and the store are as they were before. */
import { readdir } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/connect.ts';
import type { Collection } from '../../shared/client/types.ts';
import { cliHome } from '../support/cli.ts';
import { Commanded, QUICK } from '../support/commanded.ts';
import { watchAll } from '../support/mock-evaluation.ts';
import { TestS3 } from '../support/s3-server.ts';
import { waitFor } from '../support/wait-for.ts';

let s3: TestS3;
beforeAll(async () => {
  s3 = await TestS3.start();
});
afterAll(() => s3.stop());

/** What lies in a directory, but for each coordinator's index and the folders by which contents are sorted. */
async function treeOf(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => !/^index\/|^content\/..$/.test(name)).toSorted();
}

describe.each(['a directory', 'S3'])('with the store in %s', (place) => {
  let c: Commanded;
  let redis: Redis;
  const prefix = 'as-before';
  beforeAll(async () => {
    c = await Commanded.start({ args: () => (place === 'S3' ? [...QUICK, '--store', s3.url(prefix)] : QUICK) });
    redis = new Redis(redisOptions(c.fleet.redis.url));
    await c.agent();
  });
  afterAll(async () => {
    redis.disconnect();
    await c.stop();
  });

  /** Which Redis it was is written at a connection, so after the wipe below it is not there until the next one; nor is an agent's Hello, which expires. */
  const keys = async (): Promise<string[]> => (await redis.keys('*')).filter((key) => !/:run_id$|:hello:/.test(key)).toSorted();
  /** Without the audit log, which stays, and the room that is kept for it. */
  const tree = async (): Promise<string[]> =>
    (place === 'S3' ? await s3.keys(prefix) : await treeOf(c.fleet.store)).filter((name) => !/(?:^|\/)audit(?:\/|$)|\.reserve$/.test(name));
  async function gc(more: { dryRun?: boolean } = {}): Promise<Collection> {
    let result: Collection | undefined;
    for await (const { done, ...collection } of c.client.collectGarbage({ graceMs: 0, ...more })) if (done) result = collection;
    return result!;
  }
  const finished = async (samples: number, more: Record<string, unknown> = {}): Promise<string> => {
    const id = await c.submit(samples, more);
    await watchAll(c.client, id);
    return id;
  };

  test('after finished, cancelled, failed, requeued and recovered ones, and an upload that nobody submitted', async () => {
    // What a coordinator and an agent have by themselves: the first round of retention has been.
    await waitFor(async () => (await tree()).some((name) => name.includes('switches/retention')), {
      what: 'the first round',
      timeoutMs: 30_000,
    });
    await waitFor(async () => (await keys()).some((key) => key.endsWith(':agents')), { what: 'the agent to be known' });
    const [keysBefore, treeBefore] = [await keys(), await tree()];

    await finished(6);
    await finished(9, { models: [{ model: 'openai/two' }, { model: 'openai/three' }] });
    c.refused = (sample) => sample < 2;
    const errored = await finished(5);
    const failed = await finished(8, { fail_on_error: 1 });
    expect((await c.client.get(failed)).state).toBe('failed');
    c.refused = () => false;
    await c.client.requeue(errored);
    await c.until(errored, 'the second end', (e) => e.state === 'succeeded' && e.counts.scored === 5);
    c.held = () => true;
    const cancelled = await c.submit(10);
    const nobody = await c.submit(10, { models: [{ model: 'mock/nobody' }] });
    await c.until(cancelled, 'some to run', (e) => e.inFlight > 0);
    await c.flush();
    await c.until(cancelled, 'the recovery', (e) => e.state === 'running');
    await c.client.cancelAll({ evaluationId: cancelled });
    await c.client.cancelAll({ evaluationId: nobody });
    c.held = () => false;
    await c.client.uploadBytes(Buffer.from('an upload that nobody submits'));

    await c.reset();
    const dry = await gc({ dryRun: true });
    expect(dry.collected.find(({ kind }) => kind === 'content')!.count).toBeGreaterThan(10);
    expect((await tree()).length).toBeGreaterThan(treeBefore.length);
    await waitFor(
      async () => {
        await gc();
        return JSON.stringify([await keys(), await tree()]) === JSON.stringify([keysBefore, treeBefore]);
      },
      { what: 'everything to be as before', timeoutMs: 20_000, everyMs: 1000 },
    ).catch(() => undefined);
    expect(await tree()).toEqual(treeBefore);
    expect(await keys()).toEqual(keysBefore);
    expect(await gc()).toMatchObject({ collected: [], contents: 0 });
  }, 180_000);

  test.runIf(place !== 'S3')('assay gc says what it does, and asks', async () => {
    const cli = await cliHome();
    try {
      const address = ['--address', c.coordinator.address];
      await c.client.uploadBytes(Buffer.from('a stray'));
      expect(await cli.inside(['gc', ...address])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
      expect((await cli.inside(['gc', '--grace', 'soon', ...address])).stderr).toContain("'soon' is no time span");
      expect((await cli.inside(['gc', '--yes', ...address])).stdout).toContain('nothing to remove');
      expect((await cli.inside(['gc', '--dry-run', '--grace', '0s', ...address])).stdout).toMatch(
        /would be removed:\n +1 +7 B {2}contents/,
      );
      const { stdout } = await cli.inside(['gc', '--yes', '--grace', '0s', '--json', ...address]);
      expect(JSON.parse(stdout)).toEqual({
        dryRun: false,
        collected: [{ kind: 'content', count: 1, bytes: 7 }],
        contents: 0,
        contentBytes: 0,
      });
      expect((await cli.inside(['cluster', '--once', ...address])).stdout).toContain('0 contents with 0 B');
    } finally {
      await cli.dispose();
    }
  });
});
