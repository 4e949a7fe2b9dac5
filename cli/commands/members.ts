/** `assay agent invite|invites|uninvite|revoke`: who may join the fleet, and who is put out of it. */
import { Option, type Command } from 'commander';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import { confirmed } from '../confirm.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { collect, Faults, lifeOf, namespacesOf, pairsOf } from '../flags.ts';
import { withFleet } from '../reach.ts';
import { document } from '../render/json.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';
import { addInvites } from './invites.ts';

interface InviteFlags extends ConnectionFlags {
  namespace: string;
  pool?: string;
  label?: string[];
  expires: string;
  json?: boolean;
}

interface RevokeFlags extends ConnectionFlags {
  yes?: boolean;
  json?: boolean;
}

/** `assay agent` itself has none: its help is that of the process. */
const HELP = 'display help for command';

export function addMembers(agent: Command, context: CommandContext): void {
  const invite = agent
    .command('invite')
    .helpOption('-h, --help', HELP)
    .summary('make a join token for one agent')
    .description(
      'Makes a join token and prints it, once: `assay agent join` uses it on the host of the agent, once. What is said here holds, whatever the agent says of itself. It needs a token with the scope admin, and gives no namespace that that one has not.',
    )
    .argument('[name]', 'what the agent is called; without it, what it calls itself')
    .addOption(
      new Option('--namespace <list>', "whose tasks it may be given: names, comma-separated; '*' for all there are and will be")
        .env('ASSAY_NAMESPACE')
        .default('default'),
    )
    .option('--pool <name>', 'the value of its label `pool`')
    .option('--label <name=value>', 'a label that it does not choose itself; repeatable', collect)
    .option('--expires <time>', 'how long the token holds: 5m; at most 15m', '15m')
    .option('--json', 'print the token and when it is over as one JSON document');
  addConnectionOptions(invite)
    .addHelpText('after', '\nExample:\n  assay agent invite gpu-7 --namespace team-a --pool h200 > join.token')
    .action(async (name: string | undefined, flags: InviteFlags) => context.exitWith(await inviteAgent(name, flags, context)));

  addInvites(agent, context);

  const revoke = agent
    .command('revoke')
    .helpOption('-h, --help', HELP)
    .summary('put an agent out of the fleet')
    .description(
      'Ends an agent that has joined, for good: its stream ends within five seconds, and what it held goes to others. It asks before; where nobody can answer it wants --yes. An agent with an API token ends with `assay token revoke`.',
    )
    .argument('<agent>', 'its id, or its name')
    .option('--yes', 'ask nothing')
    .option('--json', 'print the agent as one JSON document');
  addConnectionOptions(revoke)
    .addHelpText('after', '\nExample:\n  assay agent revoke gpu-7 --yes')
    .action(async (name: string, flags: RevokeFlags) => context.exitWith(await revokeAgent(name, flags, context)));
}

async function inviteAgent(name: string | undefined, flags: InviteFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const expiresInMs = lifeOf('--expires', flags.expires, faults);
  const labels = pairsOf('--label', flags.label ?? [], faults);
  const namespaces = namespacesOf('--namespace', flags.namespace, faults);
  faults.throwIfAny();
  return withFleet(connectionOf(flags, shell.env), shell, 'assay agent invite', async ({ client }) => {
    const wish = { namespaces, labels, expiresInMs: expiresInMs!, ...(name === undefined ? {} : { name }) };
    const { secret, expiresAtMs, joinTokenId } = await client.createJoinToken({
      ...wish,
      ...(flags.pool === undefined ? {} : { pool: flags.pool }),
    });
    await shell.print(flags.json ? document({ token: secret, expiresAtMs, joinTokenId }) : `${secret}\n`);
    const until = new Date(expiresAtMs).toISOString().slice(0, 19);
    shell.say(
      `${joinTokenId}: good once, until ${until}Z, for ${name === undefined ? 'one agent' : plainText(name)} in ${describeNamespaces(namespaces)}. On its host: assay agent join --config agent.yaml < FILE`,
    );
    return EXIT.ok;
  });
}

async function revokeAgent(name: string, flags: RevokeFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay agent revoke', async ({ client }) => {
    await confirmed(shell, `Put ${plainText(name)} out of the fleet for good?`, flags.yes ?? false);
    const agent = await client.revokeAgent(name);
    await shell.print(flags.json ? document(agent) : `${agent.agentId} ${plainText(agent.name)} revoked\n`);
    return EXIT.ok;
  });
}
