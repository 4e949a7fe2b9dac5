/** `assay validate SPEC`: what submitting it would say, and what running it would take; accepts nothing. */
import type { Command } from 'commander';
import { addAgentOptions, agentPlan, refuseAgentFlags, type AgentFlags } from '../agent-flags.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import type { Fault } from '../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { homeAt, homeDirOf } from '../embedded/home.ts';
import { liveStackAddress } from '../embedded/stack.ts';
import { EXIT } from '../exit.ts';
import { addSettingOption } from '../labels.ts';
import { withCoordinator, withStack, type Reached } from '../reach.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import { validationView } from '../render/validation-view.ts';
import type { Shell } from '../shell.ts';
import { readSpecFile, uploadDatasets, type SpecFile } from '../spec-file.ts';
import type { CommandContext } from './context.ts';

interface ValidateFlags extends EvaluationFlags, AgentFlags {
  set?: string[];
  json?: boolean;
}

export function addValidate(program: Command, context: CommandContext): void {
  const command = program
    .command('validate')
    .summary('check a spec and its datasets; estimate tokens and cost')
    .description(
      'Checks a spec and every line of its datasets as submit would, and runs nothing: all faults with their places, warnings, samples, tokens and cost of each group, and what no connected agent could work on. Datasets that the spec names or brings are stored as by submit, for a day unless an evaluation names them, and count in what bounds the namespace. Exit code 2 if there are faults.',
    )
    .argument('<spec>', 'the spec, YAML or JSON; - reads standard input')
    .option('--json', 'print one JSON document');
  addSettingOption(command);
  addAgentOptions(command);
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay validate gsm8k.yaml
  assay validate gsm8k.yaml --set epochs=4 --json | jq .total.costUsd
  assay validate gsm8k.yaml --address eval.example.org:4510`,
    )
    .action(async (spec: string, flags: ValidateFlags) => context.exitWith(await validate(spec, flags, context)));
}

async function validate(path: string, flags: ValidateFlags, { shell }: CommandContext): Promise<number> {
  const connection = connectionOf(flags, shell.env);
  if (connection) refuseAgentFlags(flags);
  const plan = await agentPlan(flags, shell);
  let file: SpecFile;
  try {
    file = await readSpecFile(path, shell, flags.set);
  } catch (error) {
    return tellFaults(error, flags, shell);
  }
  const work = async ({ client }: Reached): Promise<number> => {
    try {
      const spec = await uploadDatasets(client, file, {
        namespace: flags.namespace ?? DEFAULT_NAMESPACE,
        onUpload: (dataset) => shell.say(`uploading ${dataset}`),
      });
      const validation = await client.validate({ spec, ...(flags.namespace ? { namespace: flags.namespace } : {}) });
      await shell.print(flags.json ? prettyDocument(validation) : validationView(validation, file.name, lookOf(shell)));
      return validation.faults.length > 0 ? EXIT.usage : EXIT.ok;
    } catch (error) {
      return tellFaults(error, flags, shell);
    }
  };
  const home = homeAt(homeDirOf(shell.env));
  const live = connection ?? (await liveStackAddress(home));
  if (live) return withCoordinator(typeof live === 'string' ? { addresses: [live] } : live, shell, work);
  return withStack({ home, shell, command: 'assay validate', agents: [plan] }, work);
}

/** With --json what is wrong is an answer; without it, and for anything but faults, an error as everywhere. */
async function tellFaults(error: unknown, { json }: ValidateFlags, shell: Shell): Promise<number> {
  if (!json || !(error instanceof AppError) || error.code !== 'invalid') throw error;
  const faults: readonly Fault[] = error.faults.length > 0 ? error.faults : [{ place: '', problem: error.message }];
  await shell.print(prettyDocument({ faults, warnings: [], groups: [], routesWithoutAgent: [], specDigest: '' }));
  return EXIT.usage;
}
