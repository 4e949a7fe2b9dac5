/** `assay dead-letters` against a coordinator whose answers are known: which are meant, what is asked before, what is said of none. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import type { DeadLetter, DeadLetterFilter, DeadLettersDone } from '../../shared/client/dead-letters.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { EVALUATION_ID as ID, startServer } from '../support/rpc.ts';
import { letter } from '../support/rpc-rows/answers.ts';
import type { Ending } from '../support/run-command.ts';

/** What the coordinator was asked to change. */
let changed: [verb: string, filter: DeadLetterFilter][] = [];
let letters: DeadLetter[];
let dropped: DeadLetter[];
const change =
  (verb: string) =>
  async (filter: DeadLetterFilter): Promise<DeadLettersDone> => {
    changed.push([verb, filter]);
    return { letters: letters.length, units: letters.length, evaluations: [], failed: 0 };
  };

let cli: CliHome;
let server: RpcServer;
beforeAll(async () => {
  cli = await cliHome();
  server = await startServer({
    deadLetters: {
      list: async (_filter, { size = 50, token = '', withDropped = false }) => {
        const to = Number(token) + size;
        if (withDropped) return { items: dropped, nextToken: '' };
        return { items: letters.slice(Number(token), to), nextToken: to < letters.length ? String(to) : '' };
      },
      get: async () => letter,
      replay: change('replay'),
      drop: change('drop'),
    },
  });
});
afterAll(async () => {
  await cli.dispose();
  await server.stop();
});
beforeEach(() => {
  changed = [];
  dropped = [];
  letters = Array.from({ length: 7 }, (_, i) => ({ ...letter, taskId: `${ID}-${i}` }));
});

const run = (args: string[]): Promise<Ending> => cli.inside(['dead-letters', ...args, '--address', server.address]);

test.each(['replay', 'drop'])('a namespace alone does not choose what to %s', async (verb) => {
  expect(await run([verb, '--namespace', 'team-a'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('which dead letters?'),
  });
  expect(await run([verb, '--all', '--agent', 'gpu-3'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--all goes with no other'),
  });
  // An empty variable of a script, say.
  expect(await run([verb, '--agent', '', '--yes', '--namespace', 'team-a'])).toMatchObject({ code: 2 });
  const asked = await run([verb, '--all', '--namespace', 'team-a']);
  expect(asked).toMatchObject({ code: 2, stdout: '' });
  expect(asked.stderr).toContain(
    `  ${ID}-4  b  m\n  … and 2 more\n${verb === 'drop' ? 'Drop' : 'Replay'} 7 dead letters? Nobody can be asked here`,
  );
  expect(changed).toEqual([]);
  expect(await run([verb, '--all', '--yes', '--namespace', 'team-a'])).toMatchObject({ code: 0, stdout: '7\n' });
  expect(await run([verb, '--all', '--yes'])).toMatchObject({ code: 0 });
  expect(changed).toEqual([
    [verb, { namespace: 'team-a' }],
    [verb, { namespace: 'default' }],
  ]);
});

test('a filter asks, names do not', async () => {
  expect(await run(['drop', '--agent', 'gpu-3'])).toMatchObject({ code: 2, stderr: expect.stringContaining('Drop 7 dead letters?') });
  letters = Array.from({ length: 1_200 }, () => letter);
  expect((await run(['drop', '--agent', 'gpu-3'])).stderr).toContain('… and many more\nDrop more than 1000 dead letters?');
  expect(changed).toEqual([]);
  expect(await run(['drop', '--task', `${ID}-1`])).toMatchObject({ code: 0 });
  expect(await run(['replay', '--evaluation', ID, '--agent', 'gpu-3'])).toMatchObject({ code: 0 });
  expect(changed).toEqual([
    ['drop', { taskIds: [`${ID}-1`] }],
    ['replay', { evaluationId: ID, agent: 'gpu-3' }],
  ]);
});

test('where nothing is done it is said why', async () => {
  letters = [];
  const none = `nothing is replayed: no dead letter is what you chose; \`assay dead-letters list\` shows those that there are\n`;
  expect(await run(['replay', '--agent', 'gpu-3'])).toEqual({ code: 0, stdout: '0\n', stderr: none });
  expect(changed).toEqual([]);
  expect(await run(['replay', '--task', `${ID}-1`])).toEqual({ code: 0, stdout: '0\n', stderr: none });
  dropped = [letter];
  expect(await run(['drop', '--task', `${ID}-1`, '--json'])).toEqual({
    code: 0,
    stdout: '{"letters":0,"units":0,"evaluations":[],"failed":0}\n',
    stderr: `nothing is dropped: what you chose was dropped before; \`assay requeue ${ID} --state dead\` runs dead samples once more\n`,
  });
});

test.each(['list', 'replay', 'drop'])('what contradicts itself is refused by %s', async (verb) => {
  const other = `ev_${'b'.repeat(26)}`;
  const { code, stdout, stderr } = await run([verb, '--evaluation', ID, '--task', `${other}-2`, '--since', '1d', '--until', '2d']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(`filter.task_ids[0]: ${other}-2 is not of ${ID}`);
  expect(stderr).toMatch(/filter\.to_ms: \d+ is not after from_ms/);
  expect(changed).toEqual([]);
});
