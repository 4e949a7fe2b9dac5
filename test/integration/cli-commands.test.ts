/**
 * Every command about evaluations and the fleet, against a coordinator whose answers are known. Within this process; as one of its own
 * where a long output, an exit code beside an output, a signal or the environment counts.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import type { EvaluationUseCases, OperatorUseCases } from '../../coordinator/rpc/use-cases.ts';
import type { EvaluationChoice, EvaluationOutcome } from '../../shared/client/types.ts';
import { BUFFERED } from '../../shared/domain/durability.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { parseSpec } from '../../shared/domain/spec.ts';
import { agentOf, change, coordinatorOf, idOf, routeStatus, sampleOf, summary, validationOf } from '../support/cli-samples.ts';
import { cliHome, sumsSpec, type CliHome } from '../support/cli.ts';
import type { Ending } from '../support/run-command.ts';
import { evaluation, operatorUseCases, result, startServer } from '../support/rpc.ts';

const A = idOf('a');
const B = idOf('b');
const spec = parseSpec({
  name: 'gsm8k',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:x.jsonl' }, scorers: ['match', 'exact'] }],
  models: [{ model: 'mock/m' }],
});

/** What the coordinator was asked: [method, ...arguments]. */
let asked: [string, ...unknown[]][] = [];
const noted = <T>(name: string, answer: (...args: never[]) => T) =>
  ((...args: never[]) => {
    asked.push([name, ...args.filter((arg) => !((arg as unknown) instanceof AbortSignal))]);
    return answer(...args);
  }) as never;
const askedOf = (name: string): unknown[] => asked.find(([method]) => method === name)?.slice(1) ?? [];

const outcome =
  (state: EvaluationOutcome['state']) =>
  async (which: EvaluationChoice): Promise<EvaluationOutcome[]> => {
    if ('evaluationId' in which && which.evaluationId === idOf('z')) throw new AppError('not_found', 'there is no evaluation zzz');
    const ids = 'evaluationId' in which ? [which.evaluationId] : [A, B];
    return ids.map((evaluationId) => ({ evaluationId, state, changed: true, problem: '' }));
  };
const everything = Array.from({ length: 2500 }, (_, i) => result(i));

const evaluations: Partial<EvaluationUseCases> = {
  list: noted('list', async (_filter: never, page: { size?: number; token?: string }) => ({
    items: [summary({ name: '数学 \u001b[31mtest' }), summary({ evaluationId: B, name: 'mmlu', state: 'succeeded', tags: ['t'] })].slice(
      0,
      page.size || 50,
    ),
    nextToken: '',
  })),
  get: noted('get', async () => evaluation({ spec, owner: 'ada', tags: ['x'] })),
  samples: noted('samples', async (_id: never, _filter: never, page: { size?: number; token?: string }) => {
    const from = Number(page.token || 0);
    const to = from + (page.size || 50);
    return { items: everything.slice(from, to), nextToken: to < everything.length ? String(to) : '' };
  }),
  sample: noted('sample', async () => sampleOf()),
  results: noted('results', async function* () {
    yield result(0);
    yield result(1, { completion: 'a,"b"\nc', scores: [] });
  }),
  pause: noted('pause', outcome('paused')),
  resume: noted('resume', outcome('running')),
  cancel: noted('cancel', outcome('cancelled')),
  delete: noted('delete', outcome('succeeded')),
  update: noted('update', async () => ({ evaluation: evaluation({ priority: 1 }), durability: BUFFERED })),
  skip: noted('skip', async () => ({ skipped: 2, state: 'running' as const, durability: BUFFERED })),
  requeue: noted('requeue', async (_id: never, { benchmark }: { benchmark?: string }) => ({
    requeued: benchmark === 'none' ? 0 : 5,
    state: 'running' as const,
    durability: BUFFERED,
  })),
  hasContent: async () => true,
  validate: noted('validate', async () => validationOf({ warnings: [{ place: '', problem: 'no seed' }] })),
  submit: noted('submit', async () => ({ evaluation: evaluation(), existed: false, durability: BUFFERED })),
};
const operator: Partial<OperatorUseCases> = {
  agents: noted('agents', async () => ({ items: [agentOf()], nextToken: '' })),
  agent: noted('agent', async () => ({ agent: agentOf(), attempts: [] })),
  drainAgent: noted('drainAgent', async () => agentOf({ state: 'draining', drainedByOperator: true })),
  routes: noted('routes', async () => ({ items: [routeStatus()], nextToken: '' })),
  pauseRoute: noted('pauseRoute', async () => routeStatus({ paused: true })),
  watchCluster: noted('watchCluster', async function* (signal: AbortSignal) {
    yield change({ snapshot: true, coordinators: [coordinatorOf()], agents: [agentOf()], routes: [routeStatus()] });
    yield change({ agents: [agentOf({ state: 'gone' })] });
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }),
};

