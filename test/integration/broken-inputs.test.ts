/**
 * What is typed or written wrongly: one clear message with place, value and remedy, the right exit code, no stack trace, and
 * nothing half submitted: afterwards a store that saw all of it holds no evaluation, and the home of the others does not exist.
 */
import { readdir, stat, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AGENTS,
  COMMANDS,
  COORDINATORS,
  DATASETS,
  FILES,
  FLEET_AGENTS,
  runProgramIn,
  SPECS,
  specOf,
  type Ending,
} from '../support/broken-inputs.ts';
import { Fleet } from '../support/fleet.ts';

const ID = 'ev_abcdefghijklmnopqrstuvwxyz';
const EMBEDDED_MS = 50_000;

let folder: string;
let fleet: Fleet;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-broken-'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content);
  fleet = await Fleet.start();
  ({ address } = await fleet.coordinator());
});
afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A home that no broken input may make. */
const untouched = (): Record<string, string> => ({ ASSAY_HOME: join(folder, 'untouched') });

/** One message of the program, with all pieces, and nothing else. */
function expectMessage(ending: Ending, name: string, pieces: readonly (string | RegExp)[], code = 2): void {
  expect({ code: ending.code, stdout: ending.stdout, stderr: ending.stderr }).toMatchObject({ code, stdout: '' });
  // A text is looked for as it is.
  for (const piece of pieces) expect(ending.stderr).toMatch(piece);
  expect(ending.stderr).not.toMatch(/\n\s+at .*[:/]\d+|SECRET|\[object |undefined(?! (?:variable|filter):)/);
  expect(ending.stderr.split(`${name}: `).length, `one message, not several:\n${ending.stderr}`).toBe(2);
}

describe.concurrent('a spec with', () => {
  test.for(SPECS.map((row) => [...row]))('%s', async ([, input, ...pieces]) => {
    expectMessage(await runProgramIn(folder, 'cli', ['run', '-'], { input: input as string, env: untouched() }), 'assay', pieces);
  });
});

describe.concurrent('a dataset with', () => {
  test.for(DATASETS.map((row) => [...row] as const))('%s', async ([, changes, ...pieces]) => {
    const ending = await runProgramIn(folder, 'cli', ['submit', '-', '--address', address], { input: specOf(changes) });
    expectMessage(ending, 'assay', pieces);
  });
});

describe.concurrent('the command line:', () => {
  test.for(COMMANDS.map((row) => [...row] as const))('%s', async ([, args, ...pieces]) => {
    const name = (args as string[])[0] === 'agent' ? 'assay agent' : 'assay';
    expectMessage(await runProgramIn(folder, 'cli', args, { env: untouched() }), name, pieces);
  });

  test.for([
    ['watch', 'there is no evaluation'],
    ['report', 'there is no evaluation'],
    ['results', 'there is no evaluation'],
    ['cancel', 'there is no evaluation'],
  ] as const)('%s of an evaluation that does not exist', async ([command, piece]) => {
    expectMessage(await runProgramIn(folder, 'cli', [command, ID, '--address', address]), 'assay', [piece, ID, 'check the id']);
  });

  test('a coordinator that is not there', async () => {
    const ending = await runProgramIn(folder, 'cli', ['report', ID, '--address', 'unix:/nowhere/socket']);
    expectMessage(
      ending,
      'assay',
      [
        /^waiting for a coordinator at unix:\/nowhere\/socket …\nassay: no coordinator is ready at .*\/nowhere.*; start it, or correct the address/,
      ],
      1,
    );
  });
});

describe.concurrent('an agent with', () => {
  const agentWith = async (text: string): Promise<Ending> => {
    const own = await mkdtemp(join(folder, 'agent-'));
    await writeFile(join(own, 'agent.yaml'), `${text}\n`);
    return runProgramIn(own, 'agent', ['--config', 'agent.yaml'], { env: untouched() });
  };
  test.for(AGENTS.map((row) => [...row] as const))('%s', async ([, text, ...pieces]) => {
    expectMessage(await agentWith(`addresses: ["x:1"]\n${text}`), 'assay agent', pieces);
  });
  test.for(FLEET_AGENTS.map((row) => [...row] as const))('%s', async ([, text, ...pieces]) => {
    expectMessage(await agentWith(text), 'assay agent', pieces);
  });
});

describe.concurrent('a coordinator with', () => {
  test.for(COORDINATORS.map((row) => [...row] as const))('%s', async ([, args, ...pieces]) => {
    expectMessage(await runProgramIn(folder, 'coordinator', args), 'assay coordinator', pieces);
  });

  const withRedis = (...args: string[]): Promise<Ending> =>
    runProgramIn(folder, 'coordinator', ['--redis', fleet.redis.url, '--log-level', 'silent', ...args]);

  test('a store that it cannot write', async () => {
    expectMessage(
      await withRedis('--store', 'a-file/store', '--listen', '127.0.0.1:0'),
      'assay coordinator',
      [/a-file\/store/, 'a file stands where a folder is needed: name another folder'],
      1,
    );
  });

  test('a port that is in use', async () => {
    const ending = await withRedis('--store', join(fleet.dir, 'store'), '--listen', address);
    expectMessage(
      ending,
      'assay coordinator',
      [`${address}: cannot listen there, because another process does; stop it, or choose another port`],
      1,
    );
  });

  test('a Redis that does not answer', { timeout: EMBEDDED_MS }, async () => {
    const ending = await runProgramIn(folder, 'coordinator', [
      '--redis',
      'redis://127.0.0.1:1',
      '--store',
      'store',
      '--log-level',
      'silent',
    ]);
    expectMessage(ending, 'assay coordinator', ['no Redis answers at redis://127.0.0.1:1; start one, or name another by --redis'], 1);
  });
});

describe('with everything inside', () => {
  test('an ASSAY_HOME that cannot be written', async () => {
    const ending = await runProgramIn(folder, 'cli', ['run', 'good.yaml'], { env: { ASSAY_HOME: join(folder, 'a-file/home') } });
    expectMessage(ending, 'assay', ['ASSAY_HOME', 'a-file/home cannot be used', 'Set ASSAY_HOME to a folder'], 1);
  });

  test(
    "the agent's and the coordinator's refusals name what the user wrote, and nothing was submitted",
    { timeout: EMBEDDED_MS },
    async () => {
      const home = join(folder, 'inside');
      await writeFile(join(folder, 'own-agent.yaml'), 'models: [{match: mock/*, max_connections: -1}]\n');
      const agent = await runProgramIn(folder, 'cli', ['run', 'good.yaml', '--agent', 'own-agent.yaml'], { env: { ASSAY_HOME: home } });
      expectMessage(agent, 'assay', ['own-agent.yaml: models[0].max_connections: is -1, must be at least 1']);
      const redis = await runProgramIn(folder, 'cli', ['run', 'good.yaml'], {
        env: { ASSAY_HOME: home, ASSAY_REDIS_URL: '127.0.0.1:6379' },
      });
      expectMessage(redis, 'assay', ['ASSAY_REDIS_URL: "127.0.0.1:6379" is not such a URL; write one that starts with redis:']);
      expect(await readdir(join(home, 'store/evaluations'))).toEqual([]);
    },
  );
});

describe('over gRPC', () => {
  test('a broken spec is INVALID_ARGUMENT with all its faults; a broken cursor names itself', async () => {
    const client = fleet.client(address);
    const spec = JSON.parse(specOf({ dataset: { limit: -5 }, top: { epochs: 0, colour: 'red' } })) as Record<string, unknown>;
    const refused = client.submit({ spec, idempotencyKey: 'broken' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid' });
    for (const piece of ['dataset.limit: is -5', 'epochs: is 0', 'colour: there is no field']) await expect(refused).rejects.toThrow(piece);
    const missing = client.submit({ spec: JSON.parse(specOf({})) as Record<string, unknown>, idempotencyKey: '' });
    await expect(missing).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/idempotency_key: is missing/) as string,
    });
  });
});

// Last: it looks at what all the others have left.
describe('none of it', () => {
  test('has submitted, started or written anything', async () => {
    expect(await readdir(join(fleet.store, 'evaluations'))).toEqual([]);
    await expect(stat(join(folder, 'untouched'))).rejects.toThrow('ENOENT');
  });
});

describe('--help', () => {
  test.concurrent.for([
    ['cli', ['--help'], /Usage: assay[^]*assay run/],
    ['cli', ['run', '--help'], /Usage: assay run[^]*assay run examples/],
    ['cli', ['submit', '--help'], /assay submit/],
    ['cli', ['watch', '--help'], /assay watch/],
    ['cli', ['coordinator', '--help'], /--listen[^]*--redis[^]*--store[^]*--lease-ms/],
    ['agent', ['-h'], /--config[^]*models:[^]*max_connections/],
  ] as const)('of %s %s', async ([program, args, text]) => {
    const ending = await runProgramIn(folder, program, args);
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.stdout).toMatch(text);
  });
});
