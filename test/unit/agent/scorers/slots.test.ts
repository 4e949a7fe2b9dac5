import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { filledArgv, slotFaults, type Slot } from '../../../../agent/scorers/slots.ts';

const ARGV = ['/opt/grade', '--strict', '--level={level}', '{lang}', '{tag}', '{other}'];
const SLOTS: Record<string, Slot> = {
  level: { int: [-2, 5], default: 3 },
  lang: { enum: ['de', 'en', 7] },
  tag: { pattern: '[a-z-]{1,8}|x', default: 'a' },
};

test('a spec fills what is declared, and nothing else is replaced', () => {
  expect(filledArgv(ARGV, SLOTS, { lang: 'en' })).toEqual(['/opt/grade', '--strict', '--level=3', 'en', 'a', '{other}']);
  expect(filledArgv(ARGV, SLOTS, { lang: 7, level: '-2', tag: 'b-c' })).toEqual([
    '/opt/grade',
    '--strict',
    '--level=-2',
    '7',
    'b-c',
    '{other}',
  ]);
  expect(filledArgv(['/bin/x', '{a}{a}'], { a: { pattern: '.*' } }, { a: '{b} $(reboot); `x` $& $1' })[1]).toBe(
    '{b} $(reboot); `x` $& $1'.repeat(2),
  );
});

test.each<[string, Record<string, unknown>, string]>([
  ['none', {}, 'lang is missing'],
  ['one that is not there', { lang: 'de', tags: 'a' }, 'tags is none of its slots (tag)'],
  ['another word', { lang: 'fr' }, 'lang must be one of de, en, 7'],
  ['too large a number', { lang: 'de', level: 6 }, 'level must be a whole number from -2 to 5'],
  ['a fraction', { lang: 'de', level: 1.5 }, 'level must be a whole number'],
  ['a number in other digits', { lang: 'de', level: '0x3' }, 'level must be a whole number'],
  ['a number with blanks', { lang: 'de', level: ' 3' }, 'level must be a whole number'],
  ['a part that fits', { lang: 'de', tag: 'aB' }, 'tag must fit'],
  ['a line that fits', { lang: 'de', tag: 'a\nB' }, 'tag has a control character'],
  ['a NUL', { lang: 'de', tag: 'a\0' }, 'tag has a control character'],
  ['an option', { lang: 'de', tag: '-rf' }, 'tag begins with -, and would be an option'],
  ['a list', { lang: ['de'] }, 'lang is neither a text nor a number'],
  ['something long', { lang: 'de', tag: 'a'.repeat(201) }, 'more than 200 characters'],
])('refused: %s', (_, given, fault) => expect(() => filledArgv(ARGV, SLOTS, given)).toThrow(fault));

test('whatever a spec gives: as many arguments, the program as it is, no option, no NUL, or nothing', () => {
  const piece = fc.constantFrom('-', '--', '{level}', '\0', '\n', ' ', 'a', 'x', '5', 'de', '{', '}', '\\', "'", '$');
  const value = fc.oneof(
    fc.array(piece, { maxLength: 6 }).map((parts) => parts.join('')),
    fc.double(),
    fc.integer(),
  );
  const slots: Record<string, Slot> = { ...SLOTS, tag: { pattern: '[\\s\\S]*' } };
  fc.assert(
    fc.property(fc.record({ level: value, lang: value, tag: value }, { requiredKeys: [] }), (given) => {
      let filled: readonly string[];
      try {
        filled = filledArgv(ARGV, slots, given);
      } catch {
        return;
      }
      expect(filled).toHaveLength(ARGV.length);
      expect(filled[0]).toBe(ARGV[0]);
      for (const at of [3, 4]) expect(filled[at]).not.toMatch(/^-|\0/);
    }),
  );
});

describe('what an operator writes wrongly', () => {
  test.each<[string, string[], Record<string, Slot>, string]>([
    ['a slot for the program', ['{a}', '{a}'], { a: { enum: ['x'] } }, 'argv[0] has a slot'],
    ['a slot that stands nowhere', ['/x'], { a: { enum: ['x'] } }, 'slots.a stands nowhere in argv; write {a} there'],
    ['bounds', ['/x', '{a}'], { a: { int: [5, 1] } }, 'slots.a.int is from 5 to 1'],
    ['no pattern', ['/x', '{a}'], { a: { pattern: '(' } }, 'slots.a.pattern'],
    ['a pattern that would open its anchors', ['/x', '{a}'], { a: { pattern: 'a)|(b' } }, 'slots.a.pattern'],
    ['a pattern that would hide its end', ['/x', '{a}'], { a: { pattern: '(?x)a#' } }, 'slots.a.pattern'],
    ['a default that does not fit', ['/x', '{a}'], { a: { enum: ['x'], default: 'y' } }, 'slots.a.default must be one of x'],
  ])('%s', (_, argv, slots, fault) =>
    expect(
      slotFaults(argv, slots)
        .map((pair) => pair.join(' '))
        .join('; '),
    ).toContain(fault),
  );

  test('nothing', () => expect(slotFaults(ARGV, SLOTS)).toEqual([]));
});