let cli: CliHome;
let server: RpcServer;
beforeAll(async () => {
  cli = await cliHome();
  server = await startServer(evaluations, { operator: operatorUseCases(operator) });
});
afterAll(async () => {
  await cli.dispose();
  await server.stop();
});
beforeEach(() => void (asked = []));

/** Runs a command that must succeed; gives its standard output. */
async function ok(...args: string[]): Promise<string> {
  return successOf(await cli.inside([...args, '--address', server.address]));
}
/** The same as a process. */
async function started(...args: string[]): Promise<string> {
  return successOf(await cli.run([...args, '--address', server.address]));
}
function successOf({ code, stdout, stderr }: Ending): string {
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}
async function fails(code: number, ...args: string[]): Promise<string> {
  const ended = await cli.inside([...args, '--address', server.address]);
  expect(ended).toMatchObject({ code, stdout: '' });
  return ended.stderr;
}
const lines = (text: string): string[] => text.trimEnd().split('\n');

describe('list', () => {
  test('sends the filter and prints a table without control characters', async () => {
    const flags = ['--state running', '--tag x', '--meta a.b=c', '--owner ada', '--name g', '--namespace team'];
    const text = await ok('list', ...flags.flatMap((flag) => flag.split(' ')));
    expect(askedOf('list')[0]).toMatchObject({
      states: ['running'],
      tags: ['x'],
      metadata: { 'a.b': 'c' },
      owner: 'ada',
      name: 'g',
      namespace: 'team',
    });
    expect(lines(text)[0]).toMatch(/^id +name +state +done +created +owner +tags$/);
    expect(lines(text)[1]).toMatch(new RegExp(`^${A}  数学 test  running +3/10 +(just now|\\d+ \\w+ ago) +ada$`));
  });

  test('prints documents, lines and names', async () => {
    const list = JSON.parse(await ok('list', '--json')) as { evaluationId: string; createdAt: string; finishedAt: null }[];
    expect(list.map((e) => e.evaluationId)).toEqual([A, B]);
    expect(list[0]).toMatchObject({ createdAt: '2026-11-22T11:57:00.000Z', finishedAt: null });
    expect(lines(await ok('list', '-o', 'jsonl')).map((line) => (JSON.parse(line) as { name: string }).name)).toEqual([
      '数学 \u001b[31mtest',
      'mmlu',
    ]);
    expect(await ok('list', '-o', 'name', '--limit', '1')).toBe(`${A}\n`);
    expect(await ok('list', '--utc', '-o', 'wide')).toContain('2026-11-22T11:57:00Z');
  });
});

