/**
 * The dashboard in Debian's Chromium over real coordinators, agents and Redis: what people do with it, on three widths and in both themes, and that
 * what models, datasets and agents say is only ever text. ASSAY_PICTURES names a folder for pictures of all
 * pages; those that begin with `guide-` are in docs/pictures.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chartsInPages } from './charts.ts';
import { guideOf, picturesOfTheGuide } from './guide.ts';
import { listsInPages } from './lists.ts';
import { mishapsInPages } from './mishaps.ts';
import { namesInPages } from './names.ts';
import { placesOf, readableAt } from './places.ts';
import { PICTURES, WIDTHS, type WatchedPage } from '../support/browser.ts';
import { useDashboard } from '../support/dashboard.ts';
import { seriousFindings } from '../support/axe.ts';
import { openAt } from '../support/page.ts';
import { startDashboardRig, TOKEN, XSS, type DashboardRig } from '../support/dashboard-rig.ts';

const ROOT = join(import.meta.dirname, '../..');

let rig: DashboardRig;
let browser: Browser;
let axe: string;
/** Logged in; its pages share the session. */
let context: BrowserContext;
let here: WatchedPage;
let page: Page;

const hasBrowser = useDashboard(
  () => startDashboardRig({ isPaced: PICTURES !== undefined }),
  (started) => ({ rig, browser, context, here, page, axe } = started),
);

const PLACES = (): Record<string, string> => placesOf(rig);

const open = (path: string, at: Page = page): Promise<void> => openAt(at, rig.url + path);
const cookies = (): ReturnType<BrowserContext['storageState']> => context.storageState();
const row = (name: string): ReturnType<Page['locator']> => page.locator('tbody tr', { hasText: name });

