/** All places of the page, on the rig of its tests, and whether each can be read there. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { HEIGHT, openPage, WIDTHS, type COLOURS } from '../support/browser.ts';
import type { DashboardRig } from '../support/dashboard-rig.ts';
import { openAt } from '../support/page.ts';

export const placesOf = ({ ids }: Pick<DashboardRig, 'ids'>) => ({
  evaluations: '/evaluations',
  'evaluation-over': `/evaluations/${ids.done}`,
  'evaluation-running': `/evaluations/${ids.held}`,
  'evaluation-waiting': `/evaluations/${ids.waiting}`,
  samples: `/evaluations/${ids.done}/samples`,
  'samples-by-time': `/evaluations/${ids.done}/samples?from=2020-01-01T00:00:00.000Z`,
  sample: `/evaluations/${ids.done}/samples/3`,
  harmful: `/evaluations/${ids.harmful}/samples/1`,
  charts: `/evaluations/${ids.done}/course`,
  record: `/evaluations/${ids.done}/record`,
  'record-so-far': `/evaluations/${ids.waiting}/record`,
  groups: `/evaluations/${ids.harmful}?order=lowest`,
  logs: `/evaluations/${ids.done}/logs`,
  compare: `/compare?ids=${ids.done},${ids.again}&sort=difference`,
  spec: `/evaluations/${ids.harmful}/spec`,
  agents: '/agents?sort=-counted',
  agent: '/agents/gpu-eu-2',
  routes: '/routes',
  route: '/routes/model%3Dvllm%2Flong-70b',
  'dead-letters': '/dead-letters',
  events: '/events',
  audit: '/audit',
  cluster: '/cluster',
  nowhere: '/no/such/place',
});

export interface Reading {
  browser: Browser;
  rig: Pick<DashboardRig, 'ids' | 'url'>;
  /** The source of axe-core. */
  axe: string;
  /** Of a context that is logged in. */
  storageState: NonNullable<BrowserContextOptions['storageState']>;
  /** Called with each page as it is shown. */
  shown?: (tab: Page, name: string) => Promise<void>;
}

/** `rules`: of axe-core; without them all, and none of none. */
export async function readableAt(
  { browser, rig, axe, storageState, shown }: Reading,
  width: keyof typeof WIDTHS,
  theme: (typeof COLOURS)[number],
  rules?: string[],
): Promise<void> {
  const look = { viewport: { width: WIDTHS[width], height: HEIGHT }, colorScheme: theme } as const;
  const context = await browser.newContext({ ...look, reducedMotion: 'reduce', storageState });
  const { page: tab } = await openPage(context);
  for (const [place, path] of Object.entries(placesOf(rig))) {
    await openAt(tab, rig.url + path);
    await shown?.(tab, `${place}-${width}-${theme}`);
    expect([place, await tab.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([place, WIDTHS[width]]);
    if (rules?.length !== 0) expect([place, width, theme, await seriousFindings(tab, axe, rules)]).toEqual([place, width, theme, []]);
  }
  await context.close();
}