describe('show', () => {
  test('by id, by its beginning, and as the last', async () => {
    for (const name of [A, 'ev_bbbbbb', 'last']) expect(await ok('show', name)).toMatch(/^gsm8k {2}running {2}ev_/);
    expect(asked.filter(([method]) => method === 'get').map(([, id]) => id)).toEqual([A, B, A]);
    expect(await fails(2, 'show', 'ev_cccccc')).toMatch(/no evaluation in the namespace default begins with ev_cccccc/);
  });
  test('prints a document, and the spec', async () => {
    expect(JSON.parse(await ok('show', A, '--json'))).toMatchObject({
      evaluationId: A,
      tags: ['x'],
      createdAt: expect.stringContaining('T'),
    });
    expect(await ok('show', A, '--spec')).toMatch(/^name: gsm8k\nbenchmarks:\n {2}- benchmark: b\n/);
    expect(JSON.parse(await ok('show', A, '--spec', '--json'))).toMatchObject({ name: 'gsm8k' });
  });
});

describe('samples and results', () => {
  test('samples reads pages to its limit and keeps their order', async () => {
    const flags = ['--limit 2200', '--state open,errored', '--score I', '--scorer match', '--class timeout', '--id q', '--text x'];
    const text = await started('samples', A, ...flags.flatMap((flag) => flag.split(' ')));
    expect(lines(text)).toHaveLength(2201);
    expect(lines(text).at(-1)).toMatch(/^ *2199 +2199 +b +m +scored/);
    expect(asked.filter(([method]) => method === 'samples').map(([, , , page]) => (page as { size: number }).size)).toEqual([
      1000, 1000, 200,
    ]);
    expect(askedOf('samples')[1]).toMatchObject({
      states: ['pending', 'errored'],
      scoreValues: ['I'],
      scorer: 'match',
      errorClasses: ['timeout'],
      sampleIds: ['q'],
      text: 'x',
    });
    expect(lines(await ok('samples', A, '-o', 'name', '--limit', '3'))).toEqual(['0', '1', '2']);
    expect(JSON.parse(await ok('samples', A, '--json', '--limit', '2'))).toMatchObject([{ unit: 0, state: 'scored' }, { unit: 1 }]);
  });

  test('sample shows one, by number or by names', async () => {
    expect(await ok('sample', A, '3')).toMatch(/^q-3 · b · m · epoch 1 · unit 3\nscored\n\nsystem\n {2}Be brief\./);
    expect(askedOf('sample')).toEqual([A, { unit: 3 }]);
    asked = [];
    expect(JSON.parse(await ok('sample', A, 'q-3', '--model', 'm', '--epoch', '2', '--json'))).toMatchObject({
      target: ['4'],
      result: { sampleId: 'q-3' },
    });
    expect(askedOf('sample')[1]).toMatchObject({ sampleId: 'q-3', model: 'm', epoch: 2 });
  });

  test('results as lines and as CSV with a column for each scorer', async () => {
    expect(lines(await ok('results', A, '--state', 'errored')).map((line) => (JSON.parse(line) as { unit: number }).unit)).toEqual([0, 1]);
    expect(askedOf('results')[1]).toMatchObject({ states: ['errored'] });
    const csv = await ok('results', A, '--format', 'csv');
    expect(csv.split('\r\n')[0]).toContain(',state,score_match,score_exact,completion,');
    expect(csv).toContain('1,b,m,1,1,scored,,,"a,""b""\nc",');
  });
});

