/** Names as long as they may be, without a place to break them at: nothing is wider than its page, and no score is pushed out of sight. */
import { createHash } from 'node:crypto';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HEIGHT, openPage } from '../support/browser.ts';
import { sums } from '../support/mock-evaluation.ts';
import { openAt } from '../support/page.ts';
import { waitFor } from '../support/wait-for.ts';
import { harmed, letter, type Around } from './mishaps.ts';

/** The end of it reads as another one where it is not shown by a sign. */
const NAME = `${'N'.repeat(190)} \u202egnp.exe`;
const BENCHMARK = 'B'.repeat(200);
const MODEL = 'm'.repeat(190);
const WORD = 'W'.repeat(180);
/** Of their own, so that no other list has them. */
const NAMESPACE = 'names';

/** By how much the page is wider than its window, and the tables that one would have to scroll sideways. */
const WIDER = `({
  page: document.documentElement.scrollWidth - innerWidth,
  tables: [...document.querySelectorAll('main .table-room')]
    .filter((room) => room.clientWidth > 0 && room.scrollWidth > room.clientWidth + 1)
    .map((room) => room.getAttribute('aria-label') + ': ' + room.scrollWidth + ' in ' + room.clientWidth),
})`;
interface Wider {
  page: number;
  tables: string[];
}

/** Pages by what they are called; `done` is over, `waiting` is served by nobody. */
const PLACES: Readonly<Record<string, (ids: { done: string; waiting: string; other: string }) => string>> = {
  ...Object.fromEntries(
    ['', '/samples', '/samples/1', '/course', '/logs', '/spec', '/record', '/clone', '/rescore'].map(
      (part) => [`an evaluation${part}`, ({ done }: { done: string }) => `/evaluations/${done}${part}`] as const,
    ),
  ),
  'an evaluation that waits': ({ waiting }) => `/evaluations/${waiting}`,
  'a comparison with another one': ({ done, other }) => `/compare?ids=${done},${other}`,
  'a comparison with itself': ({ done }) => `/compare?ids=${done},${done}`,
  ...Object.fromEntries(
    [`/evaluations?namespace=${NAMESPACE}`, '/routes', '/agents', '/agents/gpu-eu-2', '/dead-letters', '/audit'].map((path) => [
      path,
      () => path,
    ]),
  ),
};

export function namesInPages(around: () => Around): void {
  describe('names as long as they may be make no page wider than it is, and hide no score', () => {
    let ids: { done: string; waiting: string; other: string };
    beforeAll(async () => {
      const [done, waiting] = await submitted(around());
      ids = { done: done!, waiting: waiting!, other: around().rig.ids.done };
    });
    afterAll(() => ids && around().rig.client.cancel(ids.waiting));

    test.each(Object.entries(PLACES))('%s', async (_name, pathOf) => {
      const { rig, browser, storageState } = around();
      const { page, faults } = await openPage(await browser.newContext({ storageState: await storageState() }));
      try {
        await page.route(/\/api\/v1\/(?:agents|audit)\b(?!.*\/events)/, longer);
        await page.route(/\/api\/v1\/dead-letters\b/, (route) => route.fulfill({ json: { items: [letter(WORD, 1)], nextToken: '' } }));
        await fitsAt(page, rig.url, pathOf(ids));
      } finally {
        await page.unrouteAll({ behavior: 'ignoreErrors' });
        await page.context().close();
      }
      expect(faults).toEqual([]);
    });
  });
}

/** On all widths. */
async function fitsAt(page: Page, url: string, path: string): Promise<void> {
  await openAt(page, url + path);
  if (path.endsWith('/course')) await page.locator('.chart canvas').first().waitFor();
  if (path.endsWith('/rescore')) {
    await page.getByRole('button', { name: 'Score', exact: true }).click();
    await page.getByRole('region', { name: 'Scores before and now' }).waitFor();
  }
  for (const width of [1440, 1024, 820, 390]) {
    await page.setViewportSize({ width, height: HEIGHT });
    // Charts follow their room a moment later, and some words are shorter another time.
    await expect.poll(() => widerThan(page, path), { timeout: 20_000 }).toEqual([path, { page: 0, tables: [] }]);
  }
  expect([path, await page.locator('main').innerText()]).toEqual([path, expect.not.stringContaining('\u202e')]);
}

/** The audit log has many texts that are nobody's names: there it is enough that its box can be scrolled. */
async function widerThan(page: Page, path: string): Promise<[string, Wider]> {
  const wider = await page.evaluate<Wider>(WIDER);
  return [path, path === '/audit' ? { ...wider, tables: [] } : wider];
}

/** A true answer, with a long word for each of its texts; the audit log comes in lines. */
async function longer(route: Route): Promise<void> {
  const answer = await route.fetch();
  const lines = (await answer.text()).split('\n');
  await route.fulfill({
    response: answer,
    body: lines.map((line) => (line === '' ? '' : JSON.stringify(harmed(JSON.parse(line), WORD)))).join('\n'),
  });
}

/** One that is over, and one that nobody serves. */
async function submitted({ rig: { client } }: Around): Promise<string[]> {
  const content = sums(4, () => ({ topic: WORD }));
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  await client.uploadBytes(content, { namespace: NAMESPACE });
  const dataset = { uri: 'file:sums.jsonl', digest, fields: { id: 'id', metadata: ['topic'] } };
  const grouped = { name: 'grouped', args: { group_key: 'topic', metrics: ['accuracy', 'stderr'] } };
  const scorers = [{ name: 'match', args: { numeric: true } }];
  const benchmarks = [BENCHMARK, 'short'].map((benchmark) => ({
    ...{ benchmark, dataset, scorers, metrics: ['accuracy', 'stderr', grouped] },
  }));
  const submit = async (models: readonly string[]): Promise<string> => {
    const spec = { name: NAME, tags: ['T'.repeat(60)], benchmarks, models: models.map((model) => ({ model })) };
    const more = { namespace: NAMESPACE, idempotencyKey: models[0]!, owner: 'O'.repeat(60) };
    return (await client.submit({ spec, ...more })).evaluation.evaluationId;
  };
  const ids = [await submit([`openai/${MODEL}`, 'openai/short']), await submit([`vllm/${MODEL}`])];
  await waitFor(async () => (await client.get(ids[0]!)).state === 'succeeded', { what: 'the evaluation to be over', timeoutMs: 60_000 });
  return ids;
}
