/** Ctrl-C in a real terminal. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLI_MAIN, cliHome, sumsSpec, type CliHome } from '../support/cli.ts';
import { waitFor as waitForFact, type WaitOptions } from '../support/wait-for.ts';

const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasTmux) console.warn('tmux is not installed: the live bars are not tested in a terminal');

/** Each look at the screen starts a process. */
const waitFor = <T>(look: () => T, options: WaitOptions): Promise<NonNullable<T>> => waitForFact(look, { everyMs: 100, ...options });

let cli: CliHome;
let socket: string;
const tmux = (...args: string[]): string =>
  execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', cwd: cli.dir });
/** What the terminal shows, without the empty rest. */
const screen = (): string => tmux('capture-pane', '-p', '-t', 'bars').trimEnd();

beforeEach(async () => {
  cli = await cliHome();
  socket = `${cli.dir}/tmux`;
});
afterEach(async () => {
  try {
    tmux('kill-server');
  } catch {
    // It ends by itself with its last window.
  }
  await cli.dispose();
});

test.skipIf(!hasTmux)(
  'Ctrl-C in a terminal reaches only the command, which stops the rest in order',
  async () => {
    const spec = await sumsSpec(cli, { samples: 300, mock: { latency_ms: 500 } });
    tmux('new-session', '-d', '-s', 'bars', '-x', '110', '-y', '30');
    tmux('send-keys', '-t', 'bars', `ASSAY_HOME=${cli.home.dir} ${process.execPath} ${CLI_MAIN} run ${spec}; echo "exit $?"`, 'Enter');
    await waitFor(() => /mock\/one +[█▏▎▍▌▋▊▉]/.test(screen()), { what: 'bars', timeoutMs: 50_000, state: screen });
    tmux('send-keys', '-t', 'bars', 'C-c');
    await waitFor(() => screen().includes('exit 130'), { what: 'the end', timeoutMs: 40_000, state: screen });
    expect(screen()).toContain('The same command goes on where this one stopped.');
    expect(await cli.living()).toEqual([]);

    tmux(
      'send-keys',
      '-t',
      'bars',
      `clear; ASSAY_HOME=${cli.home.dir} ${process.execPath} ${CLI_MAIN} run ${spec}; echo "exit $?"`,
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
