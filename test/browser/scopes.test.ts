/**
 * What the dashboard shows and offers to those who may not everything: by a token that only reads, by one of another namespace, by one that only
 * operates; and what becomes of a page whose session ends, or whose scopes become others, while it is open.
 */
import type { Browser } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { openPage } from '../support/browser.ts';
import { useDashboard } from '../support/dashboard.ts';
import { openAt } from '../support/page.ts';
import { startScopesRig, type ScopesRig } from '../support/scopes-rig.ts';
import { buttonsOf, login, menuOf, said, Visits } from '../support/visits.ts';
import { clusterInPages } from './cluster.ts';

let rig: ScopesRig;
let browser: Browser;
let visits: Visits;

const hasBrowser = useDashboard(startScopesRig, (started) => {
  ({ rig, browser } = started);
  visits = new Visits({ browser, url: rig.url, axe: started.axe });
});

/** Pages that want more than to read in a namespace, and what they say. */
const DENIED: readonly (readonly [path: string, title: string, wants: string, command: string])[] = [
  ['/agents', 'Agents', 'the scope operate in all namespaces', "--scope read,operate --namespace '*'"],
  ['/agents/worker', 'Agents', 'the scope operate in all namespaces', "--scope read,operate --namespace '*'"],
  ['/routes', 'Routes', 'the scope operate in all namespaces', "--scope read,operate --namespace '*'"],
  ['/routes/model%3Dopenai%2Fnobody', 'Routes', 'the scope operate in all namespaces', "--scope read,operate --namespace '*'"],
  ['/events', 'Events', 'the scope operate', '--scope read,operate --namespace team-a'],
  ['/audit', 'Audit', 'the scope admin in all namespaces', "--scope read,admin --namespace '*'"],
  ['/cluster', 'Cluster', 'the scope operate in all namespaces', "--scope read,operate --namespace '*'"],
];

