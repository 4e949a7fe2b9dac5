/** Lists: sorted by the heads of their columns where all of them is there, and filtered by agent and by time by the coordinator. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { DashboardRig } from '../support/dashboard-rig.ts';

export interface Around {
  page: Page;
  open: (path: string) => Promise<void>;
  rig: DashboardRig;
}

const sortOf = (page: Page): string | null => new URL(page.url()).searchParams.get('sort');

/** `around`: what there is once tests run. */
export function listsInPages(around: () => Around): void {
  test('tables are sorted by their heads, as the address says', async () => {
    await sortedByHeads(around());
    expect(await around().page.locator('.failed').count()).toBe(0);
  });

  test('evaluations and samples by agent and by time', async () => {
    await filteredByAgentAndTime(around());
    expect(await around().page.locator('.failed').count()).toBe(0);
  });

  test('from a sample to the next and the one before, of the list as it is filtered', async () => {
    await steppedThrough(around());
    expect(await around().page.locator('.failed').count()).toBe(0);
  });
}

/** By keys and by buttons, also where the page was loaded anew and no list is there. */
async function steppedThrough({ page, open, rig }: Around): Promise<void> {
  const { items } = await rig.client.samples(rig.ids.done, { scoreValues: ['I'] }, { size: 1000 });
  const units = items.map(({ unit }) => unit);
  expect(units.length).toBeGreaterThan(3);
  const at = (unit: number | undefined): string => `/evaluations/${rig.ids.done}/samples/${unit}?score=I`;
  const isAt = async (unit: number | undefined): Promise<void> => {
    await expect.poll(() => page.url().replace(rig.url, '')).toBe(at(unit));
    await page.getByText(`unit ${unit}`, { exact: true }).first().waitFor();
  };
  await open(`/evaluations/${rig.ids.done}/samples?score=I`);
  await page.locator('.row a').first().click();
  await isAt(units[0]);
  await page.keyboard.press('j');
  await isAt(units[1]);
  await page.reload();
  await page.getByRole('button', { name: 'Next' }).click();
  await isAt(units[2]);
  await page.keyboard.press('k');
  await isAt(units[1]);
  await open(at(units.at(-1)));
  await page.keyboard.press('j');
  const told = page.getByRole('status').getByText('It is the last that fits the filters.');
  await told.waitFor();
  await askedAgain(page, told);
  await open(at(units[0]));
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByRole('status').getByText('It is the first that fits the filters.').waitFor();
  await isAt(units[0]);
}

/** Of an evaluation under way more may fit by the next press; a key that is pressed again meanwhile begins no other search. */
async function askedAgain(page: Page, told: ReturnType<Page['locator']>): Promise<void> {
  let asked = 0;
  let answer = (): void => {};
  const isWanted = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/samples?*', async (route) => {
    asked++;
    await isWanted;
    await route.continue();
  });
  try {
    const next = page.getByRole('button', { name: 'Next' });
    await next.click();
    await page.getByRole('status').getByText('Looking').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    answer();
    await told.waitFor();
    expect([asked, await page.evaluate<string>('document.activeElement.name')]).toEqual([1, 'next']);
  } finally {
    answer();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
}

