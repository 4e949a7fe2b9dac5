/** Ctrl-C in a real terminal. */
import { expect, test } from 'vitest';
import { CLI_MAIN, sumsSpec } from '../support/cli.ts';
import { hasTmux, useTerminal, waitForScreen as waitFor } from '../support/terminal.ts';

const terminal = useTerminal();
const { tmux, screen } = terminal;

test.skipIf(!hasTmux)(
  'Ctrl-C in a terminal reaches only the command, which stops the rest in order',
  async () => {
    const spec = await sumsSpec(terminal.cli, { samples: 300, mock: { latency_ms: 500 } });
    tmux('new-session', '-d', '-s', 'bars', '-x', '110', '-y', '30');
    tmux(
      'send-keys',
      '-t',
      'bars',
      `ASSAY_HOME=${terminal.cli.home.dir} ${process.execPath} ${CLI_MAIN} run ${spec}; echo "exit $?"`,
      'Enter',
    );
    await waitFor(() => /mock\/one +[█▏▎▍▌▋▊▉]/.test(screen()), { what: 'bars', timeoutMs: 50_000, state: screen });
    tmux('send-keys', '-t', 'bars', 'C-c');
    await waitFor(() => screen().includes('exit 130'), { what: 'the end', timeoutMs: 40_000, state: screen });
    expect(screen()).toContain('The same command goes on where this one stopped.');
    expect(await terminal.cli.living()).toEqual([]);

    tmux(
      'send-keys',
      '-t',
      'bars',
      `clear; ASSAY_HOME=${terminal.cli.home.dir} ${process.execPath} ${CLI_MAIN} run ${spec}; echo "exit $?"`,
      'Enter',
    );
    await waitFor(() => /going on with ev_\w+: [1-9]\d* of 300 units are done/.test(screen()), {
      what: 'the same evaluation',
      timeoutMs: 50_000,
      state: screen,
    });
    tmux('send-keys', '-t', 'bars', 'C-c');
    await waitFor(() => screen().includes('exit 130'), { what: 'the end', timeoutMs: 40_000, state: screen });
  },
  180_000,
);
