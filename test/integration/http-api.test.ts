/** The JSON API over real HTTP: lists, one, events, errors, and who may. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WatchEvent } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { emptyCounts } from '../../shared/domain/states.ts';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import { changing, eventsOf, linesOf, startHttp, type ServerEvent, type TestHttp } from '../support/http.ts';
import { evaluation, EVALUATION_ID, eventAt, result } from '../support/rpc.ts';

const TOKEN = 'a-token-of-this-coordinator';
const AUTHORIZED = { headers: { authorization: `Bearer ${TOKEN}` } };
/** One server for all: each test gives it other use-cases. */
let cases: Partial<EvaluationUseCases> = {};
let server: TestHttp;
let locked: TestHttp;
beforeAll(async () => {
  server = await startHttp(changing(() => cases));
  locked = await startHttp({ get: async () => evaluation() }, { token: TOKEN });
});
afterAll(() => Promise.all([server.stop(), locked.stop()]));
const one = (path = '', at = server): string => `${at.url}/api/v1/evaluations/${EVALUATION_ID}${path}`;

describe('one question, one answer', () => {
  test('an evaluation as the client library has it', async () => {
    cases = { get: async () => evaluation() };
    const response = await fetch(one());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual(evaluation());
  });

  test('a list by filters and pages; the next page by its token', async () => {
    const asked: unknown[] = [];
    cases = {
      list: async (filter, page) => {
        asked.push({ filter, page });
        return { items: [], nextToken: 'next' };
      },
    };
    const query =
      'states=running&states=paused&tags=a&metadata.git.sha=abc&namespace=team-a&createdFromMs=1700000000000&pageSize=7&pageToken=t';
    const response = await fetch(`${server.url}/api/v1/evaluations?${query}`);
    expect(await response.json()).toEqual({ items: [], nextToken: 'next' });
    expect(asked).toEqual([
      {
        filter: {
          states: ['running', 'paused'],
          tags: ['a'],
          metadata: { 'git.sha': 'abc' },
          namespace: 'team-a',
          createdFromMs: 1_700_000_000_000,
        },
        page: { size: 7, token: 't' },
      },
    ]);
  });

  test('a submit: 201, and 200 the second time', async () => {
    let existed = false;
    cases = {
      submit: async ({ spec, idempotencyKey }) => ({
        ...{ evaluation: evaluation({ name: `${idempotencyKey} ${JSON.stringify(spec)}` }), existed },
        durability: { class: 'fsynced', replicas: 0 },
      }),
    };
    const submit = () => post('/api/v1/evaluations', { spec: { name: 'x' }, idempotencyKey: 'k' });
    const first = await submit();
    expect([first.status, await first.json()]).toEqual([
      201,
      { evaluation: evaluation({ name: 'k {"name":"x"}' }), existed: false, durability: { class: 'fsynced', replicas: 0 } },
    ]);
    existed = true;
    expect((await submit()).status).toBe(200);
  });
});

