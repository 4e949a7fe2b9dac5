/** `assay token create|list|revoke`: who may call the coordinators. */
import { Option, type Command } from 'commander';
import type { ApiToken } from '../../shared/client/identity-types.ts';
import { describeNamespaces, SCOPES } from '../../shared/domain/identity.ts';
import { confirmed } from '../confirm.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { collect, Faults, lifeOf, namespacesOf, pairsOf, wordsOf } from '../flags.ts';
import { pagesOf } from '../pages.ts';
import { withFleet } from '../reach.ts';
import { document } from '../render/json.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { plainText } from '../render/text.ts';
import { stateOfToken, tokenColumns } from '../render/token-columns.ts';
import type { CommandContext } from './context.ts';

interface CreateFlags extends ConnectionFlags {
  scope?: string[];
  namespace: string;
  expires: string;
  pool?: string[];
  label?: string[];
  json?: boolean;
}

interface ListFlags extends ConnectionFlags {
  output: OutputName;
  json?: boolean;
  utc?: boolean;
}

interface RevokeFlags extends ConnectionFlags {
  yes?: boolean;
  json?: boolean;
}

/** More than a coordinator keeps. */
const MOST_TOKENS = 100_000;

export function addToken(program: Command, context: CommandContext): void {
  const command = program
    .command('token')
    .summary('make, list and revoke API tokens')
    .description('Who may call the coordinators, what, and where. `assay whoami` says whose a token is.')
    .addHelpText('after', '\nExample:\n  assay token create ci --scope submit,read');

  const create = command
    .command('create')
    .summary('make a token')
    .description(
      'Makes an API token and prints it, once: nobody can show it again. It needs a token with the scope admin, and gives none of what that one has not.',
    )
    .argument('<name>', 'for people: whose it is, or what for')
    .option('--scope <scope>', `what it may do (${SCOPES.join(', ')}); several by commas`, collect)
    .addOption(
      new Option('--namespace <list>', "where: names, comma-separated; '*' for all there are and will be")
        .env('ASSAY_NAMESPACE')
        .default('default'),
    )
    .option('--expires <time>', 'how long it holds: 12h, 90d', '90d')
    .option('--pool <name>', 'agents with it are of this pool, whatever they say; several by commas', collect)
    .option('--label <name=value>', 'a label that agents with it do not choose themselves; repeatable', collect)
    .option('--json', 'print the token and what is known of it as one JSON document');
  addConnectionOptions(create)
    .addHelpText(
      'after',
      `
Examples:
  assay token create ci --scope submit,read,cancel --namespace team-a
  assay token create gpu-1 --scope agent --namespace '*' --expires 365d > token   # an agent for all
  assay token create gpu-2 --scope agent --namespace team-a --pool h200 > token   # and one for team-a alone, in one pool`,
    )
    .action(async (name: string, flags: CreateFlags) => context.exitWith(await createToken(name, flags, context)));

  const list = command
    .command('list')
    .summary('list the tokens')
    .description('Lists tokens that reach into no namespace but yours, the newest first, with those that ended within the last 30 days.')
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago');
  addConnectionOptions(list)
    .addHelpText('after', '\nExample:\n  assay token list -o wide')
    .action(async (flags: ListFlags) => context.exitWith(await listTokens(flags, context)));

  const revoke = command
    .command('revoke')
    .summary('end a token')
    .description(
      'Ends a token for good, and within five seconds all that is under way with it: calls, streams, the connection of an agent. It asks before; where nobody can answer it wants --yes.',
    )
    .argument('<token>', 'its id, as `assay token list` shows it')
    .option('--yes', 'ask nothing')
    .option('--json', 'print the token as one JSON document');
  addConnectionOptions(revoke)
    .addHelpText('after', '\nExample:\n  assay token revoke tk_abcdefghijklmnop --yes')
    .action(async (tokenId: string, flags: RevokeFlags) => context.exitWith(await revokeToken(tokenId, flags, context)));
}

async function createToken(name: string, flags: CreateFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const scopes = wordsOf('--scope', flags.scope ?? [], SCOPES, faults);
  if (!flags.scope) faults.add('--scope', `is missing; write what it may do, of ${SCOPES.join(', ')}`);
  const expiresInMs = lifeOf('--expires', flags.expires, faults);
  const namespaces = namespacesOf('--namespace', flags.namespace, faults);
  const labels = pairsOf('--label', flags.label ?? [], faults);
  const pools = (flags.pool ?? []).flatMap((text) => text.split(',')).map((pool) => pool.trim());
  faults.throwIfAny();
  return withFleet(connectionOf(flags, shell.env), shell, 'assay token create', async ({ client }) => {
    const { secret, token } = await client.createToken({ name, scopes, namespaces, expiresInMs: expiresInMs!, pools, labels });
    await shell.print(flags.json ? document({ token: secret, ...token }) : `${secret}\n`);
    const until = new Date(token.expiresAtMs).toISOString().slice(0, 10);
    const where = describeNamespaces(token.namespaces);
    shell.say(`${token.tokenId} ${plainText(token.name)}: ${token.scopes.join(', ')} in ${where}, until ${until}. It is not shown again.`);
    return EXIT.ok;
  });
}

async function listTokens(flags: ListFlags, { shell }: CommandContext): Promise<number> {
  const output = flags.json ? 'json' : flags.output;
  return withFleet(connectionOf(flags, shell.env), shell, 'assay token list', async ({ client }) => {
    await printList<ApiToken>(
      shell,
      pagesOf((page) => client.tokens(page), MOST_TOKENS),
      {
        output,
        look: lookOf(shell, { utc: flags.utc ?? false }),
        columns: (look) => tokenColumns(look, output === 'wide', shell.now()),
        nameOf: (token) => token.tokenId,
        none: 'no tokens',
      },
    );
    return EXIT.ok;
  });
}

async function revokeToken(tokenId: string, flags: RevokeFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay token revoke', async ({ client }) => {
    await confirmed(shell, `End ${plainText(tokenId)} and all that is under way with it?`, flags.yes ?? false);
    const token = await client.revokeToken(tokenId);
    await shell.print(flags.json ? document(token) : `${token.tokenId} ${plainText(token.name)} ${stateOfToken(token, shell.now())}\n`);
    return EXIT.ok;
  });
}
