/** `assay pause` and `assay resume`: nothing new is handed out, and goes on again. */
import type { Command } from 'commander';
import { addBulkOptions, runBulk, type BulkFlags } from '../bulk.ts';
import type { CommandContext } from './context.ts';

interface PauseFlags extends BulkFlags {
  reason?: string;
}

export function addPause(program: Command, context: CommandContext): void {
  addBulkOptions(
    program
      .command('pause')
      .summary('hand out nothing more for now')
      .description('Pauses evaluations: nothing new is handed out, what runs may finish and is counted. Prints the state.'),
  )
    .option('--reason <text>', 'why; kept with the evaluation')
    .addHelpText(
      'after',
      `
Examples:
  assay pause last
  assay pause ev_abcdef ev_ghijkl --reason "the endpoint is being repaired"
  assay pause --tag nightly --state running --yes`,
    )
    .action(async (typed: string[], flags: PauseFlags) =>
      context.exitWith(
        await runBulk(typed, flags, context.shell, {
          verb: 'pause',
          states: ['accepted', 'running', 'recovering'],
          call: (client, which) => client.pause(which, flags.reason),
        }),
      ),
    );
}

export function addResume(program: Command, context: CommandContext): void {
  addBulkOptions(
    program.command('resume').summary('go on after a pause').description('Goes on with evaluations that were paused. Prints the state.'),
  )
    .option('--reason <text>', 'why; kept with the evaluation')
    .addHelpText(
      'after',
      `
Examples:
  assay resume last
  assay resume --all --yes`,
    )
    .action(async (typed: string[], flags: PauseFlags) =>
      context.exitWith(
        await runBulk(typed, flags, context.shell, {
          verb: 'resume',
          states: ['paused'],
          call: (client, which) => client.resume(which, flags.reason),
        }),
      ),
    );
}
