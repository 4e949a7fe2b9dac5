/** What commands share: their place in the program, and options that several of them have. */
import type { Command } from 'commander';
import type { Shell } from '../shell.ts';

export interface CommandContext {
  shell: Shell;
  /** Called once by every command that ends without an error. */
  exitWith(code: number): void;
}

/** Collects an option that may be given several times. */
export const collect = (value: string, before: string[] = []): string[] => [...before, value];

export function addThresholdOption(command: Command): Command {
  return command.option('--threshold <metric=number>', 'what every row of the report must reach, else exit code 3; repeatable', collect);
}
