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
