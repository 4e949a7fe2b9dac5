/** `assay routes [pause|resume ROUTE]`: what the work needs, and whether somebody offers it. */
import { Option, type Command } from 'commander';
import type { RouteStatus } from '../../shared/client/types.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { pagesOf } from '../pages.ts';
import { withFleet } from '../reach.ts';
import { routeColumns, routeState } from '../render/fleet-columns.ts';
import { document } from '../render/json.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface RoutesFlags extends ConnectionFlags {
  withoutAgent?: boolean;
  output: OutputName;
  json?: boolean;
}

interface SwitchFlags extends ConnectionFlags {
  reason?: string;
  json?: boolean;
}

const MOST_ROUTES = 100_000;

export function addRoutes(program: Command, context: CommandContext): void {
  const command = program
    .command('routes')
    .summary('list what the work waits for')
    .description(
      'Lists the routes of unfinished evaluations, and paused ones: open samples, agents that fit, how long the oldest task waits; where no agent fits, why.',
    )
    .option('--without-agent', 'only those that no connected agent serves')
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay routes
  assay routes --without-agent -o wide
  assay routes pause "model=openai/gpt-x"`,
    )
    .action(async (flags: RoutesFlags) => context.exitWith(await routes(flags, context)));

  for (const [word, undo, summary, description] of [
    [
      'pause',
      false,
      'hand out nothing more of a route',
      'Hands out nothing more of a route. What runs may finish and is counted. It holds until `resume`, over restarts of everything.',
    ],
    ['resume', true, 'go on with a paused route', 'Goes on with a route that was paused.'],
  ] as const) {
    const sub = command
      .command(word)
      .summary(summary)
      .description(description)
      .argument('<route>', 'its id, or its requirement in words: model=openai/gpt-x');
    if (!undo) sub.option('--reason <text>', 'why; kept and shown');
    addConnectionOptions(sub.option('--json', 'print the route as one JSON document'))
      .addHelpText('after', `\nExample:\n  assay routes ${word} "model=openai/gpt-x"${undo ? '' : ' --reason "out of quota"'}`)
      // What was typed before the subcommand's name belongs to the list; the environment is read by both.
      .action(async (route: string, flags: SwitchFlags) => context.exitWith(await pauseRoute(route, undo, flags, context)));
  }
}

async function routes(flags: RoutesFlags, { shell }: CommandContext): Promise<number> {
  const output = flags.json ? 'json' : flags.output;
  return withFleet(connectionOf(flags, shell.env), shell, 'assay routes', async ({ client }) => {
    const filter = flags.withoutAgent ? { withoutAgent: true } : {};
    await printList<RouteStatus>(
      shell,
      pagesOf((page) => client.routes(filter, page), MOST_ROUTES),
      {
        output,
        look: lookOf(shell),
        columns: () => routeColumns(output === 'wide'),
        nameOf: (route) => route.route,
        none: 'no routes: no unfinished evaluation waits for anything',
      },
    );
    return EXIT.ok;
  });
}

async function pauseRoute(route: string, undo: boolean, flags: SwitchFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, `assay routes ${undo ? 'resume' : 'pause'}`, async ({ client }) => {
    const found = await client.pauseRoute(route, { undo, ...(flags.reason === undefined ? {} : { reason: flags.reason }) });
    await shell.print(flags.json ? document(found) : `${plainText(found.requirement)} ${routeState(found)}\n`);
    return EXIT.ok;
  });
}
