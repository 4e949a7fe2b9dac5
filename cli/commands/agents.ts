/** `assay agents` and `assay agent show|drain|undrain`: who works in the fleet. */
import { Option, type Command } from 'commander';
import { agentState } from '../../shared/domain/agent-words.ts';
import type { AgentFilter } from '../../shared/client/client.ts';
import { AGENT_STATES, type Agent } from '../../shared/client/types.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { collect, Faults, pairsOf, wordsOf } from '../flags.ts';
import { pagesOf } from '../pages.ts';
import { withFleet } from '../reach.ts';
import { agentView } from '../render/agent-view.ts';
import { agentColumns } from '../render/fleet-columns.ts';
import { document, prettyDocument } from '../render/json.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface AgentsFlags extends ConnectionFlags {
  state?: string[];
  model?: string;
  label?: string[];
  output: OutputName;
  json?: boolean;
  utc?: boolean;
}

/** Far more than there are. */
const MOST_AGENTS = 100_000;

export function addAgents(program: Command, context: CommandContext): void {
  const command = program
    .command('agents')
    .summary('list the agents of the fleet')
    .description('Lists the agents that are connected to any coordinator, and those that were within the last day, by name.')
    .option('--state <state>', `only in this state (${AGENT_STATES.join(', ')}); several by commas`, collect)
    .option('--model <name>', 'only those that could serve this model')
    .option('--label <name=value>', 'only those that bear this label; repeatable', collect)
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay agents
  assay agents --state ready --model openai/gpt-x
  assay agents -o wide`,
    )
    .action(async (flags: AgentsFlags) => context.exitWith(await agents(flags, context)));
}

async function agents(flags: AgentsFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const states = wordsOf('--state', flags.state ?? [], AGENT_STATES, faults);
  const labels = pairsOf('--label', flags.label ?? [], faults);
  faults.throwIfAny();
  const filter: AgentFilter = {
    ...(states.length > 0 ? { states } : {}),
    ...(flags.model ? { model: flags.model } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
  };
  const output = flags.json ? 'json' : flags.output;
  return withFleet(connectionOf(flags, shell.env), shell, 'assay agents', async ({ client }) => {
    await printList<Agent>(
      shell,
      pagesOf((page) => client.agents(filter, page), MOST_AGENTS),
      {
        output,
        look: lookOf(shell, { utc: flags.utc ?? false }),
        columns: (look) => agentColumns(look, output === 'wide'),
        nameOf: (agent) => agent.agentId,
        none: 'no agents',
      },
    );
    return EXIT.ok;
  });
}

interface AgentFlags extends ConnectionFlags {
  reason?: string;
  json?: boolean;
  utc?: boolean;
}

const AGENT = 'its id, or its name';
/** `assay agent` itself has none: its help is that of the process. */
const HELP = 'display help for command';

/** Below `assay agent`, which else becomes an agent itself. */
export function addAgentCommands(agent: Command, context: CommandContext): void {
  const show = agent
    .command('show')
    .helpOption('-h, --help', HELP)
    .summary('show one agent')
    .description('Shows one agent with its models, and the attempts that it holds.')
    .argument('<agent>', AGENT)
    .option('--json', 'print one JSON document')
    .option('--utc', 'times in UTC instead of how long ago');
  addConnectionOptions(show)
    .addHelpText('after', '\nExample:\n  assay agent show north')
    .action(async (name: string, flags: AgentFlags) => context.exitWith(await showAgent(name, flags, context)));

  for (const [word, undo, summary, description] of [
    [
      'drain',
      false,
      'give an agent no more work',
      'Gives an agent no more work. What it holds it finishes; it stays connected. It holds until `undrain`, over restarts of everything.',
    ],
    [
      'undrain',
      true,
      'give a drained or quarantined agent work again',
      'Gives an agent work again that was drained, or was quarantined for what it had sent.',
    ],
  ] as const) {
    const command = agent.command(word).helpOption('-h, --help', HELP).summary(summary).description(description).argument('<agent>', AGENT);
    if (!undo) command.option('--reason <text>', 'why; kept and shown');
    addConnectionOptions(command.option('--json', 'print the agent as one JSON document'))
      .addHelpText('after', `\nExample:\n  assay agent ${word} north${undo ? '' : ' --reason "GPU is replaced"'}`)
      .action(async (name: string, flags: AgentFlags) => context.exitWith(await drainAgent(name, undo, flags, context)));
  }
}

async function showAgent(name: string, flags: AgentFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay agent show', async ({ client }) => {
    const found = await client.agent(name);
    const text = flags.json
      ? prettyDocument({ ...found.agent, held: found.attempts })
      : agentView(found.agent, found.attempts, lookOf(shell, { utc: flags.utc ?? false }));
    await shell.print(text);
    return EXIT.ok;
  });
}

async function drainAgent(name: string, undo: boolean, flags: AgentFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, `assay agent ${undo ? 'undrain' : 'drain'}`, async ({ client }) => {
    const agent = await client.drainAgent(name, { undo, ...(flags.reason === undefined ? {} : { reason: flags.reason }) });
    await shell.print(flags.json ? document(agent) : `${plainText(agent.name)} ${agentState(agent)}\n`);
    return EXIT.ok;
  });
}
