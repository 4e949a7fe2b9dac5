/** What the made pages are put together from. */

/** Text as a cell of a table: what Markdown or HTML would read something into is escaped, outside of `code`. */
export const cell = (text: string): string =>
  text
    .replaceAll(/\s*\n\s*/g, ' ')
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part.replaceAll('|', '\\|') : part.replaceAll(/[|*<>]/g, '\\$&')))
    .join('')
    .trim();

/** As code, or nothing. */
export const code = (text: string | undefined): string => (text === undefined || text === '' ? '' : `\`${text}\``);

/** A table of cells; '' without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`.replaceAll(/\| +(?=\|)/g, '| ');
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

/** The beginning of a made page: its title, and what it is made from. */
export const head = (title: string, source: string): string => `# ${title}\n\n<!-- Made by \`npm run docs\` from ${source}. -->\n`;
