/** The pictures of docs/dashboard.md, all of them: of pages as the rig shows them, and of a spec with faults in it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { WIDTHS, type COLOURS } from '../support/browser.ts';
import type { DashboardRig } from '../support/dashboard-rig.ts';
import { openAt } from '../support/page.ts';
import { placesOf } from './places.ts';

interface GuidePicture {
  readonly path: string;
  readonly width: keyof typeof WIDTHS;
  readonly theme: (typeof COLOURS)[number];
  readonly height?: number;
  /** What is done in the page before. */
  readonly first?: (tab: Page) => Promise<void>;
}

/** By their names in docs/pictures. */
export function guideOf(rig: Pick<DashboardRig, 'ids'>): Readonly<Record<string, GuidePicture>> {
  const places = placesOf(rig);
  return {
    evaluations: { path: '/evaluations?owner=ada%40example.org', width: 'wide', theme: 'light' },
    evaluation: { path: places['evaluation-over'], width: 'wide', theme: 'dark' },
    waiting: { path: places['evaluation-waiting'], width: 'middle', theme: 'light', first: withReasons },
    charts: {
      path: `/evaluations/${rig.ids.paced ?? rig.ids.done}/course`,
      width: 'wide',
      theme: 'light',
      height: 1_330,
      first: withLines,
    },
    clone: { path: `/evaluations/${rig.ids.done}/clone`, width: 'wide', theme: 'light', first: withFaults },
    samples: { path: places.samples, width: 'wide', theme: 'light' },
    sample: { path: places.sample, width: 'middle', theme: 'dark' },
    compare: { path: places.compare, width: 'wide', theme: 'light' },
    route: { path: places.route, width: 'wide', theme: 'light' },
    narrow: { path: places['evaluation-running'], width: 'narrow', theme: 'light', height: 844 },
  };
}

export interface GuideOptions {
  browser: Browser;
  rig: Pick<DashboardRig, 'ids' | 'url'>;
  /** Of a context that is logged in. */
  storageState: NonNullable<BrowserContextOptions['storageState']>;
  keep: (tab: Page, name: string) => Promise<void>;
}

export async function picturesOfTheGuide({ browser, rig, storageState, keep }: GuideOptions): Promise<void> {
  for (const [name, { path, width, theme, height = 720, first }] of Object.entries(guideOf(rig))) {
    const viewport = { width: WIDTHS[width], height };
    const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce', storageState });
    const tab = await context.newPage();
    await openAt(tab, rig.url + path);
    await first?.(tab);
    await tab.locator('table, .row, .turn, .chart canvas, .editor-marks li').first().waitFor();
    await keep(tab, `guide-${name}`);
    await context.close();
  }
}

const withReasons = (tab: Page): Promise<void> => tab.getByRole('region', { name: 'Why it waits' }).waitFor();

/** The evaluation goes on until there is something to see: its bad spell, and what comes after it. */
async function withLines(tab: Page): Promise<void> {
  await tab.getByText(/submitted (?:[1-9]\d* min|[1-9] h) ago/).waitFor();
  await tab.locator('.chart canvas').nth(5).waitFor();
}

async function withFaults(tab: Page): Promise<void> {
  const spec = tab.getByRole('textbox', { name: 'Spec' });
  const text = await spec.inputValue();
  await spec.fill(text.replace('"match"', '"mtach"').replace('"openai/quick"', '"quick"'));
  await tab.getByRole('button', { name: 'Check', exact: true }).click();
  const faults = tab.locator('.editor-marks li');
  await faults.nth(1).waitFor();
  await faults.filter({ hasText: 'mtach' }).getByRole('button').click();
}
