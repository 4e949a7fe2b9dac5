/** The commands and their options, and how mistakes on the command line are told. */
import { Command, CommanderError } from 'commander';
import { addAgentCommands, addAgents } from './commands/agents.ts';
import { addAudit } from './commands/audit.ts';
import { addCancel } from './commands/cancel.ts';
import { addCluster } from './commands/cluster.ts';
import { addCompare } from './commands/compare.ts';
import { addCompletion } from './commands/completion.ts';
import type { CommandContext } from './commands/context.ts';
import { addDeadLetters } from './commands/dead-letters.ts';
import { addDelete } from './commands/delete.ts';
import { addDemo } from './commands/demo.ts';
import { addDev } from './commands/dev.ts';
import { addGc } from './commands/gc.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import { addExport } from './commands/export.ts';
import { addGate } from './commands/gate.ts';
import { addImport } from './commands/import.ts';
import { addList } from './commands/list.ts';
import { addMembers } from './commands/members.ts';
import { addPause, addResume } from './commands/pause.ts';
import { addAgentProcess, addCoordinatorProcess, addJoin } from './commands/processes.ts';
import { addRecord } from './commands/record.ts';
import { addReport } from './commands/report.ts';
import { addRescore } from './commands/rescore.ts';
import { addRequeue, addSkip } from './commands/requeue.ts';
import { addResults } from './commands/results.ts';
import { addRoutes } from './commands/routes.ts';
import { addRun } from './commands/run.ts';
import { addSample } from './commands/sample.ts';
import { addSamples } from './commands/samples.ts';
import { addSchema } from './commands/schema.ts';
import { addScore } from './commands/score.ts';
import { addShow } from './commands/show.ts';
import { addSubmit } from './commands/submit.ts';
import { addNamespace } from './commands/namespace.ts';
import { addToken } from './commands/token.ts';
import { addTop } from './commands/top.ts';
import { addUpdate } from './commands/update.ts';
import { addRecover, addVerify } from './commands/verify.ts';
import { addValidate } from './commands/validate.ts';
import { addWatch } from './commands/watch.ts';
import { addWhoAmI } from './commands/whoami.ts';
import { addLogs } from './commands/logs.ts';
import { addWhy } from './commands/why.ts';
import { VERSION } from '../shared/domain/version.ts';
import { EXIT } from './exit.ts';
import type { Shell } from './shell.ts';

/** Runs a command line (without node and script); returns the exit code. Throws what a command throws. */
export async function runProgram(args: readonly string[], shell: Shell, beforeCommand: (name: string) => Promise<void>): Promise<number> {
  let code: number = EXIT.ok;
  const program = makeProgram({ shell, exitWith: (c) => (code = c) }).hook('preAction', (_program, command) =>
    beforeCommand(command.name()),
  );
  try {
    await program.parseAsync(helpless(args, program), { from: 'user' });
  } catch (error) {
    // commander has said what is wrong; help and version end here too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
  return code;
}

/** Help about a command that there is not is answered as the command itself would be: with the one that was meant. */
function helpless(args: readonly string[], program: Command): readonly string[] {
  const [first, name] = args;
  const asks = first === 'help' && name !== undefined && !program.commands.some((command) => command.name() === name);
  return asks ? [name] : args;
}

/** In the groups and the order of `assay --help`. */
const GROUPS: readonly (readonly [string, readonly ((program: Command, context: CommandContext) => void)[]])[] = [
  ['Run:', [addRun, addSubmit, addValidate, addWatch]],
  [
    'Look:',
    [addList, addShow, addWhy, addLogs, addSamples, addSample, addResults, addReport, addRecord, addCompare, addGate, addExport, addVerify],
  ],
  ['Control:', [addPause, addResume, addCancel, addRequeue, addSkip, addUpdate, addDeadLetters, addRecover, addDelete]],
  ['Fleet:', [addTop, addCluster, addAgents, addAgent, addRoutes, addEvents, addGc, addCoordinatorProcess, addDev]],
  ['Access:', [addToken, addNamespace, addWhoAmI, addAudit]],
  ['Tools:', [addScore, addRescore, addImport, addSchema, addDoctor, addDemo, addCompletion]],
];

/** The whole program; nothing of it runs yet. */
export function makeProgram(context: CommandContext): Command {
  const program = new Command('assay')
    .description('Runs evaluations of language models across many hosts: every sample executed, counted exactly once, traced.')
    .version(VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for what can be written here)')
    .configureOutput({
      writeOut: (text) => void context.shell.stdout.write(text),
      writeErr: (text) => void context.shell.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'assay: ')),
    })
    .addHelpText(
      'after',
      `
To begin:
  assay demo                               see it work, in a few seconds
  assay run examples/arithmetic.yaml       run an evaluation on this host
  assay run SPEC --address HOST:PORT       run it on a fleet
  assay COMMAND --help                     everything about a command

Environment: ASSAY_ADDRESS, ASSAY_TOKEN, ASSAY_TLS_CA, ASSAY_NAMESPACE; ASSAY_HOME, ASSAY_REDIS_URL; OPENAI_API_KEY,
OPENAI_BASE_URL, ANTHROPIC_API_KEY; OTEL_EXPORTER_OTLP_ENDPOINT …; NO_COLOR, FORCE_COLOR; ASSAY_DEBUG=1 shows stack traces.`,
    );
  const help = program.createCommand('help').argument('[command]').description('explain a command').helpGroup('Tools:');
  program.addHelpCommand(help);
  for (const [heading, adders] of GROUPS) {
    program.commandsGroup(heading);
    for (const add of adders) add(program, context);
  }
  return program;
}

/** Two things are called agent: the process, and the one of the fleet that is looked at. */
function addAgent(program: Command, context: CommandContext): void {
  const agent = addAgentProcess(program);
  addJoin(agent);
  addMembers(agent, context);
  addAgentCommands(agent, context);
}
