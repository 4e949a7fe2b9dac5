/** A terminal of a test's own: tmux on a socket in the home of a command line. Skipped where tmux is not installed. */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach } from 'vitest';
import { cliHome, type CliHome } from './cli.ts';
import { waitFor, type WaitOptions } from './wait-for.ts';

export const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
if (!hasTmux) console.warn('tmux is not installed: nothing is tested in a terminal');

/** Each look at the screen starts a process. */
export const waitForScreen = <T>(look: () => T, options: WaitOptions): Promise<NonNullable<T>> =>
  waitFor(look, { everyMs: 100, ...options });

export interface Terminal {
  /** Of the test that runs. */
  cli: CliHome;
  tmux: (...args: string[]) => string;
  /** What the terminal `bars` shows, without the empty rest. */
  screen: () => string;
}

/** A fresh one for each test of the file. */
export function useTerminal(): Terminal {
  let socket: string;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', cwd: terminal.cli.dir, stdio: 'pipe' });
  const terminal: Terminal = { cli: undefined!, tmux, screen: () => tmux('capture-pane', '-p', '-t', 'bars').trimEnd() };
  beforeEach(async () => {
    terminal.cli = await cliHome();
    socket = `${terminal.cli.dir}/tmux`;
  });
  afterEach(async () => {
    try {
      tmux('kill-server');
    } catch {
      // It ends by itself with its last window.
    }
    await terminal.cli.dispose();
  });
  return terminal;
}
