/** `assay run SPEC`: the whole way, on a fleet or with everything inside. */
import type { Command } from 'commander';
import { addDurabilityOption, addEvaluationOptions, connectionOf, refuseDurability, type EvaluationFlags } from '../connection.ts';
import { homeAt, homeDirOf } from '../embedded/home.ts';
import { addAgentOptions, agentPlan, refuseAgentFlags, type AgentFlags } from '../agent-flags.ts';
import { offerOf } from '../embedded/local-agent.ts';
import { requireServed } from '../embedded/local-models.ts';
import { evaluate, requireMetrics } from '../evaluate.ts';
import { addLabelOptions, labelled, ownerOf, type LabelFlags } from '../labels.ts';
import { withCoordinator, withStack } from '../reach.ts';
import { readSpecFile } from '../spec-file.ts';
import { parseThresholds } from '../thresholds.ts';
import { addThresholdOption, type CommandContext } from './context.ts';

interface RunFlags extends EvaluationFlags, LabelFlags, AgentFlags {
  json?: boolean;
  quiet?: boolean;
  threshold?: string[];
}

export function addRun(program: Command, context: CommandContext): void {
  const command = program
    .command('run')
    .summary('run an evaluation and print its report')
    .description(
      'Runs an evaluation to its end and prints its report. Without an address everything runs inside: a private Redis, a coordinator and an agent, kept in ASSAY_HOME (default ~/.assay). An unfinished evaluation of the same spec and dataset is continued; after a finished one a new one begins. The ± of its progress is the standard error over the units scored so far; that of the report is over samples, whose epochs count as one.',
    )
    .argument('<spec>', 'the spec, YAML or JSON; - reads standard input')
    .option('--json', 'print one JSON document instead of a table')
    .option('-q, --quiet', 'no progress on standard error');
  addThresholdOption(command);
  addLabelOptions(command);
  addAgentOptions(command);
  addDurabilityOption(command);
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay run examples/arithmetic.yaml
  OPENAI_API_KEY=… assay run gsm8k.yaml --threshold accuracy=0.8
  assay run gsm8k.yaml --set epochs=4 --set models[0].model=openai/gpt-x --tag try
  assay run gsm8k.yaml --agent agent.yaml
  assay run judged.yaml --allow-command "grader=python3 grader.py"
  assay run gsm8k.yaml --address eval.example.org:4510 --json > report.json

Exit codes: 0 succeeded, 1 failed, 2 something typed or written is wrong, 3 below a threshold, 4 cancelled, 130 Ctrl-C.`,
    )
    .action(async (spec: string, flags: RunFlags) => context.exitWith(await run(spec, flags, context)));
}

async function run(path: string, flags: RunFlags, { shell }: CommandContext): Promise<number> {
  const thresholds = parseThresholds(flags.threshold ?? []);
  const connection = connectionOf(flags, shell.env);
  if (connection) refuseAgentFlags(flags);
  refuseDurability(flags, connection);
  const plan = await agentPlan(flags, shell);
  const file = await readSpecFile(path, shell, flags.set);
  file.spec = labelled(file.spec, flags);
  requireMetrics(file.name, file.spec, thresholds);
  const common = {
    thresholds,
    json: flags.json ?? false,
    quiet: flags.quiet ?? false,
    owner: ownerOf(flags, shell.env),
    ...(flags.namespace ? { namespace: flags.namespace } : {}),
  };
  if (connection) {
    const at = `--address ${connection.addresses.join(',')}`;
    const resumeHint = `Detached; the evaluation goes on. Watch it:  assay watch {id} ${at}\nEnd it:  assay cancel {id} ${at}`;
    return withCoordinator(connection, shell, (reached) => evaluate(reached, file, shell, { ...common, resumeHint }));
  }
  requireServed(file.name, file.spec, offerOf(plan), flags.agent);
  const home = homeAt(homeDirOf(shell.env));
  const resumeHint = 'Stopped; what is done is kept. The same command goes on where this one stopped.';
  return withStack({ home, shell, command: 'assay run', agents: [plan] }, (reached) =>
    evaluate(reached, file, shell, { ...common, resumeHint }),
  );
}
