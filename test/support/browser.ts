/** Debian's Chromium for tests of the dashboard, and what it must never tell: a violation of the policy, an error of the page. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

const TOOLS = join(import.meta.dirname, '../../.tools/bin');

/** Where it is; undefined, with a printed reason, where there is none: the tests skip. In a continuous integration (CI is set) that is an error. */
export function findBrowser({ PATH = '', CI = '', ASSAY_SETUP_BROWSER }: NodeJS.ProcessEnv = process.env): string | undefined {
  const found = [TOOLS, ...PATH.split(delimiter)]
    .flatMap((folder) => ['chromium-headless-shell', 'chromium'].map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  if (found) return found;
  const why = 'no Chromium here (scripts/setup-browser.sh fetches it)';
  if (!['', 'false', '0'].includes(CI) && ASSAY_SETUP_BROWSER !== 'none') throw new Error(why);
  console.log(`skipped, ${why}`);
  return undefined;
}

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] });

/** A folder for pictures of what is tested, to be looked at; none without it. */
export const PICTURES = process.env['ASSAY_PICTURES'];

export const WIDTHS = { narrow: 390, middle: 1024, wide: 1440 } as const;
export const HEIGHT = 900;
export const COLOURS = ['light', 'dark'] as const;

/** A page that keeps what must not be: messages of errors, policy violations, calls of dialogs. */
export interface WatchedPage {
  page: Page;
  faults: string[];
}

export async function openPage(context: BrowserContext): Promise<WatchedPage> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    const text = message.text();
    if (/Content Security Policy|Trusted ?Type|violat/i.test(text)) faults.push(`policy: ${text}`);
  });
  return { page, faults };
}
