/**
 * What is typed or written wrongly: one clear message with place, value and remedy, the right exit code, no stack trace, and
 * nothing half done: the home of all of it does not even exist afterwards. (broken-inputs-fleet.test.ts: what a coordinator finds.)
 */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COMMANDS, PROCESSES, SCORES } from '../support/broken-inputs-commands.ts';
import { AGENT_VARIABLES, AGENTS, COORDINATOR_VARIABLES, COORDINATORS, FLEET_AGENTS } from '../support/broken-inputs-settings.ts';
import { SPECS } from '../support/broken-inputs-specs.ts';
import {
  expectMessage,
  FILES,
  modeOf,
  readAgentIn,
  readCoordinatorIn,
  runCommandIn,
  runProgramIn,
  type Ending,
  type Row,
} from '../support/broken-inputs.ts';

const ID = 'ev_abcdefghijklmnopqrstuvwxyz';
const EMBEDDED_MS = 50_000;

let folder: string;
let before: string[];
/** They try for many seconds before they give up: begun before all others. */
let patient: Record<'cli' | 'coordinator', Promise<Ending>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-broken-'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content, { mode: modeOf(name) });
  before = await readdir(folder);
  const flags = ['--redis', 'redis://127.0.0.1:1', '--store', 'untouched', '--log-level', 'silent'];
  patient = {
    cli: runProgramIn(folder, 'cli', ['report', ID, '--address', 'unix:/nowhere/socket']),
    coordinator: runProgramIn(folder, 'coordinator', flags),
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A home that no broken input may make. */
const untouched = (): Record<string, string> => ({ ASSAY_HOME: join(folder, 'untouched') });
const rowsOf = <Input>(rows: readonly Row<Input>[]) => rows.map(([what, input, ...pieces]) => ({ what, input, pieces }));

describe('a spec with', () => {
  test.for(rowsOf(SPECS))('$what', async ({ input, pieces }) => {
    expectMessage(await runCommandIn(folder, ['run', '-'], { input, env: untouched() }), 'assay', pieces);
  });
});

describe('the command line:', () => {
  test.for(rowsOf(COMMANDS))('$what', async ({ input, pieces }) => {
    expectMessage(await runCommandIn(folder, input, { env: untouched() }), 'assay', pieces);
  });

  test.for(rowsOf(SCORES))('score: $what', async ({ input, pieces }) => {
    const { stdout, ...ending } = await runCommandIn(folder, ['score', ...input], { env: untouched() });
    expectMessage({ ...ending, stdout: '' }, 'assay', pieces);
    // What comes before a bad line is scored.
    if (ending.stderr.includes('line 2')) expect(JSON.parse(stdout)).toMatchObject({ value: 'I' });
    else expect(stdout).toBe('');
  });
});

/** In-process cases share this program's ways; these are the programs as users start them. */
describe.concurrent('a process:', () => {
  test('assay, and a spec', async () => {
    const ending = await runProgramIn(folder, 'cli', ['run', '-'], { input: '- a\n', env: untouched() });
    expectMessage(ending, 'assay', ['standard input:1:1: is a list, must be an object']);
  });
  test('assay, and an unknown command', async () => {
    expectMessage(await runProgramIn(folder, 'cli', ['rum'], { env: untouched() }), 'assay', [
      "unknown command 'rum'",
      'Did you mean run?',
    ]);
  });
  test('an agent, and its settings', async () => {
    const ending = await runProgramIn(folder, 'agent', ['--config', 'no-agent.yaml'], { env: untouched() });
    expectMessage(ending, 'assay agent', ['addresses: is missing; write']);
  });
  test('a coordinator, and its settings', async () => {
    const ending = await runProgramIn(folder, 'coordinator', ['--listen', 'nonsense'], { env: untouched() });
    expectMessage(ending, 'assay coordinator', ['has 3 faults', '--listen: "nonsense"', 'redis_url: is missing', 'store: is missing']);
  });
  test.for(rowsOf(PROCESSES))('$what', async ({ input, pieces }) => {
    const name = input[0] === 'agent' ? 'assay agent' : 'assay';
    expectMessage(await runProgramIn(folder, 'cli', input, { env: untouched() }), name, pieces);
  });
});

describe('the environment:', () => {
  test.concurrent.for([
    ['an address that is none', { ASSAY_ADDRESS: 'nonsense' }, ["ASSAY_ADDRESS: 'nonsense' is no address; write host:port"]],
    ['an address that is a URL', { ASSAY_ADDRESS: 'https://x' }, ["ASSAY_ADDRESS: 'https://x' is a URL; write host:port"]],
    [
      'files that cannot be read',
      { ASSAY_ADDRESS: 'x:1', ASSAY_TOKEN_FILE: 'none', ASSAY_TLS_CA: 'cert.pem' },
      ['ASSAY_TOKEN_FILE: none cannot be read', 'ASSAY_TLS_CA: cert.pem holds no PEM certificate; name'],
    ],
    ['a token with blanks', { ASSAY_ADDRESS: 'x:1', ASSAY_TOKEN: 'a SECRET' }, ['ASSAY_TOKEN: holds no token', 'no blanks; write']],
  ] as const)('%s', async ([, env, pieces]) => {
    expectMessage(await runProgramIn(folder, 'cli', ['list'], { env: { ...untouched(), ...env } }), 'assay', pieces);
  });

  test.for([
    [
      'an endpoint that is no URL',
      { OPENAI_BASE_URL: 'localhost:8000' },
      ['OPENAI_BASE_URL: "localhost:8000" is not an http or https URL'],
    ],
    ['an endpoint with a password', { OPENAI_BASE_URL: 'http://u:SECRET@x' }, ['OPENAI_BASE_URL: has a user name or password in it; put']],
    ['a key with blanks', { ANTHROPIC_API_KEY: 'a SECRET' }, ['ANTHROPIC_API_KEY: has characters that no key has']],
  ] as const)('%s', async ([, env, pieces]) => {
    const ending = await runCommandIn(folder, ['run', 'good.yaml'], { env: { ...untouched(), ...env } });
    expectMessage(ending, 'assay', pieces);
    expect(ending.stderr).not.toContain('base_url');
  });

  test.for([
    ['is a file', 'a-file', 'a file stands where a folder is needed'],
    ['lies in a file', 'a-file/home', 'a file stands where a folder is needed'],
    ['cannot be made', '/proc/home', 'no folder can be made at /proc/home'],
    ['has no name that a folder can have', `/${'x'.repeat(300)}`, 'ENAMETOOLONG'],
  ] as const)('an ASSAY_HOME that %s', async ([, home, why]) => {
    const ending = await runCommandIn(folder, ['run', 'good.yaml'], {
      env: { ASSAY_HOME: home.startsWith('/') ? home : join(folder, home) },
    });
    expectMessage(ending, 'assay', ['ASSAY_HOME', 'cannot be used', why, 'Set ASSAY_HOME to a folder that you can write to']);
  });
});

describe('an agent with', () => {
  const agentWith = async (text: string | Buffer, environment: Record<string, string> = {}): Promise<Ending> => {
    const own = await mkdtemp(join(tmpdir(), 'assay-broken-agent-'));
    try {
      await writeFile(join(own, 'empty'), '', { mode: 0o600 });
      await writeFile(join(own, 'open'), 'SECRET-1', { mode: 0o644 });
      await writeFile(join(own, 'agent.yaml'), text);
      return await readAgentIn(join(own, 'agent.yaml'), { PATH: process.env['PATH']!, ...untouched(), ...environment });
    } finally {
      await rm(own, { recursive: true });
    }
  };
  test.for(rowsOf(AGENTS))('$what', async ({ input, pieces }) => {
    expectMessage(await agentWith(`addresses: ["x:1"]\n${String(input)}\n`), 'assay agent', pieces);
  });
  test.for(rowsOf(FLEET_AGENTS))('$what', async ({ input, pieces }) => {
    expectMessage(await agentWith(input), 'assay agent', pieces);
  });
  test.for(rowsOf(AGENT_VARIABLES))('the variables: $what', async ({ input, pieces }) => {
    expectMessage(await agentWith('addresses: ["x:1"]\nmodels: [{match: mock/*}]\n', input), 'assay agent', pieces);
  });
});

describe('a coordinator with', () => {
  test.for(rowsOf(COORDINATORS))('$what', async ({ input, pieces }) => {
    expectMessage(await readCoordinatorIn(folder, input), 'assay coordinator', pieces);
  });
  test.for(rowsOf(COORDINATOR_VARIABLES))('the variables: $what', async ({ input, pieces }) => {
    const ending = await readCoordinatorIn(folder, ['--redis', 'redis://127.0.0.1:1', '--store', 'untouched'], input);
    expectMessage(ending, 'assay coordinator', pieces);
  });
});

describe('a process that gives up:', () => {
  test('a coordinator that is not there', async () => {
    const words =
      /^waiting for a coordinator at unix:\/nowhere\/socket(?: \(there is no such socket\), for 10 s at most)? …\nassay: no coordinator is ready at .*\/nowhere\S* after 10 s \(there is no such socket\); start it, or/;
    expectMessage(await patient.cli, 'assay', [words], 1);
  });
  test('a coordinator without a Redis', { timeout: EMBEDDED_MS }, async () => {
    const words = 'no Redis answers at redis://127.0.0.1:1; start one, or name another by --redis';
    expectMessage(await patient.coordinator, 'assay coordinator', [words], 1);
  });
});

// Before the next block, which starts a stack: it looks at what all the others have left.
describe('none of it', () => {
  test('has started or written anything', async () => {
    await expect(stat(join(folder, 'untouched'))).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual(before);
    expect(await readdir(join(import.meta.dirname, '../..'))).not.toContain('untouched');
  });
});

describe('with everything inside', () => {
  test(
    "the agent's and the coordinator's refusals name what the user wrote, and nothing was submitted",
    { timeout: EMBEDDED_MS },
    async () => {
      const home = join(folder, 'inside');
      await writeFile(join(folder, 'own-agent.yaml'), 'models: [{match: mock/*, max_connections: -1}]\n');
      const agent = await runCommandIn(folder, ['run', 'good.yaml', '--agent', 'own-agent.yaml'], { env: { ASSAY_HOME: home } });
      expectMessage(agent, 'assay', ['own-agent.yaml: models[0].max_connections: is -1, must be at least 1']);
      const redis = await runCommandIn(folder, ['run', 'good.yaml'], { env: { ASSAY_HOME: home, ASSAY_REDIS_URL: '127.0.0.1:6379' } });
      expectMessage(redis, 'assay', ['ASSAY_REDIS_URL: "127.0.0.1:6379" is no address of a Redis; write redis://HOST:PORT']);
      expect(await readdir(join(home, 'store/evaluations'))).toEqual([]);
    },
  );
});

describe('--help', () => {
  test.concurrent.for([
    ['cli', ['--help'], /Usage: assay[^]*assay run/],
    ['cli', ['run', '--help'], /Usage: assay run[^]*assay run examples/],
    ['cli', ['coordinator', '--help'], /--listen[^]*--redis[^]*--store[^]*--lease-ms/],
    ['agent', ['-h'], /--config[^]*models:[^]*max_connections/],
  ] as const)('of %s %s', async ([program, args, text]) => {
    const ending = await runProgramIn(folder, program, args);
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.stdout).toMatch(text);
  });
});
