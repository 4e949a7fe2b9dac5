/** Lists where there is little room: all that they have is there, and nothing is cut off. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { COLOURS, openPage, WIDTHS } from '../support/browser.ts';
import { seriousFindings } from '../support/axe.ts';
import type { DeadLetter } from '../../shared/client/dead-letters.ts';
import type { EventPage } from '../../shared/client/event-types.ts';
import type { WalkRig } from '../support/walk-rig.ts';

interface Parts {
  rig: WalkRig;
  browser: Browser;
  context: BrowserContext;
  axe: string;
  /** Pictures are wanted: how things are laid out is the same in both themes. */
  isPictured: boolean;
  picture: (name: string, page: Page) => Promise<void>;
}

/** Texts and boxes that reach beyond what holds them, by what they say. */
const CUT = `[...document.querySelectorAll('main .table-room, main .rows')].flatMap((room) => {
  const { left, right } = room.getBoundingClientRect();
  return [...room.querySelectorAll('td > *, .row > *, button, input')].filter((element) => {
    const own = element.getBoundingClientRect();
    return own.width > 0 && getComputedStyle(element).clipPath === 'none' && (own.right > right + 1 || own.left < left - 1);
  }).map(({ textContent }) => textContent);
})`;

/** What the first row says, by the titles of its columns: in cells, or below what it is called by. */
const TOLD = `[...new Set([...document.querySelectorAll('tbody tr:first-child :is(td[data-title], .rest-title)')]
  .filter((element) => element.getClientRects().length > 0 && element.textContent.trim() !== '')
  .map((element) => element.dataset.title ?? element.textContent))]
  .toSorted()`;
/** Of the first of the samples. */
const CELLS = `[...document.querySelectorAll('.row:first-child > *')]
  .filter((element) => element.getClientRects().length > 0)
  .map((element) => element.classList[0])`;

const AT_MS = 1_780_000_000_000;
const attempt = { attemptId: 'a', agentId: 'ag_1', agent: 'gpu-eu-1', instanceId: 'i', end: 'crash', atMs: AT_MS } as const;
const LETTER: DeadLetter = {
  ...{ taskId: 'ev_25acykad3jdhebvq67xwamquyx-17', evaluationId: 'ev_25acykad3jdhebvq67xwamquyx', benchmark: 'sums of large numbers' },
  ...{ model: 'vllm/nobody-has-it', route: 'r_aaaaaaaaaaaaaaaa', requirement: 'model=vllm/nobody-has-it zone=eu-central-1' },
  ...{ units: [3, 4, 5], unitCount: 3, crashes: 3, losses: 2, returns: 0, deadAtMs: AT_MS, dropped: false },
  attempts: [{ ...attempt, exit: 'was killed by SIGKILL at 2026-05-28T20:26:40Z, as one that has used up its memory', lastOutput: '' }],
};

const incident = {
  ...{ incident: 'i1', kind: 'nothing_fits', severity: 'critical' as const, namespace: 'team-of-many-words' },
  summary: 'No agent fits model=vllm/nobody-has-it zone=eu-central-1: 4,000 samples wait (gpu-eu-1: label zone=eu-central-1 is missing)',
  facts: { route: 'r_aaaaaaaaaaaaaaaa', evaluations: 'ev_25acykad3jdhebvq67xwamquyx', open: '4000' },
};
const EVENTS: EventPage = {
  ...{ ongoing: [{ ...incident, open: true, sinceMs: AT_MS, absentMs: 0 }], open: 1, waiting: 0 },
  ...{ items: [{ ...incident, id: 'i1:opened', status: 'opened', startedMs: AT_MS, atMs: AT_MS }], nextToken: '' },
};

export function narrowInPages(parts: () => Parts): void {
  test.each([390, 820])('at %i pixels lists have all that they have, and nothing of it is cut off', async (width) => {
    const { rig, browser, context, axe, isPictured, picture } = parts();
    for (const colorScheme of isPictured ? COLOURS : COLOURS.slice(0, 1)) {
      const other = await browser.newContext({
        ...{ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' as const },
        storageState: await context.storageState(),
      });
      const { page } = await openPage(other);
      await page.route('**/api/v1/dead-letters**', (route) => route.fulfill({ json: { items: [LETTER], nextToken: '' } }));
      await page.route('**/api/v1/events?**', (route) => route.fulfill({ json: EVENTS }));
      const places = {
        ...{ evaluations: '/evaluations', agents: '/agents', routes: '/routes', audit: '/audit', 'dead-letters': '/dead-letters' },
        events: '/events',
        samples: `/evaluations/${rig.ids.many}/samples`,
      };
      for (const [name, path] of Object.entries(places)) {
        await page.goto(rig.url + path);
        await page.locator('main h1').waitFor();
        await page.locator('.loading').waitFor({ state: 'detached' });
        await page
          .locator(name === 'samples' ? '.row' : 'tbody tr')
          .first()
          .waitFor();
        await picture(`${name}-${width}-${colorScheme}`, page);
        const scrollWidth = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect([name, scrollWidth, await page.evaluate<string[]>(CUT)]).toEqual([name, width, []]);
        if (name !== 'samples') {
          await page.setViewportSize({ width: WIDTHS.wide, height: 900 });
          const all = await page.evaluate<string[]>(TOLD);
          expect(all.length).toBeGreaterThan(4);
          await page.setViewportSize({ width, height: 900 });
          await expect.poll(async () => [name, await page.evaluate<string[]>(TOLD)]).toEqual([name, all]);
        }
        if (width === 390 && colorScheme === 'light') expect([name, await seriousFindings(page, axe)]).toEqual([name, []]);
      }
      // Numbers of units and tokens are in the page of a sample.
      await page.goto(`${rig.url}/evaluations/${rig.ids.many}/samples`);
      await page.locator('.row').first().waitFor();
      const cells = ['cell-sample', 'cell-state', 'cell-scores', 'cell-more', 'cell-took'];
      expect(await page.evaluate<string[]>(CELLS)).toEqual(width === 390 ? cells : ['cell-unit', ...cells]);
      expect(await page.locator('.cell-more').first().innerText()).toMatch(/ · mock\/one$/);
      await page.goto(`${rig.url}/evaluations`);
      const row = page.getByRole('row', { name: /many sums/ });
      await row.getByText('450 / 450').waitFor();
      expect(await row.getByRole('cell').count()).toBe(width === 390 ? 9 : 7);
      expect(await row.innerText()).toMatch(/\$0/);
      await row.getByRole('checkbox').check();
      await page
        .getByRole('row', { name: /sums that were lost/ })
        .getByRole('checkbox')
        .check();
      await page.getByRole('link', { name: 'Compare' }).waitFor();
      await picture(`chosen-${width}-${colorScheme}`, page);
      await other.close();
    }
  });
}
