/** Lists in the forms that -o names, printed as their pages come. */
import type { Shell } from '../shell.ts';
import { document } from './json.ts';
import type { Look } from './look.ts';
import { Table, type Column } from './table.ts';

export const OUTPUTS = ['table', 'wide', 'json', 'jsonl', 'name', 'ids'] as const;
/** `json`: one list; `jsonl`: one object a line; `name` (as kubectl has it) or `ids`: the ids alone. */
export type OutputName = (typeof OUTPUTS)[number];

export interface ListOptions<T> {
  output: OutputName;
  look: Look;
  columns: (look: Look) => Column<T>[];
  nameOf: (item: T) => string;
  /** For JSON; by default the item as it is. */
  documentOf?: (item: T) => unknown;
  /** Said on standard error when a table would be empty. */
  none: string;
}

/** Never keeps more than one page. */
export async function printList<T>(shell: Shell, pages: AsyncIterable<T[]>, options: ListOptions<T>): Promise<void> {
  const { output, look, nameOf, documentOf = (item: T): unknown => item } = options;
  const table = new Table(options.columns(look), look);
  let printed = 0;
  if (output === 'json') await shell.print('[');
  for await (const items of pages) {
    switch (output) {
      case 'json':
        for (const [i, item] of items.entries())
          await shell.print(`${printed + i > 0 ? ',' : ''}\n${document(documentOf(item)).trimEnd()}`);
        break;
      case 'jsonl':
        await shell.print(items.map((item) => document(documentOf(item))).join(''));
        break;
      case 'name':
      case 'ids':
        await shell.print(items.map((item) => `${nameOf(item)}\n`).join(''));
        break;
      default:
        await shell.print(
          table
            .lines(items)
            .map((line) => `${line}\n`)
            .join(''),
        );
    }
    printed += items.length;
  }
  if (output === 'json') await shell.print(printed > 0 ? '\n]\n' : ']\n');
  if (printed === 0 && (output === 'table' || output === 'wide')) shell.say(options.none);
}
