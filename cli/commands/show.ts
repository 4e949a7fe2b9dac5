/** `assay show ID`: one evaluation, as it stands. */
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Evaluation, Report } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { withEvaluation } from '../reach.ts';
import { evaluationView } from '../render/evaluation-view.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import type { CommandContext } from './context.ts';

interface ShowFlags extends EvaluationFlags {
  json?: boolean;
  spec?: boolean;
  utc?: boolean;
}

export function addShow(program: Command, context: CommandContext): void {
  const command = program
    .command('show')
    .summary('show how an evaluation stands')
    .description('Shows an evaluation: its state and why, progress and metrics so far of every group, what it waits for, tags and limits.')
    .argument('<evaluation>', EVALUATION)
    .option('--json', 'print one JSON document')
    .option('--spec', 'print its spec as it was accepted, as YAML (with --json as JSON)')
    .option('--utc', 'times in UTC instead of how long ago');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay show last
  assay show ev_abcdef --spec > again.yaml
  assay show last --json | jq .counts`,
    )
    .action(async (typed: string, flags: ShowFlags) => context.exitWith(await show(typed, flags, context)));
}

async function show(typed: string, flags: ShowFlags, { shell }: CommandContext): Promise<number> {
  return withEvaluation(typed, flags, shell, 'assay show', async ({ client }, evaluationId) => {
    const { spec, ...evaluation } = await client.get(evaluationId);
    if (!flags.spec) {
      if (flags.json) await shell.print(prettyDocument(evaluation));
      else await shell.print(evaluationView(evaluation, lookOf(shell, { utc: flags.utc ?? false }), await reportOf(client, evaluation)));
      return EXIT.ok;
    }
    if (!spec) throw new AppError('unimplemented', 'this coordinator does not give specs; it is older than this command');
    // Only this needs it, and it takes a while to load.
    const { stringify } = await import('yaml');
    await shell.print(flags.json ? `${JSON.stringify(spec, null, 2)}\n` : stringify(spec, { lineWidth: 0 }));
    return EXIT.ok;
  });
}

/** The report of one that is over; undefined where there is none (yet). */
async function reportOf(
  client: AssayClient,
  { evaluationId, state }: Pick<Evaluation, 'evaluationId' | 'state'>,
): Promise<Report | undefined> {
  if (!isFinal(state)) return undefined;
  return client.report(evaluationId).catch((error: unknown) => {
    if (['not_found', 'failed_precondition'].includes(AppError.from(error).code)) return undefined;
    throw error;
  });
}
