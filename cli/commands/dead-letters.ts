/** `assay dead-letters list|show|replay|drop`: tasks that were given up, with the evidence. */
import { Option, type Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import type { DeadLetter, DeadLetterFilter, DeadLettersDone } from '../../shared/client/dead-letters.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE } from '../../shared/domain/ids.ts';
import { confirmed } from '../confirm.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import { EVALUATION, parseRef, resolveRef } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { pointOf } from '../filters.ts';
import { collect, Faults } from '../flags.ts';
import { pagesOf } from '../pages.ts';
import { withEvaluations, type Reached } from '../reach.ts';
import { letterColumns, letterView } from '../render/dead-letter-view.ts';
import { document, prettyDocument } from '../render/json.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { count, plainText, plural } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface LetterFlags extends EvaluationFlags {
  evaluation?: string;
  task?: string[];
  benchmark?: string;
  model?: string;
  agent?: string;
  route?: string;
  since?: string;
  until?: string;
  json?: boolean;
  utc?: boolean;
}

/** Of commands that change something. */
interface ChangeFlags extends LetterFlags {
  all?: boolean;
  yes?: boolean;
  reason?: string;
}

interface ListFlags extends LetterFlags {
  dropped?: boolean;
  output: OutputName;
}

/** Far more than anybody reads. */
const MOST_LETTERS = 1_000_000;
/** A question counts so many, and names the first of them. */
const MOST_COUNTED = 1_000;
const MOST_NAMED = 5;

export function addDeadLetters(program: Command, context: CommandContext): void {
  const letters = program
    .command('dead-letters')
    .summary('tasks that were given up: list, show, replay, drop')
    .description(
      'Dead letters: tasks that were given up, because three agents died while they ran it, or because its lease ran out twenty times. Each says which agents they were, how they ended and what they said last. It lies in the store until its samples are run again.',
    );
  letters.addHelpText(
    'after',
    `
Examples:
  assay dead-letters list --evaluation last
  assay dead-letters show ev_abcdefghijklmnopqrstuvwxyz-17
  assay dead-letters replay --agent gpu-3 --since 1d`,
  );
  addList(letters, context);
  addShow(letters, context);
  addReplay(letters, context);
  addDrop(letters, context);
}

/** Which letters are meant. */
function addFilter(command: Command): Command {
  command
    .option('--evaluation <id>', EVALUATION)
    .option('--task <id>', 'only this task; repeatable', collect)
    .option('--benchmark <name>', 'only of this benchmark')
    .option('--model <name>', 'only of this model')
    .option('--agent <agent>', 'only where this agent had an attempt: its id, or its name')
    .option('--route <route>', 'only of this route: its id, or its requirement')
    .option('--since <time>', 'only given up since then: 30min, 6h, 2d ago, or a date')
    .option('--until <time>', 'only given up before');
  return addEvaluationOptions(command);
}

function addList(letters: Command, context: CommandContext): void {
  addFilter(
    letters.command('list').summary('list dead letters').description('Lists dead letters, by evaluation, the newest evaluation first.'),
  )
    .option('--dropped', 'also those that were dropped')
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago')
    .addHelpText(
      'after',
      `
Examples:
  assay dead-letters list
  assay dead-letters list --evaluation last -o wide
  assay dead-letters list --agent gpu-3 --since 1d`,
    )
    .action(async (flags: ListFlags) => context.exitWith(await list(flags, context)));
}

async function list(flags: ListFlags, { shell }: CommandContext): Promise<number> {
  const output = flags.json ? 'json' : flags.output;
  return withLetters(flags, { shell }, 'list', async ({ client }, filter) => {
    await printList<DeadLetter>(
      shell,
      pagesOf((page) => client.deadLetters(filter, { ...page, withDropped: flags.dropped ?? false }), MOST_LETTERS),
      {
        output,
        look: lookOf(shell, { utc: flags.utc ?? false }),
        columns: (look) => letterColumns(look, output === 'wide'),
        nameOf: (letter) => letter.taskId,
        none: 'no dead letters',
      },
    );
    return EXIT.ok;
  });
}

