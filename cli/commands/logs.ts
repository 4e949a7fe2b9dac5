/** `assay logs EVAL|TASK|AGENT`: what was told of it, line by line. */
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import { LINE_LEVELS, type LineFilter, type LogLine, type LogOptions, type LogSubject } from '../../shared/client/logs.ts';
import { parseTaskId } from '../../shared/domain/ids.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { pointOf } from '../filters.ts';
import { Faults, wholeOf } from '../flags.ts';
import { withEvaluation, withEvaluations, withFleet } from '../reach.ts';
import { document } from '../render/json.ts';
import { leftOutText, logLineText } from '../render/log-line.ts';
import { lookOf } from '../render/look.ts';
import type { Shell } from '../shell.ts';
import type { CommandContext } from './context.ts';

const MOST_LINES = 1_000;
const MOST_UNIT = 2 ** 32 - 1;

interface LogsFlags extends EvaluationFlags {
  follow?: boolean;
  since?: string;
  level?: string;
  grep?: string;
  agent?: string;
  unit?: string;
  tail?: string;
  cursor?: string;
  json?: boolean;
}

export function addLogs(program: Command, context: CommandContext): void {
  const command = program
    .command('logs')
    .summary('show what was told of an evaluation, a task or an agent')
    .description(
      'Shows what agents have told of an evaluation or of one of its tasks: calls that were repeated or refused, samples that errored, tasks that were taken and given back. Lines are kept with the evaluation, up to a bound; the lines of an agent about itself are the last ones only. Control characters in them are shown as escapes.',
    )
    .argument('<evaluation|task|agent>', `${EVALUATION}; a task’s id: an evaluation’s, -, a number; or an agent’s id or name`)
    .option('-f, --follow', 'go on with the lines that come, until the evaluation is over')
    .option('--since <time>', 'only since then: 30min, 6h, 2d ago, or a date')
    .option('--level <level>', `only what matters so much, or more: ${LINE_LEVELS.join(', ')}`)
    .option('--grep <text>', 'only lines with this text in them, letters in either case')
    .option('--agent <agent>', 'only by the agent of this id or name')
    .option('--unit <number>', 'only about this unit of the evaluation')
    .option('-n, --tail <lines>', 'of the lines that are there, only the last ones')
    .option('--cursor <cursor>', 'go on behind the line that had this cursor')
    .option('--json', 'print the lines as JSON documents, one a line; the last of some that came together has the cursor');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay logs last --level warn
  assay logs last -f
  assay logs ev_abcdefghijklmnopqrstuvwxyz-17 --json
  assay logs gpu-1 -n 20`,
    )
    .action(async (typed: string, flags: LogsFlags) => context.exitWith(await logs(typed, flags, context)));
}

async function logs(typed: string, flags: LogsFlags, { shell }: CommandContext): Promise<number> {
  const isAgent = typed !== 'last' && !typed.startsWith('ev_');
  const options = optionsOf(flags, shell, isAgent);
  const connection = connectionOf(flags, shell.env);
  if (isAgent)
    return withFleet(connection, shell, 'assay logs', async ({ client }) => {
      for await (const lines of client.agentLogs(typed, options)) await print(shell, flags, lines);
      return EXIT.ok;
    });
  if (parseTaskId(typed))
    return withEvaluations(connection, shell, 'assay logs', ({ client }) => show(client, { taskId: typed }, options, flags, shell));
  return withEvaluation(typed, flags, shell, 'assay logs', ({ client }, evaluationId) =>
    show(client, { evaluationId }, options, flags, shell),
  );
}

function optionsOf(flags: LogsFlags, shell: Shell, isAgent: boolean): LogOptions {
  const faults = new Faults();
  const tail = flags.tail === undefined ? undefined : wholeOf('--tail', flags.tail, { least: 1, most: MOST_LINES }, faults);
  const sinceMs = pointOf('--since', flags.since, shell.now(), faults);
  const minLevel = LINE_LEVELS.find((level) => level === flags.level);
  if (flags.level !== undefined && !minLevel) faults.add('--level', `'${flags.level}' is none; write one of ${LINE_LEVELS.join(', ')}`);
  if (flags.cursor !== undefined && flags.tail !== undefined) faults.add('--tail', 'stands beside --cursor; leave one of them out');
  if (isAgent && flags.cursor !== undefined) faults.add('--cursor', 'goes not with an agent, whose lines are not kept');
  if (isAgent && flags.agent !== undefined) faults.add('--agent', 'goes not with an agent; name an evaluation or a task, or leave it out');
  const unit = flags.unit === undefined ? undefined : wholeOf('--unit', flags.unit, { least: 0, most: MOST_UNIT }, faults);
  if (isAgent && flags.unit !== undefined) faults.add('--unit', 'goes not with an agent; name an evaluation or a task, or leave it out');
  faults.throwIfAny();
  const filter: LineFilter = {
    ...(sinceMs === undefined ? {} : { sinceMs }),
    ...(minLevel && { minLevel }),
    ...(flags.agent && { agent: flags.agent }),
    ...(flags.grep && { text: flags.grep }),
    ...(unit === undefined ? {} : { unit }),
  };
  const { cursor, follow = false } = flags;
  return { filter, follow, ...(tail === undefined ? {} : { tail }), ...(cursor === undefined ? {} : { cursor }) };
}

async function show(client: AssayClient, subject: LogSubject, options: LogOptions, flags: LogsFlags, shell: Shell): Promise<number> {
  for await (const { lines, cursor, leftOut } of client.logs(subject, options)) {
    if (leftOut && !flags.json) await shell.print(leftOutText(lookOf(shell).paint));
    await print(shell, flags, lines, cursor);
  }
  return EXIT.ok;
}

async function print(shell: Shell, { json }: LogsFlags, lines: readonly LogLine[], cursor = ''): Promise<void> {
  const { paint } = lookOf(shell);
  const texts = lines.map((line, i) =>
    json ? document({ ...line, ...(cursor !== '' && i === lines.length - 1 ? { cursor } : {}) }) : logLineText(line, paint),
  );
  if (texts.length > 0) await shell.print(texts.join(''));
}
