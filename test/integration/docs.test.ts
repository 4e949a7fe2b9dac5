/**
 * What the documents tell people to type. A block of shell commands is run as it stands, in the order of its page and beside the files
 * that the page shows; or says above it why it is not and what shows it instead: `<!-- not run: reason -->`. `<!-- on a fleet -->` means a
 * coordinator with agents at ASSAY_ADDRESS. Every command of ours in any block must exist, with all its flags.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommandIn, runProgramIn } from '../support/broken-inputs.ts';
import { documents, isShell, type Page } from '../support/documents.ts';
import { Fleet } from '../support/fleet.ts';

const ROOT = join(import.meta.dirname, '../..');
const BLOCK_LIMIT_MS = 100_000;
/** More of them would mean that the pages are not believed. */
const MOST_NOT_RUN = 26;

const pages = documents();
const blocks = pages.flatMap((page) => page.blocks.filter(isShell));
const runnable = (page: Page) => page.blocks.filter((block) => isShell(block) && block.reason === undefined);

let folder: string;
let fleet: Fleet;
let address: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-docs-'));
  fleet = await Fleet.start();
  ({ address } = await fleet.coordinator());
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 8 }];
  await Promise.all(['one', 'two'].map((name) => fleet.agent(name, [address], { models })));
  // Something to look at for pages that look only: among its samples are errored ones.
  await folderOf('first');
  const spec = join(ROOT, 'examples/arithmetic.yaml');
  const mock = 'models[0].generate_config.extra_body.mock={error_rate: {request: 0.5}}';
  await typed('first', `assay run '${spec}' --quiet --set '${mock}' || true`, true);
}, 60_000);
afterAll(async () => {
  await fleet.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A folder in which the project seems to lie, so that what is typed there leaves nothing behind; with the files that the page shows. */
async function folderOf(name: string, page?: Page): Promise<void> {
  const own = join(folder, name);
  await mkdir(join(own, 'bin'), { recursive: true });
  // As `bin/assay` after its set-up, which the tests run with.
  const start = `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'cli/main.ts')}' "$@"\n`;
  await writeFile(join(own, 'bin/assay'), start);
  await chmod(join(own, 'bin/assay'), 0o755);
  await symlink(join(ROOT, 'examples'), join(own, 'examples'));
  // Operators stand beside a store, or in one.
  await mkdir(join(own, 'store'));
  await mkdir(join(own, 'evaluations', 'ev_one'), { recursive: true });
  await writeFile(join(own, 'evaluations', 'ev_one', 'accepted'), '');
  for (const { file, text } of page?.blocks ?? []) if (file !== undefined) await writeFile(join(own, file), text);
}

async function typed(name: string, text: string, onFleet: boolean): Promise<{ code: unknown; output: string }> {
  const own = join(folder, name);
  const env = {
    ...process.env,
    ASSAY_HOME: join(own, 'home'),
    PATH: `${join(own, 'bin')}:${join(ROOT, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
    ...(onFleet ? { ASSAY_ADDRESS: address } : {}),
  };
  return new Promise((resolve) => {
    execFile('sh', ['-euc', text], { cwd: own, env, timeout: BLOCK_LIMIT_MS }, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? error.signal) : 0, output: `${stdout}${stderr}` }),
    );
  });
}

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

describe.each(pages.filter((page) => runnable(page).length > 0).map((page) => [page.name, page] as const))('%s', (name, page) => {
  const own = name.replaceAll(/\W/g, '-');
  beforeAll(() => folderOf(own, page));

  test.each(runnable(page).map((block) => [block.place, block] as const))(
    'runs %s',
    async (_, { text, onFleet }) => {
      expect(await typed(own, text, onFleet)).toMatchObject({ code: 0 });
    },
    BLOCK_LIMIT_MS + 5_000,
  );
});

test('the unfinished evaluations of a restored store are found again', async () => {
  // By the lines of docs/store.md, run above.
  expect(await readdir(join(folder, 'docs-store-md', 'unfinished'))).toEqual(['ev_one']);
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
          /(?:^|\s|\()(?:bin\/)?assay ([a-z]+(?:-[a-z]+)*)((?: (?:show|drain|undrain|pause|resume|list|replay|drop)\b)?)([^|&;)]*)/g,
        ),
      ].map((m) => ({
        place,
        command: [m[1]!, ...(['agent', 'routes', 'dead-letters'].includes(m[1]!) ? m[2]!.split(' ').filter(Boolean) : [])],
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
        ? runProgramIn(folder, 'cli', [name, '--help'])
        : runCommandIn(folder, [...command, '--help']));
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
