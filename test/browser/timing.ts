/** What the page of a sample tells of when what happened to it. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Sample } from '../../shared/client/types.ts';
import type { WalkRig } from '../support/walk-rig.ts';

interface Parts {
  rig: WalkRig;
  page: Page;
  picture: (name: string) => Promise<void>;
}

/** All that can happen to one, in four minutes. */
function eventful(sample: Sample): Sample {
  const t = 1_780_000_000_000;
  const attempt = { agent: '', taskId: 'ev_x-3', samples: 8, waitedMs: 300 };
  const failure = { errorClass: 'rate_limit', message: 'you have sent too many requests; slow down', httpStatus: 429 };
  return {
    ...sample,
    startedAtMs: t + 131_000,
    failures: [
      { ...failure, startedAtMs: t + 131_000, durationMs: 800, waitedMs: 12_000 },
      {
        ...failure,
        errorClass: 'server_error',
        message: 'overloaded',
        httpStatus: 529,
        startedAtMs: t + 144_000,
        durationMs: 4_000,
        waitedMs: 20_000,
      },
    ],
    result: { ...sample.result, agentId: 'ag_three', modelMs: 31_000, totalMs: 72_500 },
    attempts: [
      {
        ...attempt,
        waitedMs: 21_000,
        attemptId: 'a',
        agentId: 'ag_one',
        agent: 'gpu-1',
        fromMs: t + 21_000,
        toMs: t + 61_000,
        state: 'lost',
        result: 'refused',
      },
      {
        ...attempt,
        attemptId: 'b',
        agentId: 'ag_two',
        agent: 'gpu-2',
        fromMs: t + 62_000,
        toMs: t + 90_000,
        state: 'crashed',
        result: 'none',
      },
      {
        ...attempt,
        attemptId: 'c',
        agentId: 'ag_two',
        agent: 'gpu-2',
        fromMs: t + 95_000,
        toMs: t + 121_000,
        state: 'returned',
        result: 'none',
      },
      {
        ...attempt,
        attemptId: 'd',
        agentId: 'ag_three',
        agent: 'gpu-3',
        fromMs: t + 130_000,
        toMs: t + 206_000,
        state: 'done',
        result: 'counts',
      },
    ],
    attemptsLeftOut: 12,
    judgeCalls: [
      {
        ...{ unit: 9, model: 'openai/judge', scorer: 'rubric', agentId: 'ag_one', state: 'scored' },
        ...{ startedAtMs: t + 210_000, modelMs: 9_000, totalMs: 9_100 },
      },
    ],
  };
}

export function timingInPages(parts: () => Parts): void {
  test('attempts that were lost stand beside the one that counts, on one scale of time that is read as a table', async () => {
    const { rig, page, picture } = parts();
    await page.goto(`${rig.url}/evaluations/${rig.ids.lost}/samples/0`);
    const timing = page.getByRole('table', { name: 'Timing' });
    const row = (name: string | RegExp): ReturnType<Page['locator']> => timing.getByRole('row', { name });
    await row(/Attempt 1 on doomed lease lost|Attempt 1 on doomed agent crashed/).waitFor();
    await row(/Attempt 2 on heir done, its result counts/).waitFor();
    await row('The model answered').waitFor();
    expect(await row(/Waited in the queue/).count()).toBeGreaterThan(0);
    expect(await timing.locator('.waterfall-bar').count()).toBe((await timing.getByRole('row').count()) - 1);
    await picture('lost');
    await timing.getByRole('link', { name: 'Attempt 2 on heir' }).click();
    await page.getByRole('heading', { name: 'heir', exact: true }).waitFor();
  });

  test('refused, crashed, handed back, judged: each in words', async () => {
    const { rig, page, picture } = parts();
    await page.route('**/samples/0', async (route) => {
      if (!route.request().url().includes('/api/')) return route.continue();
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: eventful((await answer.json()) as Sample) });
    });
    await page.goto(`${rig.url}/evaluations/${rig.ids.lost}/samples/0`);
    const timing = page.getByRole('table', { name: 'Timing' });
    await timing.getByRole('row').first().waitFor();
    const rows = (await timing.getByRole('row').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    expect(rows.slice(1)).toEqual([
      'Waited in the queue 0 21 s',
      'Attempt 1 on gpu-1 lease lost, its result came too late and was refused (with 7 other samples) +21 s 40 s',
      expect.stringMatching(/^Waited in the queue \+1 min 2 s/),
      'Attempt 2 on gpu-2 agent crashed (with 7 other samples) +1 min 2 s 28 s',
      expect.stringMatching(/^Waited in the queue/),
      'Attempt 3 on gpu-2 handed back (with 7 other samples) +1 min 35 s 26 s',
      expect.stringMatching(/^Waited in the queue/),
      'Attempt 4 on gpu-3 done, its result counts (with 7 other samples) +2 min 10 s 1 min 16 s',
      expect.stringContaining('Call failed: rate_limit 429'),
      expect.stringContaining('Waited for the next call'),
      expect.stringContaining('Call failed: server_error 529'),
      expect.stringContaining('Waited for the next call'),
      expect.stringContaining('The model answered'),
      expect.stringContaining('Scoring and all else'),
      expect.stringContaining('openai/judge judged it for rubric'),
    ]);
    await page.getByText('12 attempts of this evaluation are not kept').waitFor();
    for (const [width, theme] of [
      [1440, 'light'],
      [820, 'dark'],
      [390, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme });
      await timing.scrollIntoViewIfNeeded();
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(width);
      await picture(`timing-${width}-${theme}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.unroute('**/samples/0');
  });
}