/** By mouse and by keys, and as an address says. */
async function sortedByHeads({ page, open, rig }: Around): Promise<void> {
  const names = (label: string, column: number): Promise<string[]> =>
    page.getByRole('region', { name: label, exact: true }).locator(`tbody td:nth-child(${column})`).allInnerTexts();
  const head = (name: string): ReturnType<Page['locator']> => page.getByRole('columnheader', { name, exact: true });
  await open('/agents');
  await page.getByRole('link', { name: 'gpu-eu-2' }).waitFor();
  const order = async (): Promise<string[]> => (await names('Agents', 2)).map((text) => text.split('\n')[0]!);
  await head('Name').getByRole('button').click();
  await expect.poll(order).toEqual(['gpu-eu-1', 'gpu-eu-2']);
  expect([await head('Name').getAttribute('aria-sort'), sortOf(page)]).toEqual(['ascending', 'name']);
  await page.keyboard.press('Enter');
  await expect.poll(order).toEqual(['gpu-eu-2', 'gpu-eu-1']);
  expect([await head('Name').getAttribute('aria-sort'), sortOf(page)]).toEqual(['descending', '-name']);
  await page.reload();
  await expect.poll(order).toEqual(['gpu-eu-2', 'gpu-eu-1']);
  await head('Name').getByRole('button').press('Space');
  await expect.poll(() => sortOf(page)).toBe(null);
  expect(await page.locator('[aria-sort]').count()).toBe(0);
  await filteredByLabel({ page, open, rig }, order);
  // Numbers begin with the most; what is asked of the coordinator stays the same.
  await head('Counted').getByRole('button').click();
  expect([await head('Counted').getAttribute('aria-sort'), sortOf(page)]).toEqual(['descending', '-counted']);

  await open(`/evaluations/${rig.ids.done}?sort=score&groups=-model`);
  await expect.poll(() => names('Scores', 2)).toEqual(['openai/quick', 'openai/careful']);
  expect(await names('Groups', 2)).toEqual(['openai/quick', 'openai/careful']);
  await head('Score').getByRole('button').click();
  await expect.poll(() => sortOf(page)).toBe(null);
  expect(await names('Scores', 2)).toEqual(['openai/careful', 'openai/quick']);

  await open(`/compare?ids=${rig.ids.done},${rig.ids.again}&sort=-difference`);
  await expect.poll(() => names('Differences', 2)).toEqual(['openai/quick', 'openai/careful']);
  await head('Difference').getByRole('button').click();
  await expect.poll(() => names('Differences', 2)).toEqual(['openai/careful', 'openai/quick']);

  for (const place of ['/routes?sort=-open', '/cluster?sort=-agents']) {
    await open(place);
    await page.locator('th[aria-sort=descending]').waitFor();
  }
  // What comes in pages says what it is sorted by.
  await open(`/evaluations/${rig.ids.done}/samples`);
  expect(await head('Unit').getAttribute('aria-sort')).toBe('ascending');
}

/** A half of a label filters nothing, and says so. */
async function filteredByLabel({ page }: Around, order: () => Promise<string[]>): Promise<void> {
  const box = page.getByRole('searchbox', { name: 'Label', exact: true });
  const half = page.getByRole('status').getByText('write name=value');
  await box.fill('gpu');
  await half.waitFor();
  expect([await box.getAttribute('aria-invalid'), await order()]).toEqual(['true', ['gpu-eu-1', 'gpu-eu-2']]);
  await box.fill('gpu=h200');
  await expect.poll(order).toEqual(['gpu-eu-1']);
  expect(new URL(page.url()).searchParams.get('label')).toBe('gpu=h200');
  expect([await half.count(), await box.getAttribute('aria-invalid')]).toEqual([0, null]);
  await box.fill('gpu');
  await page.getByRole('status').getByText('write name=value; the list is still by gpu=h200').waitFor();
  expect(await order()).toEqual(['gpu-eu-1']);
  await box.fill('gpu=none');
  await page.getByText('No agent fits these filters.').waitFor();
  await box.fill('');
  await expect.poll(order).toEqual(['gpu-eu-1', 'gpu-eu-2']);
}

