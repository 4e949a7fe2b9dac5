/** `assay cluster`: the fleet, live. */
import type { Command } from 'commander';
import type { ClusterChange } from '../../shared/client/types.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { withFleet, type Reached } from '../reach.ts';
import { applyChange, clusterLines, newClusterView } from '../render/cluster-view.ts';
import { document } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import { Screen } from '../render/screen.ts';
import { isoTime } from '../render/time.ts';
import type { Shell } from '../shell.ts';
import type { CommandContext } from './context.ts';

interface ClusterFlags extends ConnectionFlags {
  once?: boolean;
  json?: boolean;
}

const REDRAW_MS = 1000;

export function addCluster(program: Command, context: CommandContext): void {
  const command = program
    .command('cluster')
    .summary('watch coordinators, agents and routes')
    .description(
      'Watches the fleet until Ctrl-C: coordinators, agents, the routes that work waits on, Redis, the store, and the limits of coordinators. On a terminal a picture that is redrawn (limits only where all has room), elsewhere a line for every change.',
    )
    .option('--once', 'print the picture of now and end')
    .option('--json', 'print the changes, one JSON document a line; the first is a snapshot');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay cluster
  assay cluster --once
  assay cluster --json | jq -c '.agents[] | {name, state}'`,
    )
    .action(async (flags: ClusterFlags) => context.exitWith(await cluster(flags, context)));
}

async function cluster(flags: ClusterFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay cluster', async (reached) => {
    if (flags.json) {
      for await (const change of changes(reached)) {
        await shell.print(document(change));
        if (flags.once) break;
      }
    } else if (flags.once) {
      const view = newClusterView();
      for await (const change of changes(reached)) {
        applyChange(view, change);
        break;
      }
      await shell.print(
        clusterLines(view, lookOf(shell), Infinity)
          .map((line) => `${line}\n`)
          .join(''),
      );
    } else if (shell.stdout.isTTY && shell.env['TERM'] !== 'dumb') await drawLive(reached, shell);
    else await printChanges(reached, shell);
    return EXIT.ok;
  });
}

const changes = ({ client }: Reached): AsyncIterable<ClusterChange> => client.watchCluster();

async function printChanges(reached: Reached, shell: Shell): Promise<void> {
  const view = newClusterView();
  for await (const change of changes(reached))
    for (const line of applyChange(view, change)) await shell.print(`${isoTime(change.timeMs)} ${line}\n`);
}

async function drawLive(reached: Reached, shell: Shell): Promise<void> {
  const view = newClusterView();
  const screen = new Screen(shell.stdout);
  let seen = false;
  const draw = (): void => {
    if (!seen || screen.isBehind) return;
    screen.draw(clusterLines(view, { ...lookOf(shell), columns: screen.columns }, screen.rows - 1));
  };
  // Times grow old between changes.
  const redraw = setInterval(draw, REDRAW_MS);
  try {
    for await (const change of changes(reached)) {
      applyChange(view, change);
      seen = true;
      draw();
    }
  } finally {
    clearInterval(redraw);
    screen.close();
  }
}
