/**
 * The dashboard by keys, and for programs that read aloud: where the focus is after a step, long lists that are walked row by row, pictures that are told as
 * tables, and the browser's way back to the same place.
 */
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { PICTURES, type WatchedPage } from '../support/browser.ts';
import { useDashboard } from '../support/dashboard.ts';
import { narrowInPages } from './narrow.ts';
import { timingInPages } from './timing.ts';
import { SAMPLES, startWalkRig, TOKEN, type WalkRig } from '../support/walk-rig.ts';

let rig: WalkRig;
let browser: Browser;
let context: BrowserContext;
let here: WatchedPage;
let page: Page;
let axe: string;

const hasBrowser = useDashboard(startWalkRig, (started) => ({ rig, browser, context, here, page, axe } = started));

/** What has the focus, in short: its name, and what it is. */
const focused = (): Promise<string> =>
  page.evaluate<string>(
    `(({ tagName, textContent, ariaLabel }) => tagName.toLowerCase() + ' ' + (ariaLabel ?? textContent ?? '').trim())(document.activeElement)`,
  );
const scrolled = (): Promise<number> => page.evaluate<number>('scrollY');
const link = (name: string | RegExp): ReturnType<Page['locator']> => page.getByRole('link', { name, exact: typeof name === 'string' });

async function picture(name: string, at: Page = page): Promise<void> {
  if (PICTURES) await at.screenshot({ path: join(PICTURES, `keyboard-${name}.png`) });
}

