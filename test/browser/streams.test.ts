/** What a page does when its events do not come: it says so, says what to do, and goes on by itself where it can. And lists that are told as they change. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser, Page, Request } from 'playwright-core';
import { buildDashboard } from '../../scripts/build.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { HttpError } from '../../shared/http/errors.ts';
import { findBrowser, launch, openPage, type WatchedPage } from '../support/browser.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { freePorts } from '../support/ports.ts';

const chromium = findBrowser();
let fleet: Fleet;
let coordinator: Process;
let client: AssayClient;
let browser: Browser;
let here: WatchedPage;
let page: Page;
let url = '';
let id = '';

beforeAll(async () => {
  if (!chromium) return;
  if (!process.env['ASSAY_TEST_PROGRAMS']) await buildDashboard();
  [fleet, browser] = await Promise.all([Fleet.start(), launch(chromium)]);
  const [port] = await freePorts(1);
  url = `http://127.0.0.1:${port}`;
  const started = await fleet.coordinator({ args: ['--http', `127.0.0.1:${port}`] });
  coordinator = started;
  client = fleet.client(started.address);
  id = await submit('the first');
  here = await openPage(await browser.newContext({ viewport: { width: 1024, height: 700 } }));
  page = here.page;
});
afterAll(async () => {
  await browser?.close();
  await fleet?.stop();
});

async function submit(name: string): Promise<string> {
  const spec = mockSpec(await client.uploadBytes(sums(5)), { name });
  return (await client.submit({ spec, idempotencyKey: name })).evaluation.evaluationId;
}

/** Streams are answered with this, until what it gives is called. */
async function events(
  path: string,
  answer: { status: number; headers: Record<string, string>; body: string },
): Promise<() => Promise<void>> {
  const where = `**/api/v1${path}*`;
  await page.route(where, (route) => route.fulfill(answer));
  return () => page.unroute(where);
}

const failed = (error: HttpError) => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: `retry: 1000\n\nevent: failed\ndata: ${JSON.stringify(error)}\n\n`,
});

const alert = (): ReturnType<Page['locator']> => page.getByRole('alert');

/** What the page asks just now is no fault. */
async function leave(other: Page): Promise<void> {
  await other.unrouteAll({ behavior: 'ignoreErrors' });
  await other.context().close();
}

/** A page of its own, whose clock goes on when it is told to. */
async function withClock(): Promise<Page> {
  const { page: other } = await openPage(await browser.newContext());
  await other.clock.install();
  return other;
}

