import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEMO_SPEC, demoAgents, demoDataset } from '../../../../cli/demo-spec.ts';
import { Child, lastWords } from '../../../../cli/embedded/child.ts';
import { findRedis, isNewEnough, parseVersion } from '../../../../cli/embedded/find-redis.ts';
import { agentPlanOf, defaultAgentPlan, offerOf } from '../../../../cli/embedded/local-agent.ts';
import { listening } from '../../../../cli/embedded/local-coordinator.ts';
import { localModels, requireServed } from '../../../../cli/embedded/local-models.ts';
import { environmentOf } from '../../../../cli/embedded/programs.ts';
import { lastError } from '../../../../cli/embedded/stack.ts';
import { parseSpecText } from '../../../../shared/domain/spec-text.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-parts-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const specWith = (models: string) => parseSpecText(DEMO_SPEC.replace(/models:[^]*/, models), 'demo.yaml');

describe('the local agent', () => {
  test('serves what the environment has keys for, and names them only', () => {
    expect(localModels({ MOCK_BASE_URL: 'nobody reads it' }).map((m) => m.match)).toEqual(['mock/*']);
    const models = localModels({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', ANTHROPIC_API_KEY: 'sk-secret' });
    expect(models.map((m) => m.match)).toEqual(['mock/*', 'openai/*', 'anthropic/*']);
    expect(models[1]).toMatchObject({ base_url: 'http://127.0.0.1:1/v1' });
    expect(models[2]).toMatchObject({ api_key_env: 'ANTHROPIC_API_KEY' });
    expect(JSON.stringify(models)).not.toContain('sk-secret');
  });

  test('that does not fit a spec is told at once, with the remedy for each model', () => {
    const spec = specWith(
      'models: [{model: mock/x}, {model: openai/x}, {model: anthropic/x}, {model: vllm/x}, {model: mock/y, route: {labels: {zone: eu}}}]',
    );
    const offer = offerOf(defaultAgentPlan({}));
    const check = () => requireServed('demo.yaml', spec, offer, undefined);
    expect(check).toThrow(/4 faults/);
    expect(check).toThrow(/models\[1\]\.model: .*OPENAI_API_KEY/);
    expect(check).toThrow(/models\[2\]\.model: .*ANTHROPIC_API_KEY/);
    expect(check).toThrow(/models\[3\]\.model: .*--agent FILE/);
    expect(check).toThrow(/models\[4\]\.model: .*mock\/y zone=eu.*no labels/);
    expect(() => requireServed('demo.yaml', specWith('models: [{model: mock/x}]'), offer, undefined)).not.toThrow();
  });

  test('of a file keeps what it says, except how to reach a fleet; its paths start at its folder', async () => {
    const file = join(dir, 'agent.yaml');
    await writeFile(
      file,
      'addresses: [fleet:1]\ntoken_file: t\nname: gpu\nlabels: {zone: eu}\nspool: s\nmodels: [{match: vllm/*, provider: openai, api_key_file: key}]\n',
    );
    const plan = await agentPlanOf('agent.yaml', dir);
    expect(plan).toEqual({
      name: 'gpu',
      labels: { zone: 'eu' },
      spool: join(dir, 's'),
      models: [{ match: 'vllm/*', provider: 'openai', api_key_file: join(dir, 'key') }],
      fromFile: 'agent.yaml',
    });
  });

  test.each([
    ['models: []', /models: is missing or empty/],
    ['models: [{provider: mock}]', /models\[0\]: has no `match`/],
    ['models: [{match: a/b, api_key: sk-1}]', /models\[0\]\.api_key: .*api_key_env/],
    ['name: ../../x\nmodels: [{match: a/b}]', /name: is "\.\.\/\.\.\/x", must be 1 to 100 letters/],
    ['name: ..\nmodels: [{match: a/b}]', /name: is "\.\.", must be/],
    ['name: 7\nmodels: [{match: a/b}]', /name: is 7, must be/],
    ['models: [', /agent\.yaml:1: .*mend the YAML/],
  ])('of a wrong file: %s', async (text, message) => {
    await writeFile(join(dir, 'agent.yaml'), text);
    await expect(agentPlanOf('agent.yaml', dir)).rejects.toThrow(message);
    await expect(agentPlanOf('agent.yaml', dir)).rejects.not.toThrow(/sk-1/);
  });
});

test('only agents get keys, and nobody the settings of a fleet', () => {
  const env = {
    OPENAI_API_KEY: 'k',
    ASSAY_ADDRESS: 'x:1',
    ASSAY_TOKEN: 't',
    ASSAY_LEASE_MS: '5',
    OTEL_TRACES_EXPORTER: 'otlp',
    PATH: '/bin',
    ASSAY_LOG_LEVEL: 'error',
  };
  expect(environmentOf(env, { secrets: true })).toEqual({
    OPENAI_API_KEY: 'k',
    ASSAY_LEASE_MS: '5',
    OTEL_TRACES_EXPORTER: 'otlp',
    PATH: '/bin',
    ASSAY_LOG_LEVEL: 'info',
  });
  expect(environmentOf(env, { secrets: false })).not.toHaveProperty('OPENAI_API_KEY');
});

test('the demo: its spec is valid and its agents fit', () => {
  const spec = parseSpecText(DEMO_SPEC, 'demo.yaml');
  for (const model of spec.models) expect(demoAgents().some((a) => a.models.some((m) => m.match === model.model))).toBe(true);
  const lines = demoDataset()
    .trimEnd()
    .split('\n')
    .map((l) => JSON.parse(l) as { id: string; question: string; answer: string });
  expect(new Set(lines.map((l) => l.id)).size).toBe(lines.length);
  for (const { question, answer } of lines) {
    const [, a, b] = /What is (\d+) \+ (\d+)\?/.exec(question)!;
    expect(Number(a) + Number(b)).toBe(Number(answer));
  }
});

describe('Redis', () => {
  test('versions', () => {
    expect(parseVersion('Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64')).toEqual([7, 0, 15]);
    expect(parseVersion('Valkey server v=8.1.1 sha=0')).toEqual([8, 1, 1]);
    expect(parseVersion('nonsense')).toBeUndefined();
    expect(
      [
        [6, 2, 0],
        [7, 0, 0],
        [10, 0, 1],
      ].every(isNewEnough),
    ).toBe(true);
    expect(
      [
        [6, 0, 16],
        [5, 9, 9],
      ].some(isNewEnough),
    ).toBe(false);
  });

  test('is taken from the project first; one that is too old is named', async () => {
    const fake = async (folder: string, version: string) => {
      await mkdir(join(dir, folder), { recursive: true });
      const path = join(dir, folder, 'redis-server');
      await writeFile(path, `#!/bin/sh\necho 'Redis server v=${version} sha=0'\n`);
      await chmod(path, 0o755);
      return path;
    };
    const old = await fake('old', '6.0.16');
    await expect(findRedis({ PATH: join(dir, 'old') }, dir)).rejects.toThrow(
      new RegExp(`${old} \\(6\\.0\\.16\\)[^]*apt-get install redis-server`),
    );
    await expect(findRedis({ PATH: '/nowhere' }, dir)).rejects.toThrow(/neither valkey-server nor redis-server/);
    const fresh = await fake('path', '7.2.0');
    expect(await findRedis({ PATH: `${join(dir, 'old')}:${join(dir, 'path')}` }, dir)).toBe(fresh);
    const own = await fake('.tools/bin', '6.2.0');
    expect(await findRedis({ PATH: join(dir, 'path') }, dir)).toBe(own);
  });
});

describe('logs', () => {
  test('tell where a coordinator listens', () => {
    const heard = '{"msg":"listening","address":"127.0.0.1:4510"';
    expect(listening(`{"msg":"starting"}\n${heard},"http":"127.0.0.1:9464"}\n`)).toEqual({
      address: '127.0.0.1:4510',
      http: '127.0.0.1:9464',
    });
    expect(listening(`${heard}}\n`)).toEqual({ address: '127.0.0.1:4510', http: '' });
    expect(listening('{"msg":"listening","addr')).toBeUndefined();
  });

  test('last words are lines for people', () => {
    expect(lastWords('{"level":50,"msg":"no Redis","err":{"message":"refused"}}\nplain\n')).toBe('  no Redis: refused\n  plain');
  });

  test('the last error is found among other lines', () => {
    expect(lastError('{"level":"error","msg":"auth"}\n{"level":"info","msg":"connected"}\n')).toBe('auth');
    expect(lastError('{"level":50,"msg":"x"}')).toBe('x');
    expect(lastError('{"level":40,"msg":"fine"}\nword')).toBeUndefined();
  });
});

describe('a child', () => {
  const start = (script: string) =>
    Child.start({ name: 'test', command: process.execPath, args: ['-e', script], env: {}, logFile: join(dir, 'log') });

  test('that dies early is told with its last words', async () => {
    const child = await start('console.error("cannot bind"); process.exit(3)');
    await child.ended;
    expect(child.diedEarly).toBe(true);
    expect((await child.obituary()).message).toMatch(/the test ended with code 3\. Its last words:\n {2}cannot bind\n/);
  });

  test('ends when asked to', async () => {
    const child = await start('setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(0))');
    await child.stop(10_000);
    expect([child.hasEnded, child.diedEarly]).toEqual([true, false]);
  });

  test('that does not listen is killed in the end, at once when hurried', async () => {
    const child = await start('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)');
    await expect.poll(() => child.log()).toContain('up');
    await child.stop(60_000, AbortSignal.abort());
    expect(child.hasEnded).toBe(true);
  });

  test('that cannot be started is told', async () => {
    await expect(Child.start({ name: 'test', command: join(dir, 'none'), args: [], env: {}, logFile: join(dir, 'log') })).rejects.toThrow(
      /test .* cannot be started/,
    );
  });
});
