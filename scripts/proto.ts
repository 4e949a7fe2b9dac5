/** `npm run proto`: generates shared/rpc/gen from the protocol's specification in proto/assay/v1. */
import { execFile } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '..');

/** Where the generated types live. */
export const GENERATED = join(ROOT, 'shared/rpc/gen');

/** The same switches as the loader's at run time (shared/rpc/load.ts): int64 and enums are strings on both sides. */
const FLAGS = [
  ...['--longs=String', '--enums=String', '--defaults', '--oneofs', '--arrays', '--includeComments'],
  ...['--grpcLib=@grpc/grpc-js', '--importFileExtension=.ts', '--targetFileExtension=.ts', '-I', 'proto'],
];

/** Writes the types of every specification file into `folder`. */
export async function generateTypes(folder: string): Promise<void> {
  const files = (await readdir(join(ROOT, 'proto/assay/v1'))).filter((name) => name.endsWith('.proto')).toSorted();
  const generator = join(ROOT, 'node_modules/.bin/proto-loader-gen-types');
  await promisify(execFile)(generator, [...FLAGS, '-O', folder, ...files.map((name) => `assay/v1/${name}`)], { cwd: ROOT });
}

if (import.meta.main) {
  await rm(GENERATED, { recursive: true, force: true });
  await generateTypes(GENERATED);
}
