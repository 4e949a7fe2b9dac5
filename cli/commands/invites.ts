/** `assay agent invites|uninvite`: the join tokens that still let an agent in, and how they are taken back. */
import { Option, type Command } from 'commander';
import type { JoinToken } from '../../shared/client/identity-types.ts';
import { confirmed } from '../confirm.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { pagesOf } from '../pages.ts';
import { withFleet } from '../reach.ts';
import { joinTokenColumns } from '../render/join-token-columns.ts';
import { document } from '../render/json.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface ListFlags extends ConnectionFlags {
  output: OutputName;
  json?: boolean;
  utc?: boolean;
}

interface UninviteFlags extends ConnectionFlags {
  yes?: boolean;
  json?: boolean;
}

/** More than a coordinator keeps. */
const MOST_TOKENS = 100_000;
const HELP = 'display help for command';

export function addInvites(agent: Command, context: CommandContext): void {
  const list = agent
    .command('invites')
    .helpOption('-h, --help', HELP)
    .summary('list the join tokens that are good')
    .description(
      'Lists the join tokens that still let an agent in, being neither used nor over, and reach into no namespace but yours; the newest first.',
    )
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago');
  addConnectionOptions(list)
    .addHelpText('after', '\nExample:\n  assay agent invites -o wide')
    .action(async (flags: ListFlags) => context.exitWith(await listInvites(flags, context)));

  const uninvite = agent
    .command('uninvite')
    .helpOption('-h, --help', HELP)
    .summary('take a join token back')
    .description(
      'Ends a join token, so that nobody is let in by it any more. Where an agent has used it, it says which: that one ends with `assay agent revoke`. It asks before; where nobody can answer it wants --yes.',
    )
    .argument('<token>', 'its id, as `assay agent invites` shows it')
    .option('--yes', 'ask nothing')
    .option('--json', 'print the join token as one JSON document');
  addConnectionOptions(uninvite)
    .addHelpText('after', '\nExample:\n  assay agent uninvite jt_abcdefghijklmnop --yes')
    .action(async (tokenId: string, flags: UninviteFlags) => context.exitWith(await uninviteAgent(tokenId, flags, context)));
}

async function listInvites(flags: ListFlags, { shell }: CommandContext): Promise<number> {
  const output = flags.json ? 'json' : flags.output;
  return withFleet(connectionOf(flags, shell.env), shell, 'assay agent invites', async ({ client }) => {
    await printList<JoinToken>(
      shell,
      pagesOf((page) => client.joinTokens(page), MOST_TOKENS),
      {
        output,
        look: lookOf(shell, { utc: flags.utc ?? false }),
        columns: (look) => joinTokenColumns(look, output === 'wide', shell.now()),
        nameOf: (token) => token.joinTokenId,
        none: 'no join tokens',
      },
    );
    return EXIT.ok;
  });
}

async function uninviteAgent(tokenId: string, flags: UninviteFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay agent uninvite', async ({ client }) => {
    await confirmed(shell, `End ${plainText(tokenId)}, so that nobody joins by it?`, flags.yes ?? false);
    const token = await client.revokeJoinToken(tokenId);
    await shell.print(flags.json ? document(token) : `${token.joinTokenId} ${plainText(token.name || 'any name')} revoked\n`);
    return EXIT.ok;
  });
}
