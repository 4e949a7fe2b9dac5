/** The pictures of docs/dashboard.md, all of them: of pages as the rig shows them, and of a spec with faults in it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { WIDTHS, type COLOURS } from '../support/browser.ts';
import type { DashboardRig } from '../support/dashboard-rig.ts';
import { openAt } from '../support/page.ts';
import type { Lost } from '../support/spot-agents.ts';
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
export function guideOf(rig: Pick<DashboardRig, 'ids'>, lost: Lost): Readonly<Record<string, GuidePicture>> {
  const places = placesOf(rig);
  const paced = `/evaluations/${rig.ids.paced ?? rig.ids.held}`;
  return {
    evaluations: { path: '/evaluations?owner=ada%40example.org', width: 'wide', theme: 'light', first: withPace },
    evaluation: { path: places['evaluation-over'], width: 'wide', theme: 'dark' },
    waiting: { path: places['evaluation-waiting'], width: 'middle', theme: 'light', first: withReasons },
    charts: {
      path: `${paced}/course`,
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
    narrow: { path: paced, width: 'narrow', theme: 'light', height: 844, first: withTimeLeft },
    attempts: { path: `/evaluations/${lost.evaluationId}/samples/${lost.unit}`, width: 'wide', theme: 'light', first: withTiming },
    logs: { path: `/evaluations/${lost.evaluationId}/logs`, width: 'wide', theme: 'light' },
    record: { path: places.record, width: 'wide', theme: 'light' },
    agents: { path: '/agents?label=fleet%3Dnightly&sort=-counted', width: 'wide', theme: 'light' },
    cluster: { path: places.cluster, width: 'wide', theme: 'light', height: 1_370, first: withUsualPlaces },
  };
}

export interface GuideOptions {
  browser: Browser;
  rig: Pick<DashboardRig, 'ids' | 'loseAnAgent' | 'url'>;
  /** Of a context that is logged in. */
  storageState: NonNullable<BrowserContextOptions['storageState']>;
  keep: (tab: Page, name: string) => Promise<void>;
}

export async function picturesOfTheGuide({ browser, rig, storageState, keep }: GuideOptions): Promise<void> {
  const lost = await rig.loseAnAgent();
  for (const [name, { path, width, theme, height = 720, first }] of Object.entries(guideOf(rig, lost))) {
    const viewport = { width: WIDTHS[width], height };
    const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce', storageState });
    const tab = await context.newPage();
    await openAt(tab, rig.url + path);
    await first?.(tab);
    await tab.locator('table, .row, .turn, .chart canvas, .editor-marks li, .log-line, .record-groups').first().waitFor();
    await keep(tab, `guide-${name}`);
    await context.close();
  }
}

/** How fast it goes is known once it was seen to go on. */
const withPace = (tab: Page): Promise<void> => tab.getByText(/^\d.* left$/).waitFor();

const withTimeLeft = (tab: Page): Promise<void> => tab.locator('.figure', { hasText: /^Left\s*\d/ }).waitFor();

/** With what came before it, as far as there is room. */
async function withTiming(tab: Page): Promise<void> {
  const timing = tab.getByRole('table', { name: 'Timing' });
  await timing.getByRole('row', { name: /lease lost|agent crashed/ }).waitFor();
  await timing.scrollIntoViewIfNeeded();
}

/** Where the test has its files is nobody's business. */
async function withUsualPlaces(tab: Page): Promise<void> {
  const own = tab.locator('dd', { hasText: /^\// });
  await own.nth(1).waitFor();
  for (const one of await own.all())
    await one.evaluate((dd) => (dd.textContent = dd.textContent.endsWith('.sock') ? '/run/redis/redis.sock' : '/srv/assay/store'));
}

const withReasons = (tab: Page): Promise<void> => tab.getByRole('region', { name: 'Why it waits' }).waitFor();

/** The evaluation goes on until there is something to see: its bad spell, and what comes after it. */
async function withLines(tab: Page): Promise<void> {
  await tab.getByText(/submitted (?:[1-9]\d* min|[1-9] h) ago/).waitFor({ timeout: 120_000 });
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
