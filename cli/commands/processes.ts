/** `assay coordinator …` and `assay agent …`: become that process; its own program reads the arguments. */
import type { Command } from 'commander';
import { mainOf, NODE_FLAGS } from '../embedded/programs.ts';

export function addProcesses(program: Command): void {
  add(program, 'coordinator', 'start a coordinator', 'Starts a coordinator. `assay coordinator --help` lists its options.');
  add(program, 'agent', 'start an agent', 'Starts an agent. `assay agent --help` lists its options.');
}

function add(program: Command, name: 'coordinator' | 'agent', summary: string, description: string): void {
  program
    .command(name)
    .summary(summary)
    .description(description)
    .argument('[options...]')
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .action((args: string[]) => become(mainOf(name), args));
}

/** Replaces this process, so that signals, exit code and supervisor all mean the real one. */
function become(main: string, args: readonly string[]): never {
  // Node prints a warning that the call is new; it is nothing that the user could act upon.
  process.removeAllListeners('warning');
  process.execve!(process.execPath, [process.execPath, ...NODE_FLAGS, main, ...args], process.env);
  throw new Error(`${main} could not be started`);
}
