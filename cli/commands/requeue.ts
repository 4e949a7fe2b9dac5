/** `assay requeue ID` and `assay skip ID`: samples run once more, or not at all. */
import type { Command } from 'commander';
import { AppError } from '../../shared/domain/errors.ts';
import { addDurabilityOption, addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { addSampleFilter, sampleFilterOf, type SampleFilterFlags } from '../filters.ts';
import { Faults } from '../flags.ts';
import { withEvaluation } from '../reach.ts';
import { plainText, plural } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface RequeueFlags extends EvaluationFlags, SampleFilterFlags {
  reason?: string;
  json?: boolean;
}

/** What may be run once more; a scored one never is. */
const STATES = ['errored', 'dead', 'cancelled', 'unscored'] as const;

export function addRequeue(program: Command, context: CommandContext): void {
  const command = program
    .command('requeue')
    .summary('run errored samples once more')
    .description(
      'Opens closed samples again and runs them anew: errored and dead ones, unless --state names others. A finished evaluation runs again, and gets a new report. Scored samples are never run again. Prints how many they are.',
    )
    .argument('<evaluation>', EVALUATION);
  addSampleFilter(command, { results: false, states: STATES })
    .option('--reason <text>', 'why; kept with the evaluation')
    .option('--json', 'print one JSON document');
  addEvaluationOptions(addDurabilityOption(command))
    .addHelpText(
      'after',
      `
Examples:
  assay requeue last
  assay requeue last --class rate_limit
  assay requeue ev_abcdef --id q-17 --id q-18 --state errored,unscored`,
    )
    .action(async (typed: string, flags: RequeueFlags) => context.exitWith(await requeue(typed, flags, context)));
}

async function requeue(typed: string, flags: RequeueFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const filter = sampleFilterOf(flags, faults, STATES);
  faults.throwIfAny();
  return withEvaluation(typed, flags, shell, 'assay requeue', async ({ client, stack }, evaluationId) => {
    const { requeued, state, durability } = await client.requeue(evaluationId, filter, flags.reason);
    await shell.print(flags.json ? `${JSON.stringify({ evaluationId, requeued, state, durability })}\n` : `${requeued}\n`);
    if (requeued === 0) shell.say(none(evaluationId, flags, state));
    else {
      const next = stack ? 'assay run SPEC goes on with it' : `assay watch ${evaluationId}`;
      shell.say(`${plural(requeued, 'sample')} will be run once more: ${next}`);
    }
    return EXIT.ok;
  });
}

function none(evaluationId: string, { state: asked, ...flags }: RequeueFlags, state: string): string {
  const states = plainText((asked ?? ['errored', 'dead']).flatMap((text) => text.split(',')).join(' or '));
  const isNarrow = NARROWING.some((flag) => flags[flag] !== undefined);
  return `nothing is requeued: no sample${isNarrow ? ' that you chose' : ''} is ${states}; ${evaluationId} is ${state}`;
}

const NARROWING = ['benchmark', 'model', 'id', 'unit', 'epoch', 'stage', 'class'] as const;

export function addSkip(program: Command, context: CommandContext): void {
  const command = program
    .command('skip')
    .summary('close open samples without running them')
    .description(
      'Closes open samples as cancelled without running them. One that runs already may finish, but is not counted. Prints how many they are.',
    )
    .argument('<evaluation>', EVALUATION);
  addSampleFilter(command, { results: false, states: [] })
    .option('--reason <text>', 'why; kept with the evaluation')
    .option('--json', 'print one JSON document');
  addEvaluationOptions(addDurabilityOption(command))
    .addHelpText(
      'after',
      `
Examples:
  assay skip last --id q-17
  assay skip ev_abcdef --benchmark gsm8k --model openai/gpt-x`,
    )
    .action(async (typed: string, flags: RequeueFlags) => context.exitWith(await skip(typed, flags, context)));
}

async function skip(typed: string, flags: RequeueFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const filter = sampleFilterOf(flags, faults, []);
  faults.throwIfAny();
  if (Object.keys(filter).length === 0)
    throw new AppError('invalid', 'which samples? Say it by --id, --unit, --benchmark, --model or --epoch; all of them: assay cancel');
  return withEvaluation(typed, flags, shell, 'assay skip', async ({ client }, evaluationId) => {
    const { skipped, state, durability } = await client.skip(evaluationId, filter, flags.reason);
    await shell.print(flags.json ? `${JSON.stringify({ evaluationId, skipped, state, durability })}\n` : `${skipped}\n`);
    if (skipped === 0) shell.say(`nothing is skipped: no sample that fits is open; ${evaluationId} is ${state}`);
    return EXIT.ok;
  });
}
