/** `assay whoami`: whose the token is, and what it may do. */
import type { Command } from 'commander';
import type { WhoAmI } from '../../shared/client/identity-types.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { withFleet } from '../reach.ts';
import { document } from '../render/json.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface WhoAmIFlags extends ConnectionFlags {
  json?: boolean;
}

export function addWhoAmI(program: Command, context: CommandContext): void {
  const command = program
    .command('whoami')
    .summary('say whose the token is')
    .description('Says whose the token is, as the coordinator sees it: what it may do, where, and until when.')
    .option('--json', 'print one JSON document');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  assay whoami --token-file token')
    .action(async (flags: WhoAmIFlags) => context.exitWith(await whoAmI(flags, context)));
}

async function whoAmI(flags: WhoAmIFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay whoami', async ({ client }) => {
    const who = await client.whoAmI();
    await shell.print(flags.json ? document(who) : inWords(who));
    return EXIT.ok;
  });
}

function inWords({ name, kind, scopes, namespaces, tokenId, origin, expiresAtMs = 0 }: WhoAmI): string {
  const lines = [
    ['name', name],
    ['known by', [kind, tokenId ?? origin].filter(Boolean).join(' ')],
    ['may', scopes.join(', ') || 'nothing'],
    ['in', describeNamespaces(namespaces)],
    ...(expiresAtMs > 0 ? [['until', `${new Date(expiresAtMs).toISOString().slice(0, 19)}Z`]] : []),
  ] as const;
  return lines.map(([what, value]) => `${what.padEnd(9)} ${plainText(value)}\n`).join('');
}
