import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogBook } from '../../../../agent/logs/log-book.ts';
import { MAX_LINE_CHARS, type AgentLine } from '../../../../shared/domain/log-line.ts';
import { Redactor } from '../../../../shared/domain/redactor.ts';
import { createLogger } from '../../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const A = 'a'.repeat(32);
const B = 'b'.repeat(32);
const bookOf = (options: { secrets?: string[]; level?: 'debug' | 'error' } = {}): LogBook =>
  new LogBook({ clock: new FakeClock(), redactor: new Redactor(options.secrets ?? []), ...(options.level && { level: options.level }) });
const all = (book: LogBook): AgentLine[] => {
  const lines: AgentLine[] = [];
  for (let some = book.take(1 << 20); some.length > 0; some = book.take(1 << 20)) lines.push(...some);
  return lines;
};
const leftOut = (lines: readonly AgentLine[]): number =>
  lines.reduce((sum, { text }) => sum + Number(/^(\d+) lines? w\w+ left out/.exec(text)?.[1] ?? 0), 0);

describe('lines on their way to the coordinator', () => {
  test('come out in their order, in messages of about the size that is asked for', () => {
    const book = bookOf();
    for (const text of ['one', 'two', 'three']) book.say(A, 'info', text, 4);
    expect(book.take(100).map(({ text, unit }) => [text, unit])).toEqual([['one', 4]]);
    expect(
      book.take(1).map(({ text }) => text),
      'one at least',
    ).toEqual(['two']);
    expect(all(book).map(({ text }) => text)).toEqual(['three']);
  });

  test('have no secret in them, no half character, and a bounded length', () => {
    const book = bookOf({ secrets: ['hunter22!'] });
    book.say(A, 'info', `the key aHVudGVyMjIh is hunter22! and Bearer abcdefgh123 \ud800`);
    book.say(A, 'info', 'x'.repeat(5000));
    const [first, second] = all(book);
    expect(first!.text).toBe('the key [key] is [key] and Bearer [hidden] \ufffd');
    expect(second!.text).toHaveLength(MAX_LINE_CHARS);
  });

  test('say less than matters only where it was asked for', () => {
    const [usual, errors, everything] = [bookOf(), bookOf({ level: 'error' }), bookOf({ level: 'debug' })];
    for (const book of [usual, errors, everything])
      for (const level of ['debug', 'info', 'warn', 'error'] as const) book.say('', level, level);
    expect([usual, errors, everything].map((book) => all(book).length)).toEqual([3, 1, 4]);
  });

  test('are bounded for an attempt, which says what was left out; others are not touched', () => {
    const book = bookOf();
    for (let i = 0; i < 100; i++) book.say(A, 'warn', 'x'.repeat(1000));
    book.say(B, 'info', 'still heard');
    const lines = all(book);
    const own = lines.filter(({ attemptId }) => attemptId === A);
    expect(own.length).toBeLessThan(35);
    expect(leftOut(own) + own.length - 1).toBe(100);
    expect(lines.find(({ attemptId }) => attemptId === B)!.text).toBe('still heard');
  });

  test('nothing is forgotten without being counted, whatever is said and taken', () => {
    const action = fc.oneof(
      fc.record({ attemptId: fc.constantFrom('', A, B, 'c'.repeat(32)), length: fc.nat(3000), times: fc.nat(80) }),
      fc.nat(20_000),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const book = bookOf();
        let said = 0;
        const taken: AgentLine[] = [];
        for (const next of actions) {
          if (typeof next === 'number') taken.push(...book.take(next));
          else for (let i = 0; i < next.times; i++, said++) book.say(next.attemptId, 'info', `:${'x'.repeat(next.length)}`);
        }
        const rest = all(book);
        expect(rest.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(256 << 10);
        const lines = [...taken, ...rest];
        expect(leftOut(lines) + lines.filter(({ text }) => text.startsWith(':')).length).toBe(said);
      }),
      { numRuns: 50 },
    );
  });

  test('the agent’s own log is heard: about an attempt where it names one', () => {
    const book = bookOf();
    const logger = createLogger({ name: 'agent', destination: { write: () => undefined }, onLine: (line) => book.heard(line) });
    logger.info({ attemptId: A, taskId: 't', why: 'others have it', unit: 3 }, 'attempt lost');
    logger.error({ err: new Error('broken'), part: 'spool' }, 'not written');
    logger.debug('too little');
    book.heard('no JSON');
    book.heard('{"level":"info"');
    expect(all(book)).toMatchObject([
      { attemptId: A, level: 'info', text: 'attempt lost (why: others have it)', unit: 3 },
      { attemptId: '', level: 'error', text: 'not written (err: broken)' },
    ]);
  });

  test('a sender waits for a line, and no longer than its stream', async () => {
    const book = bookOf();
    const stream = new AbortController();
    const waiting = book.something(stream.signal);
    book.say('', 'info', 'here');
    await waiting;
    await book.something(stream.signal);
    all(book);
    const cut = book.something(stream.signal);
    stream.abort(new Error('over'));
    await expect(cut).rejects.toThrow('over');
    await expect(book.something(stream.signal)).rejects.toThrow('over');
  });
});
