import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
