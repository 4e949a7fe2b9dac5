/** `assay why EVAL|TASK|ROUTE`: what keeps it from running, or from running faster. */
import type { Command } from 'commander';
import { parseTaskId } from '../../shared/domain/ids.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { withEvaluation, withEvaluations, withFleet, type Reached } from '../reach.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import { whyRouteView } from '../render/why-route-view.ts';
import { whyView } from '../render/why-view.ts';
import type { WhySubject } from '../../shared/client/why.ts';
import type { CommandContext } from './context.ts';

interface WhyFlags extends EvaluationFlags {
  history?: boolean;
  json?: boolean;
  utc?: boolean;
}

const ROUTE_ID = /^r_[A-Za-z0-9]+$/;
/** Evaluations and tasks have no such name. */
const isRoute = (typed: string): boolean => ROUTE_ID.test(typed) || typed.includes('=');

export function addWhy(program: Command, context: CommandContext): void {
  const command = program
    .command('why')
    .summary('say why an evaluation or a route does not run, or not faster')
    .description(
      'Says why an evaluation, one task of it, or the work of a route does not run, or not faster. The first reason is the one that counts; each says what it concerns, since when, and what would change it. --history says what the first one was before. The same reasons as words for programs: --json.',
    )
    .argument('<evaluation|task|route>', `${EVALUATION}; or a task's id: an evaluation's, -, a number; or a route's id or requirement`)
    .option('--history', 'also what the first reason was before, and for how long')
    .option('--json', 'print one JSON document')
    .option('--utc', 'times in UTC instead of how long ago');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay why last
  assay why last --history --utc
  assay why ev_abcdefghijklmnopqrstuvwxyz-17
  assay why "model=openai/gpt-x zone=eu"
  assay why last --json | jq -r '.reasons[0].code'`,
    )
    .action(async (typed: string, flags: WhyFlags) => context.exitWith(await why(typed, flags, context)));
}

async function why(typed: string, flags: WhyFlags, { shell }: CommandContext): Promise<number> {
  const { history = false } = flags;
  const look = lookOf(shell, { utc: flags.utc ?? false });
  const connection = connectionOf(flags, shell.env);
  if (isRoute(typed))
    return withFleet(connection, shell, 'assay why ROUTE', async ({ client }) => {
      const answer = await client.whyRoute(typed, { history });
      await shell.print(flags.json ? prettyDocument(answer) : whyRouteView(answer, look));
      return EXIT.ok;
    });
  const tell = async ({ client }: Reached, subject: WhySubject): Promise<number> => {
    const answer = await client.why(subject, { history });
    await shell.print(flags.json ? prettyDocument(answer) : whyView(answer, look));
    return EXIT.ok;
  };
  if (parseTaskId(typed)) return withEvaluations(connection, shell, 'assay why', (reached) => tell(reached, { taskId: typed }));
  return withEvaluation(typed, flags, shell, 'assay why', (reached, evaluationId) => tell(reached, { evaluationId }));
}
