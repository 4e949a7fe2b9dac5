/** `assay coordinator …` and `assay agent …`: become that process; its own program reads the arguments. */
import type { Command } from 'commander';
import { AppError } from '../../shared/domain/errors.ts';
import { nearestName } from '../../shared/domain/nearest-name.ts';
import { mainOf, NODE_FLAGS } from '../embedded/programs.ts';
import { plainText } from '../render/text.ts';

export function addCoordinatorProcess(program: Command): Command {
  return add(program, 'coordinator', 'start a coordinator', 'Starts a coordinator. `assay coordinator --help` lists its options.');
}

/** It has subcommands as well, about the agents of a fleet. */
export function addAgentProcess(program: Command): Command {
  return add(
    program,
    'agent',
    'start an agent; join, invite, show, drain, undrain, revoke one of the fleet',
    'Starts an agent. `assay agent --help` lists its options.',
  );
}

function add(program: Command, name: 'coordinator' | 'agent', summary: string, description: string): Command {
  const command = program
    .command(name)
    .summary(summary)
    .description(description)
    .argument('[options...]')
    .allowUnknownOption()
    .passThroughOptions()
    .helpOption(false)
    .helpCommand(false)
    .action((args: string[]) => {
      refuseWord(args[0], command);
      become(mainOf(name), args);
    });
  return command;
}

/** Below `assay agent`: the agent joins the fleet, and works. */
export function addJoin(agent: Command): void {
  agent
    .command('join')
    .summary('join a fleet by a join token, and start')
    .description(
      'Joins the fleet of its settings by a token of `assay agent invite`, and starts the agent. Its key is made here and stays in its spool. One that has joined before just starts, so that this may be the command of a service. The token is read from --join-token-file, ASSAY_JOIN_TOKEN or standard input.',
    )
    .helpOption('-h, --help', 'display help for command')
    .requiredOption('--config <file>', 'the settings of the agent')
    .option('--join-token-file <file>', 'where the join token is')
    .addHelpText('after', '\nExample:\n  assay agent join --config agent.yaml < join.token')
    .action(({ config, joinTokenFile }: { config: string; joinTokenFile?: string }) =>
      become(mainOf('agent'), ['--join', '--config', config, ...(joinTokenFile === undefined ? [] : ['--join-token-file', joinTokenFile])]),
    );
}

/** A process takes options only; a word in their place is a subcommand, mistyped. */
function refuseWord(word: string | undefined, command: Command): void {
  if (word === undefined || word.startsWith('-')) return;
  const known = command.commands.map((sub) => sub.name());
  const near = nearestName(word, known);
  const remedy = near
    ? `did you mean ${near}?`
    : known.length > 0
      ? `there are ${known.join(', ')}; options start it`
      : 'it takes options only';
  throw new AppError('invalid', `unknown command '${plainText(word).slice(0, 80)}' of assay ${command.name()}; ${remedy}`);
}

/** Replaces this process, so that signals, exit code and supervisor all mean the real one. */
function become(main: string, args: readonly string[]): never {
  // Node prints a warning that the call is new; it is nothing that the user could act upon.
  process.removeAllListeners('warning');
  process.execve!(process.execPath, [process.execPath, ...NODE_FLAGS, main, ...args], process.env);
  throw new Error(`${main} could not be started`);
}
