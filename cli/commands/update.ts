/** `assay update ID`: changes what may change while an evaluation runs. */
import type { Command } from 'commander';
import type { EvaluationChanges, SampleLimits } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { addDurabilityOption, addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { collect, Faults, pairsOf, wholeOf } from '../flags.ts';
import { withEvaluation } from '../reach.ts';
import { evaluationView } from '../render/evaluation-view.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import type { CommandContext } from './context.ts';

interface UpdateFlags extends EvaluationFlags {
  priority?: string;
  maxSamples?: string;
  limit?: string[];
  tag?: string[];
  meta?: string[];
  keep?: boolean;
  json?: boolean;
}

const LIMITS = ['time', 'working', 'tokens'] as const;

export function addUpdate(program: Command, context: CommandContext): void {
  const command = program
    .command('update')
    .summary('change priority, limits, tags of an evaluation')
    .description(
      'Changes what may change while an evaluation runs; in effect for whatever is handed out afterwards. What is not named stays. --limit, --tag and --meta replace all that was there; given empty (--tag "") they remove it. Of a finished evaluation only tags, metadata and whether it is kept can change.',
    )
    .argument('<evaluation>', EVALUATION)
    .option('--priority <number>', '1 first … 10 last')
    .option('--max-samples <number>', 'samples in flight at the same time; 0: no bound')
    .option('--limit <name=number>', 'bound of one sample: time or working (seconds), tokens; repeatable', collect)
    .option('--tag <tag>', 'a tag; repeatable', collect)
    .option('--meta <name=value>', 'a field of the metadata; repeatable', collect)
    .option('--keep', 'keep it for ever: neither retention nor delete removes it')
    .option('--no-keep', 'keep it no longer than others')
    .option('--json', 'print the evaluation as one JSON document');
  addEvaluationOptions(addDurabilityOption(command))
    .addHelpText(
      'after',
      `
Examples:
  assay update last --priority 1
  assay update last --max-samples 8 --limit time=300 --limit tokens=20000
  assay update ev_abcdef --tag release --tag 2026-11 --meta ci.branch=main --keep`,
    )
    .action(async (typed: string, flags: UpdateFlags) => context.exitWith(await update(typed, flags, context)));
}

async function update(typed: string, flags: UpdateFlags, { shell }: CommandContext): Promise<number> {
  const changes = changesOf(flags);
  return withEvaluation(typed, flags, shell, 'assay update', async ({ client }, evaluationId) => {
    const { spec: _spec, ...evaluation } = await client.update(evaluationId, changes);
    await shell.print(flags.json ? prettyDocument(evaluation) : evaluationView(evaluation, lookOf(shell)));
    return EXIT.ok;
  });
}

/** Throws `invalid` with all faults, also when nothing is to be changed. */
export function changesOf(flags: UpdateFlags): EvaluationChanges {
  const faults = new Faults();
  const priority = flags.priority === undefined ? undefined : wholeOf('--priority', flags.priority, { least: 1, most: 10 }, faults);
  const maxSamples =
    flags.maxSamples === undefined ? undefined : wholeOf('--max-samples', flags.maxSamples, { least: 0, most: 1_000_000 }, faults);
  const limits = flags.limit === undefined ? undefined : sampleLimitsOf(given(flags.limit), faults);
  const metadata = flags.meta === undefined ? undefined : pairsOf('--meta', given(flags.meta), faults);
  faults.throwIfAny();
  const changes = {
    ...(priority === undefined ? {} : { priority }),
    ...(maxSamples === undefined ? {} : { maxSamples }),
    ...(limits === undefined ? {} : { limits }),
    ...(flags.tag === undefined ? {} : { tags: given(flags.tag) }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(flags.keep === undefined ? {} : { keep: flags.keep }),
  };
  if (Object.keys(changes).length === 0)
    throw new AppError(
      'invalid',
      'nothing is to be changed; say what: --priority, --max-samples, --limit, --tag, --meta, --keep or --no-keep',
    );
  return changes;
}

/** An empty one only says that there are none. */
const given = (texts: readonly string[]): string[] => texts.filter((t) => t !== '');

function sampleLimitsOf(texts: readonly string[], faults: Faults): SampleLimits {
  const limits: SampleLimits = {};
  for (const [name, text] of Object.entries(pairsOf('--limit', texts, faults))) {
    const known = LIMITS.find((l) => l === name);
    const value = Number(text);
    if (!known) faults.add('--limit', `'${name}' is no limit; there are ${LIMITS.join(', ')}`);
    else if (text.trim() === '' || !Number.isFinite(value) || value <= 0 || (known === 'tokens' && !Number.isInteger(value)))
      faults.add('--limit', `${name} is '${text}', must be a ${known === 'tokens' ? 'whole number' : 'number of seconds'} above 0`);
    else limits[known] = value;
  }
  return limits;
}
