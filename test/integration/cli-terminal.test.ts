/** The live bars in a real terminal. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CLI_MAIN, cliHome, sumsSpec, type CliHome } from '../support/cli.ts';
import { waitFor } from '../support/wait-for.ts';

const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasTmux) console.warn('tmux is not installed: the live bars are not tested in a terminal');

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
  'bars are drawn in place, follow the width, and leave a report behind',
  async () => {
    const spec = await sumsSpec(cli, { samples: 150, models: ['mock/first', 'mock/second'], mock: { latency_ms: 400, accuracy: 0.5 } });
    tmux('new-session', '-d', '-s', 'bars', '-x', '110', '-y', '30');
    tmux('send-keys', '-t', 'bars', `ASSAY_HOME=${cli.home.dir} ${process.execPath} ${CLI_MAIN} run ${spec}; echo "exit $?"`, 'Enter');

    await waitFor(() => /mock\/first +[█▏▎▍▌▋▊▉]+·+ +[1-9]\d*\/150 +accuracy 0\.\d{3} ± 0\.\d{3}/.test(screen()), {
      what: 'a bar with a running accuracy',
      timeoutMs: 50_000,
      state: screen,
    });
    const wide = screen();
    expect(wide).toMatch(/sums running +\d+\/300 .*in flight \d+ +agents 1/);
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
  },
  120_000,
);