describe.skipIf(!chromium)('streams', () => {
  test('a list is told as it changes, and not asked for again', async () => {
    await page.goto(url);
    await page.getByRole('link', { name: 'the first' }).waitFor();
    const asked: string[] = [];
    const hear = (request: Request): void => void asked.push(new URL(request.url()).pathname);
    page.on('request', hear);
    const second = await submit('the second');
    await page.getByRole('link', { name: 'the second' }).waitFor();
    await client.cancel(second);
    await page.getByRole('row', { name: 'the second' }).getByText('cancelled').waitFor();
    await client.delete({ evaluationId: second });
    await page.getByRole('link', { name: 'the second' }).waitFor({ state: 'detached' });
    page.off('request', hear);
    expect(asked).toEqual([]);
  });

  test('a stream that says failed is told of, with what to do, and goes on by itself', async () => {
    const mend = await events(
      `/evaluations/${id}/events`,
      failed({ code: 'internal', message: 'internal error, reference 7f3a: the coordinator’s log says more under it', reference: '7f3a' }),
    );
    await page.goto(`${url}/evaluations/${id}`);
    await alert().getByText('Not live. internal error, reference 7f3a').waitFor();
    await page.getByText('It is tried again in').waitFor();
    // What is new every second is not read out every second.
    expect(await alert().getByText('It is tried again in').count()).toBe(0);
    await page.getByText('not connected').waitFor();
    await mend();
    await alert().waitFor({ state: 'detached' });
    await page.getByText('live', { exact: true }).waitFor();
    expect(here.faults).toEqual([]);
  });

  test('one that is refused says why', async () => {
    const mend = await events('/evaluations/events', {
      status: 429,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'resource_exhausted', message: '"ada" has 200 streams open by HTTP; no more than that at a time' }),
    });
    await page.goto(url);
    await alert().getByText('"ada" has 200 streams open by HTTP').waitFor();
    await alert().getByText('Close pages that nobody looks at.').waitFor();
    await mend();
    await page.getByRole('link', { name: 'the first' }).waitFor();
    expect(await alert().count()).toBe(0);
  });

  test('what would be told again is tried only when somebody asks for it', async () => {
    const mend = await events(
      '/cluster/events',
      failed({ code: 'permission_denied', message: '"ada" may not: it needs the scope operate' }),
    );
    await page.goto(`${url}/cluster`);
    await alert().getByText('Log in with a token that may see this.').waitFor();
    expect(await page.getByText('It is tried again in').count()).toBe(0);
    await mend();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('live', { exact: true }).waitFor();
    expect(await alert().count()).toBe(0);
  });

  test('a page that is opened where nobody looks is there, and hears nothing after a while', async () => {
    const other = await withClock();
    await other.addInitScript("Object.defineProperty(document, 'hidden', { configurable: true, value: true })");
    await other.goto(`${url}/evaluations/${id}`);
    await other.getByText('live', { exact: true }).waitFor();
    await other.clock.fastForward(11_000);
    await other.getByText('not connected').waitFor();
    expect(await other.getByRole('alert').count()).toBe(0);
    await other.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: false });
      document.dispatchEvent(new Event('visibilitychange'))`);
    await other.getByText('live', { exact: true }).waitFor();
    await leave(other);
  });

  test('a stream that has nothing more to tell is not asked for again', async () => {
    const other = await withClock();
    let asked = 0;
    await other.route(`**/api/v1/evaluations/${id}/events*`, (route) => {
      asked += 1;
      return route.fulfill({ status: 204 });
    });
    await other.goto(`${url}/evaluations/${id}`);
    // By the browser, and once for the reason.
    await expect.poll(() => asked).toBe(2);
    await other.clock.fastForward(60_000);
    await other.getByText('not connected').waitFor();
    expect([asked, await other.getByRole('alert').count()]).toEqual([2, 0]);
    await leave(other);
  });

  test('a page that asks again says when it is not answered, and asks no more where that is denied', async () => {
    const other = await withClock();
    await other.goto(`${url}/agents`);
    await other.getByText('No agent was seen within the last day.').waitFor();
    const where = '**/api/v1/agents*';
    await other.route(where, (route) => route.abort());
    await other.clock.fastForward(3_000);
    await other.getByRole('alert').getByText('Not live. The coordinator does not answer.').waitFor();
    await other.getByText('What is shown was told').waitFor();
    await other.unroute(where);
    let denied = 0;
    await other.route(where, (route) => {
      denied += 1;
      return route.fulfill({ status: 403, json: { code: 'permission_denied', message: '"ada" may not: it needs the scope read' } });
    });
    await other.clock.fastForward(3_000);
    await other.getByRole('alert').getByText('Log in with a token that may see this.').waitFor();
    await other.clock.fastForward(60_000);
    await other.getByText(/What is shown was told \d+ min ago/).waitFor();
    expect(denied).toBe(1);
    await other.unroute(where);
    await other.getByRole('button', { name: 'Try now' }).click();
    await other.getByRole('alert').waitFor({ state: 'detached' });
    await leave(other);
  });

  test('a comparison that failed is tried again', async () => {
    const { page: other } = await openPage(await browser.newContext());
    const where = '**/api/v1/evaluations/*/samples*';
    await other.route(where, (route) => route.abort());
    await other.goto(`${url}/compare?ids=${id},${id}`);
    await other.getByRole('alert').waitFor();
    await other.unroute(where);
    await other.getByRole('button', { name: 'Try again' }).click();
    await other.getByRole('heading', { name: 'Baseline' }).waitFor();
    expect(await other.getByRole('alert').count()).toBe(0);
    await leave(other);
  });

  test('the end of an evaluation is asked for until it is told, and one that runs again is seen', async () => {
    const other = await withClock();
    const ending = await submit('the ending');
    await other.goto(`${url}/evaluations/${ending}`);
    await other.getByText('live', { exact: true }).waitFor();
    const where = `**/api/v1/evaluations/${ending}`;
    await other.route(where, (route) => route.abort());
    await client.cancel(ending);
    await other.getByRole('alert').getByText('The coordinator does not answer.').waitFor();
    await other.unroute(where);
    await other.clock.fastForward(3_000);
    await other.getByText('Took', { exact: true }).waitFor();
    expect(await other.getByRole('alert').count()).toBe(0);
    await other.route(where, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...((await response.json()) as object), state: 'running', finishedAtMs: 0 } });
    });
    await other.clock.fastForward(16_000);
    await other.getByText('Pace', { exact: true }).waitFor();
    await leave(other);
  });

  test('a coordinator that is gone, and is back', async () => {
    await page.goto(`${url}/evaluations/${id}`);
    await page.getByText('live', { exact: true }).waitFor();
    await coordinator.kill9();
    await alert().getByText('The coordinator does not answer.').waitFor();
    await alert().getByText('The page goes on by itself.').waitFor();
    await coordinator.start();
    await alert().waitFor({ state: 'detached' });
    await page.getByText('live', { exact: true }).waitFor();
    expect(here.faults).toEqual([]);
  });
});
