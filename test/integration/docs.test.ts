/**
 * What the documents tell people to type. A block of shell commands is run as it stands, or says above it why it is not and
 * what shows it instead: `<!-- not run: reason -->`. Every command of ours in any block must exist, with all its flags.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgramIn } from '../support/broken-inputs.ts';

const ROOT = join(import.meta.dirname, '../..');
const BLOCK = /^(?:<!-- not run: (?<reason>.+) -->\n)?```(?:sh|console|bash)\n(?<text>[^]*?)^```$/gm;

interface Block {
  place: string;
  reason: string | undefined;
  text: string;
}

async function documents(): Promise<[name: string, text: string][]> {
  const pages = (await readdir(join(ROOT, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  return Promise.all(['README.md', 'CONTRIBUTING.md', ...pages].map(async (name) => [name, await readFile(join(ROOT, name), 'utf8')]));
}

const texts = await documents();
const blocks: Block[] = texts.flatMap(([name, text]) =>
  [...text.matchAll(BLOCK)].map((match) => ({
    place: `${name}:${text.slice(0, match.index).split('\n').length}`,
    reason: match.groups!['reason'],
    text: match.groups!['text']!,
  })),
);

/** A folder in which the project seems to lie, so that what is typed there leaves nothing behind. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-docs-'));
  await mkdir(join(folder, 'bin'));
  // As `bin/assay` after its set-up, which the tests run with.
  const start = `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'cli/main.ts')}' "$@"\n`;
  await writeFile(join(folder, 'bin/assay'), start);
  await chmod(join(folder, 'bin/assay'), 0o755);
  await symlink(join(ROOT, 'examples'), join(folder, 'examples'));
  // Operators stand beside a store, or in one.
  await mkdir(join(folder, 'store'));
  await mkdir(join(folder, 'evaluations', 'ev_one'), { recursive: true });
  await writeFile(join(folder, 'evaluations', 'ev_one', 'accepted'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('there are commands to run, and reasons for the others', () => {
  expect(blocks.filter((b) => b.reason === undefined).length).toBeGreaterThan(0);
  expect(blocks.filter(({ reason }) => reason !== undefined && reason.length < 15)).toEqual([]);
});

describe('as it stands', () => {
  test.each(blocks.filter((b) => b.reason === undefined).map(({ place, text }) => [place, text] as const))('%s', async (_, text) => {
    const env = {
      ...process.env,
      ASSAY_HOME: join(folder, 'home'),
      PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
    };
    const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      execFile('sh', ['-euc', text], { cwd: folder, env, timeout: 55_000 }, (error, stdout, stderr) =>
        resolve({ code: error ? (error.code ?? error.signal) : 0, output: `${stdout}${stderr}` }),
      );
    });
    expect({ code, output }).toMatchObject({ code: 0 });
  });
});

test('the unfinished evaluations of a restored store are found again', async () => {
  // By the lines of docs/store.md, run above.
  expect(await readdir(join(folder, 'unfinished'))).toEqual(['ev_one']);
});

test('every command and flag of ours exists', async () => {
  const helps = new Map<string, string>();
  const commands = blocks.flatMap(({ place, text }) => {
    const lines = text
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*/, ''));
    return lines.flatMap((line) =>
      [...line.matchAll(/(?:^|\s|\()(?:bin\/)?assay ([a-z]+)\b([^|&;)]*)/g)].map((m) => ({ place, command: m[1]!, rest: m[2]! })),
    );
  });
  expect(commands.length).toBeGreaterThan(3);
  for (const { place, command, rest } of commands) {
    if (!helps.has(command)) {
      const { code, stdout } = await runProgramIn(folder, 'cli', [command, '--help']);
      expect(code, `${place}: assay ${command}`).toBe(0);
      helps.set(command, stdout);
    }
    for (const [, flag] of rest.matchAll(/\s(--[a-z-]+)/g))
      expect(helps.get(command), `${place}: assay ${command} ${flag}`).toContain(flag);
  }
});

test('every script that is named is in package.json, and every link leads somewhere', async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  for (const [name, text] of texts) {
    for (const [, script] of text.matchAll(/npm run ([\w:]+)/g))
      expect(Object.keys(scripts), `${name}: npm run ${script}`).toContain(script);
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      const path = join(ROOT, dirname(name), target!);
      expect(existsSync(path), `${name}: there is no ${relative(ROOT, path)}`).toBe(true);
    }
  }
});
