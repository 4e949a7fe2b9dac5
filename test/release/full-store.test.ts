/** The disk of the store, or of an agent's spool, is full: agents keep their results, nothing is acknowledged, and all goes on when there is room again. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { AppError } from '../../shared/domain/errors.ts';
import { Commanded } from '../support/commanded.ts';
import { canMountTmpfs } from '../support/mount.ts';
import { waitFor } from '../support/wait-for.ts';
import { failureOf, half, SAMPLES, sleep, wellAgain } from '../support/sickness.ts';

const MIB = 1 << 20;
const ends: (() => unknown)[] = [];

/** Takes the rest of a disk, to the last page. */
async function fillUp(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail > 0)
    await writeFile(join(folder, `ballast-${randomBytes(4).toString('hex')}`), Buffer.alloc(bavail * bsize)).catch(() => undefined);
}
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

test.skipIf(!canMountTmpfs())('a full store (skipped where a tmpfs cannot be mounted)', async () => {
  let store!: string;
  const commanded = await Commanded.start({
    prepare: async (fleet) => {
      ({ store } = fleet);
      mkdirSync(store);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', store]);
    },
    args: () => ['--lease-ms', '3000', '--heartbeat-ms', '500', '--sweep-ms', '200', '--store-headroom-bytes', String(MIB)],
  });
  ends.push(() => commanded.stop());
  ends.push(() => execFileSync('umount', ['-l', store])); // lazily, and before its folder is removed
  // More than the rest of a page, also compressed; a single result finds no place.
  commanded.preamble = randomBytes(30_000)
    .toString('base64')
    .replace(/[^A-Za-z]/g, '');
  await commanded.agent('one', [commanded.coordinator.address], 16);
  const over = await commanded.submit(3, { models: [{ model: 'openai/two' }] });
  await commanded.until(over, 'its end', (e) => e.state === 'succeeded');
  const id = await half(commanded);
  const counted = await commanded.ledger.closedUnits(id);

  const { bavail, bsize } = await statfs(store);
  const ballast = join(store, 'ballast');
  await writeFile(ballast, Buffer.alloc(bavail * bsize));
  const spec = { spec: { name: 'refused' }, idempotencyKey: 'full' };
  expect((await failureOf(commanded.hasty.uploadBytes(Buffer.from('{"input":"more"}\n')))).message).toMatch(/no room for it|no space left/);
  expect((await failureOf(commanded.hasty.cancel(id))).message).toMatch(/no space left/);
  expect((await failureOf(commanded.hasty.submit(spec))).code).not.toBe('internal');
  commanded.held = () => false;
  await sleep(4_000);
  expect(await commanded.ledger.closedUnits(id)).toEqual(counted);
  expect(await commanded.client.get(id)).toMatchObject({ state: 'running', counts: { scored: SAMPLES / 2 } });
  const lying = await readdir(join(store, 'tmp'));
  expect(
    lying.filter((name) => !name.endsWith('.reserve')),
    'half files',
  ).toEqual([]);

  // What makes room must not need any: what is written down of it goes where room is kept.
  expect(await commanded.hasty.delete({ evaluationId: over })).toMatchObject([{ changed: true, problem: '' }]);
  await fillUp(store);
  for await (const { done } of commanded.hasty.collectGarbage()) if (done) break;

  // Once that is used up too nothing privileged is done any more, and what runs goes on.
  await fillUp(store);
  let written = 0;
  for (; written < 100; written++) {
    const code = await commanded.hasty.drainAgent('one', { undo: true }).then(
      () => 'ok',
      (error: unknown) => AppError.from(error).code,
    );
    if (code === 'unavailable') break;
    expect(code).toBe('ok');
    await fillUp(store);
  }
  expect(written).toBeGreaterThan(5);
  expect(written).toBeLessThan(20);
  expect(await commanded.client.get(id)).toMatchObject({ state: 'running', agents: 1, counts: { scored: SAMPLES / 2 } });

  for (const name of await readdir(store)) if (name.startsWith('ballast')) await rm(join(store, name));
  await wellAgain(commanded, id);
  expect((await commanded.client.auditEntries({ method: 'DrainAgent' })).length).toBe(written);
  expect(await commanded.client.verifyAudit()).toMatchObject({ count: 0, chains: 1 });
});

test.skipIf(!canMountTmpfs())(
  'a full spool of an agent (skipped where a tmpfs cannot be mounted): it takes nothing new, loses nothing, and goes on',
  async () => {
    const commanded = await Commanded.start();
    ends.push(() => commanded.stop());
    const spool = join(commanded.fleet.dir, 'spool');
    mkdirSync(spool);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', spool]);
    ends.push(() => execFileSync('umount', ['-l', spool]));
    const models = [{ match: 'openai/*', provider: 'openai', base_url: commanded.endpoint.url, max_connections: 16 }];
    const agent = await commanded.fleet.agent('one', [commanded.coordinator.address], { models, spool });
    const id = await half(commanded);
    const { bavail, bsize } = await statfs(spool);
    const ballast = join(spool, 'ballast');
    await writeFile(ballast, Buffer.alloc(bavail * bsize));
    // Random letters, that no compression makes fit into the rest of a page.
    commanded.preamble = randomBytes(30_000)
      .toString('base64')
      .replace(/[^A-Za-z]/g, '');
    commanded.held = () => false;
    await waitFor(() => /"suspended":true,"reason":"spool_full"/.test(commanded.coordinator.output), {
      what: 'the agent to say so',
      timeoutMs: 30_000,
    });
    expect(agent.running).toBe(true);
    await rm(ballast);
    await wellAgain(commanded, id);
  },
);
