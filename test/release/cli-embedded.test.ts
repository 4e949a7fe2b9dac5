/** `assay run` with everything inside: from nothing to a report, interrupted in every way, gone on with by the same command. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readStackRecord } from '../../cli/embedded/home.ts';
import { cliHome, sumsSpec, type CliHome, type CliRun } from '../support/cli.ts';
import { waitFor } from '../support/wait-for.ts';

interface Document {
  evaluationId: string;
  state: string;
  results: {
    benchmark: string;
    model: string;
    scorer: string;
    metrics: { accuracy?: number; stderr?: number };
    counts: Record<string, number>;
  }[];
  usage: { calls: number; retries: number };
}

// Each of these starts and ends several processes, some of them three times; leases that a kill leaves behind run out first.
vi.setConfig({ testTimeout: 180_000 });

let cli: CliHome;
beforeEach(async () => {
  cli = await cliHome();
});
afterEach(() => cli.dispose());

const document = (stdout: string): Document => JSON.parse(stdout) as Document;
const scoredSoFar = (run: CliRun): number => Math.max(0, ...[...run.stderr().matchAll(/ (\d+)\/\d+ \d+ %/g)].map((m) => Number(m[1])));
/** Slow enough to be interrupted. */
const SLOW = { latency_ms: 1_500 };

/** The results that earlier runs have left, by unit. */
async function unitsOf(evaluationId: string): Promise<number[]> {
  const { code, stdout, stderr } = await cli.run(['results', evaluationId]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { unit: number }).unit);
}

describe('a run', () => {
  test('goes from nothing to one document, leaves no process, and starts anew when repeated', async () => {
    const spec = await sumsSpec(cli, { samples: 40, models: ['mock/one', 'mock/two'], mock: { accuracy: 1 } });
    const first = await cli.run(['run', spec, '--json']);
    expect({ code: first.code, stderr: first.stderr }).toMatchObject({ code: 0 });
    const report = document(first.stdout);
    expect(Object.keys(report)).toEqual(['evaluationId', 'state', 'results', 'usage', 'timing']);
    expect(report.state).toBe('succeeded');
    expect(report.results.map((r) => [r.model, r.metrics.accuracy, r.counts['scored']])).toEqual([
      ['mock/one', 1, 40],
      ['mock/two', 1, 40],
    ]);
    expect(await cli.living()).toEqual([]);
    expect(await readStackRecord(cli.home)).toBeUndefined();

    const again = document((await cli.run(['run', spec, '--json', '--quiet'])).stdout);
    expect(again.evaluationId).not.toBe(report.evaluationId);
    expect(again.results).toEqual(report.results);

    // Earlier runs can be read when nothing runs.
    expect(await unitsOf(report.evaluationId)).toEqual(Array.from({ length: 80 }, (_, i) => i));
    const table = await cli.run(['report', report.evaluationId]);
    expect(table.stdout).toMatch(/mock\/two +match +1\.0000 +0\.0000 +40\/40/);
    const events = (await cli.run(['watch', report.evaluationId, '--json'])).stdout
      .trimEnd()
      .split('\n')
      .map((l) => JSON.parse(l) as { kind: string });
    expect(events[0]?.kind).toBe('snapshot');
  });

  test('ends with the exit code of what came out', async () => {
    const spec = await sumsSpec(cli, { samples: 10, mock: { accuracy: 0 } });
    const below = await cli.run(['run', spec, '--threshold', 'accuracy=0.5']);
    expect({ code: below.code, stderr: below.stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('sums · mock/one · match: accuracy 0.0000 < 0.5'),
    });
    const failing = await sumsSpec(cli, { samples: 3, mock: { error_rate: { request: 1 } }, name: 'failing' });
    const failed = await cli.run(['run', failing, '--json']);
    expect({ code: failed.code, stderr: failed.stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('no unit was scored') });
    expect(document(failed.stdout).results[0]?.counts).toMatchObject({ total: 3, errored: 3, scored: 0 });
  });

  test('has its home for itself', async () => {
    const spec = await sumsSpec(cli, { samples: 200, mock: SLOW });
    const run = cli.start(['run', spec]);
    await waitFor(() => run.stderr().includes('submitted'), { what: 'the submit', timeoutMs: 60_000, state: run.stderr });
    const second = await cli.run(['run', spec]);
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(new RegExp(`in use by process ${run.process.pid} \\(assay run\\).*ASSAY_HOME`));
    run.process.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
  });
});

