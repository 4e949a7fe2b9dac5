/** docs/reference/cli.md from the program itself. */
import type { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';
import { makeProgram } from '../cli/program.ts';
import { processShell } from '../cli/shell.ts';
import { cell, code, head, table } from './docs-markdown.ts';

const HEAD = `${head('Commands', 'cli/')}
Every command says the same by \`--help\`. What they have in common (where the work is done, output, exit codes) is in
[the command line](../cli.md).
`;

/** Options that stand in nearly every command are told once. */
const SHARED: readonly (readonly [title: string, intro: string, names: readonly string[]])[] = [
  [
    'Reaching a coordinator',
    'Of every command that speaks to one.',
    ['--address', '--token-file', '--tls-ca', '--tls-client-cert', '--tls-client-key', '--tls', '--no-tls', '--namespace'],
  ],
  ['Which evaluations', 'Of `list`, and of the commands that can act on many at once.', ['--name', '--owner', '--since', '--until']],
];
/** They become other programs, with settings of their own. */
const PROCESSES = new Set(['assay coordinator', 'assay agent']);

export function cliPage(): string {
  const program = makeProgram({ shell: processShell(), exitWith: () => undefined });
  const groups = Map.groupBy(visible(program), (command) => command.helpGroup().replace(/:$/, ''));
  const overview = [...groups].map(
    ([group, commands]) =>
      `\n**${group}**\n\n${table(
        ['command', 'what it does'],
        commands.map((c) => [`[\`assay ${c.name()}\`](#assay-${c.name()})`, cell(c.summary())]),
      )}`,
  );
  const list = program.commands.find((command) => command.name() === 'list')!;
  const shared = SHARED.map(
    ([title, intro, names]) => `\n## ${title}\n\n${intro}\n\n${optionTable(optionsOf(list).filter((o) => names.includes(o.long!)))}`,
  );
  return (
    HEAD +
    overview.join('') +
    visible(program)
      .flatMap((command) => sections(command, 'assay'))
      .join('') +
    shared.join('')
  );
}

const visible = (command: Command): Command[] => command.commands.filter((c) => c.name() !== 'help');
const optionsOf = (command: Command): Option[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .filter((o) => o.long !== '--help');

function sections(command: Command, above: string): string[] {
  const path = `${above} ${command.name()}`;
  const isProcess = PROCESSES.has(path);
  // `--owner` of a submit says whose the evaluation is, of a list whose are shown.
  const isShared = ({ long }: Option): boolean =>
    SHARED.some(([, , names], i) => names.includes(long!) && (i === 0 || command.options.some((o) => o.long === '--since')));
  const own = optionsOf(command).filter((option) => !isShared(option));
  const linked = SHARED.filter(([, , names], i) =>
    optionsOf(command).some((o) => isShared(o) && names.includes(o.long!) && (i > 0 || o.long === '--address')),
  );
  const text = [
    `\n## ${path}\n\n${cell(command.description())}\n`,
    isProcess
      ? `\nIts settings: [config.md](config.md).\n`
      : `\n\`\`\`text\n${path} ${command.usage()}\n\`\`\`\n${spaced(argumentTable(command.registeredArguments))}${spaced(optionTable(own))}`,
    linked.length > 0
      ? `\nAlso: ${linked.map(([title]) => `[${title.toLowerCase()}](#${title.toLowerCase().replaceAll(' ', '-')})`).join(', ')}.\n`
      : '',
    isProcess ? '' : examples(command),
  ];
  return [text.join(''), ...visible(command).flatMap((sub) => sections(sub, path))];
}

const spaced = (text: string): string => text && `\n${text}`;

const argumentTable = (args: readonly Argument[]): string =>
  table(
    ['argument', 'meaning'],
    args.map((arg) => [code(arg.name() + (arg.variadic ? '…' : '')), cell(`${arg.description}${choicesOf(arg.argChoices)}`)]),
  );

const optionTable = (options: readonly Option[]): string =>
  table(
    ['option', 'meaning', 'default', 'variable'],
    options.map((option) => [
      code(option.flags),
      cell(`${option.description}${choicesOf(option.argChoices)}`),
      option.defaultValue === undefined ? '' : code(String(option.defaultValue)),
      code(option.envVar),
    ]),
  );

const choicesOf = (choices: readonly string[] | undefined): string => (choices ? ` (${choices.join(', ')})` : '');

/** What stands behind the options in the help: examples, exit codes. */
function examples(command: Command): string {
  let text = '';
  // An emitter at run time; its types leave that out.
  (command as unknown as EventEmitter).emit('afterHelp', { error: false, command, write: (part: string) => (text += part) });
  return text.trim() && `\n\`\`\`text\n${text.trim()}\n\`\`\`\n`;
}
