/** What charts and the timeline of an evaluation show. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { DashboardRig } from '../support/dashboard-rig.ts';

/** `over`: the charts of the rig's `done`. */
export async function chartsInPages(
  page: Page,
  open: (path: string) => Promise<void>,
  { rig, over }: { rig: Pick<DashboardRig, 'client' | 'ids'>; over: string },
): Promise<void> {
  await open(over);
  const chart = (name: string): ReturnType<Page['locator']> => page.getByRole('region', { name, exact: true });
  await chart('Throughput').locator('canvas').waitFor();
  expect(await page.locator('.chart canvas').count()).toBe(6);
  expect(await chart('Throughput').innerText()).toMatch(/openai\/careful\s+[\d.]+[\s\S]*openai\/quick/);
  expect(await chart('Scores').innerText()).toMatch(/openai\/careful\s+0\.9\d\d ± 0\.0\d\d/);
  expect(await chart('Latency').innerText()).toMatch(/openai\/quick p95\s+\d/);
  expect(await chart('Errors').innerText()).toContain('context_length');
  const agents = page.getByRole('region', { name: 'Tasks by agent' });
  // What is over is asked for once, and the last of it may be written down a moment after the end.
  const missing = async (): Promise<number> => {
    await open(over);
    await agents
      .getByRole('img', { name: /^gpu-eu-\d: \d+ done/ })
      .first()
      .waitFor();
    const { attempts } = await rig.client.course(rig.ids.done, { attempts: 300 });
    // Of those that overlap too many others the page says how many there are.
    const told = [...(await agents.innerText()).matchAll(/([\d,]+) of them hidden by others/g)];
    const hidden = told.reduce((sum, [, n]) => sum + Number(n!.replaceAll(',', '')), 0);
    return attempts.length - hidden - (await agents.locator('.timeline-bar').count());
  };
  await expect.poll(missing, { timeout: 60_000 }).toBe(0);
  await chart('Throughput').locator('.u-over').hover();
  await page.locator('.chart-at').first().waitFor();
  await open(`/evaluations/${rig.ids.waiting}/course`);
  await page.getByText('Nothing was counted yet.').waitFor();
}
