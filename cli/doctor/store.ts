/** The store's folder (one in S3 is left to the coordinators): there, writable, with room, and the one that the coordinators have. */
import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskFindings } from './host.ts';
import { fault, note, ok, type Check, type Finding } from './check.ts';

export const storeCheck = (path: string): Check => ({
  subject: 'store',
  run: async () => {
    if (path.startsWith('s3://'))
      return [
        note('store', `${path.split('?')[0]} is in S3`, 'nothing to do here: a coordinator tries it at its start, and says what is wrong'),
      ];
    const there = await stat(path).catch(() => undefined);
    if (!there) return [fault('store', `there is no ${path}`, `mkdir -p ${path}   (or mount it: all coordinators of a fleet share one)`)];
    if (!there.isDirectory()) return [fault('store', `${path} is no folder`, 'name another folder: --store FOLDER')];
    const problem = await tryToWrite(path);
    if (problem)
      return [
        fault(
          'store',
          `${path} cannot be written (${problem})`,
          `chown -R USER ${path}   where USER runs the coordinator; or mount it writable`,
        ),
      ];
    const id = await storeIdOf(path);
    const known =
      id === undefined
        ? note('store', `${path} holds no store yet`, 'the first coordinator makes one; check that it is the folder that is meant')
        : ok('store', `${path}, store ${id}`);
    return [known, ...(await diskFindings('store', path))];
  },
});

async function tryToWrite(path: string): Promise<string | undefined> {
  const probe = join(path, `.doctor-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(probe, 'x', { flag: 'wx' });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** The id of the store in a folder; undefined: none is there. */
export async function storeIdOf(path: string): Promise<string | undefined> {
  try {
    const { storeId } = JSON.parse(await readFile(join(path, 'store.json'), 'utf8')) as { storeId?: unknown };
    return typeof storeId === 'string' ? storeId : undefined;
  } catch {
    return undefined;
  }
}

/** A folder that is another store than the one that the coordinators work on. */
export const otherStore = (path: string, mine: string, theirs: string): Finding =>
  fault(
    'store',
    `${path} is store ${mine}, but the coordinators work on ${theirs}`,
    'name the folder that they share: --store FOLDER (a mount may be missing)',
  );
