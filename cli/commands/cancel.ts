/** `assay cancel ID…`: ends evaluations; what was counted stays. */
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import type { EvaluationChoice, EvaluationOutcome } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import { addBulkOptions, runBulk, type BulkFlags } from '../bulk.ts';
import { withHint } from '../evaluate.ts';
import type { CommandContext } from './context.ts';

/** How long a stack that we have started only for this is kept until the evaluation is final. */
const END_LIMIT_MS = 60_000;

interface CancelFlags extends BulkFlags {
  reason?: string;
  drain?: boolean;
}

export function addCancel(program: Command, context: CommandContext): void {
  addBulkOptions(
    program
      .command('cancel')
      .summary('end evaluations; what was counted stays')
      .description(
        'Cancels evaluations: nothing more is handed out, running samples are aborted (with --drain they finish and are counted), what was counted stays. A finished evaluation is left as it is. Prints the state.',
      ),
  )
    .option('--drain', 'let finish what runs')
    .option('--reason <text>', 'why; kept with the evaluation')
    .addHelpText(
      'after',
      `
Examples:
  assay cancel last --reason "wrong prompt"
  assay cancel ev_abcdef ev_ghijkl --drain
  assay cancel --tag nightly --state running,paused --yes`,
    )
    .action(async (typed: string[], flags: CancelFlags) =>
      context.exitWith(
        await runBulk(typed, flags, context.shell, {
          verb: 'cancel',
          states: ['accepted', 'running', 'paused', 'finalizing', 'recovering'],
          call: (client, which) =>
            withHint(cancel(client, which, flags), 'Stopped before the coordinator had answered; repeat it to be sure.'),
          settle: async ({ client, signal, stack }, outcome) =>
            stack && !isFinal(outcome.state) ? { ...outcome, state: await endOf(client, outcome.evaluationId, signal) } : outcome,
        }),
      ),
    );
}

async function cancel(client: AssayClient, which: EvaluationChoice, { reason, drain }: CancelFlags): Promise<EvaluationOutcome[]> {
  return client.cancelAll(which, { ...(reason === undefined ? {} : { reason }), mode: drain ? 'drain' : 'abort' });
}

/** The final state of an evaluation that is being cancelled. */
export async function endOf(
  client: AssayClient,
  evaluationId: string,
  signal: AbortSignal,
  limitMs = END_LIMIT_MS,
): Promise<EvaluationState> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    for await (const event of client.watch(evaluationId, { signal: limit })) {
      if (event.kind === 'state' && isFinal(event.state)) return event.state;
      if (event.kind === 'snapshot' && isFinal(event.evaluation.state)) return event.evaluation.state;
    }
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error;
    const kept = 'the cancel is kept, and the next command on this ASSAY_HOME goes on with it';
    throw new AppError('deadline', `${evaluationId} was not final within ${limitMs / 1000} s; ${kept}`);
  }
  return (await client.get(evaluationId)).state;
}
