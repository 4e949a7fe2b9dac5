/**
 * `npm run build`, and `npm pack` before it packs: `dist/`, the product as JavaScript, since Node runs no TypeScript below
 * node_modules. The folders keep their places, so that a path from one file to another means the same there as here.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { writeSbom } from './sbom.ts';

const ROOT = join(import.meta.dirname, '..');
/** What the product is made of; `tsconfig.build.json` names those of them that hold TypeScript. */
const PARTS = ['shared', 'coordinator', 'agent', 'cli', 'plugin', 'dashboard', 'proto'];
/** Of earlier releases, for checks only; and what the dashboard is built of. */
const LEFT_OUT = [
  'proto/baseline',
  'proto/buf.yaml',
  'dashboard/src',
  'dashboard/public',
  'dashboard/index.html',
  'dashboard/tsconfig.json',
];
const LIMIT_MS = 120_000;

/** Makes `dist` anew. The old one stays until the new one is whole. */
export async function build(dist = join(ROOT, 'dist')): Promise<void> {
  const fresh = `${dist}.${process.pid}`;
  try {
    await mkdir(fresh, { recursive: true });
    await buildDashboard();
    await promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json', '--outDir', fresh], {
      cwd: ROOT,
      timeout: LIMIT_MS,
      maxBuffer: 64 << 20,
    });
    for (const part of PARTS) await copyOthers(part, fresh);
    await removeUnusedTypes(fresh);
    await writeSbom(join(fresh, 'sbom.json'));
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Makes `dashboard/dist`, from where coordinators that run from the sources serve the page; a second or so. */
export async function buildDashboard(): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', 'dashboard', '--logLevel', 'warn'], {
    cwd: ROOT,
    // It is the same page whoever builds it.
    env: { ...process.env, NODE_ENV: 'production' },
    timeout: LIMIT_MS,
    maxBuffer: 64 << 20,
  });
}

/** Everything that is read at run time and is no TypeScript: Lua scripts, proto files, pages. */
async function copyOthers(part: string, dist: string): Promise<void> {
  const entries = await readdir(join(ROOT, part), { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(part, entry.parentPath.slice(join(ROOT, part).length), entry.name);
    if (!entry.isFile() || entry.name.endsWith('.ts') || LEFT_OUT.some((left) => path === left || path.startsWith(`${left}/`))) continue;
    await cp(join(ROOT, path), join(dist, path));
  }
}

interface Manifest {
  exports: Record<string, { types?: string } | string>;
}

/** Types are for importers: only what the package's entries lead to stays. */
async function removeUnusedTypes(dist: string): Promise<void> {
  const { exports } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const entries = Object.values(exports).flatMap((entry) => (typeof entry === 'string' ? [] : (entry.types ?? [])));
  const used = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (used.has(file)) return;
    used.add(file);
    const text = await readFile(file, 'utf8');
    // Declarations name the sources (`./x.ts`), which stands for `./x.d.ts` here.
    for (const [, name] of text.matchAll(/(?:\bfrom |\bimport\()["'](\.[^"']+)\.[jt]s["']/g))
      await visit(`${resolve(dirname(file), name!)}.d.ts`);
  };
  for (const entry of entries) await visit(join(dist, entry.replace(/^\.\/dist\//, '')));
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.name.endsWith('.d.ts') && !used.has(path)) await rm(path);
  }
}

if (import.meta.main) {
  await build().catch((error: unknown) => {
    const { message, stdout } = error as Error & { stdout?: string };
    console.error(`build: ${stdout?.trim() || message}`);
    process.exitCode = 1;
  });
}
