/**
 * `npm test`: the checks, then the unit and integration tests, and the short forms of the proof. The last line is `N passed, N failed`, over all of it.
 * `npm test -- test/unit/shared` (any arguments of vitest) runs only those tests, without the checks.
 */
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDashboard } from './build.ts';
import { BUNDLE, bundlePrograms } from './bundle.ts';
import { runChecks } from './checks.ts';

const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(ROOT, 'test-results/vitest.json');
const LIMIT_MS = 25 * 60_000;

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

async function checks(): Promise<Tally> {
  console.log('checks');
  const results = await runChecks();
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

/**
 * Bundles the programs for the tests, with the page of coordinators, and leaves them compiled in the cache, the sources too: most of those that tests start are killed, and a
 * killed process leaves nothing there. What goes wrong with a start shows in the tests.
 */
async function makePrograms(): Promise<void> {
  await bundlePrograms();
  await buildDashboard();
  process.env['ASSAY_TEST_PROGRAMS'] = BUNDLE;
  for (const name of ['cli', 'coordinator', 'agent']) {
    for (const program of [join(ROOT, name, 'main.ts'), join(BUNDLE, `${name}.mjs`)]) {
      const child = spawn(process.execPath, [program, '--help'], { stdio: 'ignore', timeout: 30_000 });
      await new Promise((resolve) => child.once('error', resolve).once('exit', resolve));
    }
  }
}

async function tests(args: readonly string[]): Promise<Tally> {
  await mkdir(join(ROOT, 'test-results'), { recursive: true });
  // The numbers of an earlier run must not stand for this one.
  await rm(RESULTS, { force: true });
  const chosen = args.some((arg) => arg.startsWith('--project'))
    ? []
    : ['unit', 'alone', 'integration', 'browser', 'proof'].flatMap((project) => ['--project', project]);
  const status = await vitest(['run', ...chosen, '--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`, ...args]);
  const report = JSON.parse(await readFile(RESULTS, 'utf8').catch(() => '{}')) as Record<string, unknown>;
  const count = (name: string): number => (typeof report[name] === 'number' ? report[name] : 0);
  const tally = {
    passed: count('numPassedTests'),
    failed: count('numFailedTests'),
    skipped: count('numPendingTests') + count('numTodoTests'),
  };
  if (tally.passed + tally.failed === 0) console.log('no test ran; that is no success');
  // A file that cannot be loaded, an unhandled error, or no test at all is a failure that no test's number shows.
  if (tally.failed === 0 && (status !== 0 || tally.passed === 0)) tally.failed = 1;
  return tally;
}

/** Runs vitest with our own output; resolves with its exit status, 1 if it had to be ended. */
function vitest(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const limit = setTimeout(() => {
      console.log(`the tests did not end within ${LIMIT_MS / 60_000} minutes`);
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
    }, LIMIT_MS);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(limit);
      resolve(code ?? 1);
    });
  });
}

const args = process.argv.slice(2);
if (args.length === 0) await makePrograms();
const steps = args.length > 0 ? [await tests(args)] : [await checks(), await tests([])];
const sum = (key: keyof Tally): number => steps.reduce((total, step) => total + step[key], 0);
const skipped = sum('skipped');
console.log(`${sum('passed')} passed, ${sum('failed')} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