describe('the same command finishes the same evaluation', () => {
  test('after Ctrl-C, which ends everything', async () => {
    const spec = await sumsSpec(cli, { samples: 120, mock: SLOW });
    const run = cli.start(['run', spec]);
    const id = await waitFor(() => /submitted (ev_\w+)/.exec(run.stderr())?.[1], {
      what: 'the submit',
      timeoutMs: 60_000,
      state: run.stderr,
    });
    await waitFor(() => scoredSoFar(run) > 0, { what: 'the first results', timeoutMs: 60_000, state: run.stderr });
    run.process.kill('SIGINT');
    const { code, stdout, stderr } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/The same command goes on/);
    expect(await cli.living()).toEqual([]);

    const resumed = await cli.run(['run', spec, '--json']);
    expect(resumed.stderr).toMatch(new RegExp(`going on with ${id}: [1-9]\\d* of 120 units are done`));
    expect(document(resumed.stdout)).toMatchObject({
      evaluationId: id,
      state: 'succeeded',
      results: [{ counts: { total: 120, scored: 120 } }],
    });
    expect(await unitsOf(id)).toEqual(Array.from({ length: 120 }, (_, i) => i));
  });

  test('after kill -9 of the command: its children end, its Redis is adopted', async () => {
    const spec = await sumsSpec(cli, { samples: 120, mock: SLOW });
    const run = cli.start(['run', spec]);
    const id = await waitFor(() => /submitted (ev_\w+)/.exec(run.stderr())?.[1], {
      what: 'the submit',
      timeoutMs: 60_000,
      state: run.stderr,
    });
    await waitFor(() => scoredSoFar(run) > 0, { what: 'the first results', timeoutMs: 60_000, state: run.stderr });
    const redisBefore = (await readStackRecord(cli.home))?.processes.find((p) => p.name === 'redis')?.identity;
    run.process.kill('SIGKILL');
    await run.ended;
    await waitFor(async () => (await cli.living()).join() === 'redis', {
      what: 'the end of coordinator and agent',
      timeoutMs: 60_000,
      state: cli.living,
    });

    const resumed = cli.start(['run', spec, '--json']);
    await waitFor(() => resumed.stderr().includes('going on with'), { what: 'the second run', timeoutMs: 60_000, state: resumed.stderr });
    expect((await readStackRecord(cli.home))?.processes.find((p) => p.name === 'redis')?.identity).toEqual(redisBefore);
    const { code, stdout } = await resumed.ended;
    const report = document(stdout);
    expect({ code, id: report.evaluationId, counts: report.results[0]?.counts }).toMatchObject({
      code: 0,
      id,
      counts: { total: 120, scored: 120 },
    });
    expect(await unitsOf(id)).toEqual(Array.from({ length: 120 }, (_, i) => i));
    expect(await cli.living()).toEqual([]);
  });

  test('after kill -9 of Redis', async () => {
    const spec = await sumsSpec(cli, { samples: 120, mock: SLOW });
    const run = cli.start(['run', spec]);
    const id = await waitFor(() => /submitted (ev_\w+)/.exec(run.stderr())?.[1], {
      what: 'the submit',
      timeoutMs: 60_000,
      state: run.stderr,
    });
    await waitFor(() => scoredSoFar(run) > 0, { what: 'the first results', timeoutMs: 60_000, state: run.stderr });
    const redis = (await readStackRecord(cli.home))!.processes.find((p) => p.name === 'redis')!;
    process.kill(redis.identity.pid, 'SIGKILL');
    const { code, stderr } = await run.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/assay: the private Redis was killed by SIGKILL/);
    expect(await cli.living()).toEqual([]);
    const resumed = document((await cli.run(['run', spec, '--json'])).stdout);
    expect(resumed).toMatchObject({ evaluationId: id, state: 'succeeded', results: [{ counts: { scored: 120 } }] });
  });
});

