/** What a shell must know to complete: the commands and their options as plain data, from the program itself. */
import type { Command } from 'commander';

export interface CommandNode {
  /** `assay routes pause`. */
  path: string;
  summary: string;
  children: { name: string; summary: string }[];
  options: OptionNode[];
  /** Its first argument is a file's name. */
  takesFile: boolean;
  /** The words that its first argument can be, where they are known. */
  words: string[];
}

export interface OptionNode {
  /** `-o`, `--output`. */
  flags: string[];
  summary: string;
  /** It wants a value. */
  value: boolean;
  /** The values that there are; empty: any. */
  choices: string[];
  /** Its value is a file's or folder's name. */
  isFile: boolean;
}

const FILES = new Set(['spec', 'file']);
const EVALUATIONS = new Set(['evaluation', 'evaluations', 'baseline']);

/** All commands, parents first. */
export function commandTree(program: Command, above = ''): CommandNode[] {
  const path = `${above} ${program.name()}`.trim();
  const help = program.createHelp();
  const options = help.visibleOptions(program).map((option): OptionNode => ({
    flags: [option.short, option.long].filter((flag): flag is string => typeof flag === 'string'),
    summary: option.description,
    value: option.required || option.optional,
    choices: option.argChoices ?? [],
    isFile: /<(file|folder)>/.test(option.flags),
  }));
  // Subcommands that only say what `--help` says are not worth a completion.
  const commands = program.commands.filter((command) => command.name() !== 'help');
  const first = program.registeredArguments[0];
  const words = first?.argChoices ?? (first && EVALUATIONS.has(first.name()) ? ['last'] : []);
  return [
    {
      path,
      summary: program.summary(),
      children: commands.map((command) => ({ name: command.name(), summary: command.summary() })),
      options,
      takesFile: first !== undefined && FILES.has(first.name()),
      words: [...words],
    },
    ...commands.flatMap((command) => commandTree(command, path)),
  ];
}

/** The options that want a value, with the command that they belong to. */
export const valuedOptions = (tree: readonly CommandNode[]): { path: string; option: OptionNode }[] =>
  tree.flatMap(({ path, options }) => options.filter((option) => option.value).map((option) => ({ path, option })));

/** In single quotes for a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
