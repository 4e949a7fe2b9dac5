/** Whether a programme can read the page aloud: axe-core in full on all places, on all widths, in both themes. CI looks at some of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { placesOf, readableAt } from '../browser/places.ts';
import { COLOURS, findBrowser, launch, openPage, WIDTHS } from '../support/browser.ts';
import { startDashboardRig, TOKEN, type DashboardRig } from '../support/dashboard-rig.ts';

const chromium = findBrowser();
const LOOKS = (Object.keys(WIDTHS) as (keyof typeof WIDTHS)[]).flatMap((width) => COLOURS.map((theme) => [width, theme] as const));

let rig: DashboardRig;
let browser: Browser;
let axe: string;
let storageState: NonNullable<BrowserContextOptions['storageState']>;

beforeAll(async () => {
  if (!chromium) return;
  [rig, browser, axe] = await Promise.all([
    startDashboardRig(),
    launch(chromium),
    readFile(join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js'), 'utf8'),
  ]);
  const context = await browser.newContext();
  const { page } = await openPage(context);
  await page.goto(rig.url);
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  storageState = await context.storageState();
});
afterAll(async () => {
  await browser?.close();
  await rig?.stop();
});

describe.skipIf(!chromium)('every place', () => {
  test.each(LOOKS)('%s, %s', async (width, theme) => {
    const seen: string[] = [];
    const shown = async (_: unknown, name: string): Promise<void> => void seen.push(name);
    await readableAt({ browser, rig, axe, storageState, shown }, width, theme);
    expect(seen).toEqual(Object.keys(placesOf(rig)).map((place) => `${place}-${width}-${theme}`));
  });
});
