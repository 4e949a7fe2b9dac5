/** Folders that are made where they are missing. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes a folder and those above it; one that is there stays. Node's recursive mkdir never returns where none can be made, as in /proc. */
export async function makeFolders(path: string, mode = 0o777): Promise<void> {
  if (await made(path, mode)) return;
  await makeFolders(dirname(path), mode);
  if (!(await made(path, mode))) throw Object.assign(new Error(`no folder can be made at ${path}`), { code: 'ENOENT' });
}

/** False: the folder above is missing. */
async function made(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) return false;
    if (code !== 'EEXIST' && code !== 'EISDIR') throw error;
    if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
  }
  return true;
}
