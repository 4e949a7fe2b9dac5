/**
 * Loaded before a program: changes one place of its code, as a bug would. The place (`CHAOS_BUG`: JSON of file, from, to) must be there exactly
 * once, so that a bug does not vanish when the code around it changes.
 */
import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';

interface Change {
  file: string;
  from: string;
  to: string;
}

const changes = JSON.parse(process.env['CHAOS_BUG'] ?? '[]') as Change[];

function changed(url: string, text: string): string {
  let result = text;
  for (const { file, from, to } of changes) {
    if (!url.endsWith(`/${file}`)) continue;
    if (result.split(from).length !== 2)
      throw new Error(`${file}: ${JSON.stringify(from)} is not there exactly once; the planted bug is out of date`);
    result = result.replace(from, () => to);
  }
  return result;
}

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    return changes.some(({ file }) => url.endsWith(`/${file}`)) && loaded.source
      ? { ...loaded, source: changed(url, Buffer.from(loaded.source as Uint8Array).toString('utf8')) }
      : loaded;
  },
});

// Lua scripts are read as files.
const { readFileSync } = fs;
fs.readFileSync = ((path: fs.PathOrFileDescriptor, ...rest: [never]) => {
  const content = readFileSync(path, ...rest) as string | Buffer;
  return typeof content === 'string' ? changed(String(path), content) : content;
}) as typeof fs.readFileSync;
syncBuiltinESMExports();
