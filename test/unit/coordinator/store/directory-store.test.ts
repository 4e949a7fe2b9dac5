import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { storeConformance } from '../../../support/store-conformance.ts';

storeConformance('the directory store', async () => {
  const path = await mkdtemp(join(tmpdir(), 'store-'));
  return {
    open: (coordinatorId) => openDirectoryStore({ path, coordinatorId, clock: systemClock, logger: { warn: () => undefined } }),
    remove: () => rm(path, { recursive: true }),
  };
});

test('a directory store knows the room of its file system', async () => {
  const path = await mkdtemp(join(tmpdir(), 'store-'));
  const store = await openDirectoryStore({ path, coordinatorId: 'co_a', clock: systemClock, logger: { warn: () => undefined } });
  try {
    expect((await store.space()).freeBytes).toBeGreaterThan(0);
  } finally {
    await store.close();
    await rm(path, { recursive: true });
  }
});
