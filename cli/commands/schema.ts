/** `assay schema`: the spec's form as JSON Schema, for editors and other tools. */
import type { Command } from 'commander';
import { specJsonSchema } from '../../shared/domain/spec-json-schema.ts';
import { EXIT } from '../exit.ts';
import type { CommandContext } from './context.ts';

export function addSchema(program: Command, { shell, exitWith }: CommandContext): void {
  program
    .command('schema')
    .summary('print the JSON Schema of specs')
    .description('Prints the JSON Schema of specs, for editors that complete and check while one writes.')
    .addHelpText(
      'after',
      `
Example:
  assay schema > spec.schema.json     then, as first line of a spec: # yaml-language-server: $schema=spec.schema.json`,
    )
    .action(async () => {
      await shell.print(`${JSON.stringify(specJsonSchema(), null, 2)}\n`);
      exitWith(EXIT.ok);
    });
}
