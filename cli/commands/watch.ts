/** `assay watch ID`: follows an evaluation to its end, from its beginning or from a cursor. */
import type { Command } from 'commander';
import { AppError } from '../../shared/domain/errors.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { followAndReport } from '../evaluate.ts';
import { exitCodeOfState } from '../exit.ts';
import { withEvaluation, type Reached } from '../reach.ts';
import type { Shell } from '../shell.ts';
import { parseThresholds } from '../thresholds.ts';
import { addThresholdOption, type CommandContext } from './context.ts';

interface WatchFlags extends EvaluationFlags {
  cursor?: string;
  json?: boolean;
  threshold?: string[];
}

export function addWatch(program: Command, context: CommandContext): void {
  const command = program
    .command('watch')
    .summary('follow an evaluation to its end')
    .description(
      'Follows an evaluation to its end and prints its report. The ± of the progress is the standard error over the units scored so far; that of the report is over samples, whose epochs count as one. With --json: one event a line, each with the cursor from which a later watch goes on, on any coordinator, without a gap or a repetition.',
    )
    .argument('<evaluation>', EVALUATION)
    .option('--cursor <cursor>', 'go on after this event')
    .option('--json', 'print the events, one JSON document a line, and no report');
  addThresholdOption(command);
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay watch last
  assay watch ev_abcdef --json | tee events.jsonl
  assay watch ev_abcdef --json --cursor "$(tail -1 events.jsonl | jq -r .cursor)"`,
    )
    .action(async (id: string, flags: WatchFlags) => context.exitWith(await watch(id, flags, context)));
}

async function watch(id: string, flags: WatchFlags, { shell }: CommandContext): Promise<number> {
  const thresholds = parseThresholds(flags.threshold ?? []);
  if (flags.json && thresholds.length > 0)
    throw new AppError('invalid', '--threshold is for the report; watch --json prints events. Leave one of them out');
  return withEvaluation(id, flags, shell, 'assay watch', async (reached, evaluationId) => {
    if (reached.stack) await requireFinal(reached, evaluationId);
    const cursor = flags.cursor ? { cursor: flags.cursor } : {};
    if (flags.json) return exitCodeOfState(await printEvents(reached, evaluationId, shell, cursor));
    return followAndReport(reached, evaluationId, shell, {
      thresholds,
      resumeHint: 'Stopped watching; the evaluation goes on.',
      ...cursor,
    });
  });
}

/** With a stack of our own and no agent in it, an unfinished evaluation would be watched for ever. */
async function requireFinal({ client }: Reached, evaluationId: string): Promise<void> {
  const { state } = await client.get(evaluationId);
  if (!isFinal(state))
    throw new AppError('failed_precondition', `${evaluationId} is ${state}, and nothing works on it now. Go on with it: assay run SPEC`);
}

async function printEvents(
  { client }: Reached,
  evaluationId: string,
  shell: Shell,
  options: { cursor?: string },
): Promise<EvaluationState> {
  let state: EvaluationState | undefined;
  for await (const event of client.watch(evaluationId, options)) {
    if (event.kind === 'state') state = event.state;
    if (event.kind === 'snapshot') state = event.evaluation.state;
    await shell.print(`${JSON.stringify(event)}\n`);
  }
  return state ?? (await client.get(evaluationId)).state;
}
