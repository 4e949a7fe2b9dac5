/** What tests of the dashboard do with a page. */
import type { Page } from 'playwright-core';

/** Until what was asked for is shown. */
export async function openAt(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator('main h1').waitFor();
  await page.locator('.loading').waitFor({ state: 'detached' });
}

/** Says yes in the dialog that is open; `reason` where it asks for one. */
export async function sayYes(page: Page, reason = ''): Promise<void> {
  const dialog = page.getByRole('dialog');
  if (reason !== '') await dialog.getByLabel('Reason').fill(reason);
  await dialog.locator('button[value=yes]').click();
  await dialog.waitFor({ state: 'detached' });
}

interface Finding {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe-core (its text) finds serious; `rules`: these alone. It is brought into the page, which its policy forbids: the context must bypass that. */
export async function seriousFindings(page: Page, axe: string, rules?: string[]): Promise<string[]> {
  await page.evaluate(axe);
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  const { violations } = await page.evaluate<{ violations: Finding[] }>(`axe.run(document, ${options})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
}
