/** `assay verify ID` and `assay recover ID`: whether the books balance, and the ledger made anew where they do not. */
import type { Command } from 'commander';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { withEvaluation } from '../reach.ts';
import { booksView, recoveredView } from '../render/books-view.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import { count } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface VerifyFlags extends EvaluationFlags {
  json?: boolean;
  quiet?: boolean;
}

interface RecoverFlags extends EvaluationFlags {
  json?: boolean;
  reason?: string;
}

export function addVerify(program: Command, context: CommandContext): void {
  const command = program
    .command('verify')
    .summary('check that the books of an evaluation balance')
    .description(
      'Recomputes everything from the store and compares it with what is served: the report, its metrics to the last digit, and what Redis has counted. Prints the books, and names every difference. Changes nothing. Of a running evaluation it says what can be said. Results that are written twice are no fault: a coordinator writes one again when it cannot know whether it had been written, and it counts once. Exit code 0: everything balances; 5: it does not; 1: it could not be found out.',
    )
    .argument('<evaluation>', EVALUATION)
    .option('--json', 'print one JSON document')
    .option('--quiet', 'no progress');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay verify last
  assay verify ev_abcdef --json | jq .differences`,
    )
    .action(async (typed: string, flags: VerifyFlags) => context.exitWith(await verify(typed, flags, context)));
}

async function verify(typed: string, flags: VerifyFlags, { shell }: CommandContext): Promise<number> {
  return withEvaluation(typed, flags, shell, 'assay verify', async ({ client }, evaluationId) => {
    const books = await client.verify(evaluationId, {
      onProgress: ({ phase, done, total }) => {
        if (!flags.quiet && done > 0) shell.say(`${phase}: ${count(done)} of ${count(Math.max(done, total))}`);
      },
    });
    await shell.print(flags.json ? prettyDocument(books) : booksView(books, lookOf(shell)));
    return books.balanced ? EXIT.ok : EXIT.differs;
  });
}

export function addRecover(program: Command, context: CommandContext): void {
  const command = program
    .command('recover')
    .summary('make what Redis knows of an evaluation anew from the store')
    .description(
      'Takes the ledger of an evaluation back to what the store says, and waits until that is done. For a ledger that was damaged; losses of Redis are found and repaired without it. What was counted is not run again, what runs at this moment is. Finished, cancelled and paused evaluations stay so.',
    )
    .argument('<evaluation>', EVALUATION)
    .option('--reason <text>', 'why; for the log of the coordinator')
    .option('--json', 'print one JSON document');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay recover last
  assay recover ev_abcdef --reason "somebody deleted keys" && assay verify ev_abcdef`,
    )
    .action(async (typed: string, flags: RecoverFlags) => context.exitWith(await recover(typed, flags, context)));
}

async function recover(typed: string, flags: RecoverFlags, { shell }: CommandContext): Promise<number> {
  return withEvaluation(typed, flags, shell, 'assay recover', async ({ client }, evaluationId) => {
    const recovered = await client.recover(evaluationId, flags.reason);
    await shell.print(flags.json ? prettyDocument(recovered) : recoveredView(recovered));
    return EXIT.ok;
  });
}
