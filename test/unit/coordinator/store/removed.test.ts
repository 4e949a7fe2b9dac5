/** An id that comes back: its evaluation was removed, and submitted anew. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { frameOf, manifestOf, winnersOf } from '../../../support/store-fixtures.ts';

test('removed by one coordinator and submitted anew: what another appends is read', async () => {
  const path = await mkdtemp(join(tmpdir(), 'store-removed-'));
  const options = { path, clock: systemClock, logger: { warn: () => undefined } };
  const one = await openDirectoryStore({ ...options, coordinatorId: 'co_one' });
  const other = await openDirectoryStore({ ...options, coordinatorId: 'co_other' });
  try {
    const manifest = manifestOf('again', 10);
    const id = manifest.evaluationId;
    for (const text of ['before', 'after']) {
      await one.stage(manifest);
      await one.markAccepted(id);
      await other.appendResults(id, [frameOf(1, { 0: text })]);
      await other.appendVoids(id, [{ attemptId: 'x', units: [5] }]);
      expect(await winnersOf(await one.openResults(id))).toEqual([[0, text]]);
      await one.putReport(id, Buffer.from('{}'));
      await one.markFinished(id, digestOf('{}'));
      await one.remove(id);
    }
  } finally {
    await one.close();
    await other.close();
    await rm(path, { recursive: true, force: true });
  }
});
