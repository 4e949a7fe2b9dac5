/**
 * The programs as one file each, for tests only: they start a thousand of them, and reading 1,500 modules takes three quarters of a start.
 * The code is that of the sources, and finds its files beside them. What is installed is built by `build.ts`.
 */
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';

const ROOT = join(import.meta.dirname, '..');
export const BUNDLE = join(ROOT, '.tools/programs');
const PROGRAMS = ['cli', 'coordinator', 'agent'];

/** What a module says of its own place is the place of its source. `import.meta.main` is left as it is. */
const sourcePlaces: Plugin = {
  name: 'source-places',
  async load(id) {
    if (!id.startsWith(ROOT) || !/\.[cm]?[jt]s$/.test(id)) return null;
    const code = await readFile(id, 'utf8');
    const places: Record<string, string> = {
      'import.meta.dirname': dirname(id),
      'import.meta.filename': id,
      'import.meta.url': pathToFileURL(id).href,
      // Of modules in the older form, unless they make such a name themselves.
      ...(/\b(?:const|let|var) __(?:dir|file)name\b/.test(code) ? {} : { __dirname: dirname(id), __filename: id }),
    };
    const found = Object.entries(places).filter(([name]) => code.includes(name));
    return found.length === 0 ? null : found.reduce((text, [name, place]) => text.replaceAll(name, () => JSON.stringify(place)), code);
  },
};

/** Makes `BUNDLE` anew: `cli.mjs`, `coordinator.mjs`, `agent.mjs`. */
export async function bundlePrograms(): Promise<void> {
  const fresh = `${BUNDLE}.${process.pid}`;
  await mkdir(dirname(BUNDLE), { recursive: true });
  try {
    const bundle = await rolldown({
      input: Object.fromEntries(PROGRAMS.map((name) => [name, join(ROOT, name, 'main.ts')])),
      platform: 'node',
      cwd: ROOT,
      plugins: [sourcePlaces],
      logLevel: 'silent',
    });
    await bundle.write({ dir: fresh, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: 'part-[hash].mjs' });
    await bundle.close();
    await rm(BUNDLE, { recursive: true, force: true });
    await rename(fresh, BUNDLE);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}
