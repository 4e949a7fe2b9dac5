/** Small files that survive a crash: the old one is there, or the new one, and never half of either. */
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes names that were added to, or taken from, a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Written aside, flushed, then moved; the folder is flushed too, or the move may be lost in a power cut. One writer at a time. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}
