/** `assay whoami`: whose the token is, and what it may do. */
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import type { NamespaceInfo, WhoAmI } from '../../shared/client/identity-types.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { withFleet } from '../reach.ts';
import { document } from '../render/json.ts';
import { namespaceView } from '../render/namespace-view.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

/** Namespaces whose bounds are shown. */
const MOST_SHOWN = 10;

interface WhoAmIFlags extends ConnectionFlags {
  json?: boolean;
}

export function addWhoAmI(program: Command, context: CommandContext): void {
  const command = program
    .command('whoami')
    .summary('say whose the token is')
    .description(
      'Says whose the token is, as the coordinator sees it: what it may do, where, until when, and what is left in its namespaces.',
    )
    .option('--json', 'print one JSON document');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  assay whoami --token-file token')
    .action(async (flags: WhoAmIFlags) => context.exitWith(await whoAmI(flags, context)));
}

async function whoAmI(flags: WhoAmIFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay whoami', async ({ client }) => {
    const who = await client.whoAmI();
    const own = await boundsOf(client, who);
    await shell.print(flags.json ? document({ ...who, bounds: own }) : [inWords(who), ...own.map(namespaceView)].join('\n'));
    return EXIT.ok;
  });
}

/** Of the namespaces that are named: those with bounds of their own. A coordinator of before knows of none. */
async function boundsOf(client: AssayClient, { namespaces }: WhoAmI): Promise<NamespaceInfo[]> {
  const named = namespaces === '*' ? [] : namespaces.slice(0, MOST_SHOWN);
  const found: NamespaceInfo[] = [];
  for (const name of named) {
    const info = await client.namespace(name).catch(() => undefined);
    if (info && Object.keys(info.limits).length > 0) found.push(info);
  }
  return found;
}

function inWords({ name, kind, scopes, namespaces, tokenId, origin, expiresAtMs = 0, pools = [], labels = {} }: WhoAmI): string {
  const lines = [
    ['name', name],
    ['known by', [kind, tokenId ?? origin].filter(Boolean).join(' ')],
    ['may', scopes.join(', ') || 'nothing'],
    ['in', describeNamespaces(namespaces)],
    ...(pools.length > 0 ? [['pools', pools.join(',')]] : []),
    ...(Object.keys(labels).length > 0
      ? [
          [
            'labels',
            Object.entries(labels)
              .map((pair) => pair.join('='))
              .join(','),
          ],
        ]
      : []),
    ...(expiresAtMs > 0 ? [['until', `${new Date(expiresAtMs).toISOString().slice(0, 19)}Z`]] : []),
  ] as const;
  return lines.map(([what, value]) => `${what.padEnd(9)} ${plainText(value)}\n`).join('');
}
