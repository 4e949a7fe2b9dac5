/** What goes otherwise than it should: questions that are left, a file that does not come, a page that cannot be drawn, answers that were written to do harm. */
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Sample } from '../../shared/client/types.ts';
import { openPage } from '../support/browser.ts';
import { XSS, type DashboardRig } from '../support/dashboard-rig.ts';
import { openAt } from '../support/page.ts';

export interface Around {
  rig: DashboardRig;
  browser: Browser;
  /** Of a context that is logged in. */
  storageState: () => Promise<NonNullable<BrowserContextOptions['storageState']>>;
}

/** Those that can be seen and copied; the last of them has characters that are shown by signs. */
const PLAIN = XSS.slice(0, -1);
/** Words of a fixed meaning, and names that addresses are made of: what the page could not show anything without. */
const KEPT = /^(?:state|outcome|nextToken|level|end|chain|namespaces|.*Ids?|match)$/;

/** `around`: what there is once tests run. */
export function mishapsInPages(around: () => Around): void {
  /** In a page of its own, with the policy that coordinators send; gives what went wrong in it. */
  async function alone(look: (page: Page, open: (path: string) => Promise<void>) => Promise<void>): Promise<string[]> {
    const { rig, browser, storageState } = around();
    const { page, faults } = await openPage(await browser.newContext({ storageState: await storageState() }));
    await look(page, (path) => openAt(page, rig.url + path));
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await page.context().close();
    return faults;
  }

  test('Enter in a question means the action, Escape leaves it', async () => {
    const { rig } = around();
    const faults = await alone(async (page, open) => {
      const dialog = page.getByRole('dialog');
      const press = (name: string): Promise<void> => page.locator('.head').getByRole('button', { name, exact: true }).click();
      const focus = (): Promise<string> => page.evaluate<string>('document.activeElement.textContent');
      await open(`/evaluations/${rig.ids.held}`);
      await press('Pause');
      await dialog.getByLabel('Reason').fill('by mistake');
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect([await focus(), (await rig.client.get(rig.ids.held)).state]).toEqual(['Pause', 'running']);
      await press('Pause');
      await dialog.waitFor();
      await page.keyboard.type('by keys');
      await page.keyboard.press('Enter');
      await page.locator('.head').getByText('paused').waitFor();
      expect((await rig.client.get(rig.ids.held)).reason).toContain('by keys');
      await press('Resume');
      await dialog.waitFor();
      await page.keyboard.press('Enter');
      await page.locator('.head').getByText('running').waitFor();
      await press('Cancel');
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      // Without a box to write into.
      await open('/routes');
      const route = page.locator('tbody tr', { hasText: 'vllm/long-70b' });
      await route.getByRole('button').click();
      await dialog.waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await route.getByText('paused').count()).toBe(0);
      for (const isPaused of [true, false]) {
        await route.getByRole('button', { name: isPaused ? 'Pause' : 'Resume' }).click();
        await dialog.waitFor();
        await page.keyboard.press('Enter');
        await route.getByText('paused').waitFor({ state: isPaused ? 'visible' : 'detached' });
      }
    });
    expect(faults).toEqual([]);
  });

  test('a part of the page that cannot be loaded is told in its place', async () => {
    const { rig } = around();
    const faults = await alone(async (page, open) => {
      await page.route('**/assets/uPlot*.js', (route) => route.abort());
      await open(`/evaluations/${rig.ids.done}/course`);
      const chart = page.getByRole('region', { name: 'Throughput', exact: true });
      await chart.getByRole('alert').getByText('The chart could not be loaded. Reload the page').waitFor();
      // What it would show stands beside it, and all else is there.
      expect(await chart.innerText()).toMatch(/openai\/careful\s+[\d.]+/);
      await page.getByRole('region', { name: 'Tasks by agent' }).locator('.timeline-bar').first().waitFor();
      await page.getByRole('link', { name: 'Spec', exact: true }).click();
      await page.getByText('"max_task_samples": 10').waitFor();
      await page.unrouteAll({ behavior: 'wait' });
      await open(`/evaluations/${rig.ids.done}/course`);
      await chart.locator('canvas').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    });
    expect(faults).toEqual([]);
  });

  test('a report that does not come is told, and scores keep their scorer where there is little room', async () => {
    const { rig } = around();
    const faults = await alone(async (page, open) => {
      const scores = page.getByRole('region', { name: 'Scores', exact: true }).first();
      await page.setViewportSize({ width: 390, height: 800 });
      await page.route('**/api/v1/evaluations/*/report', (route) => route.abort());
      await open(`/evaluations/${rig.ids.done}`);
      await page.getByRole('alert').getByText('The report could not be read').waitFor();
      expect(await page.getByText(/so far|come with the report/).count()).toBe(0);
      await page.unrouteAll({ behavior: 'wait' });
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('as reported').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
      const scorer = scores.locator('td[data-title=Scorer]').first();
      expect([await scorer.isVisible(), await page.evaluate<number>('document.documentElement.scrollWidth')]).toEqual([true, 390]);
      await open(`/compare?ids=${rig.ids.done},${rig.ids.again}`);
      const differences = page.getByRole('region', { name: 'Differences' });
      for (const title of ['Scorer', 'Baseline', 'Candidate', 'p']) {
        await differences.locator(`td[data-title="${title}"]`).first().waitFor();
      }
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
    });
    expect(faults).toEqual([]);
  });

  test('whoever could not be logged out is told so, and stays', async () => {
    const faults = await alone(async (page, open) => {
      await page.route('**/api/v1/session', (route) => (route.request().method() === 'DELETE' ? route.abort() : route.continue()));
      await open('/agents');
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('alert').getByText('You are still logged in.').waitFor();
      await page.locator('tbody tr', { hasText: 'gpu-eu-1' }).waitFor();
    });
    expect(faults).toEqual([]);
  });

  test('a command that no answer came to is told as bad, until somebody has read it', async () => {
    const { rig } = around();
    const faults = await alone(async (page, open) => {
      await page.route('**/api/v1/evaluations/*/pause', (route) => route.abort());
      await open(`/evaluations/${rig.ids.held}`);
      await page.locator('.head').getByRole('button', { name: 'Pause', exact: true }).click();
      await page.keyboard.press('Enter');
      const told = page.locator('.head').getByRole('alert');
      await told.getByText('did not answer: whether it was done is not known').waitFor();
      await told.getByRole('button', { name: 'dismiss' }).click();
      await told.waitFor({ state: 'detached' });
      expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('H1');
    });
    expect(faults).toEqual([]);
  });

  test('what is not well does not look well, and what there is more of is counted', async () => {
    const { rig } = around();
    const ids = ['a', 'b', 'c', 'd'].map((letter) => `ev_${letter.repeat(26)}`);
    const faults = await alone(async (page, open) => {
      await page.route(
        '**/api/v1/agents?*',
        altered((agent) => {
          const [first, ...others] = agent['models'] as Record<string, unknown>[];
          return { ...agent, samples: 20, models: [{ ...first, suspended: 'auth' }, ...others] };
        }),
      );
      await page.route(
        '**/api/v1/routes?*',
        altered((route) => ({ ...route, evaluationIds: ids })),
      );
      await open('/agents');
      const agent = page.locator('tbody tr', { hasText: 'gpu-eu-1' });
      await agent.getByText('openai/held: auth', { exact: true }).waitFor();
      expect(await agent.locator('.tone-held').innerText()).toBe('ready');
      await agent.getByText(/^20 in hand, \d+ at a time$/).waitFor();
      await open('/routes');
      const route = page.locator('tbody tr', { hasText: 'vllm/long-70b' });
      await route.getByText(ids[1]!, { exact: true }).waitFor();
      await route.getByText('+ 2 more').waitFor();
      await page.route(/\/api\/.*\/samples\/3$/, async (route) => {
        const answer = await route.fetch();
        const sample = (await answer.json()) as Sample;
        const result = { ...sample.result, completion: '', stopReason: 'stop' };
        await route.fulfill({ response: answer, json: { ...sample, result, target: [' \n'] } });
      });
      await open(`/evaluations/${rig.ids.done}/samples/3`);
      await page.getByRole('region', { name: 'completion' }).getByText('empty', { exact: true }).waitFor();
      await page.getByText('nothing but white space: " \\n"').waitFor();
    });
    expect(faults).toEqual([]);
  });

  test('a page that cannot be drawn says so, and others work on', async () => {
    const faults = await alone(async (page, open) => {
      await page.route('**/api/v1/agents?*', (route) => route.fulfill({ json: { items: [{ agentId: 'ag_1' }], nextToken: '' } }));
      await open('/agents');
      await page.getByRole('heading', { name: 'This page could not be drawn' }).waitFor();
      await page.getByRole('alert').getByText('Something in it was not expected.').waitFor();
      await page.getByRole('link', { name: 'Routes', exact: true }).click();
      await page.getByRole('heading', { name: 'Routes', exact: true }).waitFor();
      await page.locator('tbody tr', { hasText: 'vllm/long-70b' }).waitFor();
      await page.getByRole('link', { name: 'Agents', exact: true }).click();
      await page.getByRole('heading', { name: 'This page could not be drawn' }).waitFor();
      await page.unrouteAll({ behavior: 'wait' });
      await page.getByRole('button', { name: 'Reload' }).click();
      await page.locator('tbody tr', { hasText: 'gpu-eu-1' }).waitFor();
    });
    expect(faults).toEqual([]);
  });

  test('answers that were written to do harm are text, whatever page they come to', async () => {
    const { rig } = around();
    const faults = await alone(async (page, open) => {
      await page.route(/\/api\/v1\/(?:agents|routes)\b/, rewritten);
      await page.route(/\/api\/v1\/audit\b/, rewritten);
      await page.route(/\/api\/v1\/dead-letters\b/, (route) => route.fulfill({ json: { items: PLAIN.map(letter), nextToken: '' } }));
      await page.route(/\/api\/v1\/events\b/, (route) => route.fulfill({ json: harmed(EVENTS, PLAIN.join(' ')) }));
      await page.route(/\/logs\/events\b/, (route) => route.fulfill({ contentType: 'text/event-stream', body: lines() }));
      for (const path of [
        '/agents',
        '/agents/gpu-eu-2',
        '/routes',
        '/dead-letters',
        '/events',
        '/audit',
        `/evaluations/${rig.ids.done}/logs`,
      ]) {
        await open(path);
        const missing = async (): Promise<string[]> => {
          const text = (await page.locator('main').textContent()) ?? '';
          return PLAIN.filter((harm) => !text.includes(harm));
        };
        await expect.poll(async () => [path, await missing()], { timeout: 15_000 }).toEqual([path, []]);
        expect([path, await page.locator('a[href^="javascript" i], main script, main iframe, main img').count()]).toEqual([path, 0]);
        // What would run when it is pointed at.
        await page.locator('main').getByText(PLAIN.at(-1)!).first().hover({ force: true });
        expect([path, await page.evaluate<unknown>('window.pwned')]).toEqual([path, undefined]);
      }
    });
    expect(faults).toEqual([]);
  });
}

