/** `assay top` on a fleet of real processes, in a real terminal. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLI_MAIN, sumsSpec } from '../support/cli.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { hasTmux, useTerminal, waitForScreen } from '../support/terminal.ts';

let fleet: Fleet;
let coordinator: Process & { address: string };
beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
  await fleet.agent('north', [coordinator.address], { models: [{ match: 'mock/*', provider: 'mock' }] });
});
afterAll(() => fleet.stop());

const terminal = useTerminal();
const { tmux, screen } = terminal;
const shows = (pattern: RegExp): Promise<unknown> =>
  waitForScreen(() => pattern.test(screen()), { what: String(pattern), timeoutMs: 40_000, state: screen });
const key = (...keys: string[]): void => void tmux('send-keys', '-t', 'bars', ...keys);
const flags = (): string => tmux('display-message', '-p', '-t', 'bars', '#{alternate_on} #{cursor_flag} #{wrap_flag}').trim();
/** For whoever wants to look: the pictures, in a folder that is named. */
const keep = async (name: string): Promise<void> => {
  const folder = process.env['ASSAY_TEST_PICTURES'];
  if (folder) await writeFile(`${folder}/${name}.txt`, `${screen()}\n`);
};

test.skipIf(!hasTmux)(
  'top shows a fleet at 80 and 200 columns, does what is asked, says that the coordinator is gone, and gives the terminal back',
  async () => {
    const { address } = coordinator;
    for (const options of [
      { samples: 20, models: ['openai/gpt-x'], name: '数学测验 of the long evening 👍' },
      { samples: 300, mock: { latency_ms: 60_000 } },
    ]) {
      const spec = await sumsSpec(terminal.cli, options);
      expect(await terminal.cli.run(['submit', spec, '--address', address, '--owner', 'ada', '--quiet'])).toMatchObject({ code: 0 });
    }

    tmux('new-session', '-d', '-s', 'bars', '-x', '80', '-y', '24');
    // An alias is known from the next line on.
    key(`alias assay='${process.execPath} ${CLI_MAIN}'`, 'Enter');
    key(`clear; echo before; assay top --address ${address}; echo "exit $?"`, 'Enter');
    await shows(/^▸ sums +running .*0\/300/m);
    await shows(/2 running .*320 open {2}1 agent$/m);
    expect(screen()).not.toContain('before');
    expect(flags()).toBe('1 0 0');
    // A wide character takes two columns, so columns of the terminal are not letters of the text.
    expect(screen()).toMatch(/^ {2}数学测验 of the .* running .*0\/20/m);
    expect(screen().split('\n')).toHaveLength(24);
    await keep('80-evaluations');

    // Why nothing runs, in the opened row.
    key('Down');
    await shows(/^▸ 数学/m);
    key('Enter');
    await shows(/^stopped +no connected agent /m);
    // What would change that lies below the edge.
    key('Down', 'Down', 'Down');
    await shows(/^stopped +no connected agent [^]*models/m);
    await keep('80-why');
    key('Escape');
    // An escape that a key follows at once would be the key with Alt.
    await shows(/^▸ 数学/m);
    key('3');
    await shows(/^▸ model=mock\/one/m);
    await keep('80-routes');

    tmux('resize-window', '-t', 'bars', '-x', '200', '-y', '40');
    await shows(/^ {2}sums .* │ {3}north +ready/m);
    await shows(/│ \[3 Routes 2\]/);
    await keep('200');

    key('1');
    await shows(/^\[1 Evaluations 2\]/m);
    key('Up');
    key('p');
    await shows(/^Pause sums\? {2}ev_\w+ {2}Nothing more is handed out/m);
    key('y');
    await shows(/^▸ sums +paused/m);
    key('/');
    key('数学');
    await shows(/^\/数学▏/m);
    key('Enter');
    await shows(/\/数学 \(1\)/);
    expect(screen()).not.toMatch(/^. sums/m);

    await coordinator.kill9();
    await shows(/no answer for \d+ s, trying again/);
    await keep('200-lost');
    await coordinator.start();
    await shows(/1 running {2}1 paused/);

    // Stopped by its shell, and back.
    key('C-z');
    await shows(/Stopped/);
    expect(flags()).toBe('0 1 1');
    key('fg', 'Enter');
    await shows(/\/数学 \(1\)/);
    key('q');
    await shows(/^before$/m);
    expect(flags()).toBe('0 1 1');
  },
  150_000,
);

test.skipIf(!hasTmux)('an interruption of any kind gives the terminal back', async () => {
  tmux('new-session', '-d', '-s', 'bars', '-x', '100', '-y', '24');
  key(`clear; export ASSAY_ADDRESS=${coordinator.address}; clear`, 'Enter');
  for (const [end, code] of [
    ['C-c', 130],
    ['TERM', 130],
    ['q', 0],
  ] as const) {
    key(`clear; NO_COLOR=1 ${process.execPath} ${CLI_MAIN} top; echo "exit $? by ${end}"`, 'Enter');
    await shows(/^\[1 Evaluations/m);
    expect(flags()).toBe('1 0 0');
    // eslint-disable-next-line no-control-regex -- a terminal tells colours by them
    expect(tmux('capture-pane', '-p', '-e', '-t', 'bars')).not.toMatch(/\u001b\[[\d;]*[1-9][\d;]*m/);
    if (end === 'TERM') {
      const shell = tmux('display-message', '-p', '-t', 'bars', '#{pane_pid}').trim();
      const children = await readFile(`/proc/${shell}/task/${shell}/children`, 'utf8');
      process.kill(Number(children.trim().split(' ').at(-1)), 'SIGTERM');
    } else key(end);
    await shows(new RegExp(`^(\\^C)?exit ${code} by ${end}$`, 'm'));
    expect(flags()).toBe('0 1 1');
  }
});

test('elsewhere than on a terminal there is one picture, or one document', async () => {
  const { address } = coordinator;
  const once = await terminal.cli.run(['top', '--once', '--address', address]);
  expect(once).toMatchObject({ code: 0, stderr: '' });
  expect(once.stdout).toMatch(/\n\nEvaluations\n[^]*\n\nAgents\nname[^]*north +ready[^]*\n\nRoutes\n/);
  const piped = await terminal.cli.run(['top', '--address', address]);
  expect(piped).toMatchObject({ code: 0, stderr: expect.stringContaining('--once') as string });
  const { code, stdout } = await terminal.cli.run(['top', '--json', '--address', address]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ agents: [{ name: 'north', state: 'ready' }], notShown: [] });
});

test('what runs has its score so far', async () => {
  const { address } = coordinator;
  await fleet.agent('south', [address], { models: [{ match: 'half/*', provider: 'mock' }] });
  // Nobody serves the second model, so it goes on.
  const spec = await sumsSpec(terminal.cli, { samples: 5, models: ['half/one', 'late/two'], name: 'half' });
  expect(await terminal.cli.run(['submit', spec, '--address', address, '--quiet'])).toMatchObject({ code: 0 });
  const top = async (): Promise<string> => (await terminal.cli.run(['top', '--once', '--address', address])).stdout;
  await expect.poll(top, { timeout: 30_000, interval: 100 }).toMatch(/^half +running .* 5\/10 .* [01]\.\d{3} \+1 /m);
});
