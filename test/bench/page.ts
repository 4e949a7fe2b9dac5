/**
 * The page of a large evaluation in Debian's Chromium: `node test/bench/page.ts [SAMPLES] [MINUTES]` (default 1,000,000 samples and 10 minutes).
 * All but the last twentieth lies in the store, from where the ledger is made by a recovery; the page is looked at while a mock model answers the rest. Prints one line of JSON: how soon
 * there is something to see, what filters and scrolling of its samples take and fetch, and the page's memory after each minute on its charts.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { AssayClient } from '../../shared/client/client.ts';
import { buildDashboard } from '../../scripts/build.ts';
import { findBrowser, HEIGHT, launch, openPage, WIDTHS } from '../support/browser.ts';
import { Fleet } from '../support/fleet.ts';
import { sums } from '../support/mock-evaluation.ts';
import { freePorts } from '../support/ports.ts';
import { fillStore, outcomeOf } from '../support/stored-results.ts';
import { waitFor } from '../support/wait-for.ts';

const samples = Number(process.argv[2] ?? 1_000_000);
const minutes = Number(process.argv[3] ?? 10);
const BENCHMARKS = ['sums', 'words'];
const MODELS = ['mock/careful', 'mock/quick'];
const each = Math.ceil(samples / BENCHMARKS.length / MODELS.length);
const total = each * BENCHMARKS.length * MODELS.length;
/** What is left for the time in which the page is looked at. */
const REST = Math.max(200, Math.round(total / 20));
const LOADS = 5;
/** What the list of samples shows at most. */
const MOST_ROWS = 20_000;
const WAIT_MS = 3_600_000;
/** One that was answered rightly, near the end of what is done. */
const LATE = Array.from({ length: 1_000 }, (_, i) => Math.floor(each * 0.9) + i).find((sample) => outcomeOf(sample) === 'right')!;

const rounded = (n: number, places = 0): number => Number(n.toFixed(places));
const mib = (bytes: number): number => rounded(bytes / 1024 / 1024, 1);
const say = (text: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);

/** As many samples a second as keep it going until the page has been looked at. */
const slowly = Math.max(1, Math.floor(REST / ((minutes + 4) * 60)));

const models = (options: object, max: number) => [
  { match: 'mock/*', provider: 'mock', max_connections: max, look_ahead: max, options: { accuracy: 0.7, seed: 1, ...options } },
];

const spec = (digest: string, name = 'a large one') => ({
  name,
  benchmarks: BENCHMARKS.map((benchmark) => ({
    benchmark,
    dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } },
    scorers: [{ name: 'match', args: { numeric: true } }],
  })),
  models: MODELS.map((model) => ({ model })),
  retry: { max_retries: 0 },
});

/** When something is to be seen, by the page's own clock; put into it before it begins. */
const WATCH_NUMBERS = `new MutationObserver((_, self) => {
  if (!/\\d/.test(document.querySelector('.strip-count b')?.textContent ?? '')) return;
  window.numbersAt = performance.now();
  self.disconnect();
}).observe(document, { childList: true, subtree: true, characterData: true });`;

interface Traffic {
  requests: number;
  bytes: number;
}

/** Counts what a page fetches. */
async function trafficOf(cdp: CDPSession): Promise<() => Traffic> {
  const seen: Traffic = { requests: 0, bytes: 0 };
  await cdp.send('Network.enable');
  cdp.on('Network.requestWillBeSent', () => void seen.requests++);
  cdp.on('Network.dataReceived', ({ dataLength }) => void (seen.bytes += dataLength));
  return () => ({ ...seen });
}

const since = (now: Traffic, before: Traffic): { requests: number; KiB: number } => ({
  requests: now.requests - before.requests,
  KiB: rounded((now.bytes - before.bytes) / 1024),
});

/** What the page's scripts hold, as it stands and after what nobody needs is gone. */
async function heapOf(cdp: CDPSession): Promise<{ used: number; kept: number }> {
  const used = async (): Promise<number> => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return mib(metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value);
  };
  const before = await used();
  await cdp.send('HeapProfiler.collectGarbage');
  return { used: before, kept: await used() };
}