function addShow(letters: Command, context: CommandContext): void {
  const command = letters
    .command('show')
    .summary('show one dead letter with its evidence')
    .description(
      'Shows one dead letter: its samples, of a judge whose answers it judged, and of each attempt the agent, how its life ended, and what it said last.',
    )
    .argument('<task>', 'the id of the task, as `list` prints it')
    .option('--json', 'print one JSON document')
    .option('--utc', 'times in UTC instead of how long ago');
  addEvaluationOptions(command)
    .addHelpText('after', '\nExample:\n  assay dead-letters show ev_abcdefghijklmnopqrstuvwxyz-17')
    .action(async (taskId: string, flags: LetterFlags) => context.exitWith(await show(taskId, flags, context)));
}

async function show(taskId: string, flags: LetterFlags, { shell }: CommandContext): Promise<number> {
  return withEvaluations(connectionOf(flags, shell.env), shell, 'assay dead-letters show', async ({ client }) => {
    const letter = await client.deadLetter(taskId);
    await shell.print(flags.json ? prettyDocument(letter) : letterView(letter, lookOf(shell, { utc: flags.utc ?? false })));
    return EXIT.ok;
  });
}

/** Which letters are to be changed. */
const addChangeFilter = (command: Command): Command =>
  addFilter(command.option('--all', 'all of the namespace'))
    .option('--yes', 'ask nothing')
    .option('--reason <text>', 'why; kept with the evaluation')
    .option('--json', 'print one JSON document');

