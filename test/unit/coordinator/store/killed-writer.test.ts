/** A coordinator that dies in the middle: all that it had acknowledged is there for the next one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

const moduleUrl = (path: string): string => JSON.stringify(new URL(`../../../../${path}`, import.meta.url).href);

/** Appends unit after unit, four at a time, and prints each number once it is durable. */
const WRITER = `
  const { openDirectoryStore } = await import(${moduleUrl('coordinator/store/directory-store.ts')});
  const { systemClock } = await import(${moduleUrl('shared/runtime/clock.ts')});
  const [path, id, coordinatorId, first] = process.argv.slice(1);
  const store = await openDirectoryStore({ path, coordinatorId, clock: systemClock, logger: { warn() {} } });
  let next = Number(first);
  const work = async () => {
    for (;;) {
      const unit = next++;
      const content = Buffer.from('unit ' + unit + ' ' + 'x'.repeat(unit * 37 % 9000));
      await store.appendResults(id, [{ taskId: 't', attemptId: 'a', agentId: 'g', grant: 1, results: [{ unit, content }] }]);
      process.stdout.write(unit + '\\n');
    }
  };
  await Promise.all([work(), work(), work(), work()]);
`;

test('kill -9 in the middle of appends, several times: every acknowledged result is read', async () => {
  const path = await mkdtemp(join(tmpdir(), 'store-killed-'));
  const manifest = manifestOf('killed', 100_000);
  const store = await openDirectoryStore({ path, coordinatorId: 'co_reader', clock: systemClock, logger: { warn: () => undefined } });
  try {
    await store.stage(manifest);
    const acknowledged = new Set<number>();
    for (let round = 0; round < 3; round++) {
      // The same coordinator id each time: a restarted coordinator never touches what it left.
      const args = ['--input-type=module', '-e', WRITER, path, manifest.evaluationId, 'co_w', String(round * 30_000)];
      const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(writer, 'exit');
      let seen = 0;
      for await (const line of createInterface({ input: writer.stdout })) {
        acknowledged.add(Number(line));
        if (++seen === 100 + 61 * round) writer.kill('SIGKILL');
      }
      expect((await exited)[1]).toBe('SIGKILL');
      const index = await store.openResults(manifest.evaluationId);
      const found = new Set<number>();
      for await (const { unit, content } of index.results()) {
        if (content.toString() !== `unit ${unit} ${'x'.repeat((unit * 37) % 9000)}`) throw new Error(`unit ${unit} has another content`);
        found.add(unit);
      }
      expect([...acknowledged].filter((unit) => !found.has(unit))).toEqual([]);
    }
    expect(acknowledged.size).toBeGreaterThan(400);
  } finally {
    await store.close();
    await rm(path, { recursive: true });
  }
}, 60_000);