describe.skipIf(!hasBrowser)('who may what', () => {
  test('a token that reads in one namespace: every page says what it may, and nothing is offered that would be refused', async () => {
    const { secret } = await rig.token('reader', ['read'], ['team-a']);
    const { page, context, faults } = await visits.visit(secret);
    await page.getByRole('link', { name: 'sums, done' }).waitFor();
    expect(await menuOf(page)).toEqual(['Evaluations', 'Dead letters']);
    await page.locator('.who').getByText('read in team-a').waitFor();
    await page.getByLabel('Choose sums, waiting').check();
    await said(page, 'Pause and Cancel want the scope cancel. Priority and Clone want the scope submit.').waitFor();
    await page.getByLabel('Choose sums, done').check();
    expect(await buttonsOf(page)).toEqual(['Compare', 'Choose none']);
    expect(await visits.unreadable(page, 'list')).toEqual([]);

    await openAt(page, `${rig.url}/evaluations/${rig.ids.waiting}`);
    await said(page, 'Pause and Cancel want the scope cancel. Priority and Clone want the scope submit.').waitFor();
    expect(await buttonsOf(page)).toEqual([]);
    expect(await visits.unreadable(page, 'evaluation')).toEqual([]);
    for (const part of ['samples', 'course', 'logs', 'spec', 'samples/0', 'rescore']) {
      await openAt(page, `${rig.url}/evaluations/${rig.ids.done}/${part}`);
      expect([part, await page.getByRole('alert').count()]).toEqual([part, 0]);
    }
    // Which agent it was is said, and no way to a page that is not for him.
    await openAt(page, `${rig.url}/evaluations/${rig.ids.done}/samples/0`);
    await said(page, 'ag_').first().waitFor();
    expect(await page.locator('a[href^="/agents"], a[href^="/routes"], a[href^="/cluster"]').count()).toBe(0);
    await openAt(page, `${rig.url}/compare?ids=${rig.ids.done},${rig.ids.waiting}`);
    await openAt(page, `${rig.url}/dead-letters`);
    await said(page, 'No dead letters.').waitFor();

    for (const [path, title, wants, command] of DENIED) {
      await openAt(page, rig.url + path);
      expect(await page.locator('main h1').innerText()).toBe(title);
      await said(page, `It wants ${wants}. reader has read in team-a.`).waitFor();
      await said(page, command).waitFor();
    }
    expect(await visits.unreadable(page, 'denied')).toEqual([]);
    await openAt(page, `${rig.url}/evaluations/${rig.ids.done}/clone`);
    await said(page, 'It wants the scope submit.').waitFor();
    await said(page, '--scope submit,read --namespace team-a').waitFor();
    await openAt(page, `${rig.url}/no/such/place`);
    // Nothing was asked for that would have been refused.
    expect(faults).toEqual([]);
    await page.locator('main').getByRole('link', { name: 'All evaluations' }).click();
    await page.getByRole('link', { name: 'sums, done' }).waitFor();
    await context.close();
  });

  test('dead letters that one may see, and not touch', async () => {
    const { secret } = await rig.token('reader-2', ['read', 'cancel'], ['team-a']);
    const { page, context, faults } = await visits.visit(secret, '/dead-letters');
    const letter = { taskId: `${rig.ids.done}.0.0`, evaluationId: rig.ids.done, benchmark: 'sums', model: 'mock/one', requirement: 'any' };
    const numbers = { unitCount: 2, crashes: 3, losses: 0, deadAtMs: Date.now() - 60_000, attempts: [] };
    await page.route('**/api/v1/dead-letters*', (route) => route.fulfill({ json: { items: [{ ...letter, ...numbers }], nextToken: '' } }));
    await openAt(page, `${rig.url}/dead-letters`);
    await said(page, 'Replay wants the scope submit.').waitFor();
    expect(await page.locator('tbody').getByRole('button').allInnerTexts()).toEqual(['Drop']);
    expect(await visits.unreadable(page, 'dead-letters')).toEqual([]);
    expect(faults).toEqual([]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  });

  test('a token of another namespace: what is not its own is not there', async () => {
    const { secret } = await rig.token('neighbour', ['read', 'submit', 'cancel'], ['team-b']);
    const { page, context, faults } = await visits.visit(secret);
    await page.getByRole('link', { name: 'sums of others' }).waitFor();
    expect(await page.locator('main').innerText()).not.toContain('sums, done');
    await openAt(page, `${rig.url}/evaluations/${rig.ids.other}`);
    await expect.poll(() => buttonsOf(page)).toEqual(['Pause', 'Cancel', 'Priority', 'Clone']);
    expect(await page.locator('.withheld').count()).toBe(0);
    expect(faults).toEqual([]);
    for (const part of ['', '/samples', '/course', '/logs', '/spec', '/samples/0', '/rescore', '/clone']) {
      await openAt(page, `${rig.url}/evaluations/${rig.ids.done}${part}`);
      await page.getByRole('alert').getByText('Not found.').first().waitFor();
    }
    expect(await visits.unreadable(page, 'not-found')).toEqual([]);
    await openAt(page, `${rig.url}/compare?ids=${rig.ids.done},${rig.ids.other}`);
    await page.getByRole('alert').first().waitFor();
    for (const path of ['/dead-letters', '/evaluations']) {
      await openAt(page, `${rig.url}${path}?namespace=team-a`);
      await said(page, 'The namespace team-a is not for neighbour.').waitFor();
    }
    expect(await visits.unreadable(page, 'elsewhere')).toEqual([]);
    await page.getByRole('button', { name: 'Show team-b' }).click();
    await page.getByRole('link', { name: 'sums of others' }).waitFor();
    expect(faults.filter((fault) => !/status of 40[34]/.test(fault))).toEqual([]);
    await context.close();
  });

  test('a token that only operates begins where it may; one that may see nothing is told so', async () => {
    const operator = await visits.visit((await rig.token('operator', ['operate'], '*')).secret, '/');
    await operator.page.getByRole('heading', { name: 'Agents', exact: true }).waitFor();
    expect(await menuOf(operator.page)).toEqual(['Agents', 'Routes', 'Events', 'Cluster']);
    await operator.page.getByRole('link', { name: 'worker' }).click();
    await expect.poll(() => buttonsOf(operator.page)).toEqual(['Drain']);
    await openAt(operator.page, `${rig.url}/evaluations/${rig.ids.done}`);
    await said(operator.page, 'It wants the scope read. operator has operate in all namespaces.').waitFor();
    expect(operator.faults).toEqual([]);
    await operator.context.close();
    const sender = await visits.visit((await rig.token('sender', ['submit'], ['team-a'])).secret);
    await said(sender.page, 'It wants the scope read. sender has submit in team-a.').waitFor();
    expect(await menuOf(sender.page)).toEqual([]);
    expect(await visits.unreadable(sender.page, 'nothing')).toEqual([]);
    const { secret } = await rig.token('reader-3', ['read'], ['team-a']);
    await sender.page.getByRole('button', { name: 'Log in with another token' }).click();
    await login(sender.page, secret);
    await sender.page.getByRole('link', { name: 'sums, done' }).waitFor();
    expect(sender.faults).toEqual([]);
    await sender.context.close();
  });

  test.each([
    ['an evaluation that is live', (): string => `/evaluations/${rig.ids.waiting}`],
    ['a list', (): string => '/'],
    ['what is asked for again', (): string => '/agents'],
  ])('a session that ends on %s: the page asks for a token, and goes on with it where it was', async (_, path) => {
    const first = await rig.token('first', ['read', 'operate'], '*');
    const second = await rig.token('second', ['read', 'operate'], '*');
    const { page, context, faults } = await visits.visit(first.secret, path());
    await page.locator('main h1').waitFor();
    await page.locator('.loading').waitFor({ state: 'detached' });
    const title = await page.locator('main h1').innerText();
    await rig.client.revokeToken(first.tokenId);
    await page.getByText('The session is over').waitFor();
    if (path() === '/') expect(await visits.unreadable(page, 'over')).toEqual([]);
    expect(new URL(page.url()).pathname).toBe(path());
    await login(page, second.secret);
    await page.getByRole('heading', { name: title, exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(faults.filter((fault) => !/status of 401/.test(fault))).toEqual([]);
    await context.close();
  });

  test('a session that was left in another window', async () => {
    const { secret } = await rig.token('two-windows', ['read'], ['team-a']);
    const { page, context } = await visits.visit(secret, `/evaluations/${rig.ids.waiting}`);
    const { page: other } = await openPage(context);
    await openAt(other, rig.url);
    await other.getByRole('button', { name: 'Log out' }).click();
    await other.getByRole('heading', { name: 'Log in' }).waitFor();
    // Of that one everybody knows why.
    expect(await other.getByText('The session is over').count()).toBe(0);
    await page.getByText('The session is over').waitFor();
    await context.close();
  });

  test('a scope that is taken away while the page is open: buttons and pages go, and come again', async () => {
    const { page, context, faults } = await visits.visit(rig.jwt, `/evaluations/${rig.ids.waiting}`);
    await expect.poll(() => buttonsOf(page)).toEqual(['Pause', 'Cancel', 'Priority', 'Clone']);
    expect(await menuOf(page)).toEqual(['Evaluations', 'Agents', 'Routes', 'Dead letters', 'Events', 'Cluster']);
    await rig.grant(['read', 'submit']);
    await said(page, 'Pause and Cancel want the scope cancel.').waitFor();
    expect(await buttonsOf(page)).toEqual(['Priority', 'Clone']);
    expect(await menuOf(page)).toEqual(['Evaluations', 'Dead letters']);
    await page.getByText('live', { exact: true }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await visits.unreadable(page, 'fewer')).toEqual([]);

    await rig.grant(['read', 'operate']);
    await said(page, 'Priority and Clone want the scope submit.').waitFor();
    await page.getByRole('link', { name: 'Cluster' }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await rig.grant(['submit', 'cancel']);
    await said(page, 'It wants the scope operate. ada has submit, cancel in all namespaces.').waitFor();
    // What was refused is told to the console by the browser itself.
    expect(faults.filter((fault) => !/status of 40[13]/.test(fault))).toEqual([]);
    await context.close();
  });

  clusterInPages(() => ({ rig, visits }));

  test('a command that is refused is told, and not offered again', async () => {
    await rig.grant(['read', 'cancel']);
    const { page, context } = await visits.visit(rig.jwt, `/evaluations/${rig.ids.waiting}`);
    await page.route('**/pause', (route) =>
      route.fulfill({ status: 403, json: { code: 'permission_denied', message: 'this call needs the scope cancel; "ada" has read' } }),
    );
    await page.route('**/api/v1/session', async (route) => {
      const response = await route.fetch();
      const info = (await response.json()) as { identity: { scopes: string[] } };
      await route.fulfill({ response, json: { ...info, identity: { ...info.identity, scopes: ['read'] } } });
    });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('dialog').locator('button[value=yes]').click();
    await page.getByRole('alert').getByText('this call needs the scope cancel').waitFor();
    await said(page, 'Pause and Cancel want the scope cancel.').waitFor();
    expect(await buttonsOf(page)).toEqual(['dismiss']);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  });
});
