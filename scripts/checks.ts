/** The checks that need no test runner: each is a row, adding one is adding a line. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDocs } from './docs.ts';
import { licenceFaults } from './licences.ts';
import { lockFaults } from './lock-check.ts';
import { readLockFile, readManifest } from './lock-file.ts';
import { GENERATED, generateTypes } from './proto.ts';

const ROOT = join(import.meta.dirname, '..');
const LIMIT_MS = 180_000;

interface Check {
  name: string;
  /** How a failure is mended. */
  remedy: string;
  /** Resolves with what is wrong, '' if nothing is. */
  run(): Promise<string>;
}

const CHECKS: readonly Check[] = [
  { name: 'lint', remedy: 'npm run lint -- --fix', run: tool('oxlint', '--type-aware', '--deny-warnings') },
  { name: 'format', remedy: 'npm run format', run: tool('oxfmt', '--check', '.') },
  { name: 'types', remedy: 'see the messages', run: tool('tsc', '-p', '.') },
  { name: 'types of the page', remedy: 'see the messages', run: tool('tsc', '-p', 'dashboard') },
  { name: 'protocol', remedy: 'see the messages', run: tool('buf', 'lint', 'proto') },
  { name: 'generated docs', remedy: 'npm run docs', run: () => generateDocs({ write: false }) },
  {
    name: 'compatibility',
    remedy: 'what a release has said stays: add fields, change and remove none',
    run: tool('buf', 'breaking', 'proto', '--against', 'proto/baseline/assay-0.1.0.binpb'),
  },
  { name: 'generated types', remedy: 'npm run proto', run: generatedTypesDrift },
  { name: 'lock file', remedy: 'see docs/dependencies.md', run: async () => lockFaults(readManifest(), readLockFile()) },
  {
    name: 'licences',
    remedy: 'take another package, or allow the licence in scripts/licences.ts and say why',
    run: async () => licenceFaults(readLockFile()),
  },
];

export interface CheckResult {
  name: string;
  passed: boolean;
  ms: number;
}

/** Runs all checks one after the other and prints a row for each, with the output of those that fail. */
export async function runChecks(): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of CHECKS) {
    const start = performance.now();
    const fault = await check.run().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    const ms = performance.now() - start;
    results.push({ name: check.name, passed: fault === '', ms });
    console.log(`  ${check.name.padEnd(18)} ${fault ? 'FAILED' : 'ok    '} ${(ms / 1000).toFixed(1).padStart(6)} s`);
    if (fault) console.log(`${fault.trimEnd()}\n  remedy: ${check.remedy}\n`);
  }
  return results;
}

/** A program of node_modules/.bin as a check: its exit status decides, its output is the fault. */
function tool(name: string, ...args: string[]): () => Promise<string> {
  return () =>
    new Promise((resolve) => {
      execFile(join(ROOT, 'node_modules/.bin', name), args, { cwd: ROOT, timeout: LIMIT_MS, maxBuffer: 64 << 20 }, (error, out, err) => {
        resolve(error ? `${out}${err}`.trim() || error.message : '');
      });
    });
}

/** The committed types must be what the specification gives. */
async function generatedTypesDrift(): Promise<string> {
  const fresh = await mkdtemp(join(tmpdir(), 'assay-proto-'));
  try {
    await generateTypes(fresh);
    const [wanted, there] = await Promise.all([contentsOf(fresh), contentsOf(GENERATED)]);
    const names = new Set([...wanted.keys(), ...there.keys()]);
    return [...names]
      .filter((name) => wanted.get(name) !== there.get(name))
      .map((name) => `shared/rpc/gen/${name} differs from proto/\n`)
      .join('');
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function contentsOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.map(async (file): Promise<[string, string]> => [file.slice(folder.length + 1), await readFile(file, 'utf8')])),
  );
}