/** Each time by a browser that has nothing of it. */
async function firstLooks(browser: Browser, url: string): Promise<Record<'paintMs' | 'numbersMs', number[]>> {
  const looks = { paintMs: [] as number[], numbersMs: [] as number[] };
  for (let i = 0; i < LOADS; i++) {
    const context = await browser.newContext({ viewport: { width: WIDTHS.wide, height: HEIGHT } });
    await context.addInitScript(WATCH_NUMBERS);
    const { page } = await openPage(context);
    await page.goto(url);
    // The browser may tell of its paint later than of what was painted.
    const isSeen = "window.numbersAt !== undefined && performance.getEntriesByName('first-contentful-paint').length > 0";
    await waitFor(() => page.evaluate<boolean>(isSeen), { what: 'numbers', timeoutMs: 60_000 });
    looks.numbersMs.push(rounded(await page.evaluate<number>('window.numbersAt')));
    looks.paintMs.push(rounded(await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0].startTime")));
    await context.close();
  }
  return looks;
}

/** Addresses with a filter, and what a row that fits has in it. */
const FILTERS: Readonly<Record<string, readonly [query: string, row: RegExp]>> = {
  'state=errored': ['?state=errored', /errored/],
  'error=server_error': ['?error=server_error', /server_error/],
  'error=context_length (few)': ['?error=context_length', /context_length/],
  'score=I': ['?score=I', /scored/],
  'benchmark, model': [`?benchmark=${BENCHMARKS[1]}&model=${encodeURIComponent(MODELS[1]!)}`, /quick/],
  'text of one sample': [`?text=${encodeURIComponent(`The answer is ${2 * LATE}`)}`, new RegExp(`s${LATE}`)],
  'sample id': [`?sample=s${LATE}`, new RegExp(`s${LATE}`)],
};

async function filtered(page: Page, url: string, traffic: () => Traffic): Promise<Record<string, object>> {
  const found: Record<string, object> = {};
  for (const [name, [query, row]] of Object.entries(FILTERS)) {
    const before = traffic();
    const startedAt = performance.now();
    const answered = page.waitForResponse((response) => response.url().includes('/samples?'), { timeout: 120_000 });
    // By the page itself, as its filters do: what is there already is not fetched again.
    await page.evaluate(`history.replaceState(null, '', ${JSON.stringify(`${url}${query}`)}); dispatchEvent(new Event('assay:moved'))`);
    await answered;
    await page.locator('.rows-room .row', { hasText: row }).first().waitFor({ timeout: 120_000 });
    found[name] = { ms: rounded(performance.now() - startedAt), ...since(traffic(), before) };
    say(`${name}: ${JSON.stringify(found[name])}`);
  }
  return found;
}

async function scrolled(page: Page, traffic: () => Traffic): Promise<object> {
  const before = traffic();
  const startedAt = performance.now();
  for (let pages = 2; pages <= 11; pages++) {
    await page.locator('.rows-room').evaluate((room) => room.scrollTo(0, room.scrollHeight));
    await page.getByText(`${200 * pages}`.replace(/\B(?=\d{3}$)/, ',') + ' or more shown').waitFor();
  }
  const rows = await page.locator('.rows-room .row').count();
  return { pages: 10, ms: rounded(performance.now() - startedAt), rowsInPage: rows, ...since(traffic(), before) };
}

/** All rows that the list takes, and what they hold then. */
async function scrolledOn(page: Page, cdp: CDPSession): Promise<object> {
  const rows = Math.min(MOST_ROWS, total);
  const shown = new RegExp(`^\\s*${rows.toLocaleString('en')} (or more )?shown`);
  await waitFor(
    async () => {
      await page.locator('.rows-room').evaluate((room) => room.scrollTo(0, room.scrollHeight));
      return (await page.getByText(shown).count()) > 0;
    },
    { what: `${rows} rows`, timeoutMs: 300_000, everyMs: 50 },
  );
  return { rows, heapMiB: await heapOf(cdp) };
}

/** Beside a smaller one, as far as the page reads it: what that takes, and holds. */
async function compared(page: Page, url: string, cdp: CDPSession): Promise<object> {
  const startedAt = performance.now();
  await page.goto(url);
  await page.locator('main table tbody tr').first().waitFor({ timeout: 600_000 });
  return { ms: rounded(performance.now() - startedAt), heapMiB: await heapOf(cdp) };
}

const closedOf = async (client: AssayClient, id: string): Promise<number> => {
  const { counts } = await client.get(id);
  return counts.scored + counts.unscored + counts.errored + counts.dead;
};

const rssOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
  rounded(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);

const chromium = findBrowser();
if (!chromium) process.exit(1);
await buildDashboard();
const fleet = await Fleet.start();
try {
  const [port, httpPort] = await freePorts(2);
  const coordinator = await fleet.coordinator({ port: port!, args: ['--http', `127.0.0.1:${httpPort}`] });
  const client = fleet.client(coordinator.address);
  const digest = await client.uploadBytes(sums(each));
  const startedAt = performance.now();
  const id = (await client.submit({ spec: spec(digest), idempotencyKey: 'large' })).evaluation.evaluationId;
  await fillStore(fleet.store, id, Math.floor(REST / BENCHMARKS.length / MODELS.length));
  say('in the store');
  // It may take longer than a call may.
  await client.recover(id, 'made by a benchmark').catch(() => undefined);
  await waitFor(async () => (await client.get(id)).state === 'running' && (await closedOf(client, id)) > 0.9 * total, {
    what: 'the ledger to know it',
    timeoutMs: WAIT_MS,
    everyMs: 1_000,
  });
  // As large as the page of two reads at most.
  const smaller = await client.uploadBytes(sums(Math.min(each, 200_000 / BENCHMARKS.length / MODELS.length)));
  const other = (await client.submit({ spec: spec(smaller, 'a smaller one'), idempotencyKey: 'small' })).evaluation.evaluationId;
  await fillStore(fleet.store, other, 1);
  await client.recover(other, 'made by a benchmark').catch(() => undefined);
  const seconds = rounded((performance.now() - startedAt) / 1000);
  await fleet.agent('slow', [coordinator.address], { models: models({ latency_ms: 1_000, error_rate: 0.01 }, slowly) });
  const url = `http://127.0.0.1:${httpPort}`;
  const path = `/evaluations/${id}`;
  const browser = await launch(chromium);
  say('first looks');
  // What else this machine was doing.
  const loads = [rounded(loadavg()[0]!, 1)];
  const looks = await firstLooks(browser, url + path);
  loads.push(rounded(loadavg()[0]!, 1));
  const { page, faults } = await openPage(await browser.newContext({ viewport: { width: WIDTHS.wide, height: HEIGHT } }));
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const traffic = await trafficOf(cdp);
  const listedAt = performance.now();
  await page.goto(`${url}${path}/samples`);
  await page.locator('.rows-room .row').first().waitFor();
  const listMs = rounded(performance.now() - listedAt);
  const filters = await filtered(page, `${path}/samples`, traffic);
  await page.evaluate(`history.replaceState(null, '', '${path}/samples'); dispatchEvent(new Event('assay:moved'))`);
  await page.getByText('200 or more shown').waitFor();
  const scrolling = await scrolled(page, traffic);
  const allRows = await scrolledOn(page, cdp);
  say(JSON.stringify(allRows));
  const comparison = await compared(page, `${url}/compare?ids=${id},${other}`, cdp);
  say(JSON.stringify(comparison));
  await page.goto(`${url}${path}/samples`);
  // The charts hold most of what lives, and are asked for again and again.
  await page.getByRole('link', { name: 'Charts' }).click();
  await page.locator('.chart canvas').first().waitFor();
  say('live');
  const before = traffic();
  const closedBefore = await closedOf(client, id);
  const heapMiB = [await heapOf(cdp)];
  for (let minute = 1; minute <= minutes; minute++) {
    await sleep(60_000);
    heapMiB.push(await heapOf(cdp));
    say(`minute ${minute}: ${JSON.stringify(heapMiB.at(-1))}`);
  }
  const fetched = since(traffic(), before);
  const closedAfter = await closedOf(client, id);
  const { state } = await client.get(id);
  process.stdout.write(
    `${JSON.stringify({
      ...{ samples: total, seconds, cores: availableParallelism(), load: loads, looks, listMs, filters, scrolling, allRows, comparison },
      live: { minutes, state, closed: closedAfter - closedBefore, ...fetched, heapMiB },
      coordinatorMiB: { now: rssOf(coordinator.pid, 'VmRSS'), peak: rssOf(coordinator.pid, 'VmHWM') },
      redisMiB: rssOf(fleet.redis.pid(), 'VmRSS'),
      faults,
    })}\n`,
  );
  await browser.close();
} finally {
  await fleet.stop();
}
process.exit(0);