describe.skipIf(!hasBrowser)('the dashboard', () => {
  test('a wrong token is refused; the right one makes a session that a reload keeps', async () => {
    await page.goto(`${rig.url}/agents`);
    await page.getByLabel('Token').fill('no-token-of-this-coordinator');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('not known here').waitFor();
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { name: 'Agents', exact: true }).waitFor();
    await page.reload();
    await row('gpu-eu-1').waitFor();
    expect(await page.evaluate<string>('document.cookie')).toBe('');
    expect(JSON.stringify(await cookies())).not.toContain(TOKEN);
  });

  test('evaluations with their scores; filters stand in the address and survive a reload', async () => {
    await open('/');
    await row('gsm8k nightly').getByText('succeeded').waitFor();
    await expect.poll(() => row('gsm8k nightly').innerText()).toMatch(/480 \/ 480[\s\S]*0\.9\d\d\s*± 0\.0\d\d/);
    await expect.poll(() => row('mmlu-pro').innerText()).toMatch(/61 \/ 400[\s\S]*± 0\.\d\d\d/);
    await page.getByRole('searchbox', { name: 'Name', exact: true }).fill('mmlu');
    await row('gsm8k nightly').waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('q')).toBe('mmlu');
    await page.getByLabel('State').selectOption('succeeded');
    await page.getByText('No evaluation fits these filters.').waitFor();
    await page.reload();
    await page.getByText('No evaluation fits these filters.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await row('gsm8k nightly').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('an evaluation that is over: the report’s scores, usage, errors', async () => {
    await open('/');
    await page.getByRole('link', { name: 'gsm8k nightly' }).click();
    const scores = page.getByRole('region', { name: 'Scores' });
    await scores.getByText('openai/quick').waitFor();
    await page.getByText('as reported').waitFor();
    expect(await scores.getByRole('img').count()).toBe(2);
    await page.getByText('4 context_length').waitFor();
    await page.getByRole('link', { name: 'Spec', exact: true }).click();
    await page.getByText('"max_task_samples": 10').waitFor();
  });

  test('how it went: charts of what was counted, with the past of before the page was opened, and which agent worked on what', async () => {
    await chartsInPages(page, open, { rig, over: PLACES()['charts']! });
    expect(here.faults).toEqual([]);
  });

  test('why something waits', async () => {
    await open(PLACES()['evaluation-waiting']!);
    await page
      .getByRole('region', { name: 'Why it waits' })
      .getByText(/serves the model vllm\/long-70b/)
      .waitFor();
    await open('/routes?only=without');
    await row('vllm/long-70b').getByText('no agent').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(1);
    await row('vllm/long-70b').getByRole('link').first().click();
    await page.getByRole('region', { name: 'Agents' }).getByText('model vllm/long-70b is not served').first().waitFor();
    await page.getByRole('region', { name: 'What it was' }).getByText('no_model').waitFor();
  });

  test('two evaluations compared: paired differences, and the samples that flipped', async () => {
    await open('/');
    await row('think twice').getByRole('checkbox').check();
    await row('gsm8k nightly').getByRole('checkbox').check();
    await page.getByRole('link', { name: 'Compare' }).click();
    const quick = row('openai/quick').first();
    await quick.waitFor();
    // The older one is the baseline; what is right once is right with more thought.
    expect(await quick.innerText()).toMatch(/236\s+0\.64\d\s+0\.7\d\d\s+\+0\.\d+\s+± 0\.0\d\d\s+\d\d, 0\s+< 0\.0001/);
    expect(await row('openai/careful').first().innerText()).toMatch(/\+0\.000\s+± 0\.000\s+0, 0/);
    await page.getByText(/samples with another score · gsm8k · openai\/quick · match/).click();
    await page.getByRole('region', { name: 'Flipped samples of gsm8k, openai/quick, match' }).getByRole('link').first().click();
    await page.getByRole('region', { name: 'completion' }).waitFor();
  });

  test('what agents told of it, and less of it', async () => {
    await open(PLACES()['logs']!);
    const lines = page.getByRole('log').locator('p');
    await lines.filter({ hasText: 'this prompt is too long' }).first().waitFor();
    await page.getByLabel('Level').selectOption('error');
    await expect.poll(async () => (await lines.allInnerTexts()).every((text) => text.includes('error'))).toBe(true);
    await page.getByRole('searchbox', { name: 'Text' }).fill('no such words');
    await page.getByText('No lines.').waitFor();
  });

  test('samples: filtered by the coordinator, scrolled without having all; one of them with everything', async () => {
    await open(PLACES()['samples']!);
    const rows = page.locator('.rows-room .row');
    await rows.first().waitFor();
    await page.locator('.rows-room').evaluate((room) => room.scrollTo(0, room.scrollHeight));
    await page.getByText('400 or more shown').waitFor();
    expect(await rows.count()).toBeLessThan(80);
    await page.locator('.rows-room').evaluate((room) => room.scrollTo(0, room.scrollHeight));
    await page.getByText('480 shown').waitFor();
    await page.locator('.rows-room').evaluate((room) => room.scrollTo(0, room.scrollHeight));
    await rows.getByText('s239', { exact: true }).waitFor();
    // Another list, of more rows than are seen, begins at its top.
    await page.getByLabel('State').selectOption('scored');
    await page.getByText('or more shown').waitFor();
    expect(await page.locator('.rows-room').evaluate((room) => room.scrollTop)).toBe(0);
    await page.getByLabel('State').selectOption('errored');
    await page.getByText('4 shown').waitFor();
    await page.getByRole('searchbox', { name: 'Text of the answer' }).fill('no such words');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('or more shown').waitFor();
    await page.getByLabel('State').selectOption('errored');
    await page.getByText('4 shown').waitFor();
    await rows.first().getByText('context_length').waitFor();
    await rows.first().getByRole('link').click();
    await page.getByText('this prompt is too long for the model').first().waitFor();
    await open(PLACES()['sample']!);
    await page.getByRole('region', { name: 'completion' }).getByText('The answer is 6').waitFor();
    await page.keyboard.press('j');
    await page.getByRole('heading', { name: 's4', exact: true }).waitFor();
  });

  listsInPages(() => ({ page, open, rig }));

  test('what was written to do harm is text, everywhere', async () => {
    for (const path of [
      ...Object.values(PLACES()),
      `/evaluations?q=${encodeURIComponent(XSS[0]!)}`,
      `/evaluations/${encodeURIComponent(XSS[1]!)}`,
    ]) {
      await open(path);
      expect([path, await page.evaluate<unknown>('window.pwned')]).toEqual([path, undefined]);
    }
    await open(PLACES()['harmful']!);
    const completion = await page.getByRole('region', { name: 'completion' }).innerText();
    for (const text of XSS.slice(0, -1)) expect(completion).toContain(text);
    // What cannot be seen is shown by a sign, and turns nothing around.
    expect(completion).toContain('⟨U+202E⟩reversed⟨U+202C⟩ ␀ ␛[31mred');
    expect(await page.title()).toContain(XSS[1]);
    await open('/agents/gpu-eu-2');
    await page.getByText(`pool=${XSS[1]}`).waitFor();
    expect(here.faults).toEqual([]);
  });

  mishapsInPages(() => ({ rig, browser, storageState: cookies }));
  namesInPages(() => ({ rig, browser, storageState: cookies }));

  // test/release looks at all of them everywhere; colours are the same on all widths.
  test.each(Object.keys(WIDTHS) as (keyof typeof WIDTHS)[])(
    'at %s nothing is wider than the page, and a programme can read it aloud',
    async (width) => {
      const reading = { browser, rig, axe, storageState: await cookies(), shown: picture };
      await readableAt(reading, width, 'light', width === 'middle' ? [] : undefined);
      if (PICTURES || width === 'wide') await readableAt(reading, width, 'dark', width === 'wide' ? ['color-contrast'] : []);
      if (PICTURES && width === 'wide') await picturesOfTheGuide({ browser, rig, storageState: await cookies(), keep: picture });
      expect(here.faults).toEqual([]);
    },
  );

  test('every picture of the guide is made here', async () => {
    expect((await readdir(join(ROOT, 'docs/pictures'))).toSorted()).toEqual(
      Object.keys(guideOf(rig, { evaluationId: '', unit: 0 }))
        .map((name) => `${name}.png`)
        .toSorted(),
    );
  });

  test('no session, no page: the login is readable too', async () => {
    const other = await browser.newContext();
    const tab = await other.newPage();
    await open('/', tab);
    await picture(tab, 'login');
    expect(await seriousFindings(tab, axe)).toEqual([]);
    await other.close();
  });

  test('the theme that was chosen stays', async () => {
    await open('/');
    const ground = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await page.getByRole('button', { name: 'dark' }).click();
    await expect.poll(ground).not.toBe(light);
    await page.reload();
    await expect.poll(ground).not.toBe(light);
    await page.getByRole('button', { name: 'system' }).click();
  });

  test('a pause and a resume; what happens is seen without a reload', async () => {
    await open(PLACES()['evaluation-running']!);
    await page.getByText('61 of 400 units closed').waitFor();
    await command('Pause', 'the endpoint is being moved');
    await page.locator('.head').getByText('paused').waitFor();
    await command('Resume');
    await page.locator('.head').getByText('running').waitFor();
    rig.gate.set(200);
    await page.getByText(/^(?:19\d|200) of 400 units closed/).waitFor();
    rig.gate.set(Infinity);
    await page.locator('.head').getByText('succeeded').waitFor();
    await page.getByText('as reported').waitFor();
    expect((await rig.client.get(rig.ids.held)).counts.scored).toBe(400);
  });

  test('what is lost runs again', async () => {
    await open(PLACES()['evaluation-over']!);
    await command('Requeue');
    await page.getByText('Requeue: done for 1 evaluation.').waitFor();
    await expect.poll(async () => (await rig.client.get(rig.ids.done)).state, { timeout: 30_000 }).toBe('succeeded');
  });

  test('several at once: chosen in the list, and cancelled', async () => {
    await open('/');
    await row('long context').getByRole('checkbox').check();
    await command('Cancel');
    await row('long context').getByText('cancelled').waitFor();
    expect((await rig.client.get(rig.ids.waiting)).state).toBe('cancelled');
  });

  test('an agent is drained, and taken up again; both stand in the audit log', async () => {
    await open('/agents/gpu-eu-1');
    await command('Drain');
    await page.locator('.head').getByText('drained').waitFor();
    await command('Take up again');
    await page.locator('.head').getByText('ready').waitFor();
    await open('/audit');
    await expect.poll(() => row('DrainAgent').count()).toBe(2);
  });

  test('events: what happened, as it is chosen in the address, with ways to what it is about; what is open is counted in the menu', async () => {
    await open('/events');
    await row('is finished').first().waitFor();
    await page.getByLabel('Kind').selectOption('evaluation_failed');
    await expect.poll(() => new URL(page.url()).search).toBe('?kind=evaluation_failed');
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    expect(await row('is finished').count()).toBe(0);
    const event = {
      incident: 'i',
      kind: 'agent_lost',
      severity: 'warning',
      namespace: '',
      summary: 'Agent gpu-1 is lost',
      facts: { agentId: 'ag_1', agent: 'gpu-1' },
    };
    const ongoing = [
      { ...event, open: true, sinceMs: Date.now() - 120_000, absentMs: 0 },
      { ...event, incident: '', summary: 'Agent gpu-2 is lost', open: false, sinceMs: Date.now(), absentMs: 0 },
    ];
    await page.route('**/api/v1/events?*', (route) => route.fulfill({ json: { ongoing, open: 1, waiting: 1, items: [], nextToken: '' } }));
    try {
      await open('/events?severity=warning');
      await page.getByText('1 open alert, 1 not for long enough so far').waitFor();
      expect(await page.getByRole('region', { name: 'Open alerts' }).locator('tbody tr').allInnerTexts()).toEqual([
        expect.stringMatching(/warning\s+2 min ago\s+Agent gpu-1 is lost\s+agent lost · gpu-1\s+open\s+the fleet/) as string,
        expect.stringMatching(/Agent gpu-2 is lost[^]*not for long enough/) as string,
      ]);
      expect(await page.getByRole('link', { name: 'gpu-1' }).first().getAttribute('href')).toBe('/agents/ag_1');
      await page.getByText('No event fits.').waitFor();
      await page.locator('.side').getByText('1 open alert').waitFor();
    } finally {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
  });

  test('a logout ends the session', async () => {
    await open('/');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.reload();
    await page.getByLabel('Token').waitFor();
    expect(here.faults).toEqual([]);
  });
});

async function picture(tab: Page, name: string): Promise<void> {
  if (PICTURES) await tab.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** Presses a button of the page's head, and says yes in the dialog. */
async function command(name: string, reason = ''): Promise<void> {
  await page.locator('.head').getByRole('button', { name, exact: true }).click();
  const dialog = page.getByRole('dialog');
  if (reason !== '') await dialog.getByLabel('Reason').fill(reason);
  await dialog.locator('button[value=yes]').click();
  await dialog.waitFor({ state: 'detached' });
}
