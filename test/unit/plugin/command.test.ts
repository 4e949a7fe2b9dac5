/** The loop of `scorer: command`: every request one answer, bounded work, an end at the end of the input. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runScorerCommand } from '../../../plugin/command.ts';
import { linesOf } from '../../../plugin/lines.ts';
import type { Scorer, ScoreValue } from '../../../plugin/types.ts';
import { waitFor } from '../../support/wait-for.ts';

const request = (id: number, more: object = {}): string =>
  `${JSON.stringify({ id, output: 'It is 4.', target: ['4'], input: '2 + 2', metadata: {}, sample_id: id, epoch: 1, args: {}, ...more })}\n`;

function start(scorer: Scorer, options: { concurrency?: number; highWaterMark?: number } = {}) {
  const input = new PassThrough();
  const output = new PassThrough({ highWaterMark: options.highWaterMark ?? 16_384 });
  const ended = runScorerCommand(scorer, { input, output, ...(options.concurrency ? { concurrency: options.concurrency } : {}) });
  ended.catch(() => undefined);
  return { input, output, ended };
}

async function answersTo(scorer: Scorer, lines: readonly string[]): Promise<Record<string, unknown>[]> {
  const { input, output, ended } = start(scorer);
  const text: string[] = [];
  output.on('data', (data: Buffer) => text.push(data.toString()));
  input.end(lines.join(''));
  await ended;
  return text
    .join('')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('answers', () => {
  test('a value alone, a score, and what a score has beside its value', async () => {
    const returned = ['C', 0.5, null, { value: 'P', answer: '4', explanation: 'half', secret: 1 }] as const;
    const scorer: Scorer = ({ epoch }) => returned[epoch] as ScoreValue;
    const answers = await answersTo(
      scorer,
      returned.map((_, i) => request(i, { epoch: i })),
    );
    expect(answers.toSorted((a, b) => Number(a['id']) - Number(b['id']))).toEqual([
      { id: 0, value: 'C' },
      { id: 1, value: 0.5 },
      { id: 2, value: null },
      { id: 3, value: 'P', answer: '4', explanation: 'half' },
    ]);
  });

  test('what a scorer throws or wrongly returns is the error of that sample alone', async () => {
    const wrong: unknown[] = ['right', Number.NaN, undefined, true, { value: 'C', answer: 4 }];
    const scorer: Scorer = ({ epoch }) => {
      if (epoch === wrong.length) throw new Error('no dictionary');
      return epoch < wrong.length ? (wrong[epoch] as ScoreValue) : 'C';
    };
    const answers = await answersTo(
      scorer,
      Array.from({ length: wrong.length + 2 }, (_, i) => request(i, { epoch: i })),
    );
    const byId = new Map(answers.map((answer) => [answer['id'], answer]));
    for (const i of [0, 1, 2, 3]) expect(byId.get(i)!['error']).toMatch(/the scorer's value is .*; return 'C'/);
    expect(byId.get(4)!['error']).toMatch(/answer is 4; return a text/);
    expect(byId.get(5)).toEqual({ id: 5, error: 'no dictionary' });
    expect(byId.get(6)).toEqual({ id: 6, value: 'C' });
  });

  test('a request that is none is told all its faults', async () => {
    const [answer] = await answersTo(() => 'C', [request(1, { output: 4, target: 'x' })]);
    expect(answer).toEqual({
      id: 1,
      error: 'the request is not what the protocol says: output must be a text; target must be a list of texts',
    });
  });
});

describe('the loop', () => {
  test('answers in any order, as scores come', async () => {
    const open = new Map<number, (value: ScoreValue) => void>();
    const { input, output, ended } = start(({ epoch }) => new Promise((resolve) => void open.set(epoch, resolve)));
    const text: string[] = [];
    output.on('data', (data: Buffer) => text.push(data.toString()));
    input.write(request(1, { epoch: 1 }) + request(2, { epoch: 2 }));
    await waitFor(() => open.size === 2, { what: 'both requests' });
    open.get(2)!('C');
    await waitFor(() => text.length === 1, { what: 'the first answer' });
    open.get(1)!('I');
    input.end();
    await ended;
    expect(text.join('')).toBe('{"id":2,"value":"C"}\n{"id":1,"value":"I"}\n');
  });

  test('works on no more than it may, and reads no further', async () => {
    let [running, most] = [0, 0];
    const scorer: Scorer = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return 'C' as const;
    };
    const { input, output, ended } = start(scorer, { concurrency: 3 });
    output.resume();
    input.end(Array.from({ length: 50 }, (_, i) => request(i)).join(''));
    await ended;
    expect(most).toBe(3);
  });

  test('a reader that is slow holds it up', async () => {
    let begun = 0;
    const scorer: Scorer = () => {
      begun++;
      return 'C';
    };
    const { input, output, ended } = start(scorer, { concurrency: 2, highWaterMark: 1 });
    for (let i = 0; i < 100; i++) input.write(request(i));
    input.end();
    await waitFor(() => output.readableLength > 0, { what: 'an answer' });
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    // Two wait for room, and what is in the streams' own buffers.
    expect(begun).toBeLessThan(10);
    output.resume();
    await ended;
    expect(begun).toBe(100);
  });

  test('ends with a failure when nobody reads any more, and aborts what runs', async () => {
    let aborted = false;
    const scorer: Scorer = async (_, { signal }) => {
      await once(signal, 'abort');
      aborted = true;
      return 'C' as const;
    };
    const { input, output, ended } = start(scorer);
    input.write(request(1));
    await waitFor(() => input.readableLength === 0, { what: 'the request to be read' });
    output.destroy(new Error('the reader is gone'));
    input.end();
    await expect(ended).rejects.toThrow('the reader is gone');
    expect(aborted).toBe(true);
  });

  test.each([
    ['{"id":', /is not JSON/],
    ['{"id":"1"}', /no number `id`/],
    ['null', /no number `id`/],
  ])('the line %s ends it', async (line, reason) => {
    const { input, output, ended } = start(() => 'C');
    output.resume();
    input.end(`${line}\n`);
    await expect(ended).rejects.toThrow(reason);
  });

  test('takes whole numbers of places only', async () => {
    await expect(runScorerCommand(() => 'C', { concurrency: 0, input: new PassThrough(), output: new PassThrough() })).rejects.toThrow(
      'concurrency is 0; write a whole number from 1 on',
    );
  });
});

describe('lines', () => {
  const read = async (chunks: readonly Buffer[], maxBytes?: number): Promise<string[]> => {
    const input = new PassThrough();
    for (const chunk of chunks) input.write(chunk);
    input.end();
    const lines: string[] = [];
    for await (const line of linesOf(input, maxBytes)) lines.push(line);
    return lines;
  };

  test('are the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc
            .string({ unit: 'grapheme' })
            .map((s) => s.replaceAll('\n', ' '))
            .filter((s) => s !== ''),
        ),
        fc.array(fc.nat(60), { minLength: 1 }),
        async (lines, cuts) => {
          const bytes = Buffer.from(lines.join('\n'));
          const places = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
          const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
          expect(await read(chunks.filter((chunk) => chunk.length > 0))).toEqual(lines);
        },
      ),
    );
  });

  test('have a bound', async () => {
    expect(await read([Buffer.from('1234\n12')], 4)).toEqual(['1234', '12']);
    await expect(read([Buffer.from('123'), Buffer.from('45')], 4)).rejects.toThrow('longer than 4 bytes');
  });
});
