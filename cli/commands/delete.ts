/** `assay delete`: removes final evaluations for good. */
import type { Command } from 'commander';
import { addBulkOptions, runBulk, type BulkFlags } from '../bulk.ts';
import type { CommandContext } from './context.ts';

export function addDelete(program: Command, context: CommandContext): void {
  addBulkOptions(
    program
      .command('delete')
      .summary('remove finished evaluations for good')
      .description(
        'Removes evaluations that are final, with their results and reports, for good. It asks before; where nobody can answer it wants --yes.',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  assay delete ev_abcdef
  assay delete --state failed,cancelled --until 30d --yes`,
    )
    .action(async (typed: string[], flags: BulkFlags) =>
      context.exitWith(
        await runBulk(typed, flags, context.shell, {
          verb: 'delete',
          states: ['succeeded', 'failed', 'cancelled'],
          forGood: true,
          done: 'deleted',
          call: (client, which) => client.delete(which),
        }),
      ),
    );
}
