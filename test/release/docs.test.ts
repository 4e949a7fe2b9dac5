/** What the pages of docs/ tell people to type, as test/integration/docs.test.ts does it with the README. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documents } from '../support/documents.ts';
import { BLOCK_LIMIT_MS, folderNameOf, runnable, Typist } from '../support/typist.ts';

const pages = documents().filter((page) => page.name !== 'README.md' && runnable(page).length > 0);

let typist: Typist;
beforeAll(async () => {
  typist = await Typist.start();
}, 60_000);
afterAll(() => typist.stop());

describe.each(pages.map((page) => [page.name, page] as const))('%s', (_, page) => {
  const own = folderNameOf(page);
  beforeAll(() => typist.folderOf(own, page), BLOCK_LIMIT_MS + 5_000);

  test.each(runnable(page).map((block) => [block.place, block] as const))(
    'runs %s',
    async (__, { text, onFleet }) => {
      const { code, output } = await typist.type(own, text, onFleet);
      // What it said, where it failed.
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
    BLOCK_LIMIT_MS + 5_000,
  );
});

test('the unfinished evaluations of a restored store are found again', async () => {
  // By the lines of docs/store.md, run above.
  expect(await readdir(typist.path('docs-store-md', 'unfinished'))).toEqual(['ev_one']);
});
