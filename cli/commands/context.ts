/** What commands share: their place in the program, and options that several of them have. */
import type { Command } from 'commander';
import { collect } from '../flags.ts';
import type { Shell } from '../shell.ts';

export interface CommandContext {
  shell: Shell;
  /** Called once by every command that ends without an error. */
  exitWith(code: number): void;
}

export function addThresholdOption(command: Command): Command {
  return command.option('--threshold <metric=number>', 'what every row of the report must reach, else exit code 3; repeatable', collect);
}
