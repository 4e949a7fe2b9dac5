/**
 * What the documents tell people to type. A block of shell commands is run as it stands, in the order of its page and beside the files
 * that the page shows; or says above it why it is not and what shows it instead: `<!-- not run: reason -->`. `<!-- on a fleet -->` means a
 * coordinator with agents at ASSAY_ADDRESS. Every command of ours in any block must exist, with all its flags. The README is run here,
 * all other pages by test/release/docs.test.ts.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandIn, runProgramIn } from '../support/broken-inputs.ts';
import { documents, isShell } from '../support/documents.ts';
import { BLOCK_LIMIT_MS, folderNameOf, runnable, Typist } from '../support/typist.ts';

const ROOT = join(import.meta.dirname, '../..');
/** More of them would mean that the pages are not believed. */
const MOST_NOT_RUN = 26;

const pages = documents();
const blocks = pages.flatMap((page) => page.blocks.filter(isShell));

let typist: Typist;
beforeAll(async () => {
  typist = await Typist.start();
}, 60_000);
afterAll(() => typist.stop());

test('there are commands to run, and reasons for the others', () => {
  const silent = blocks.filter(({ reason }) => reason !== undefined);
  expect(blocks.length - silent.length).toBeGreaterThan(25);
  expect(silent.length).toBeLessThanOrEqual(MOST_NOT_RUN);
  expect(silent.filter(({ reason }) => reason!.length < 15)).toEqual([]);
});

test('the tests that the reasons name are there', async () => {
  const tests = new Set(await readdir(join(ROOT, 'test'), { recursive: true }).then((names) => names.map((name) => basename(name))));
  const named = blocks.flatMap(({ place, reason = '' }) => [...reason.matchAll(/[\w-]+\.test\.ts/g)].map(([name]) => ({ place, name })));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter(({ name }) => !tests.has(name))).toEqual([]);
});

describe.each(pages.filter(({ name }) => name === 'README.md').map((page) => [page.name, page] as const))('%s', (_, page) => {
  const own = folderNameOf(page);
  beforeAll(() => typist.folderOf(own, page));

  test.each(runnable(page).map((block) => [block.place, block] as const))(
    'runs %s',
    async (__, { text, onFleet }) => {
      expect(await typist.type(own, text, onFleet)).toMatchObject({ code: 0 });
    },
    BLOCK_LIMIT_MS + 5_000,
  );
});

test('every command and flag of ours exists', async () => {
  const helps = new Map<string, string>();
  const commands = blocks.flatMap(({ place, text }) => {
    const lines = text
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*/, ''));
    return lines.flatMap((line) =>
      [
        ...line.matchAll(
          /(?:^|\s|\()(?:bin\/)?assay ([a-z]+(?:-[a-z]+)*)((?: (?:show|join|invite|drain|undrain|pause|resume|list|replay|drop|create|revoke|set|verify)\b)?)([^|&;)]*)/g,
        ),
      ].map((m) => ({
        place,
        command: [
          m[1]!,
          ...(['agent', 'routes', 'dead-letters', 'token', 'namespace', 'audit'].includes(m[1]!) ? m[2]!.split(' ').filter(Boolean) : []),
        ],
        rest: `${m[2]}${m[3]}`,
      })),
    );
  });
  expect(commands.length).toBeGreaterThan(40);
  for (const { place, command, rest } of commands) {
    const name = command.join(' ');
    if (!helps.has(name)) {
      // Those two become another process.
      const becomes = name === 'coordinator' || name === 'agent';
      const { code, stdout } = await (becomes
        ? runProgramIn(typist.path(), 'cli', [name, '--help'])
        : runCommandIn(typist.path(), [...command, '--help']));
      expect(code, `${place}: assay ${name}`).toBe(0);
      helps.set(name, stdout);
    }
    for (const [, flag] of rest.matchAll(/\s(--[a-z-]+)/g)) expect(helps.get(name), `${place}: assay ${name} ${flag}`).toContain(flag);
  }
}, 60_000);

test('every script that is named is in package.json, and every link leads somewhere', async () => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  for (const { name, text } of pages) {
    for (const [, script] of text.matchAll(/npm run ([\w:]+)/g))
      expect(Object.keys(scripts), `${name}: npm run ${script}`).toContain(script);
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)) {
      const path = join(ROOT, dirname(name), target!);
      expect(existsSync(path), `${name}: there is no ${relative(ROOT, path)}`).toBe(true);
    }
  }
});