test('a key reaches the agent and no file', async () => {
  const spec = await sumsSpec(cli, { samples: 3 });
  const { code } = await cli.run(['run', spec, '--quiet', '--json'], { env: { OPENAI_API_KEY: 'sk-canary-7391' } });
  expect(code).toBe(0);
  const config = await readFile(cli.home.agentConfig, 'utf8');
  expect(config).toContain('OPENAI_API_KEY');
  for (const file of [cli.home.agentConfig, join(cli.home.logs, 'agent.log'), join(cli.home.logs, 'coordinator.log')]) {
    expect(await readFile(file, 'utf8')).not.toContain('sk-canary-7391');
  }
});

test('dev serves submit, watch, cancel and run until it is stopped', async () => {
  const spec = await sumsSpec(cli, { samples: 400, mock: SLOW });
  const dev = cli.start(['dev', '--listen', '127.0.0.1:0']);
  const address = await waitFor(() => /^127\.0\.0\.1:\d+$/m.exec(dev.stdout())?.[0], {
    what: 'the address',
    timeoutMs: 60_000,
    state: dev.stderr,
  });
  const page = await waitFor(() => /The page is at (http:\/\/127\.0\.0\.1:\d+)$/m.exec(dev.stderr())?.[1], { what: 'the page' });
  expect(await (await fetch(`${page}/readyz`)).text()).toBe('ok\n');
  expect(await (await fetch(`${page}/api/v1/whoami`)).json()).toMatchObject({ scopes: expect.arrayContaining(['submit']) });
  // Without an address the stack of the same home is found.
  const id = (await cli.run(['submit', spec, '--quiet', '--key', 'k1'])).stdout.trim();
  expect(id).toMatch(/^ev_/);
  expect((await cli.run(['submit', spec, '--quiet', '--key', 'k1', '--address', address])).stdout.trim()).toBe(id);
  const watcher = cli.start(['watch', id, '--address', address]);
  await waitFor(() => scoredSoFar(watcher) > 0 || watcher.stderr().includes('running'), {
    what: 'progress',
    timeoutMs: 60_000,
    state: watcher.stderr,
  });
  const cancelled = await cli.run(['cancel', id, '--reason', 'enough', '--address', address]);
  expect(cancelled.code).toBe(0);
  expect((await watcher.ended).code).toBe(4);

  // Ctrl-C only detaches from a coordinator elsewhere.
  const run = cli.start(['run', spec, '--address', address]);
  await waitFor(() => run.stderr().includes('submitted'), { what: 'the submit', timeoutMs: 60_000, state: run.stderr });
  run.process.kill('SIGINT');
  const detached = await run.ended;
  expect(detached.code).toBe(130);
  expect(detached.stderr).toMatch(new RegExp(`assay watch ev_\\w+ --address ${address}`));

  dev.process.kill('SIGTERM');
  expect((await dev.ended).code).toBe(0);
  expect(await cli.living()).toEqual([]);
});

test('the demo shows the way there and back and leaves nothing', async () => {
  const { code, stdout, stderr } = await cli.run(['demo', '--json']);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(document(stdout)).toMatchObject({
    state: 'succeeded',
    results: [{ model: 'mock/careful' }, { model: 'mock/hasty' }, { model: 'mock/shared' }],
  });
  expect(stderr).toMatch(
    /1\. The coordinator listens at 127\.0\.0\.1:\d+[^]*2\. Over gRPC[^]*3\. [^]*4\. [^]*north ran [1-9]\d* units, south ran [1-9]\d* units/,
  );
});

test("a program of one's own scores when the command line allows it, from the folder where one is", async () => {
  await cli.file(
    'grader.mjs',
    `import { createInterface } from 'node:readline';
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify({ id: JSON.parse(line).id, value: 'C' }));
`,
  );
  await cli.file('sums.jsonl', '{"input": "1 + 1", "target": "2"}\n{"input": "1 + 2", "target": "3"}\n');
  const spec = await cli.file(
    'graded.yaml',
    `name: graded
benchmarks: [{benchmark: sums, dataset: {uri: "file:sums.jsonl"}, scorers: [{name: command, args: {command: grader}}]}]
models: [{model: mock/one}]
`,
  );
  const refused = await cli.run(['run', spec]);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(
    /benchmarks\[0\]: needs the command grader, which is not allowed here; add --allow-command "grader=PROGRAM/,
  );
  const { code, stdout, stderr } = await cli.run(['run', spec, '--json', '--allow-command', `grader='${process.execPath}' grader.mjs`]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(document(stdout).results.map((r) => [r.scorer, r.metrics.accuracy])).toEqual([['command', 1]]);
});
