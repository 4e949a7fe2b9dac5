/** Visits of a dashboard by somebody who logs in with a token: what is shown, what is offered, and whether it can be read. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { seriousFindings } from './axe.ts';
import { COLOURS, HEIGHT, openPage, PICTURES, WIDTHS } from './browser.ts';

/** Somebody's page, and what went wrong in it: errors, what the policy forbids, what the console was told. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  faults: string[];
}

export class Visits {
  readonly #parts: { browser: Browser; url: string; axe: string };

  /** `axe`: its source. */
  constructor(parts: { browser: Browser; url: string; axe: string }) {
    this.#parts = parts;
  }

  async visit(token: string, path = '/'): Promise<Visit> {
    const { browser, url } = this.#parts;
    const context = await browser.newContext({ viewport: { width: WIDTHS.wide, height: HEIGHT }, reducedMotion: 'reduce' });
    const { page, faults } = await openPage(context);
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`console: ${message.text()} ${message.location().url}`);
    });
    await page.goto(url + path);
    await login(page, token);
    // That a login was needed is told to the console.
    const others = faults.splice(0).filter((fault) => !fault.includes('/api/v1/session'));
    faults.push(...others);
    return { page, context, faults };
  }

  /** What keeps somebody from reading it, in both themes and on all widths; its pictures where they are wanted. */
  async unreadable(page: Page, name: string): Promise<string[]> {
    const found: string[] = [];
    if (PICTURES) await mkdir(PICTURES, { recursive: true });
    for (const theme of COLOURS) {
      await page.emulateMedia({ colorScheme: theme });
      const findings = await seriousFindings(page, this.#parts.axe, theme === 'dark' ? ['color-contrast'] : undefined);
      found.push(...findings.map((finding) => `${theme}: ${finding}`));
      for (const [width, pixels] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width: pixels, height: HEIGHT });
        const wanted = await page.evaluate<number>('document.documentElement.scrollWidth');
        if (wanted !== pixels) found.push(`${width}: it takes ${wanted} of ${pixels} pixels`);
        if (PICTURES) await page.screenshot({ fullPage: true, path: join(PICTURES, `${name}-${width}-${theme}.png`) });
      }
      await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
    }
    return found;
  }
}

export async function login(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('.side').waitFor();
}

export const menuOf = (page: Page): Promise<string[]> => page.locator('.side ul a').allInnerTexts();
export const buttonsOf = (page: Page): Promise<string[]> => page.locator('.head .actions').locator('button, a.button').allInnerTexts();
export const said = (page: Page, text: string): Locator => page.locator('main').getByText(text);
