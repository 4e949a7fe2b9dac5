/** The page of an evaluation, and what lies around it: lines of tasks, samples and agents; its record; scores by group, and what benchmarks add up to. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousFindings } from '../support/axe.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { COLOURS, HEIGHT, openPage, PICTURES, type WatchedPage } from '../support/browser.ts';
import { useDashboard } from '../support/dashboard.ts';
import { HARMFUL, startEvaluationRig, type EvaluationRig } from '../support/evaluation-rig.ts';

const WIDTHS = { narrow: 390, middle: 820, wide: 1280 } as const;

let rig: EvaluationRig;
let browser: Browser;
let axe: string;
let here: WatchedPage;
let page: Page;

const hasBrowser = useDashboard(startEvaluationRig, (started) => ({ rig, browser, here, page, axe } = started), { width: WIDTHS.wide });

const lines = (): ReturnType<Page['locator']> => page.getByRole('log').locator('p');
/** Where pages lie, and what is there once all of them is. */
const PLACES = (): Record<string, [path: string, shown: string]> => ({
  'agent-log': ['/agents/gpu-1', '.log-line'],
  record: [`/evaluations/${rig.done}/record`, '.record-groups'],
  'record-so-far': [`/evaluations/${rig.waiting}/record`, '.record-groups'],
  groups: [`/evaluations/${rig.done}?order=lowest`, '.beneath'],
  'groups-to-come': [`/evaluations/${rig.waiting}`, '.is-to-come'],
  'evaluation-log': [`/evaluations/${rig.done}/logs`, '.log-line'],
});
const open = async (path: string): Promise<void> => void (await page.goto(rig.url + path));

describe.skipIf(!hasBrowser)('the page of an evaluation', () => {
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

  test('the record: what was asked and who answered, to be read and kept; and the books', async () => {
    await open(`/evaluations/${rig.done}`);
    await page.getByRole('link', { name: 'Record', exact: true }).click();
    const { digest, groups } = await rig.client.record(rig.done);
    await page.getByText(digest, { exact: true }).waitFor();
    const first = page.locator('details', { hasText: 'reading openai/careful' });
    await first.locator('summary').click();
    await first.getByText(groups[0]!.dataset.digest, { exact: true }).waitFor();
    await first.getByText('temperature 0.7, max_tokens 64').waitFor();
    await first.getByText('careful 240 units').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download JSON' }).click()]);
    expect(download.suggestedFilename()).toBe(`${rig.done}-record.json`);
    expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toMatchObject({ form: 1, evaluationId: rig.done, digest, groups });
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText('the books balance').waitFor();
    await page.getByText('560, 558 of them scored').waitFor();
    // Making the one anew leaves the other.
    const made = page.waitForResponse((response) => response.url().endsWith('/record'));
    await page.getByRole('button', { name: 'Make it anew' }).click();
    await made;
    await page.getByRole('button', { name: 'Make it anew', disabled: false }).waitFor();
    expect(await page.getByText('the books balance').count()).toBe(1);
    if (PICTURES) await page.screenshot({ path: join(PICTURES, 'record-verified.png'), fullPage: true });
    await open(`/evaluations/${rig.waiting}/record`);
    await page.getByText('0 of 280 units', { exact: true }).waitFor();
    await page.getByText('none so far').first().waitFor();
    expect(here.faults).toEqual([]);
  });

  test('scores by group: ordered, filtered, not all at once; and what benchmarks come to', async () => {
    await open(`/evaluations/${rig.waiting}`);
    await page.getByText('Scores by topic come with the report.').waitFor();
    await open(`/evaluations/${rig.done}`);
    const totals = page.getByRole('region', { name: 'Totals' }).locator('tbody tr');
    await totals.first().waitFor();
    expect(await totals.first().innerText()).toMatch(/openai\/careful\s+match\s+2\s+280\s+0\.\d+\s+0\.\d+\s*± 0\.0\d\d/);
    // Where there is little room a card, with all that the table has.
    await page.setViewportSize({ width: WIDTHS.narrow, height: HEIGHT });
    const CARD = `[...document.querySelectorAll('[aria-label="Totals"] tbody tr')].map((row) => [getComputedStyle(row).display, ...[...row.cells]
      .filter((cell) => cell.getClientRects().length > 0 && cell.textContent !== '').map((cell) => cell.dataset.title)])`;
    await expect
      .poll(() => page.evaluate<string[][]>(CARD))
      .toEqual(Array.from({ length: 2 }, () => ['grid', 'Model', 'Scorer', 'Benchmarks', 'Samples', 'Macro', 'Weighted']));
    await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
    const rows = page.getByRole('region', { name: 'Scores by topic' }).locator('tbody tr');
    expect(await rows.count()).toBe(20);
    await rows.first().getByText(HARMFUL).waitFor();
    expect(await page.evaluate<unknown>('window.pwned')).toBe(undefined);
    await page.getByText('the first 20 of 60 scores').waitFor();
    // A group leads to its samples, those that its score is of.
    await rows.first().getByRole('link', { name: HARMFUL }).click();
    await page.getByText('8 shown', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox', { name: 'Metadata' }).inputValue()).toBe(`topic=${HARMFUL}`);
    const { items } = await rig.client.samples(rig.done, { benchmark: 'reading', metadata: { topic: HARMFUL } });
    expect(items.map(({ model, sampleId }) => `${model} ${sampleId}`)).toHaveLength(16);
    await page.goBack();
    await page.getByRole('button', { name: 'Show 40 more' }).click();
    await expect.poll(() => rows.count()).toBe(60);
    await page.getByLabel('Model', { exact: true }).selectOption('openai/quick');
    await page.getByLabel('Order').selectOption('lowest');
    await page.getByText('the first 20 of 30 scores').waitFor();
    const scores = (await rows.allInnerTexts()).map((text) => Number(/\d\.\d+/.exec(text)![0]));
    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
    await page.getByRole('searchbox', { name: 'In topic' }).fill('TOPIC 2');
    await page.getByText('10 scores', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('10 scores', { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'In topic' }).fill('no such');
    await page.getByText('No group fits these filters.').waitFor();
    expect(await page.getByRole('region', { name: 'All groups together' }).locator('tbody tr').count()).toBe(2);
    expect(here.faults).toEqual([]);
  });

  test.each(Object.entries(WIDTHS))('at %s (%i) nothing is wider than the page, and a programme can read it aloud', async (name, width) => {
    // How things are laid out is the same in both.
    for (const theme of PICTURES || name === 'wide' ? COLOURS : COLOURS.slice(0, 1)) {
      const context = await browser.newContext({
        ...{ viewport: { width, height: HEIGHT }, colorScheme: theme, reducedMotion: 'reduce' as const },
      });
      const { page: tab } = await openPage(context);
      for (const [place, [path, shown]] of Object.entries(PLACES())) {
        await tab.goto(rig.url + path);
        await tab.locator(shown).first().waitFor();
        if (PICTURES) await tab.screenshot({ path: join(PICTURES, `${place}-${name}-${theme}.png`), fullPage: true });
        expect([place, await tab.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([place, width]);
        if (name !== 'middle' && (name === 'wide' || theme === 'light'))
          expect([place, name, theme, await seriousFindings(tab, axe, theme === 'dark' ? ['color-contrast'] : undefined)]).toEqual([
            place,
            name,
            theme,
            [],
          ]);
      }
      await context.close();
    }
  });
});
