/** `assay completion SHELL`: completes commands, options and their values in a shell. */
import { Argument, type Command } from 'commander';
import { commandTree } from '../completion/command-tree.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';
import { EXIT } from '../exit.ts';
import type { CommandContext } from './context.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript } as const;

export function addCompletion(program: Command, { shell, exitWith }: CommandContext): void {
  program
    .command('completion')
    .summary('print what makes a shell complete commands')
    .description('Prints a script that makes a shell complete commands, options and their values.')
    .addArgument(new Argument('<shell>', 'which').choices(Object.keys(SCRIPTS)))
    .addHelpText(
      'after',
      `
Examples:
  source <(assay completion bash)                                      # in ~/.bashrc
  source <(assay completion zsh)                                       # in ~/.zshrc, after compinit
  assay completion fish > ~/.config/fish/completions/assay.fish`,
    )
    .action(async (name: keyof typeof SCRIPTS) => {
      await shell.print(SCRIPTS[name](commandTree(program)));
      exitWith(EXIT.ok);
    });
}