describe.skipIf(!hasBrowser)('the dashboard by keys', () => {
  test('who logs in is at the heading of the page', async () => {
    await page.goto(`${rig.url}/`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('h1 Evaluations');
    expect(await page.title()).toBe('Evaluations · Assay');
  });

  test('a step to another page brings the focus to its heading, once that is known, and another title', async () => {
    await link('many sums').focus();
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe('h1 many sums');
    expect(await page.title()).toBe('Scores · many sums · Assay');
    // Parts are one page: who goes through their names stays there.
    for (const part of ['Charts', 'Record']) {
      await page.getByRole('navigation', { name: 'Parts of this evaluation' }).getByRole('link', { name: part }).focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.title()).toBe(`${part} · many sums · Assay`);
      expect(await focused()).toBe(`a ${part}`);
    }
    await link('Cluster').click();
    await expect.poll(focused).toBe('h1 Cluster');
    expect(await page.title()).toBe('Cluster · Assay');
  });

  test('a list in pages goes on and back; so does the browser, to the same place, with what was chosen', async () => {
    await page.goto(`${rig.url}/evaluations`);
    await link('many sums').waitFor();
    const pager = page.getByRole('navigation', { name: 'Pages of the list' });
    await pager.getByText('Page 1', { exact: true }).waitFor();
    expect(await pager.getByRole('button', { name: 'Previous page' }).isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Choose waits 20' }).check();
    await pager.getByRole('button', { name: 'Next page' }).click();
    await pager.getByText('Page 2').waitFor();
    await link('waits 00').waitFor();
    expect(await focused()).toBe('h1 Evaluations');
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
    await picture('pager');
    await pager.getByRole('button', { name: 'Previous page' }).click();
    await pager.getByText('Page 1', { exact: true }).waitFor();
    await link('many sums').waitFor();
    await page.goBack();
    await pager.getByText('Page 2').waitFor();
    await page.goBack();
    await expect.poll(() => page.getByRole('checkbox', { name: 'Choose waits 20' }).isChecked()).toBe(true);
    const target = link('waits 20');
    await target.scrollIntoViewIfNeeded();
    const before = await scrolled();
    expect(before).toBeGreaterThan(100);
    await target.click();
    await expect.poll(focused).toBe('h1 waits 20');
    expect(await scrolled()).toBe(0);
    await page.goBack();
    await expect.poll(focused).toBe('a waits 20');
    expect(await scrolled()).toBe(before);
    expect(await page.getByRole('checkbox', { name: 'Choose waits 20' }).isChecked()).toBe(true);
    // A page of a list that was opened by its address knows of none before it.
    await page.getByRole('button', { name: 'Next page' }).click();
    await pager.getByText('Page 2').waitFor();
    await page.reload();
    await pager.getByText('Page 2').waitFor();
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByText('A later page').waitFor();
    await other.close();
  });

  test('a list of any length is one stop, walked row by row; it says where it is, and comes back to there', async () => {
    await page.goto(`${rig.url}/evaluations/${rig.ids.many}/samples`);
    const table = page.getByRole('table', { name: 'Samples' });
    await table.getByRole('link', { name: 's0', exact: true }).waitFor();
    // There are more than were loaded so far.
    expect(await table.getAttribute('aria-rowcount')).toBe('-1');
    await page.locator('.rows-room').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('a s0');
    for (let i = 0; i < 40; i++) await page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('a s40');
    await picture('row');
    const row = page.getByRole('row', { name: /\bs40\b/ });
    expect(await row.getAttribute('aria-rowindex')).toBe('42');
    await page.keyboard.press('Home');
    await expect.poll(focused).toBe('a s0');
    await page.keyboard.press('End');
    await expect.poll(focused).toBe('a s199');
    await table.getByRole('link', { name: 's201', exact: true }).waitFor();
    await page.keyboard.press('End');
    await expect.poll(focused).toBe('a s399');
    await table.getByRole('link', { name: 's401', exact: true }).waitFor();
    await page.keyboard.press('End');
    await expect.poll(focused).toBe(`a s${SAMPLES - 1}`);
    expect(await table.getAttribute('aria-rowcount')).toBe(String(SAMPLES + 1));
    await page.keyboard.press('PageUp');
    const far = (await focused()).slice(2);
    expect(far).not.toBe(`s${SAMPLES - 1}`);
    await page.keyboard.press('Enter');
    await expect.poll(focused).toBe(`h1 ${far}`);
    await page.goBack();
    await expect.poll(focused).toBe(`a ${far}`);
    // One more leaves the list.
    await page.keyboard.press('Tab');
    expect(await page.evaluate<boolean>(`document.querySelector('.rows').contains(document.activeElement)`)).toBe(false);
  });

  test('from sample to sample: the button that was pressed keeps the focus', async () => {
    await page.goto(`${rig.url}/evaluations/${rig.ids.many}/samples/3`);
    await page.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 's4', exact: true }).waitFor();
    await expect.poll(focused).toBe('button Next');
    await page.keyboard.press('j');
    await expect.poll(focused).toBe('h1 s5');
    expect(await page.title()).toBe('s5 · Assay');
  });

  test('charts are gone through by arrows, and told as tables; so is the timeline', async () => {
    await page.goto(`${rig.url}/evaluations/${rig.ids.many}/course`);
    const chart = page.getByRole('region', { name: 'Throughput', exact: true });
    await chart.locator('canvas').waitFor();
    const slider = chart.getByRole('slider', { name: 'Throughput, over time' });
    await slider.focus();
    await page.keyboard.press('End');
    await expect.poll(() => chart.locator('.chart-at').count()).toBe(1);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d:\d\d: mock\/one (?:[\d.,]+|–)$/);
    await page.keyboard.press('Home');
    await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('0');
    await picture('chart');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const numbers = chart.getByRole('table');
    await numbers.getByRole('columnheader', { name: 'mock/one' }).waitFor();
    expect(await numbers.getByRole('row').count()).toBeGreaterThan(1);
    const tasks = page.locator('.panel', { hasText: 'Tasks by agent' });
    await tasks.getByText('As a table').click();
    await tasks.getByRole('table').getByRole('cell', { name: 'done' }).first().waitFor();
    await picture('tables');
  });

  test.each(['/evaluations', '/agents', '/routes', '/dead-letters', '/events', '/audit', '/cluster', 'samples', 'course', 'sample'])(
    'on %s whatever has the focus is seen to have it',
    async (name) => {
      const at = `/evaluations/${rig.ids.many}`;
      await page.goto(rig.url + ({ samples: `${at}/samples`, course: `${at}/course`, sample: `${at}/samples/3` }[name] ?? name));
      await page.locator('main h1').waitFor();
      await page.locator('.loading').waitFor({ state: 'detached' });
      const seen = new Set<string>();
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        const now = await page.evaluate<[string, boolean] | null>(`(() => {
          const element = document.activeElement;
          if (element === document.body) return null;
          // What has it may show it by what is around it.
          const style = [element, element.closest('.editor-room')].filter(Boolean).map((one) => getComputedStyle(one));
          const isShown = style.some(({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1);
          const path = [element.tagName, element.className, element.ariaLabel ?? element.textContent.slice(0, 40)].join(' ');
          return [path, isShown];
        })()`);
        if (now === null) break;
        seen.add(now[0]);
        expect(now).toEqual([now[0], true]);
      }
      expect(seen.size).toBeGreaterThan(8);
    },
  );

  timingInPages(() => ({ rig, page, picture }));
  narrowInPages(() => ({ rig, browser, context, axe, isPictured: PICTURES !== undefined, picture }));

  test('no page broke its policy', () => expect(here.faults).toEqual([]));
});
