/** docs/reference/config.md from what the two programs say of themselves: this is no place to import them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cell, code, head, table } from './docs-markdown.ts';

const ROOT = join(import.meta.dirname, '..');
const LIMIT_MS = 60_000;

/** `  --option VALUE   meaning (default)`. */
const OPTION = /^ {2}--(?<name>[a-z-]+)(?: (?<value>[A-Z:]+))? {2,}(?<meaning>.+?)(?: \((?<fallback>[^()]+)\))?$/gm;
/** Options that are short for the name of their setting. */
const SHORT: Readonly<Record<string, string>> = { redis: 'redis-url' };
/** Options that no file can hold: the file itself. */
const NOT_IN_FILE = new Set(['config']);

export async function configPage(): Promise<string> {
  const [coordinator, agent] = await Promise.all([helpOf('coordinator'), helpOf('agent')]);
  return `${head('Settings', '`assay coordinator --help` and `assay agent --help`')}
All faults of the settings are told at once, each with its place and what to write instead; the exit code is 2 then. Times are milliseconds
or carry a unit: \`15000\`, \`15s\`, \`2m\`.

## The coordinator

An option goes before a variable, a variable before the YAML file. What the settings do is in [operations](../operations.md).

${coordinatorTable(coordinator)}
The token itself may stand in the variable \`ASSAY_TOKEN\`.

## The agent

Its settings are a YAML file; variables go before it. Every key is explained in [agents](../agents.md#agentyaml).

\`\`\`text
${agent.trim()}
\`\`\`
`;
}

async function helpOf(program: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, program, 'main.ts'), '--help'], { timeout: LIMIT_MS });
  return stdout;
}

function coordinatorTable(help: string): string {
  const usage = help.slice(0, help.indexOf('\n'));
  const rows = [...help.matchAll(OPTION)].map(({ groups }) => {
    const { name, value, meaning, fallback } = groups as Record<string, string | undefined>;
    const setting = (SHORT[name!] ?? name!).replaceAll('-', '_');
    return [
      code(`--${name}${value ? ` ${value}` : ''}`),
      code(`ASSAY_${setting.toUpperCase()}`),
      NOT_IN_FILE.has(name!) ? '' : code(setting),
      cell(meaning!),
      fallback === undefined ? (usage.includes(`--${name} `) ? 'needed' : '') : cell(fallback),
    ];
  });
  if (rows.length < 10) throw new Error('the help of the coordinator has another form: see scripts/docs-config.ts');
  return table(['option', 'variable', 'in the file', 'meaning', 'default'], rows);
}
