/** The page of an evaluation, and what lies around it: lines of tasks, samples and agents; its record; scores by group, and what benchmarks add up to. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { COLOURS, findBrowser, HEIGHT, launch, openPage, type WatchedPage } from '../support/browser.ts';
import { startEvaluationRig, type EvaluationRig } from '../support/evaluation-rig.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Pictures of what is tested, to be looked at; none without it. */
const PICTURES = process.env['ASSAY_PICTURES'];
const WIDTHS = { narrow: 390, middle: 820, wide: 1280 } as const;
const chromium = findBrowser();

let rig: EvaluationRig;
let browser: Browser;
let axe: string;
let here: WatchedPage;
let page: Page;

beforeAll(async () => {
  if (!chromium) return;
  if (PICTURES) await mkdir(PICTURES, { recursive: true });
  [rig, browser, axe] = await Promise.all([
    startEvaluationRig(),
    launch(chromium),
    readFile(join(ROOT, 'node_modules/axe-core/axe.min.js'), 'utf8'),
  ]);
  here = await openPage(await browser.newContext({ viewport: { width: WIDTHS.wide, height: HEIGHT }, colorScheme: 'light' }));
  page = here.page;
});
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
});

const lines = (): ReturnType<Page['locator']> => page.getByRole('log').locator('p');
/** Where pages lie, and what is there once all of them is. */
const PLACES = (): Record<string, [path: string, shown: string]> => ({
  'agent-log': ['/agents/gpu-1', '.log-line'],
  'evaluation-log': [`/evaluations/${rig.done}/logs`, '.log-line'],
});
const open = async (path: string): Promise<void> => void (await page.goto(rig.url + path));

describe.skipIf(!chromium)('the page of an evaluation', () => {
  test('the lines of one sample, and from there those of its task', async () => {
    await open(`/evaluations/${rig.done}/samples?state=errored`);
    await page.locator('.rows-room .row').first().getByRole('link').click();
    await page.getByText('this prompt is too long').first().waitFor();
    await page.locator('.head').getByRole('link', { name: 'Log' }).click();
    await page.getByText('1 line', { exact: true }).waitFor();
    await lines().getByText('this prompt is too long').waitFor();
    const unit = new URL(page.url()).searchParams.get('unit');
    expect(unit).toMatch(/^\d+$/);
    await lines()
      .getByRole('link', { name: /^task \d+$/ })
      .click();
    await lines().getByText('taken: ').first().waitFor();
    const task = new URL(page.url()).searchParams.get('task');
    expect(new Set(await lines().getByRole('link', { name: /^task/ }).allInnerTexts())).toEqual(new Set([`task ${task}`]));
    await page.getByRole('searchbox', { name: 'Task' }).fill('no task');
    await page.getByText('"no task" is not a task id').waitFor();
  });

  test('what an agent tells of itself, as it tells it', async () => {
    const text = '<img src=x onerror="window.pwned=1"> the disk is nearly full';
    const agent = await BareAgent.connect(rig.address, { name: 'hand', models: [{ match: 'x/*', maxConnections: 1, lookAhead: 0 }] });
    await open('/agents/gpu-1');
    await lines().getByText('connected (address: ').first().waitFor();
    await expect.poll(async () => (await rig.client.agents()).items.map(({ name }) => name)).toContain('hand');
    await open('/agents/hand');
    await page.getByText('No lines.').waitFor();
    await agent.send({ kind: 'lines', lines: [{ attemptId: '', timeMs: Date.now(), level: 'warn', text }] });
    await lines().getByText(text).waitFor();
    await agent.send({ kind: 'lines', lines: [{ attemptId: '', timeMs: Date.now(), level: 'info', text: 'one more' }] });
    await lines().getByText('one more').waitFor();
    await page.getByText('2 lines, live').waitFor();
    await page.getByLabel('Level').selectOption('warn');
    await page.getByText('1 line, live').waitFor();
    expect(new URL(page.url()).searchParams.get('level')).toBe('warn');
    expect(here.faults).toEqual([]);
  });

  test.each(Object.entries(WIDTHS))('at %s (%i) nothing is wider than the page, and a programme can read it aloud', async (name, width) => {
    for (const theme of COLOURS) {
      // What looks for faults is brought into the page, which its policy forbids: in these pages it is off.
      const context = await browser.newContext({
        ...{ viewport: { width, height: HEIGHT }, colorScheme: theme, bypassCSP: true, reducedMotion: 'reduce' as const },
      });
      const { page: tab } = await openPage(context);
      for (const [place, [path, shown]] of Object.entries(PLACES())) {
        await tab.goto(rig.url + path);
        await tab.locator(shown).first().waitFor();
        if (PICTURES) await tab.screenshot({ path: join(PICTURES, `${place}-${name}-${theme}.png`), fullPage: true });
        expect([place, await tab.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([place, width]);
        expect([place, name, theme, await seriousFindings(tab, axe)]).toEqual([place, name, theme, []]);
      }
      await context.close();
    }
  });
});