describe('control', () => {
  test.each([
    ['pause', 'paused'],
    ['resume', 'running'],
    ['cancel', 'cancelled'],
  ])('%s says the state of one, a line for each of several', async (verb, state) => {
    expect(await ok(verb, A)).toBe(`${state}\n`);
    expect(askedOf(verb)[0]).toEqual({ evaluationId: A });
    expect(await ok(verb, A, 'ev_bbbbbb', '--reason', 'why')).toBe(`${A} ${state}\n${B} ${state}\n`);
  });

  test('by filter it wants --yes where nobody can be asked', async () => {
    const told = await fails(2, 'pause', '--tag', 'nightly');
    expect(told).toContain(`  ${A}  数学 test  running\n`);
    expect(told).toMatch(/Pause 2 evaluations\? Nobody can be asked here; add --yes/);
    expect(askedOf('pause')).toEqual([]);
    expect(await ok('pause', '--tag', 'nightly', '--yes')).toBe(`${A} paused\n${B} paused\n`);
    expect(askedOf('pause')[0]).toMatchObject({ filter: { tags: ['nightly'], states: ['accepted', 'running', 'recovering'] } });
    expect(await fails(2, 'pause', A, '--all')).toMatch(/name evaluations, or say by --all/);
    expect(await fails(2, 'pause')).toMatch(/which\? Name evaluations/);
  });

  test('one that cannot be done does not keep the others from it', async () => {
    const { code, stdout, stderr } = await cli.run(['cancel', A, idOf('z'), B, '--drain', '--address', server.address]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: `${A} cancelled\n${B} cancelled\n` });
    expect(stderr).toContain('there is no evaluation zzz');
    expect(askedOf('cancel')[1]).toMatchObject({ mode: 'drain' });
  });

  test('delete wants to be sure', async () => {
    expect(await fails(2, 'delete', A)).toMatch(new RegExp(`Delete ${A}\\? Nobody can be asked here; add --yes`));
    expect(await ok('delete', A, '--yes')).toBe('deleted\n');
    expect(JSON.parse(await ok('delete', A, '--yes', '--json'))).toEqual({
      evaluationId: A,
      state: 'succeeded',
      changed: true,
      problem: '',
    });
  });

  test('requeue and skip say how many', async () => {
    expect(await ok('requeue', 'last', '--class', 'timeout', '--state', 'errored,unscored')).toBe('5\n');
    expect(askedOf('requeue').slice(0, 2)).toMatchObject([A, { errorClasses: ['timeout'], states: ['errored', 'unscored'] }]);
    expect(await cli.inside(['requeue', A, '--benchmark', 'none', '--address', server.address])).toEqual({
      code: 0,
      stdout: '0\n',
      stderr: `nothing is requeued: no sample that you chose is errored or dead; ${A} is running\n`,
    });
    expect(await fails(2, 'requeue', A, '--state', 'scored')).toMatch(/'scored' is none of errored, dead, cancelled, unscored/);
    expect(JSON.parse(await ok('skip', A, '--id', 'q-1', '--json'))).toEqual({
      evaluationId: A,
      skipped: 2,
      state: 'running',
      durability: BUFFERED,
    });
    expect(await fails(2, 'skip', A)).toMatch(/which samples\? Say it by --id/);
  });

  test('update sends what was named and shows the evaluation', async () => {
    expect(await ok('update', A, '--priority', '1', '--limit', 'time=300', '--tag', '')).toMatch(/priority {4}1 \(1 first/);
    expect(askedOf('update').slice(0, 2)).toMatchObject([A, { priority: 1, limits: { time: 300 }, tags: [] }]);
  });
});

