/** `assay audit list|verify`: who was denied what, and who was allowed what is privileged. */
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import type { AuditEntry, AuditHead, AuditVerdict } from '../../shared/client/audit-types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { pointOf } from '../filters.ts';
import { Faults, wholeOf } from '../flags.ts';
import { withFleet } from '../reach.ts';
import { auditColumns } from '../render/audit-columns.ts';
import { document } from '../render/json.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface ListFlags extends ConnectionFlags {
  since?: string;
  until?: string;
  who?: string;
  method?: string;
  namespace?: string;
  denied?: boolean;
  limit: string;
  output: OutputName;
  json?: boolean;
  utc?: boolean;
}

interface VerifyFlags extends ConnectionFlags {
  heads?: string;
  json?: boolean;
}

const MOST = 10_000;

export function addAudit(program: Command, context: CommandContext): void {
  const command = program
    .command('audit')
    .summary('read and verify the audit log')
    .description('Who was denied what, and who was allowed what is privileged. It needs a token with the scope admin, for all namespaces.')
    .addHelpText('after', '\nExample:\n  assay audit list --denied --since 1d');

  const list = command
    .command('list')
    .summary('list what was written')
    .description('Lists entries of the audit log by time, the newest ones.')
    .option('--since <time>', 'only since then: 30min, 6h, 2d ago, or a date')
    .option('--until <time>', 'only before then')
    .option('--who <text>', 'only callers whose name or token id has this in it')
    .option('--method <text>', 'only methods whose path has this in it: CreateToken')
    .option('--namespace <name>', 'only what was about this namespace')
    .option('--denied', 'only what was denied')
    .option('-n, --limit <number>', `how many, at most ${MOST}`, '100')
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago');
  addConnectionOptions(list)
    .addHelpText('after', '\nExamples:\n  assay audit list --denied --since 1d\n  assay audit list --method CreateToken -o jsonl')
    .action(async (flags: ListFlags) => context.exitWith(await listEntries(flags, context)));

  const verify = command
    .command('verify')
    .summary('look whether the log is as it was written')
    .description(
      'Reads the whole audit log and names every line that was altered, taken out, moved or cut off. Exit code 0: none; 5: some; 1: it could not be found out. What it prints with --json may be kept elsewhere, and given to it later with --heads.',
    )
    .option(
      '--heads <file>',
      'what an earlier `assay audit verify --json` has printed: shows also whether the newest lines are still there',
    )
    .option('--json', 'print one JSON document');
  addConnectionOptions(verify)
    .addHelpText('after', '\nExamples:\n  assay audit verify --json > heads.json\n  assay audit verify --heads heads.json')
    .action(async (flags: VerifyFlags) => context.exitWith(await verifyLog(flags, context)));
}

async function listEntries(flags: ListFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const limit = wholeOf('--limit', flags.limit, { least: 1, most: MOST }, faults);
  const sinceMs = pointOf('--since', flags.since, shell.now(), faults);
  const untilMs = pointOf('--until', flags.until, shell.now(), faults);
  faults.throwIfAny();
  const output = flags.json ? 'json' : flags.output;
  const filter = {
    ...{ limit: limit!, who: flags.who ?? '', method: flags.method ?? '' },
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(untilMs === undefined ? {} : { untilMs }),
    ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
    ...(flags.denied ? { outcome: 'denied' as const } : {}),
  };
  return withFleet(connectionOf(flags, shell.env), shell, 'assay audit list', async ({ client }) => {
    const entries = await client.auditEntries(filter);
    await printList<AuditEntry>(shell, one(entries), {
      output,
      look: lookOf(shell, { utc: flags.utc ?? false }),
      columns: (look) => auditColumns(look, output === 'wide'),
      nameOf: (entry) => `${entry.chain}:${entry.line}`,
      none: 'nothing that fits',
    });
    return EXIT.ok;
  });
}

async function* one<T>(items: T[]): AsyncGenerator<T[]> {
  yield items;
}

async function verifyLog(flags: VerifyFlags, { shell }: CommandContext): Promise<number> {
  const heads = flags.heads === undefined ? [] : await readHeads(flags.heads);
  return withFleet(connectionOf(flags, shell.env), shell, 'assay audit verify', async ({ client }) => {
    const verdict = await client.verifyAudit({ heads });
    await shell.print(flags.json ? document(verdict) : inWords(verdict));
    return verdict.count === 0 ? EXIT.ok : EXIT.differs;
  });
}

const headsSchema = z.object({
  heads: z.array(z.object({ chain: z.string(), line: z.int().positive(), hash: z.string() })),
});

async function readHeads(file: string): Promise<AuditHead[]> {
  try {
    return headsSchema.parse(JSON.parse(await readFile(file, 'utf8'))).heads;
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'it is not what `assay audit verify --json` prints';
    throw new AppError('invalid', `--heads ${file}: cannot be read (${why}); name a file with what that has printed`, { cause });
  }
}

function inWords({ chains, lines, count, problems, beginsAtMs, beginsBy }: AuditVerdict): string {
  const told = problems.map(({ chain, line, problem }) => `${chain}${line > 0 ? ` line ${line}` : ''}: ${plainText(problem)}\n`);
  const rest = count > problems.length ? [`and ${count - problems.length} more\n`] : [];
  const books = `${lines} lines in ${chains} ${chains === 1 ? 'chain' : 'chains'}`;
  const verdict = count === 0 ? `the audit log is as it was written: ${books}` : `the audit log was changed: ${count} places in ${books}`;
  const before =
    beginsAtMs > 0 ? [`what began before ${new Date(beginsAtMs).toISOString()} was removed because of its age: ${beginsBy} says so\n`] : [];
  return [...told, ...rest, ...before, `${verdict}\n`].join('');
}
