/** What demos that were killed have left: their Redis, which cannot notice it, and their folder. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockOwner } from '../../shared/runtime/process-lock.ts';
import { homeAt, readStackRecord } from './home.ts';
import { stopProcess } from './redis.ts';

/** How the folders of demos begin; what follows is random. */
export const DEMO_PREFIX = 'assay-demo-';

/** Ends those processes and removes those folders in `folder`, in which others may write too. */
export async function sweepDemos(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(DEMO_PREFIX) || !(await isOursAlone(join(folder, name)))) continue;
    const home = homeAt(join(folder, name));
    const record = await readStackRecord(home);
    // Without a record it may be a demo that is just starting.
    if (!record || (await lockOwner(home.lock))) continue;
    for (const { identity } of record.processes) await stopProcess(identity).catch(() => undefined);
    await rm(home.dir, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A folder that somebody else has laid may name any process of ours as its own: only what nobody else can write counts. */
async function isOursAlone(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && found.isDirectory() && found.uid === (process.getuid?.() ?? found.uid) && (found.mode & 0o077) === 0;
}