describe('the fleet', () => {
  test('agents and one agent', async () => {
    expect(await ok('agents', '--state', 'ready', '--label', 'zone=eu', '--model', 'openai/x')).toMatch(/^name +state .*\nnorth +ready /);
    expect(askedOf('agents')[0]).toMatchObject({ states: ['ready'], labels: { zone: 'eu' }, model: 'openai/x' });
    expect(await ok('agent', 'show', 'north')).toMatch(/^north {2}ready\nid +ag_0/);
    expect(await ok('agent', 'drain', 'north', '--reason', 'GPU')).toBe('north drained\n');
    expect(askedOf('drainAgent')).toEqual(['north', { undo: false, reason: 'GPU' }, expect.any(Function)]);
    asked = [];
    expect(JSON.parse(await ok('agent', 'undrain', 'north', '--json'))).toMatchObject({ name: 'north' });
    expect(askedOf('drainAgent')[1]).toMatchObject({ undo: true });
    expect(await fails(2, 'agent', 'drian', 'north')).toMatch(/unknown command 'drian' of assay agent; did you mean drain\?/);
  });

  test('routes and their switch', async () => {
    expect(await ok('routes', '--without-agent')).toMatch(/^requirement +state.*\nmodel=openai\/x +ok +40/);
    expect(askedOf('routes')[0]).toMatchObject({ withoutAgent: true });
    expect(await ok('routes', 'pause', 'model=openai/x', '--reason', 'quota')).toBe('model=openai/x paused\n');
    expect(askedOf('pauseRoute')).toEqual(['model=openai/x', { undo: false, reason: 'quota' }, expect.any(Function)]);
    expect(JSON.parse(await ok('routes', 'resume', 'r_aaaaaaaaaaaaaaaa', '--json'))).toMatchObject({ route: 'r_aaaaaaaaaaaaaaaa' });
  });

  test('cluster tells changes in a pipe until it is interrupted', async () => {
    const run = cli.start(['cluster', '--address', server.address]);
    await expect.poll(() => run.stdout(), { timeout: 20_000 }).toMatch(/agent north gone/);
    run.process.kill('SIGINT');
    const { code, stdout } = await run.ended;
    expect(code).toBe(130);
    expect(lines(stdout)).toEqual([
      '2026-11-22T12:00:00Z coordinator co_1 there (127.0.0.1:4510)',
      '2026-11-22T12:00:00Z agent north ready (openai/*)',
      '2026-11-22T12:00:00Z route model=openai/x ok (40 open, 1 agent)',
      '2026-11-22T12:00:00Z agent north gone (openai/*)',
    ]);
    expect(await ok('cluster', '--once')).toMatch(/^1 coordinator {2}1 agent connected .*\n\nrequirement/);
    expect(JSON.parse(await ok('cluster', '--once', '--json'))).toMatchObject({ snapshot: true, agents: [{ name: 'north' }] });
  });
});

describe('specs', () => {
  test('validate prints what it would take; faults end with 2 and their place', async () => {
    const file = await sumsSpec(cli, { samples: 3 });
    const text = await ok('validate', file, '--set', 'epochs=2');
    expect(text).toMatch(/^sums\.yaml is valid: 5,276 units\n\n1 warning:\n {2}no seed\n\nbenchmark +model +samples/);
    expect(askedOf('validate')[0]).toMatchObject({
      spec: { epochs: 2, benchmarks: [{ dataset: { digest: expect.stringMatching(/^sha256:/) } }] },
    });
    expect(JSON.parse(await ok('validate', file, '--json'))).toMatchObject({ faults: [], total: { units: 5276 } });

    const wrong = await cli.file('wrong.yaml', 'name: x\nbenchmrks: []\nmodels: []\n');
    expect(await fails(2, 'validate', wrong)).toMatch(/wrong\.yaml:2:1 benchmrks: there is no field.*did you mean "benchmarks"/);
    const { code, stdout } = await cli.run(['validate', wrong, '--json', '--address', server.address]);
    expect(code).toBe(2);
    expect((JSON.parse(stdout) as { faults: { place: string }[] }).faults.map((f) => f.place)).toContain('wrong.yaml:2:1 benchmrks');
    expect(await fails(2, 'validate', file, '--set', 'epochs=none')).toMatch(/--set epochs: is "none", must be/);
  });

  test('submit sends owner, tags, metadata and settings; bases are found beside the spec', async () => {
    await sumsSpec(cli, { samples: 3, name: 'base' });
    const file = await cli.file('child.yaml', 'extends: base.yaml\nname: child\ntags: [own]\n');
    await ok('submit', file, '--owner', 'ada', '--tag', 'more', '--meta', 'k=v', '--set', 'priority=2', '--namespace', 'team');
    expect(askedOf('submit')[0]).toMatchObject({
      owner: 'ada',
      namespace: 'team',
      spec: { name: 'child', priority: 2, tags: ['own', 'more'], metadata: { k: 'v' } },
    });
    asked = [];
    const run = await cli.run(['submit', file, '--quiet', '--address', server.address], { env: { USER: 'grace' } });
    expect(run).toMatchObject({ code: 0, stdout: `${A}\n`, stderr: '' });
    expect(askedOf('submit')[0]).toMatchObject({ owner: 'grace' });
  });
});
