/** `assay gc`: removes what nobody refers to. */
import type { Command } from 'commander';
import type { Collection } from '../../shared/client/types.ts';
import { confirmed } from '../confirm.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { spanOf, Faults } from '../flags.ts';
import { withFleet } from '../reach.ts';
import { prettyDocument } from '../render/json.ts';
import { bytesInWords, count } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface GcFlags extends ConnectionFlags {
  dryRun?: boolean;
  grace?: string;
  yes?: boolean;
  json?: boolean;
}

/** Coordinators take no more. */
const LONGEST_GRACE_DAYS = 3_650;

/** What each kind is. */
const WORDS: Readonly<Record<string, string>> = {
  content: 'contents that no evaluation names',
  staged: 'submits that died early',
  temporary: 'temporary files',
  removed: 'left of removed evaluations',
  merged: 'segments that were merged',
  queue: 'queues of routes that are over',
};

export function addGc(program: Command, context: CommandContext): void {
  const command = program
    .command('gc')
    .summary('remove what nobody refers to')
    .description(
      'Removes from the store, and from Redis, what nobody refers to: datasets that no evaluation names any more, what crashed processes and removed evaluations have left. Coordinators do the same once a day. Nothing that was uploaded or asked for within the grace time is touched. It asks before; where nobody can answer it wants --yes.',
    )
    .option('--dry-run', 'only say what would be removed')
    .option('--grace <time>', 'what is younger stays: 24h, 30m; less than an hour only while nobody works', '24h')
    .option('--yes', 'ask nothing')
    .option('--json', 'print the result as one JSON document');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay gc --dry-run
  assay gc --yes --json | jq .collected`,
    )
    .action(async (flags: GcFlags) => context.exitWith(await gc(flags, context)));
}

async function gc(flags: GcFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const graceMs = spanOf('--grace', flags.grace!, faults, LONGEST_GRACE_DAYS);
  faults.throwIfAny();
  const dryRun = flags.dryRun ?? false;
  return withFleet(connectionOf(flags, shell.env), shell, 'assay gc', async ({ client }) => {
    if (!dryRun) await confirmed(shell, 'Remove what nobody refers to?', flags.yes ?? false);
    let result: Collection = { collected: [], contents: 0, contentBytes: 0 };
    for await (const { done: _, ...collection } of client.collectGarbage({ graceMs: graceMs!, dryRun })) result = collection;
    await shell.print(flags.json ? prettyDocument({ dryRun, ...result }) : inWords(result, dryRun));
    return EXIT.ok;
  });
}

function inWords({ collected, contents, contentBytes }: Collection, dryRun: boolean): string {
  const lines = collected.map(
    ({ kind, count: n, bytes }) => `  ${count(n).padStart(8)}  ${bytesInWords(bytes).padStart(9)}  ${WORDS[kind] ?? kind}`,
  );
  const head = lines.length === 0 ? 'nothing to remove' : dryRun ? 'would be removed:' : 'removed:';
  return `${[head, ...lines, `${count(contents)} contents with ${bytesInWords(contentBytes)} stay`].join('\n')}\n`;
}