describe('what is refused', () => {
  test('all faults at once, in the names of this API', async () => {
    const form = await fetch(`${server.url}/api/v1/evaluations?states=lost&pageSize=x&unknown=1&name=a&name=b`);
    expect(form.status).toBe(400);
    const { code, faults } = (await form.json()) as { code: string; faults: { place: string }[] };
    expect(code).toBe('invalid');
    expect(faults.map(({ place }) => place).toSorted()).toEqual(['name', 'pageSize', 'states[0]', 'unknown']);
    const bounds = await fetch(`${server.url}/api/v1/evaluations?pageSize=5000&createdFromMs=5&createdToMs=3`);
    expect(await bounds.json()).toMatchObject({
      faults: [
        { place: 'createdToMs', problem: expect.stringContaining('not after createdFromMs') as string },
        { place: 'pageSize', problem: '5000 is not a whole number from 0 to 1000' },
      ],
    });
    const both = await fetch(`${server.url}/api/v1/evaluations?pageSize=many&foo_bar=1&createdFromMs=now`);
    const { faults: all } = (await both.json()) as { faults: { place: string }[] };
    expect(all.map(({ place }) => place).toSorted()).toEqual(['createdFromMs', 'foo_bar', 'pageSize']);
    const body = await post('/api/v1/evaluations', { spec: {}, idempotencyKey: '', wrong: 1 });
    expect((await body.json()) as object).toMatchObject({ code: 'invalid', faults: [{ place: 'wrong' }] });
  });

  test.each([
    [new AppError('not_found', 'there is none'), 404, undefined],
    [new AppError('failed_precondition', 'it runs'), 412, undefined],
    [new AppError('resource_exhausted', 'no room', { retryAfterMs: 2500 }), 429, '3'],
    [new AppError('unavailable', 'not now'), 503, '1'],
  ])('%s', async (error, status, retryAfter) => {
    cases = { get: async () => Promise.reject(error) };
    const response = await fetch(one());
    expect([response.status, response.headers.get('retry-after') ?? undefined]).toEqual([status, retryAfter]);
    expect(await response.json()).toMatchObject({ code: error.code, message: error.message });
  });

  test('of an internal error only a reference is told', async () => {
    cases = { get: async () => Promise.reject(new Error('secret')) };
    const response = await fetch(one());
    const text = await response.text();
    expect([response.status, text.includes('secret')]).toEqual([500, false]);
    expect(JSON.parse(text)).toMatchObject({ code: 'internal', reference: expect.stringMatching(/^[0-9a-f]{8}$/) as string });
  });

  test('paths and methods that are not there', async () => {
    for (const path of [
      '/api/v1/nothing',
      '/api/v1//evaluations',
      '/api/v1/evaluations/',
      '/api/v1/evaluations/x/y/z',
      '/api/v1/%zz',
      '/API/v1/agents',
    ])
      expect([path, (await fetch(server.url + path)).status]).toEqual([path, 404]);
    const put = await fetch(`${server.url}/api/v1/evaluations`, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });

  test('whoever has no token', async () => {
    const anonymous = await fetch(one('', locked));
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="assay"']);
    expect((await fetch(one('', locked), { headers: { authorization: 'Bearer another-one' } })).status).toBe(401);
    expect((await fetch(one('', locked), AUTHORIZED)).status).toBe(200);
  });
});

describe('answers that go on', () => {
  test('results, a line each; a failure in the middle is the last line', async () => {
    cases = {
      results: async function* (_id, filter) {
        yield result(1);
        yield result(2, { completion: 'é'.repeat(400_000) });
        if (filter.benchmark === 'broken') throw new AppError('unavailable', 'the store is gone');
      },
    };
    const whole = await fetch(one('/results'));
    expect(whole.headers.get('content-type')).toBe('application/x-ndjson');
    expect(await linesOf(whole)).toEqual([result(1), result(2, { completion: 'é'.repeat(400_000) })]);
    const broken = await linesOf(await fetch(one('/results?benchmark=broken')));
    expect(broken.at(-1)).toEqual({ error: { code: 'unavailable', message: 'the store is gone' } });
  });

  test('events with their cursors; who comes again behind the last is told to come no more', async () => {
    const asked: string[] = [];
    cases = {
      watch: async function* (_id, cursor): AsyncGenerator<WatchEvent> {
        asked.push(cursor);
        if (cursor === '') yield { cursor: '1-1', timeMs: 1, kind: 'snapshot', evaluation: evaluation(), resync: false };
        if (cursor !== '1-4') yield eventAt(4, 4);
      },
    };
    const response = await fetch(one('/events'));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events = await collected(eventsOf(response));
    expect(events.map(({ event, id }) => [event, id])).toEqual([
      ['snapshot', '1-1'],
      ['state', '1-4'],
      ['end', undefined],
    ]);
    expect(events[0]!.data).toEqual({ cursor: '1-1', timeMs: 1, kind: 'snapshot', evaluation: evaluation(), resync: false });
    const again = await fetch(one('/events'), { headers: { 'last-event-id': '1-4' } });
    expect(again.status).toBe(204);
    expect(asked).toEqual(['', '1-4']);
  });

  test('an evaluation that is not there is refused before the stream begins', async () => {
    cases = {
      // oxlint-disable-next-line require-yield
      watch: async function* () {
        throw new AppError('not_found', 'there is none');
      },
    };
    expect((await fetch(one('/events'))).status).toBe(404);
  });

  test('progress is told as one event for all that came meanwhile, a state at once', async () => {
    const group = (model: string, scored: number) => ({
      ...{ benchmark: 'b', model, counts: { ...emptyCounts(10), scored }, scorers: [], retries: 0 },
    });
    const progress = (n: number): WatchEvent => ({
      ...{ cursor: `1-${n}`, timeMs: n, kind: 'progress', counts: { ...emptyCounts(100), scored: n }, inFlight: 0, agents: 1 },
      groups: [group(`m${n % 3}`, n)],
    });
    cases = {
      watch: async function* () {
        for (let n = 1; n <= 40; n++) yield progress(n);
        yield { cursor: '1-41', timeMs: 41, kind: 'state', state: 'succeeded', reason: '' };
      },
    };
    const events = await collected(eventsOf(await fetch(one('/events'))));
    // The first at once, the others together before the state.
    expect(events.map(({ id }) => id)).toEqual(['1-1', '1-40', '1-41', undefined]);
    const merged = events[1]!.data as Extract<WatchEvent, { kind: 'progress' }>;
    expect(merged.groups.toSorted((a, b) => (a.model < b.model ? -1 : 1))).toEqual([group('m0', 39), group('m1', 40), group('m2', 38)]);
  });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

async function collected(events: AsyncIterable<ServerEvent>): Promise<ServerEvent[]> {
  const all: ServerEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}
