/** Where an export is written: beside its place until it is whole. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';

export interface Output {
  write(content: string | Buffer): Promise<void>;
}

/** Small pieces are gathered up to this many bytes. */
const GATHERED_BYTES = 256 << 10;

/** The file is there when `fill` has ended, and not at all when it failed. */
export async function writeWhole(path: string, fill: (output: Output) => Promise<void>): Promise<void> {
  const part = `${path}.part`;
  const file = await mkdir(dirname(path), { recursive: true })
    .then(() => open(part, 'w'))
    .catch((error: unknown) => {
      throw new AppError('invalid', `${path} cannot be written: ${(error as Error).message}; name another place with -o`);
    });
  let gathered: Buffer[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    const all = Buffer.concat(gathered);
    [gathered, bytes] = [[], 0];
    await file.writeFile(all);
  };
  try {
    await fill({
      write: async (content) => {
        const piece = typeof content === 'string' ? Buffer.from(content) : content;
        gathered.push(piece);
        bytes += piece.length;
        if (bytes >= GATHERED_BYTES) await flush();
      },
    });
    await flush();
    await file.close();
    await rename(part, path);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}
