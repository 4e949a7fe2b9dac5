import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SseParser, type SseEvent } from '../../../../agent/models/sse.ts';

/** Parses the bytes cut at the given places. */
function parse(bytes: Uint8Array, cuts: readonly number[] = []): SseEvent[] {
  const parser = new SseParser();
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const events = places.slice(1).flatMap((end, i) => parser.push(bytes.subarray(places[i], end)));
  return [...events, ...parser.end()];
}
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const dataOf = (text: string): string[] => parse(utf8(text)).map((event) => event.data);

describe('the parser of server-sent events', () => {
  test('reads what the HTML standard describes', () => {
    expect(dataOf('data: a\n\ndata: b\r\n\r\ndata: c\r\rdata:d\n\n')).toEqual(['a', 'b', 'c', 'd']);
    expect(dataOf('data: first\ndata: second\ndata\ndata:  two spaces\n\n')).toEqual(['first\nsecond\n\n two spaces']);
    expect(dataOf(': a comment\n\n:another\ndata: x\n:\n\n')).toEqual(['x']);
    expect(dataOf('id: 7\nretry: 10\nunknown: z\ndata: x\n\nevent: lonely\n\n')).toEqual(['x']);
    expect(parse(utf8('event: ping\ndata: {}\n\ndata: y\n\n'))).toEqual([
      { event: 'ping', data: '{}' },
      { event: '', data: 'y' },
    ]);
    expect(dataOf('\uFEFFdata: after a mark\n\n')).toEqual(['after a mark']);
  });

  test('delivers the last event without its blank line, even without a line end', () => {
    expect(dataOf('data: a\n\ndata: [DONE]')).toEqual(['a', '[DONE]']);
  });

  test('refuses bytes that are no UTF-8, also an unfinished character at the end', () => {
    expect(() => parse(Uint8Array.of(0x64, 0xff, 0x0a))).toThrow(TypeError);
    expect(() => parse(Uint8Array.of(0x64, 0x61, 0xf0, 0x9f))).toThrow(TypeError);
  });

  test('property: the same events wherever the bytes are cut', () => {
    const line = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
      fc.constantFrom(': note', 'event: delta', '', '', 'data', 'data:ü€😀', 'id: 3'),
    );
    const body = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 20 })
      .map((lines) => utf8(lines.flat().join('')));
    fc.assert(
      fc.property(body, fc.array(fc.nat(300), { maxLength: 12 }), (bytes, cuts) => {
        expect(parse(bytes, cuts)).toEqual(parse(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('property: what is written as events comes back, byte by byte', () => {
    fc.assert(
      fc.property(fc.array(fc.json({ noUnicodeString: false })), (values) => {
        const bytes = utf8(values.map((value) => `data: ${value}\n\n`).join(''));
        expect(
          parse(
            bytes,
            Array.from(bytes, (_, i) => i),
          ).map((event) => event.data),
        ).toEqual(values);
      }),
      { numRuns: 100 },
    );
  });

  test('one line of 20 MiB in pieces of a kilobyte is no more than one line', () => {
    const parser = new SseParser();
    const piece = utf8('x'.repeat(1024));
    const events = parser.push(utf8('data: '));
    for (let i = 0; i < 20 * 1024; i++) events.push(...parser.push(piece));
    events.push(...parser.push(utf8('\n\n')));
    expect(events.map((event) => event.data.length)).toEqual([20 * 1024 * 1024]);
  });
});