/** By the agent that ran them, and by when. */
async function filteredByAgentAndTime({ page, open, rig }: Around): Promise<void> {
  await open(`/evaluations/${rig.ids.done}`);
  const agents = page.locator('dd', { has: page.locator('a[href*="agent=ag_"]') });
  const told = /^(ag_\w+): (\d+)/.exec(await agents.innerText())!;
  await agents.getByRole('link', { name: told[1]! }).click();
  // By its name, where an agent has been at work that is known by one.
  const agent = page.getByRole('combobox', { name: 'Agent' });
  const names = new Map((await rig.client.agents()).items.map(({ agentId, name }) => [agentId, name]));
  const name = names.get(told[1]!)!;
  await expect.poll(() => agent.inputValue()).toBe(name);
  const offered = page.locator(`[id="${await agent.getAttribute('list')}"] option`);
  expect(await offered.evaluateAll((options) => options.map((option) => option.getAttribute('value')))).toContain(name);
  const { items } = await rig.client.samples(rig.ids.done, { agents: [told[1]!] }, { size: 1000 });
  expect([items.length, new Set(items.map(({ agentId }) => agentId))]).toEqual([Number(told[2]), new Set([told[1]!])]);
  await page.getByText(items.length > 200 ? '200 or more shown' : `${items.length} shown`).waitFor();
  const asked = (): string | null => new URL(page.url()).searchParams.get('agent');
  await agent.fill('gpu');
  await page.getByRole('status').getByText(`not known by name; the list is still by ${name}`).waitFor();
  expect([asked(), await agent.getAttribute('aria-invalid')]).toEqual([told[1]!, 'true']);
  await agent.fill('');
  await expect.poll(asked).toBe(null);
  await page.getByText('200 or more shown').waitFor();
  await agent.fill(name);
  await expect.poll(asked).toBe(told[1]!);
  await page.getByText(items.length > 200 ? '200 or more shown' : `${items.length} shown`).waitFor();
  await agent.fill('ag_0000000000000000');
  await page.getByText('No sample fits these filters.').waitFor();
  await agent.fill('');
  await page.getByText('200 or more shown').waitFor();
  await page.getByLabel('Begun from').fill('2099-01-01T00:00');
  await page.getByText('No sample fits these filters.').waitFor();
  await page.getByLabel('Begun from').fill('2020-01-01T00:00');
  await page.getByText('200 or more shown').waitFor();
  expect(new URL(page.url()).searchParams.get('from')).toMatch(/^20(?:19|20)-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
  await page.getByLabel('Begun before').fill('2020-01-02T00:00');
  await page.getByText('No sample fits these filters.').waitFor();

  // By keys it counts once it is whole.
  await open(`/evaluations/${rig.ids.done}/samples?sample=s3`);
  const box = page.getByLabel('Begun from');
  await box.focus();
  await page.keyboard.type('03092024');
  await page.keyboard.press('Enter');
  // A part of it filters nothing, and says so.
  const half = page.getByRole('status').getByText('incomplete: not used');
  await half.waitFor();
  expect(await box.getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator(`[id="${await box.getAttribute('aria-describedby')}"]`).innerText()).toBe(await half.innerText());
  expect(new URL(page.url()).searchParams.has('from')).toBe(false);
  await page.keyboard.type('0105PM');
  expect(new URL(page.url()).searchParams.has('from')).toBe(false);
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('from')).toMatch(/^2024-03-/);
  expect(await box.inputValue()).toBe('2024-03-09T13:05');
  expect([await half.count(), await box.getAttribute('aria-invalid')]).toEqual([0, null]);
  // Half a moment leaves the list as it was, and says so, until the address says something else.
  await box.focus();
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('incomplete: not used; the list is still by 2024-03-09 13:05').waitFor();
  await page.evaluate("history.replaceState(history.state, '', '?sample=s3'); dispatchEvent(new PopStateEvent('popstate'))");
  await half.waitFor({ state: 'detached' });
  expect(await page.evaluate<boolean>(`document.querySelector('[aria-label="Begun from"]').validity.badInput`)).toBe(false);

  await open('/evaluations');
  await page.getByRole('link', { name: 'gsm8k nightly' }).waitFor();
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByLabel('Submitted before').fill('2020-01-01T00:00');
  await page.getByText('No evaluation fits these filters.').waitFor();
  await page.reload();
  expect(await page.getByLabel('Submitted before').inputValue()).toBe('2020-01-01T00:00');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('link', { name: 'gsm8k nightly' }).waitFor();
}
