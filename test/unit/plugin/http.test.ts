/** Scorers and solvers over HTTP: what is answered to what. */
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { BusyError, SampleError } from '../../../plugin/errors.ts';
import { scorerHandler, solverHandler, type RequestHandler } from '../../../plugin/http.ts';
import { waitFor } from '../../support/wait-for.ts';

const SCORE = { output: 'It is 4.', target: ['4'], input: '2 + 2', metadata: {}, sample_id: 's1', epoch: 1, args: {} };
const SOLVE = {
  sample: { id: 's1', input: '2 + 2', metadata: {} },
  messages: [{ role: 'user', content: '2 + 2' }],
  model: 'mine/one',
  generate_config: {},
  epoch: 1,
  evaluation_id: 'ev_one',
  unit: 0,
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

async function serve(handler: RequestHandler): Promise<string> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function post(url: string, body: unknown): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

describe('a scorer', () => {
  test('answers a score; its failures are those of the sample', async () => {
    const url = await serve(
      scorerHandler(({ args }) => {
        if (args['broken']) throw new Error('no dictionary');
        return args['grade'] === undefined ? 'C' : { value: args['grade'] as number, explanation: 'as told' };
      }),
    );
    expect(await post(url, SCORE)).toMatchObject({ status: 200, body: { value: 'C' } });
    expect((await post(url, { ...SCORE, args: { grade: 0.25 } })).body).toEqual({ value: 0.25, explanation: 'as told' });
    expect(await post(url, { ...SCORE, args: { broken: true } })).toMatchObject({ status: 200, body: { error: 'no dictionary' } });
    expect((await post(url, { ...SCORE, args: { grade: 'A+' } })).body).toMatchObject({
      error: expect.stringMatching(/return 'C'/) as string,
    });
  });

  test('refuses what is no request, with words', async () => {
    const url = await serve(scorerHandler(() => 'C', { maxBodyBytes: 1000 }));
    expect(await post(url, '{"output":')).toMatchObject({ status: 400, body: { error: 'the request is not JSON; send one JSON object' } });
    expect(await post(url, { ...SCORE, target: '4' })).toMatchObject({
      status: 400,
      body: { error: 'the request is not what the protocol says: target must be a list of texts' },
    });
    expect(await post(url, { ...SCORE, output: 'x'.repeat(1000) })).toMatchObject({
      status: 413,
      body: { error: 'the request is larger than 1000 bytes' },
    });
    const got = await fetch(url);
    expect({ status: got.status, allow: got.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
  });

  test('refuses a body without a stated length at its bound', async () => {
    const url = await serve(scorerHandler(() => 'C', { maxBodyBytes: 1000 }));
    const call = httpRequest(url, { method: 'POST' });
    call.on('error', () => undefined); // the connection ends with the answer
    call.write('x'.repeat(600));
    call.write('x'.repeat(600));
    const [response] = (await once(call, 'response')) as [{ statusCode: number }];
    expect(response.statusCode).toBe(413);
    call.destroy();
  });
});

describe('a solver', () => {
  test('answers a completion, and says what kind a failure is', async () => {
    const failures = new Map<string, () => never>([
      [
        'final',
        () => {
          throw new SampleError('no tool for that');
        },
      ],
      [
        'busy',
        () => {
          throw new BusyError('all GPUs are taken', 2.5);
        },
      ],
      [
        'broken',
        () => {
          throw new Error('it crashed');
        },
      ],
    ]);
    const url = await serve(
      solverHandler(({ model, unit }) => {
        failures.get(model)?.();
        return unit === 0 ? 'Four.' : { completion: 'Four.', stop_reason: 'stop', usage: { input_tokens: 3, output_tokens: 1 } };
      }),
    );
    expect(await post(url, SOLVE)).toMatchObject({ status: 200, body: { completion: 'Four.' } });
    expect((await post(url, { ...SOLVE, unit: 1 })).body).toEqual({
      completion: 'Four.',
      stop_reason: 'stop',
      usage: { input_tokens: 3, output_tokens: 1 },
    });
    expect(await post(url, { ...SOLVE, model: 'final' })).toMatchObject({ status: 422, body: { error: 'no tool for that' } });
    const busy = await post(url, { ...SOLVE, model: 'busy' });
    expect({ status: busy.status, after: busy.headers.get('retry-after') }).toEqual({ status: 429, after: '3' });
    expect(await post(url, { ...SOLVE, model: 'broken' })).toMatchObject({ status: 500, body: { error: 'it crashed' } });
  });

  test.each([[{ completion: 4 }], [undefined], [{ completion: 'x', usage: { input_tokens: 1.5, output_tokens: 0 } }]])(
    'that returns %j has failed',
    async (returned) => {
      const url = await serve(solverHandler(() => returned as never));
      expect(await post(url, SOLVE)).toMatchObject({ status: 500, body: { error: expect.stringContaining('solver') as string } });
    },
  );

  test('works on no more than it may, and learns that its caller went away', async () => {
    const begun: number[] = [];
    const aborted: number[] = [];
    const url = await serve(
      solverHandler(
        async ({ unit }, { signal }) => {
          begun.push(unit);
          await once(signal, 'abort');
          aborted.push(unit);
          return '';
        },
        { concurrency: 1 },
      ),
    );
    const callers = [0, 1].map(() => new AbortController());
    const calls = callers.map((caller, unit) =>
      fetch(url, { method: 'POST', body: JSON.stringify({ ...SOLVE, unit }), signal: caller.signal }).catch(() => 'aborted'),
    );
    await waitFor(() => begun.length === 1, { what: 'one of the calls' });
    const [first] = begun;
    callers[first!]!.abort();
    await waitFor(() => begun.length === 2, { what: 'the other one' });
    expect(aborted).toEqual([first]);
    callers[1 - first!]!.abort();
    expect(await Promise.all(calls)).toEqual(['aborted', 'aborted']);
  });
});
