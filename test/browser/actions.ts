/** What is done in pages, in both themes, on the rig of those who come from Flower: routes, agents, dead letters, priorities, clones. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Agent, Evaluation, RouteStatus } from '../../shared/client/types.ts';
import { COLOURS, HEIGHT, openPage, PICTURES, WIDTHS } from '../support/browser.ts';
import type { FlowerRig } from '../support/flower-rig.ts';
import { seriousFindings } from '../support/axe.ts';
import { openAt, sayYes } from '../support/page.ts';
import { waitFor } from '../support/wait-for.ts';

interface Around {
  rig: FlowerRig;
  browser: Browser;
  /** Logged in. */
  context: BrowserContext;
  axe: string;
}

/** `around`: what there is once tests run. */
export function actionsInPages(around: () => Around): void {
  describe.each(COLOURS)('what is done in pages (%s)', (theme) => {
    let rig: FlowerRig;
    let context: BrowserContext;
    let page: Page;
    const faults: string[] = [];

    beforeAll(async () => {
      rig = around().rig;
      const look = {
        viewport: { width: WIDTHS.wide, height: HEIGHT },
        colorScheme: theme,
        reducedMotion: 'reduce' as const,
      };
      context = await around().browser.newContext({ ...look, storageState: await around().context.storageState() });
      const opened = await openPage(context);
      page = opened.page;
      page.on('pageerror', (error) => faults.push(error.message));
    });
    afterAll(() => context?.close());

    const open = (path: string): Promise<void> => openAt(page, rig.url + path);
    const row = (text: string): ReturnType<Page['locator']> => page.locator('tbody tr', { hasText: text });
    const get = async <T>(path: string): Promise<T> => (await rig.call<T>('GET', path)).body;
    const press = (name: string): Promise<void> => page.locator('.head').getByRole('button', { name, exact: true }).click();
    const until = (what: string, look: () => Promise<boolean>): Promise<unknown> =>
      waitFor(look, { what, timeoutMs: 100_000, everyMs: 50 });

    /** A page, or the dialog on it, can be read in this theme; its picture where pictures are wanted. */
    async function isReadable(name: string, widths: readonly (keyof typeof WIDTHS)[] = ['wide']): Promise<void> {
      expect([name, theme, await seriousFindings(page, around().axe, theme === 'dark' ? ['color-contrast'] : undefined)]).toEqual([
        name,
        theme,
        [],
      ]);
      if (PICTURES) await mkdir(PICTURES, { recursive: true });
      for (const width of widths) {
        await page.setViewportSize({ width: WIDTHS[width], height: HEIGHT });
        expect([name, await page.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([name, WIDTHS[width]]);
        if (PICTURES) await page.screenshot({ path: join(PICTURES, `${name}-${width}-${theme}.png`) });
      }
      await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
    }

    test('a route is paused, and goes on', async () => {
      const isPaused = async (): Promise<boolean | undefined> =>
        (await get<{ items: RouteStatus[] }>('/routes')).items.find(({ model }) => model === 'vllm/long-70b')?.paused;
      await open('/routes');
      await page.getByRole('button', { name: 'Pause model=vllm/long-70b' }).click();
      await page.getByRole('dialog').getByText('Nothing more of it is handed out').waitFor();
      await isReadable('route-asked');
      await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
      expect(await isPaused()).toBe(false);
      await page.getByRole('button', { name: 'Pause model=vllm/long-70b' }).click();
      await sayYes(page);
      await row('model=vllm/long-70b').getByText('paused', { exact: true }).waitFor();
      expect(await isPaused()).toBe(true);
      await isReadable('route-paused', ['narrow', 'middle', 'wide']);
      await page.getByRole('button', { name: 'Resume model=vllm/long-70b' }).click();
      await sayYes(page);
      await row('model=vllm/long-70b').getByText('no agent').waitFor();
      expect(await isPaused()).toBe(false);
    });

    test('an agent is drained, and taken up again', async () => {
      const state = async (): Promise<string> => (await get<{ agent: Agent }>('/agents/gpu-1')).agent.state;
      await open('/agents/gpu-1');
      await press('Drain');
      await sayYes(page);
      await page.locator('.head').getByText('drained').waitFor();
      expect(await state()).toBe('draining');
      await isReadable('agent-draining');
      await press('Take up again');
      await sayYes(page);
      await page.locator('.head').getByText('ready').waitFor();
      expect(await state()).toBe('ready');
    });

    test('another priority', async () => {
      const wanted = theme === 'dark' ? 2 : 1;
      await open(`/evaluations/${rig.ids.unserved}`);
      await press('Priority');
      await page.getByRole('dialog').getByLabel('Priority').selectOption(String(wanted));
      await isReadable('priority-asked');
      await sayYes(page);
      await page.getByText(`Priority ${wanted}: set for 1 evaluation.`).waitFor();
      expect((await get<Evaluation>(`/evaluations/${rig.ids.unserved}`)).priority).toBe(wanted);
    });

    test('priorities of several that were chosen', async () => {
      await open('/evaluations');
      await row('nightly sums').getByRole('checkbox').check();
      await page.getByRole('button', { name: /^Choose all \d+$/ }).click();
      await page.getByRole('button', { name: 'Choose none' }).click();
      await row('sums, held').getByRole('checkbox').check();
      await row('sums for nobody').getByRole('checkbox').check();
      await isReadable('chosen', ['middle', 'wide']);
      await press('Priority');
      await page
        .getByRole('dialog')
        .getByLabel('Priority')
        .selectOption(theme === 'dark' ? '7' : '8');
      await sayYes(page);
      await page.getByText('set for 2 evaluations.').waitFor();
      const priorities = [rig.ids.held, rig.ids.unserved].map(async (id) => (await get<Evaluation>(`/evaluations/${id}`)).priority);
      expect(await Promise.all(priorities)).toEqual(theme === 'dark' ? [7, 7] : [8, 8]);
    });

    test('a clone: edited, its faults shown where they are, checked, submitted', async () => {
      await open(`/evaluations/${rig.ids.done}`);
      await page.getByRole('link', { name: 'Clone' }).click();
      const spec = page.getByRole('textbox', { name: 'Spec' });
      const text = await spec.inputValue();
      await spec.fill(text.replace('"match"', '"mtach"').replace('"openai/dear"', '"dear"'));
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      const faults = page.locator('.editor-marks li');
      await expect.poll(() => faults.count()).toBe(2);
      await page.getByText('It would not be accepted.').waitFor();
      await faults.filter({ hasText: 'mtach' }).getByRole('button').click();
      const [from, to] = await page.evaluate<[number, number]>(
        '[document.activeElement.selectionStart, document.activeElement.selectionEnd]',
      );
      expect((await spec.inputValue()).slice(from, to)).toContain('mtach');
      await isReadable('clone-faults', ['narrow', 'middle', 'wide']);
      await spec.fill(text.slice(0, -3));
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await faults.getByText(/JSON/).waitFor();
      await spec.fill(text.replace('"nightly sums"', `"cloned ${theme}"`));
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.getByText('It would be accepted.').waitFor();
      await isReadable('clone-checked', ['narrow', 'middle', 'wide']);
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await page.getByRole('heading', { name: `cloned ${theme}` }).waitFor();
      const id = new URL(page.url()).pathname.split('/')[2]!;
      expect(await get<Evaluation>(`/evaluations/${id}`)).toMatchObject({ name: `cloned ${theme}`, owner: 'local' });
      await until('it to be over', async () => (await get<Evaluation>(`/evaluations/${id}`)).state === 'succeeded');
    });

    test('its answers are scored again, in the page, within its policy', async () => {
      const strict = await openPage(
        await around().browser.newContext({ storageState: await around().context.storageState(), colorScheme: theme }),
      );
      const scores = strict.page.getByRole('region', { name: 'Scores before and now' }).locator('tbody tr', { hasText: 'openai/dear' });
      await openAt(strict.page, `${rig.url}/evaluations/${rig.ids.done}`);
      await strict.page.getByRole('link', { name: 'Score again' }).click();
      // Pages may be answered short: there is more behind them.
      await strict.page.route(/\/samples\?/, (route) =>
        route.continue({
          url: route
            .request()
            .url()
            .replace(/pageSize=\d+/, 'pageSize=10'),
        }),
      );
      const press = strict.page.getByRole('button', { name: 'Score', exact: true });
      await press.click();
      await expect.poll(() => scores.innerText()).toMatch(/match\s+12\s+0\s+1\.000\s+1\.000\s+0$/);
      await strict.page.getByLabel('Scorer').selectOption('match');
      await strict.page.getByLabel('Arguments').fill('{"location": "begun"}');
      await press.click();
      await strict.page.getByRole('alert').getByText('scorer match: location').waitFor();
      await strict.page.getByLabel('Arguments').fill('{"location": "begin"}');
      await press.click();
      await expect.poll(() => scores.innerText()).toMatch(/match\s+12\s+0\s+1\.000\s+0\.0(?:00)?\s+12$/);
      await strict.page.getByText('24 answers with another score').waitFor();
      expect(strict.faults).toEqual([]);
      await strict.page.context().close();
      await open(`/evaluations/${rig.ids.done}/rescore`);
      await page.getByRole('button', { name: 'Score', exact: true }).click();
      await page.getByText('24 answers').waitFor();
      await isReadable('rescore', ['narrow', 'middle', 'wide']);
    });

    test('a dead letter is replayed, and another one dropped: the one in light, the other in dark', async () => {
      const lost = async (): Promise<Evaluation['counts']> => (await get<Evaluation>(`/evaluations/${rig.ids.deadly}`)).counts;
      if (theme === 'light') await until('both samples to have killed their agents', async () => (await lost()).dead === 2);
      await open('/dead-letters');
      const letters = row('deadly');
      await letters.first().waitFor();
      const before = await letters.count();
      await isReadable('dead-letters-there', ['narrow', 'middle', 'wide']);
      await letters
        .first()
        .getByRole('button', { name: theme === 'light' ? 'Replay' : 'Drop' })
        .click();
      await isReadable('dead-letter-asked');
      if (theme === 'light') await rig.mend();
      await sayYes(page);
      await page.getByText(theme === 'light' ? 'Run again: 1 sample.' : '1 task dropped.').waitFor();
      await expect.poll(() => letters.count()).toBe(before - 1);
      if (theme === 'light') await until('it to be scored', async () => (await lost()).scored === 1);
      expect(await lost()).toMatchObject({ scored: 1, dead: 1 });
    });

    test('nothing broke', () => expect(faults).toEqual([]));
  });
}