/** A true page of a list, each of its items made another one. */
const altered =
  (alter: (item: Record<string, unknown>) => unknown) =>
  async (route: Route): Promise<void> => {
    const answer = await route.fetch();
    const list = (await answer.json()) as { items: Record<string, unknown>[] };
    await route.fulfill({ response: answer, json: { ...list, items: list.items.map(alter) } });
  };

/** A true answer, with harm in each of its texts. */
async function rewritten(route: Route): Promise<void> {
  const answer = await route.fetch();
  const text = await answer.text();
  // The audit log comes in lines.
  const body = text
    .split('\n')
    .map((line) => (line === '' ? '' : JSON.stringify(harmed(JSON.parse(line) as unknown, PLAIN.join(' ')))))
    .join('\n');
  await route.fulfill({ response: answer, body });
}

/** The value with another text in the place of each. */
export function harmed(value: unknown, harm: string, name = ''): unknown {
  if (typeof value === 'string') return KEPT.test(name) ? value : harm;
  if (Array.isArray(value)) return value.map((one) => harmed(one, harm, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, harmed(own, harm, key)]));
}

/** A dead letter with a text for each of its own. */
export const letter = (harm: string, i: number) => ({
  ...{ taskId: `${harm} ${i}`, evaluationId: `ev_${i}`, benchmark: harm, model: harm, route: harm, requirement: harm },
  ...{ units: [i], unitCount: 1, deadAtMs: Date.now(), crashes: 3, losses: 0, returns: 0, dropped: false },
  attempts: [{ attemptId: harm, agentId: harm, agent: harm, instanceId: harm, end: 'crash', atMs: 1, exit: harm, lastOutput: harm }],
});

const incident = {
  ...{ incident: 'i1', kind: 'agent_lost', severity: 'warning', namespace: 'n', summary: 's' },
  facts: { route: 'r', evaluationId: 'e', agentId: 'a', agent: 'n' },
};
const EVENTS = {
  ...{ ongoing: [{ ...incident, open: true, sinceMs: 1, absentMs: 0 }], open: 1, waiting: 0 },
  ...{ items: [{ ...incident, id: 'i', status: 'opened', startedMs: 1, atMs: 1 }], nextToken: '' },
};

const lines = (): string => {
  const told = PLAIN.map((harm) => ({ timeMs: Date.now(), level: 'warn', agent: harm, agentId: harm, text: harm, unit: 1 }));
  return `event: lines\ndata: ${JSON.stringify({ lines: told, leftOut: false })}\n\nevent: end\ndata: {}\n\n`;
};
