/** The commands and their options, and how mistakes on the command line are told. */
import { Command, CommanderError } from 'commander';
import { addCancel } from './commands/cancel.ts';
import type { CommandContext } from './commands/context.ts';
import { addDemo } from './commands/demo.ts';
import { addDev } from './commands/dev.ts';
import { addProcesses } from './commands/processes.ts';
import { addReport } from './commands/report.ts';
import { addResults } from './commands/results.ts';
import { addRun } from './commands/run.ts';
import { addSubmit } from './commands/submit.ts';
import { addWatch } from './commands/watch.ts';
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
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    // commander has said what is wrong; help and version end here too, with code 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
  return code;
}

function makeProgram(context: CommandContext): Command {
  const program = new Command('assay')
    .description('Runs evaluations of language models across many hosts: every sample executed, counted exactly once, traced.')
    .version(VERSION)
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('(add --help for what can be written here)')
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'assay: ')) })
    .addHelpText(
      'after',
      `
To begin:
  assay demo                               see it work, in a few seconds
  assay run examples/arithmetic.yaml       run an evaluation on this host
  assay run SPEC --address HOST:PORT       run it on a fleet

Environment: ASSAY_ADDRESS, ASSAY_TOKEN, ASSAY_TLS_CA, ASSAY_NAMESPACE; ASSAY_HOME, ASSAY_REDIS_URL; OPENAI_API_KEY,
OPENAI_BASE_URL, ANTHROPIC_API_KEY; OTEL_EXPORTER_OTLP_ENDPOINT …; NO_COLOR; ASSAY_DEBUG=1 shows stack traces.`,
    );
  addRun(program, context);
  addSubmit(program, context);
  addWatch(program, context);
  addResults(program, context);
  addReport(program, context);
  addCancel(program, context);
  addProcesses(program);
  addDev(program, context);
  addDemo(program, context);
  return program;
}
