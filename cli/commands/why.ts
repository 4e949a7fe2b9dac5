/** `assay why EVAL|TASK`: what keeps it from running, or from running faster. */
import type { Command } from 'commander';
import { parseTaskId } from '../../shared/domain/ids.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { withEvaluation, withEvaluations, type Reached } from '../reach.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import { whyView } from '../render/why-view.ts';
import type { WhySubject } from '../../shared/client/why.ts';
import type { CommandContext } from './context.ts';

interface WhyFlags extends EvaluationFlags {
  json?: boolean;
  utc?: boolean;
}

export function addWhy(program: Command, context: CommandContext): void {
  const command = program
    .command('why')
    .summary('say why an evaluation does not run, or not faster')
    .description(
      'Says why an evaluation, or one task of it, does not run, or not faster. The first reason is the one that counts; each says what it concerns, since when, and what would change it. The same reasons as words for programs: --json.',
    )
    .argument('<evaluation|task>', `${EVALUATION}; or a task's id: an evaluation's, -, a number`)
    .option('--json', 'print one JSON document')
    .option('--utc', 'times in UTC instead of how long ago');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay why last
  assay why ev_abcdefghijklmnopqrstuvwxyz-17
  assay why last --json | jq -r '.reasons[0].code'`,
    )
    .action(async (typed: string, flags: WhyFlags) => context.exitWith(await why(typed, flags, context)));
}

async function why(typed: string, flags: WhyFlags, { shell }: CommandContext): Promise<number> {
  const tell = async ({ client }: Reached, subject: WhySubject): Promise<number> => {
    const answer = await client.why(subject);
    await shell.print(flags.json ? prettyDocument(answer) : whyView(answer, lookOf(shell, { utc: flags.utc ?? false })));
    return EXIT.ok;
  };
  if (parseTaskId(typed))
    return withEvaluations(connectionOf(flags, shell.env), shell, 'assay why', (reached) => tell(reached, { taskId: typed }));
  return withEvaluation(typed, flags, shell, 'assay why', (reached, evaluationId) => tell(reached, { evaluationId }));
}
