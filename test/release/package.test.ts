/** The package as its users have it: packed, installed into an empty folder, run without anything of the repository. */
import { cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { VERSION } from '../../shared/domain/version.ts';
import { Fleet, Process } from '../support/fleet.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { install, pack, ROOT, runTo, userPath, type Ended } from '../support/package.ts';
import { freePort } from '../support/ports.ts';

const MAX_TARBALL_BYTES = 1_500_000;
const hasPython = (() => {
  try {
    return execFileSync('python3', ['--version'], { encoding: 'utf8' }).startsWith('Python 3.');
  } catch {
    return false;
  }
})();

let dir: string;
/** Where it is installed. */
let app: string;
let tarball: string;
const assay = (args: readonly string[], env: Record<string, string | undefined> = {}): Promise<Ended> =>
  runTo(join(app, 'node_modules/.bin/assay'), args, {
    cwd: app,
    env: { PATH: userPath(), NO_COLOR: '1', ASSAY_HOME: join(dir, 'home'), ...env },
  });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-package-'));
  app = join(dir, 'app');
  await mkdir(app);
  tarball = await pack(ROOT, dir);
  await install(tarball, app);
  await cp(join(app, 'node_modules/assay/examples'), join(app, 'examples'), { recursive: true });
}, 300_000);
/** What a test has started ends after it, also when its time is up while it waits. */
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});
afterAll(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

describe('what is in it', () => {
  test('the product and nothing else', async () => {
    const files = await filesOf(join(app, 'node_modules/assay'));
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/cli/main.js',
        'dist/shared/client/index.d.ts',
        'dist/proto/assay/v1/agent.proto',
        'dist/sbom.json',
        'LICENSE',
      ]),
    );
    expect(files.filter((file) => /(^|\/)test\/|\.test\.|\.map$/.test(file))).toEqual([]);
    expect(files.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.startsWith('examples/'))).toEqual([]);
    expect((await stat(tarball)).size).toBeLessThan(MAX_TARBALL_BYTES);
  });

  test('every file that is read at run time lies where the sources have it', async () => {
    const there = new Set(await filesOf(join(app, 'node_modules/assay/dist')));
    const parts = ['shared', 'coordinator', 'agent', 'cli', 'proto/assay'];
    const wanted = await Promise.all(parts.map(async (part) => (await filesOf(join(ROOT, part))).map((file) => `${part}/${file}`)));
    expect(wanted.flat().filter((file) => !file.endsWith('.ts') && !there.has(file))).toEqual([]);
    expect(there).toContain('coordinator/ledger/scripts/commit.lua');
  });

  test('it imports only what is installed with it, and names no TypeScript file', async () => {
    const { dependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
    const strays: string[] = [];
    for (const file of (await filesOf(join(app, 'node_modules/assay/dist'))).filter((name) => name.endsWith('.js'))) {
      const code = await readFile(join(app, 'node_modules/assay/dist', file), 'utf8');
      for (const [, name] of code.matchAll(/^(?:import|export)\s(?:[\w\s{},*$]*\sfrom\s)?'([^'.][^']*)';/gm)) {
        const wanted = name!.split('/', name!.startsWith('@') ? 2 : 1).join('/');
        if (!name!.startsWith('node:') && !builtinModules.includes(name!) && !(wanted in dependencies))
          strays.push(`${file} imports ${name}`);
      }
      // A worker or a dynamic import that is named by a path is not rewritten by the compiler.
      if (/new URL\([^)]*\.ts['"`]|import\([^)]*\.ts['"`]/.test(code)) strays.push(`${file} names a .ts file`);
    }
    expect(strays).toEqual([]);
  });
});

describe('the command', () => {
  test('is a link that says its version', async () => {
    expect((await lstat(join(app, 'node_modules/.bin/assay'))).isSymbolicLink()).toBe(true);
    expect(await assay(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    const { version } = JSON.parse(await readFile(join(app, 'node_modules/assay/package.json'), 'utf8')) as { version: string };
    expect(version).toBe(VERSION);
  });

  test('runs an evaluation with a Redis from PATH', async () => {
    const { code, stdout, stderr } = await assay(['run', 'examples/arithmetic.yaml']);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stdout).toContain('400 units = 400 scored + 0 unscored');
    // Nothing was set up behind the user's back.
    expect(await readdir(join(app, 'node_modules/assay'))).not.toContain('.tools');
  });

  test('says what to type when there is no Redis', async () => {
    const bare = join(dir, 'bare');
    await mkdir(bare);
    await symlink(process.execPath, join(bare, 'node'));
    await symlink('/usr/bin/env', join(bare, 'env'));
    const { code, stderr } = await assay(['run', 'examples/arithmetic.yaml'], { PATH: bare, ASSAY_HOME: join(dir, 'other-home') });
    expect(code).not.toBe(0);
    expect(stderr).toContain('apt-get install redis-server');
    expect(stderr).not.toContain('npm run');
  });

  test('becomes the coordinator and the agent', async () => {
    for (const name of ['coordinator', 'agent']) {
      const { code, stdout } = await assay([name, '--help']);
      expect({ name, code }).toEqual({ name, code: 0 });
      expect(stdout.toLowerCase()).toContain(`usage: assay ${name}`);
    }
  });

  test('tells an old Node what is missing', async () => {
    // The launcher believes what Node says of itself.
    const preload = join(dir, 'old.mjs');
    await writeFile(preload, `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.0' } });\n`);
    const { code, stderr } = await assay(['--version'], { NODE_OPTIONS: `--import ${preload}` });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^assay: Node 24\.\S+ or newer is needed, and this is 20\.20\.0/);
  });
});

const CONSUMER = `
import { AppError, connect, isFinal, type EvaluationSpecInput, type SampleResult, type WatchEvent } from 'assay/client';

const client = connect({ addresses: [process.argv[2]!], patienceMs: 20_000 });
const digest = await client.uploadFile('sums.jsonl');
const spec: EvaluationSpecInput = {
  name: 'sums',
  benchmarks: [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', digest }, scorers: [{ name: 'match', args: { numeric: true } }] }],
  models: [{ model: 'mock/one' }],
};
const { evaluation } = await client.submit({ spec, idempotencyKey: 'consumer' });
let last: WatchEvent | undefined;
for await (const event of client.watch(evaluation.evaluationId)) last = event;
if (last?.kind !== 'state' || !isFinal(last.state)) throw new Error('the watch ended early');
const results: SampleResult[] = [];
for await (const result of client.results(evaluation.evaluationId)) results.push(result);

let aborted = 'not at all';
try {
  for await (const _ of client.watch(evaluation.evaluationId, { signal: AbortSignal.abort() })) aborted = 'too late';
} catch (error) {
  if (error instanceof AppError) aborted = error.code;
}
console.log(JSON.stringify({ state: last.state, units: results.length, agents: [...new Set(results.map((r) => r.agentId))].length, aborted }));
client.close();
`;

const PLUGIN = `
import { defineScorer, defineSolver, runScorerCommand, scorerHandler, solverHandler, type RequestHandler, type Score } from 'assay/plugin';

const contains = defineScorer(({ output, target, args }): Score => ({
  value: target.some((t) => output.includes(t)) ? 'C' : 'I',
  explanation: \`looked for \${target.length} under \${JSON.stringify(args)}\`,
}));
const echo = defineSolver(({ messages }) => messages.map((m) => (typeof m.content === 'string' ? m.content : '')).join(' '));
export const handlers: RequestHandler[] = [scorerHandler(contains), solverHandler(echo)];
// @ts-expect-error a verdict is one of the protocol's values
export const wrong = defineScorer(() => 'right');
await runScorerCommand(contains);
`;

const SCORING = `
import { createChain, createScorer, MetricFold, reducerOf, valueToNumber, type Verdict } from 'assay/scoring';

const chain = createChain([{ name: 'regex', args: { regex_pattern: '#### (\\\\d+)' } }]);
const scorer = createScorer({ name: 'exact_match', args: {} });
const fold = new MetricFold(['accuracy', 'stderr'], reducerOf('maj_3'));
const samples = [
  { outputs: ['#### 5', '#### 7', '#### 5'], target: '5' },
  { outputs: ['#### 5', '#### 7', '#### 7'], target: '5' },
];
for (const [i, { outputs, target }] of samples.entries())
  for (const output of outputs) {
    const { value, answer }: Verdict = scorer(chain([output])[0]!, [target]);
    fold.add(i, valueToNumber(value), {}, undefined, { answer });
  }
console.log(JSON.stringify(fold.result()));
`;

describe('for importers', () => {
  let fleet: Fleet;
  let address: string;
  afterAll(() => fleet.stop());
  beforeAll(async () => {
    fleet = await Fleet.start();
    ({ address } = await fleet.coordinator());
    const lines = Array.from({ length: 30 }, (_, i) => JSON.stringify({ input: `What is ${i} + ${i}?`, target: String(2 * i) }));
    await writeFile(join(app, 'sums.jsonl'), `${lines.join('\n')}\n`);
    await writeFile(join(app, 'consumer.ts'), CONSUMER);
    await writeFile(join(app, 'plugin.ts'), PLUGIN);
    await writeFile(join(app, 'scoring.ts'), SCORING);
  });

  test('assay/client, assay/plugin and assay/scoring have types that stand by themselves', async () => {
    const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node'], skipLibCheck: false };
    const files = ['consumer.ts', 'plugin.ts', 'scoring.ts', 'examples/plugins/scorer.ts', 'examples/plugins/solver.ts'];
    await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const { code, stdout } = await runTo(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', app], { cwd: app });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('scores are computed', async () => {
    const { code, stdout, stderr } = await runTo(process.execPath, ['scoring.ts'], { cwd: app });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ accuracy: 0.5, stderr: 0.5 });
  });

  test('a plug-in runs', async () => {
    const request = {
      id: 7,
      output: 'It is 4.',
      target: ['4'],
      input: 'What is 2 + 2?',
      metadata: {},
      sample_id: 's1',
      epoch: 1,
      args: { loud: true },
    };
    const { code, stdout } = await runTo(process.execPath, ['plugin.ts'], { cwd: app, input: `${JSON.stringify(request)}\n` });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ id: 7, value: 'C', explanation: 'looked for 1 under {"loud":true}' });
  });

  test('an installed agent works for a coordinator of the repository, and an installed client watches', async () => {
    const config = join(dir, 'agent.yaml');
    await writeFile(
      config,
      stringify({ name: 'installed', addresses: [address], spool: join(dir, 'spool'), models: [{ match: 'mock/*', provider: 'mock' }] }),
    );
    const agent = new Process('installed agent', [join(app, 'node_modules/.bin/assay'), 'agent', '--config', config], /"msg":"connected"/);
    cleanups.push(() => agent.signal('SIGKILL'));
    await agent.start();
    const { code, stdout, stderr } = await runTo(process.execPath, ['consumer.ts', address], { cwd: app });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({ state: 'succeeded', units: 30, agents: 1, aborted: 'cancelled' });
  });

  test('the examples of plug-ins answer and score for an agent', async () => {
    const port = await freePort();
    const service = spawn(process.execPath, ['examples/plugins/solver.ts'], {
      cwd: app,
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    cleanups.push(() => service.kill('SIGKILL'));
    await once(service.stdout, 'data');
    const url = `http://127.0.0.1:${port}`;
    await fleet.agent('allowing', [address], {
      models: [{ match: 'mock/*', provider: 'mock' }],
      commands: {
        overlap: { argv: [process.execPath, join(app, 'examples/plugins/scorer.ts')] },
        ...(hasPython ? { tolerance: { argv: ['python3', join(app, 'examples/plugins/scorer.py')] } } : {}),
      },
      urls: [`${url}/*`],
    });
    const client = fleet.client(address);
    const digest = await client.uploadFile(join(app, 'sums.jsonl'));
    const scorers = [
      { name: 'command', args: { command: 'overlap', args: { at_least: 1 } } },
      { name: 'http', args: { url: `${url}/score` } },
      ...(hasPython ? [{ name: 'command', args: { command: 'tolerance', args: { tolerance: 0.5 } } }] : []),
    ];
    const spec = {
      name: 'plug-ins',
      benchmarks: [
        {
          benchmark: 'sums',
          dataset: { uri: 'file:sums.jsonl', digest },
          solver: { name: 'http', args: { url: `${url}/solve` } },
          scorers,
        },
      ],
      models: [{ model: 'mock/one' }],
    };
    const { evaluation } = await client.submit({ spec, idempotencyKey: 'plug-ins' });
    const events = await allOf(client.watch(evaluation.evaluationId));
    expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
    const results = await allOf(client.results(evaluation.evaluationId));
    expect(results.map(({ state, completion, scores }) => ({ state, completion, values: scores.map((score) => score.value) }))).toEqual(
      Array.from({ length: 30 }, (_, i) => ({ state: 'scored', completion: `The answer is ${2 * i}`, values: scorers.map(() => 'C') })),
    );
  });
});
