/** The live bars in a real terminal. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import { agentOf, change, coordinatorOf, idOf, routeStatus, summary } from '../support/cli-samples.ts';
import { CLI_MAIN, sumsSpec } from '../support/cli.ts';
import { operatorUseCases, startServer } from '../support/rpc.ts';
import { hasTmux, useTerminal, waitForScreen as waitFor } from '../support/terminal.ts';

const terminal = useTerminal();
const { tmux, screen } = terminal;

test.skipIf(!hasTmux)(
  'bars are drawn in place, follow the width, and leave a report behind',
  async () => {
    const spec = await sumsSpec(terminal.cli, {
      samples: 150,
      models: ['mock/first', 'mock/second'],
      mock: { latency_ms: 400, accuracy: 0.5 },
    });
    tmux('new-session', '-d', '-s', 'bars', '-x', '110', '-y', '30');
    tmux(
      'send-keys',
      '-t',
      'bars',
      `ASSAY_HOME=${terminal.cli.home.dir} ${process.execPath} ${CLI_MAIN} run ${spec}; echo "exit $?"`,
      'Enter',
    );

    await waitFor(() => /mock\/first +[█▏▎▍▌▋▊▉]+·+ +[1-9]\d*\/150 +accuracy 0\.\d{3} ± 0\.\d{3}/.test(screen()), {
      what: 'a bar with a running accuracy',
      timeoutMs: 50_000,
      state: screen,
    });
    const wide = screen();
    expect(wide).toMatch(/sums running +\d+\/300 .*\d+ handed out to 1 agent/);
    // Redrawn, not repeated.
    expect(wide.match(/mock\/second/g)).toHaveLength(1);

    tmux('resize-window', '-t', 'bars', '-x', '60', '-y', '30');
    await waitFor(() => /mock\/second .*\d+\/150/.test(screen()) || screen().includes('exit'), {
      what: 'bars in a narrow terminal',
      timeoutMs: 20_000,
      state: screen,
    });

    await waitFor(() => screen().includes('exit 0'), { what: 'the end', timeoutMs: 60_000, state: screen });
    const end = screen();
    expect(end).toMatch(/sums succeeded/);
    expect(end).toMatch(/benchmark +model +scorer +accuracy/);
    expect(tmux('display-message', '-p', '-t', 'bars', '#{cursor_flag}').trim()).toBe('1');
  },
  150_000,
);

describe.skipIf(!hasTmux)('with a coordinator', () => {
  let server: RpcServer;
  let paused = 0;
  /** Commands so far: an end on the screen may be that of the one before. */
  let typed = 0;
  const long = summary({ name: '数学测验 of the long evening 👍', tags: ['nightly', 'release'], metadata: {} });
  beforeEach(async () => {
    paused = 0;
    server = await startServer(
      {
        list: async () => ({ items: [long, summary({ evaluationId: idOf('b'), name: 'mmlu', state: 'failed' })], nextToken: '' }),
        pause: async () => {
          paused++;
          return [{ evaluationId: idOf('a'), state: 'paused', changed: true, problem: '' }];
        },
      },
      {
        operator: operatorUseCases({
          async *watchCluster(signal) {
            yield change({ snapshot: true, coordinators: [coordinatorOf()], agents: [agentOf()], routes: [routeStatus()] });
            yield change({ agents: [agentOf({ agentId: 'ag_0000000000000002', name: 'south', samples: 30 })] });
            await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          },
        }),
      },
    );
  });
  afterEach(() => server.stop());

  const open = (columns: number): void => void tmux('new-session', '-d', '-s', 'bars', '-x', String(columns), '-y', '24');
  const type = (command: string): void =>
    void tmux(
      'send-keys',
      '-t',
      'bars',
      `clear; export ASSAY_ADDRESS=${server.address}; alias assay='${process.execPath} ${CLI_MAIN}'; clear`,
      'Enter',
      `${command}; echo "exit $? of ${++typed}"`,
      'Enter',
    );
  const shows = (pattern: RegExp): Promise<unknown> =>
    waitFor(() => pattern.test(screen()), { what: String(pattern), timeoutMs: 40_000, state: screen });
  const ends = (code: number): Promise<unknown> => shows(new RegExp(`(^|\\^C)exit ${code} of ${typed}$`, 'm'));
  const rows = (): string[] =>
    screen()
      .split('\n')
      .filter((line) => /^(id|ev_)/.test(line));

  test('a list fits a narrow window, a row a line, wide characters in line', async () => {
    open(60);
    type('assay list');
    await ends(0);
    expect(rows()).toHaveLength(3);
    for (const line of screen().split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(rows()[1]).toMatch(/^ev_a+… {2}数学测.*… {2}running/);
    tmux('resize-window', '-t', 'bars', '-x', '140', '-y', '24');
    type('assay list');
    await shows(/nightly,release/);
    expect(rows()[1]).toContain(idOf('a'));
  });

  test('colours on a terminal, none with NO_COLOR, none for a pipe', async () => {
    open(120);
    const painted = (): string => tmux('capture-pane', '-p', '-e', '-t', 'bars');
    type('assay list');
    await ends(0);
    expect(painted()).toContain('\u001b[31mfailed');
    type('NO_COLOR=1 assay list; assay list | head -1; TERM=dumb assay list');
    await ends(0);
    expect(painted()).not.toContain('\u001b[31m');
    // Three times the titles, twice the rows.
    expect(rows().filter((line) => line.startsWith('id'))).toHaveLength(3);
    expect(rows()).toHaveLength(7);
  });

  test('a question is asked before several are paused, and no means no', async () => {
    open(100);
    type('assay pause --tag nightly');
    await shows(/Pause 2 evaluations\? \[y\/N\]/);
    tmux('send-keys', '-t', 'bars', 'n', 'Enter');
    await ends(130);
    expect(screen()).toContain('Nothing was done.');
    expect(paused).toBe(0);
    type('assay pause --tag nightly');
    await waitFor(() => !screen().includes('Nothing was done') && screen().includes('[y/N]'), {
      what: 'the question',
      timeoutMs: 40_000,
      state: screen,
    });
    tmux('send-keys', '-t', 'bars', 'y', 'Enter');
    await ends(0);
    expect(screen()).toMatch(/^ev_a+ paused$/m);
    expect(paused).toBe(1);
  });

  test('the cluster is redrawn in place, follows the width, and gives the terminal back', async () => {
    open(100);
    type('assay cluster');
    await shows(/south +ready +30/);
    expect(screen().match(/coordinator +address/g)).toHaveLength(1);
    expect(screen()).toMatch(/1 coordinator {2}2 agents connected {2}42 samples in flight {2}40 open/);
    tmux('resize-window', '-t', 'bars', '-x', '40', '-y', '24');
    // A row a line again.
    await shows(/^name +state.*\nnorth +ready.*\nsouth +ready +30/m);
    tmux('send-keys', '-t', 'bars', 'C-c');
    await ends(130);
    expect(tmux('display-message', '-p', '-t', 'bars', '#{cursor_flag}').trim()).toBe('1');
  });

  test('Tab completes in a real bash', async () => {
    open(100);
    tmux(
      'send-keys',
      '-t',
      'bars',
      `clear; assay() { ${process.execPath} ${CLI_MAIN} "$@"; }; bind 'set bell-style none'; source <(assay completion bash); echo ready`,
      'Enter',
    );
    await shows(/^ready$/m);
    tmux('send-keys', '-t', 'bars', 'clear', 'Enter');
    tmux('send-keys', '-t', 'bars', 'assay compl', 'Tab');
    await shows(/assay completion $|assay completion/);
    tmux('send-keys', '-t', 'bars', 'f', 'Tab');
    await shows(/assay completion fish/);
    expect(screen()).toMatch(/assay completion fish\s*$/);
  });
});