function addReplay(letters: Command, context: CommandContext): void {
  addChangeFilter(
    letters
      .command('replay')
      .summary('run the samples of dead letters again')
      .description(
        'Runs the samples of dead letters again, in new tasks that have no crashes behind them. A finished evaluation runs again, and gets a new report. Asks before, unless an evaluation or tasks are named.',
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  assay dead-letters replay --evaluation last
  assay dead-letters replay --agent gpu-3 --since 1d --reason "its memory was replaced" --yes`,
    )
    .action(async (flags: ChangeFlags) =>
      context.exitWith(await change(flags, context, 'replay', (client, filter) => client.replayDeadLetters(filter, flags.reason))),
    );
}

function addDrop(letters: Command, context: CommandContext): void {
  addChangeFilter(
    letters
      .command('drop')
      .summary('accept dead letters as lost')
      .description(
        'Accepts dead letters as lost: they are listed no more. Their samples stay dead, and count so. Asks before, unless an evaluation or tasks are named.',
      ),
  )
    .addHelpText('after', '\nExample:\n  assay dead-letters drop --evaluation last --reason "the sample itself is broken"')
    .action(async (flags: ChangeFlags) =>
      context.exitWith(await change(flags, context, 'drop', (client, filter) => client.dropDeadLetters(filter, flags.reason))),
    );
}

/** Those that are named, or that a filter finds once somebody has said yes. A namespace alone says where, and not which. */
async function change(
  flags: ChangeFlags,
  context: CommandContext,
  word: 'replay' | 'drop',
  work: (client: AssayClient, filter: DeadLetterFilter) => Promise<DeadLettersDone>,
): Promise<number> {
  const { shell } = context;
  const { all, yes, namespace, evaluation, task } = flags;
  const isFiltered = CHOOSING.some((flag) => (flags[flag]?.length ?? 0) > 0);
  if (all && isFiltered) throw new AppError('invalid', '--all goes with no other choice; leave one of them out');
  if (!all && !isFiltered)
    throw new AppError(
      'invalid',
      'which dead letters? Say it by --evaluation, --task, --benchmark, --model, --agent, --route or --since; --all: all of the namespace',
    );
  return withLetters(flags, context, word, async ({ client }, filter) => {
    const chosen = all ? { namespace: namespace ?? DEFAULT_NAMESPACE } : filter;
    const isNamed = evaluation !== undefined || task !== undefined;
    const question = isNamed || yes ? '' : await questionOf(client, chosen, word);
    if (question) await confirmed(shell, question, false);
    const done = question === undefined ? NONE : await work(client, chosen);
    await shell.print(flags.json ? document(done) : `${done.letters}\n`);
    if (done.letters === 0 && done.failed === 0) shell.say(await whyNone(client, chosen, word));
    else if (word === 'replay') shell.say(`${plural(done.units, 'sample')} will be run once more`);
    return exitOf(done, context);
  });
}

async function whyNone(client: AssayClient, filter: DeadLetterFilter, word: 'replay' | 'drop'): Promise<string> {
  const nothing = `nothing is ${word === 'replay' ? 'replayed' : 'dropped'}`;
  for await (const [dropped] of pagesOf((page) => client.deadLetters(filter, { ...page, withDropped: true }), 1))
    if (dropped)
      return `${nothing}: what you chose was dropped before; \`assay requeue ${dropped.evaluationId} --state dead\` runs dead samples once more`;
  return `${nothing}: no dead letter is what you chose; \`assay dead-letters list\` shows those that there are`;
}

const NONE: DeadLettersDone = { letters: 0, units: 0, evaluations: [], failed: 0 };

const CHOOSING = ['evaluation', 'task', 'benchmark', 'model', 'agent', 'route', 'since', 'until'] as const;

/** What is about to be done, with the first of them by name; undefined when there are none. */
async function questionOf(client: AssayClient, filter: DeadLetterFilter, word: 'replay' | 'drop'): Promise<string | undefined> {
  const found: DeadLetter[] = [];
  for await (const items of pagesOf((page) => client.deadLetters(filter, page), MOST_COUNTED + 1)) found.push(...items);
  if (found.length === 0) return undefined;
  const lines = found.slice(0, MOST_NAMED).map((l) => `  ${l.taskId}  ${plainText(l.benchmark)}  ${plainText(l.model)}`);
  const isMore = found.length > MOST_COUNTED;
  if (found.length > MOST_NAMED) lines.push(`  … and ${isMore ? 'many' : found.length - MOST_NAMED} more`);
  const verb = word === 'replay' ? 'Replay' : 'Drop';
  return `${lines.join('\n')}\n${verb} ${isMore ? `more than ${MOST_COUNTED} dead letters` : plural(found.length, 'dead letter')}?`;
}

/** What could not be done, one line for each evaluation. */
function exitOf({ evaluations, failed }: DeadLettersDone, { shell }: CommandContext): number {
  const told = evaluations.filter(({ problem }) => problem !== '');
  for (const { evaluationId, problem } of told) shell.say(`${evaluationId}: ${problem}`);
  if (failed > told.length) shell.say(`and ${count(failed - told.length)} more`);
  return failed > 0 ? EXIT.failed : EXIT.ok;
}

/** Reads the filter, all faults at once, and reaches a coordinator. */
async function withLetters(
  flags: LetterFlags,
  { shell }: Pick<CommandContext, 'shell'>,
  word: string,
  work: (reached: Reached, filter: DeadLetterFilter) => Promise<number>,
): Promise<number> {
  const faults = new Faults();
  const ref = flags.evaluation === undefined ? undefined : parseRef(flags.evaluation);
  const fromMs = pointOf('--since', flags.since, shell.now(), faults);
  const toMs = pointOf('--until', flags.until, shell.now(), faults);
  faults.throwIfAny();
  const { task, benchmark, model, agent, route, namespace } = flags;
  return withEvaluations(connectionOf(flags, shell.env), shell, `assay dead-letters ${word}`, async (reached) => {
    const evaluationId = ref && (await resolveRef(reached.client, ref, namespace));
    return work(reached, {
      ...(evaluationId ? { evaluationId } : namespace ? { namespace } : {}),
      ...(task ? { taskIds: task } : {}),
      ...(benchmark ? { benchmark } : {}),
      ...(model ? { model } : {}),
      ...(agent ? { agent } : {}),
      ...(route ? { route } : {}),
      ...(fromMs === undefined ? {} : { fromMs }),
      ...(toMs === undefined ? {} : { toMs }),
    });
  });
}
