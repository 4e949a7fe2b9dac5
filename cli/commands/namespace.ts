/** `assay namespace list|show|set`: what bounds a team's part of the coordinators. */
import { Option, type Command } from 'commander';
import type { NamespaceInfo } from '../../shared/client/identity-types.ts';
import { NAMESPACE_LIMITS, type NamespaceLimit, type NamespaceLimits } from '../../shared/domain/namespace-limits.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { bytesOf, Faults, microUsdOf, spanOf, wholeOf } from '../flags.ts';
import { withFleet } from '../reach.ts';
import { document } from '../render/json.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { namespaceColumns, namespaceView } from '../render/namespace-view.ts';
import type { CommandContext } from './context.ts';

interface ListFlags extends ConnectionFlags {
  output: OutputName;
  json?: boolean;
  utc?: boolean;
}

interface ShowFlags extends ConnectionFlags {
  json?: boolean;
}

/** Its own ones by their words: `keepFor`. */
type SetFlags = ShowFlags & Record<string, string | undefined>;

const FORMS = { count: 'n', bytes: 'bytes', span: 'time', usd: 'dollars' } as const;

export function addNamespace(program: Command, context: CommandContext): void {
  const command = program
    .command('namespace')
    .summary('show and set what bounds a namespace')
    .description('Quotas, limits and retention of namespaces. What is not set has the bounds of the coordinator.')
    .addHelpText('after', '\nExample:\n  assay namespace set team-a --max-queued-samples 100000');

  const list = command
    .command('list')
    .summary('list the namespaces with bounds of their own')
    .description('Lists the namespaces with bounds of their own, as far as they are yours. It needs a token with the scope admin.')
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago');
  addConnectionOptions(list)
    .addHelpText('after', '\nExample:\n  assay namespace list')
    .action(async (flags: ListFlags) => context.exitWith(await listNamespaces(flags, context)));

  const show = command
    .command('show')
    .summary('show the bounds of a namespace, and what is left')
    .description('Shows the bounds of a namespace and what is taken of them. Any token of the namespace will do.')
    .argument('[namespace]', 'its name', 'default')
    .option('--json', 'print one JSON document');
  addConnectionOptions(show)
    .addHelpText('after', '\nExample:\n  assay namespace show team-a')
    .action(async (name: string, flags: ShowFlags) => context.exitWith(await showNamespace(name, flags, context)));

  const set = command
    .command('set')
    .summary('set the bounds of a namespace')
    .description(
      "Sets bounds; those that are not named stay, and 'none' takes one away. It needs a token with the scope admin in all namespaces: nobody raises his own.",
    )
    .argument('<namespace>', 'its name')
    .option('--json', 'print one JSON document');
  for (const { word, kind, says } of NAMESPACE_LIMITS) set.option(`--${word} <${FORMS[kind]}>`, `${says}; or none`);
  addConnectionOptions(set)
    .addHelpText('after', '\nExample:\n  assay namespace set team-a --max-tasks 20 --max-content-bytes 50GiB --keep-for 30d')
    .action(async (name: string, flags: SetFlags) => context.exitWith(await setNamespace(name, flags, context)));
}

async function listNamespaces(flags: ListFlags, { shell }: CommandContext): Promise<number> {
  const output = flags.json ? 'json' : flags.output;
  return withFleet(connectionOf(flags, shell.env), shell, 'assay namespace list', async ({ client }) => {
    const all = async function* (): AsyncGenerator<NamespaceInfo[]> {
      yield await client.namespaces();
    };
    await printList<NamespaceInfo>(shell, all(), {
      output,
      look: lookOf(shell, { utc: flags.utc ?? false }),
      columns: (look) => namespaceColumns(look),
      nameOf: ({ name }) => name,
      none: 'no namespace has bounds of its own',
    });
    return EXIT.ok;
  });
}

async function showNamespace(name: string, flags: ShowFlags, { shell }: CommandContext): Promise<number> {
  return withFleet(connectionOf(flags, shell.env), shell, 'assay namespace show', async ({ client }) => {
    const found = await client.namespace(name);
    await shell.print(flags.json ? document(found) : namespaceView(found));
    return EXIT.ok;
  });
}

async function setNamespace(name: string, flags: SetFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const limits: NamespaceLimits = {};
  const clear: (keyof NamespaceLimits)[] = [];
  for (const limit of NAMESPACE_LIMITS) {
    const text = flags[camel(limit.word)];
    if (text === 'none') clear.push(limit.name);
    else if (text !== undefined) limits[limit.name] = valueOf(limit, text, faults);
  }
  if (clear.length === 0 && Object.keys(limits).length === 0)
    faults.add('namespace set', `sets nothing; write one of ${NAMESPACE_LIMITS.map(({ word }) => `--${word}`).join(', ')}`);
  faults.throwIfAny();
  return withFleet(connectionOf(flags, shell.env), shell, 'assay namespace set', async ({ client }) => {
    const found = await client.setNamespace(name, limits, clear);
    await shell.print(flags.json ? document(found) : namespaceView(found));
    return EXIT.ok;
  });
}

const camel = (word: string): string => word.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function valueOf({ name, word, kind }: NamespaceLimit, text: string, faults: Faults): number | undefined {
  if (kind === 'span') return spanOf(`--${word}`, text, faults);
  if (kind === 'bytes') return bytesOf(`--${word}`, text, faults);
  if (kind === 'usd') return microUsdOf(`--${word}`, text, faults);
  const range = name === 'firstPriority' ? { least: 1, most: 10 } : { least: 0, most: Number.MAX_SAFE_INTEGER };
  return wholeOf(`--${word}`, text, range, faults);
}
