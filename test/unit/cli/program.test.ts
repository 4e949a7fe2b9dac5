/** Every command explains itself; what completes it is what it has. */
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { bashScript } from '../../../cli/completion/bash.ts';
import { commandTree } from '../../../cli/completion/command-tree.ts';
import { fishScript } from '../../../cli/completion/fish.ts';
import { zshScript } from '../../../cli/completion/zsh.ts';
import { makeProgram } from '../../../cli/program.ts';
import type { Shell } from '../../../cli/shell.ts';

const program = makeProgram({ shell: {} as Shell, exitWith: () => undefined });
const flatten = (command: Command): Command[] => command.commands.flatMap((sub) => [sub, ...flatten(sub)]);
const commands = flatten(program).filter((command) => command.name() !== 'help');

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

test('the program groups its commands by purpose', () => {
  const help = helpOf(program);
  const headings = [...help.matchAll(/^(\w+):$/gm)]
    .map((m) => m[1])
    .filter((h) => ['Run', 'Look', 'Control', 'Fleet', 'Tools', 'Commands'].includes(h!));
  expect(headings).toEqual(['Run', 'Look', 'Control', 'Fleet', 'Tools']);
  for (const line of help.split('\n').filter((l) => /^ {2}[a-z]/.test(l))) expect(line).toMatch(/^ {2}\S.* {2,}\S/);
});

test.each(commands.map((command) => [command.name(), command] as const))('%s says what it does and gives an example', (name, command) => {
  expect(command.summary()).not.toBe('');
  expect(command.description().length).toBeGreaterThan(20);
  // The two processes explain themselves.
  if (name === 'coordinator' || name === 'agent') return;
  const help = helpOf(command);
  expect(help).toMatch(/\nExamples?:\n {2}\S/);
  expect(help).toContain('--help');
  expect(command.options.filter((option) => option.description === '').map((option) => option.flags)).toEqual([]);
});

test('the tree for completion has every command and every option', () => {
  const tree = commandTree(program);
  expect(tree).toHaveLength(commands.length + 1);
  const node = (path: string) => tree.find((n) => n.path === path)!;
  expect(node('assay').children.map((c) => c.name)).toContain('samples');
  expect(node('assay list').options.find((o) => o.flags.includes('-o'))).toMatchObject({
    value: true,
    choices: ['table', 'wide', 'json', 'jsonl', 'name', 'ids'],
  });
  expect(node('assay run')).toMatchObject({ takesFile: true });
  expect(node('assay run').options.find((o) => o.flags.includes('--agent'))).toMatchObject({ isFile: true });
  expect(node('assay show').words).toEqual(['last']);
  expect(node('assay completion').words).toEqual(['bash', 'zsh', 'fish']);
  expect(node('assay agent').children.map((c) => c.name)).toEqual([
    'join',
    'invite',
    'invites',
    'uninvite',
    'revoke',
    'show',
    'drain',
    'undrain',
  ]);
  for (const script of [bashScript(tree), zshScript(tree), fishScript(tree)])
    for (const command of commands) expect(script).toContain(command.name());
});
