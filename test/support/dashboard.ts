/** What files of tests of the dashboard begin and end with: a rig of their own, a browser, and a page in it. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { findBrowser, HEIGHT, launch, openPage, PICTURES, WIDTHS, type WatchedPage } from './browser.ts';

const AXE = join(import.meta.dirname, '../../node_modules/axe-core/axe.min.js');

export interface Dashboard<Rig> {
  rig: Rig;
  browser: Browser;
  /** Of `page`; who logs in there is logged in in all pages of it. */
  context: BrowserContext;
  here: WatchedPage;
  page: Page;
  /** The source of axe-core. */
  axe: string;
}

/** Before the tests of a file `take` gets what they work on, after them all of it is ended. False where there is no browser: nothing is started, the tests skip. */
export function useDashboard<Rig extends { stop: () => Promise<void> }>(
  start: () => Promise<Rig>,
  take: (started: Dashboard<Rig>) => void,
  { width = WIDTHS.wide }: { width?: number } = {},
): boolean {
  const chromium = findBrowser();
  if (!chromium) return false;
  const ends: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    if (PICTURES) await mkdir(PICTURES, { recursive: true });
    const coming = [start(), launch(chromium), readFile(AXE, 'utf8')] as const;
    // Where one of them fails the other ones are ended all the same.
    const [rigged, launched] = await Promise.allSettled(coming);
    if (launched.status === 'fulfilled') ends.push(() => launched.value.close());
    if (rigged.status === 'fulfilled') ends.push(() => rigged.value.stop());
    const [rig, browser, axe] = await Promise.all(coming);
    const context = await browser.newContext({ viewport: { width, height: HEIGHT }, colorScheme: 'light' });
    const here = await openPage(context);
    take({ rig, browser, context, here, page: here.page, axe });
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  return true;
}
