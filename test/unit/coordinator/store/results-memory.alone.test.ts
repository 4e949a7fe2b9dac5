/** Memory while results are read: of a process of its own, in which nothing else lets go of buffers meanwhile. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('reading 160 MB of results that were written in no order keeps the memory flat', async () => {
  const UNITS = 8000;
  const manifest = manifestOf('large', UNITS);
  const path = await mkdtemp(join(tmpdir(), 'store-results-'));
  onTestFinished(() => rm(path, { recursive: true }));
  const store = await openDirectoryStore({ path, coordinatorId: 'co_a', clock: systemClock, logger: { warn: () => undefined } });
  onTestFinished(() => store.close());
  await store.stage(manifest);
  // 7919 is prime to the number of units, so this visits each once, far from its neighbours.
  const noise = randomBytes(20_000);
  for (let i = 0; i < UNITS; i += 100) {
    const frames = Array.from({ length: 100 }, (_, k) => {
      const unit = ((i + k) * 7919) % UNITS;
      const content = Buffer.concat([Buffer.from(`${unit} `), noise]);
      return { taskId: 't', attemptId: `a${unit}`, agentId: 'g', grant: 1, results: [{ unit, content }] };
    });
    await store.appendResults(manifest.evaluationId, frames);
  }
  const index = await store.openResults(manifest.evaluationId);
  const used = (): number => process.memoryUsage().arrayBuffers;
  // Of the writing; buffers go a turn after what held them.
  for (let i = 0; i < 3; i++) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const base = used();
  let peak = 0;
  let expected = 0;
  for await (const { unit, content } of index.results()) {
    if (unit !== expected++) throw new Error(`unit ${unit} out of order`);
    if (!content.subarray(-20_000).equals(noise) || Number.parseInt(content.toString('latin1', 0, 8), 10) !== unit)
      throw new Error(`unit ${unit} has another content`);
    if (unit % 50 === 0) peak = Math.max(peak, used() - base);
  }
  expect(expected).toBe(UNITS);
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(100 * 1024 * 1024);
}, 60_000);
