/** Page tokens: good for the same question anywhere, and for nothing else. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageSizeOf, pageTokenOf, readPageToken } from '../../../../coordinator/index/page-token.ts';

const refusal = (token: string, question: unknown = {}): unknown => {
  try {
    return readPageToken(question, token, ['number', 'string']);
  } catch (error) {
    return error;
  }
};

test('a token gives back its key to the same question, however empty fields are written', () => {
  const token = pageTokenOf({ tags: ['a'], name: '', states: [] }, [7, 'ev']);
  expect(readPageToken({ tags: ['a'] }, token, ['number', 'string'])).toEqual([7, 'ev']);
  expect(readPageToken({}, '', ['number'])).toBeUndefined();
});

test('another question, another version, and damage are refused with words', () => {
  const token = pageTokenOf({ tags: ['a'] }, [7, 'ev']);
  expect(refusal(token, { tags: ['b'] })).toMatchObject({ code: 'invalid', message: expect.stringContaining('another list or filter') });
  expect(refusal('not a token')).toMatchObject({ code: 'invalid', message: expect.stringContaining('is no page token') });
  const other = Buffer.from(JSON.stringify([2, 'x', 7, 'ev'])).toString('base64url');
  expect(refusal(other)).toMatchObject({ code: 'invalid', message: expect.stringContaining('another version') });
  expect(refusal(pageTokenOf({}, ['7', 'ev']))).toMatchObject({ code: 'invalid', message: expect.stringContaining('damaged') });
  expect(refusal(pageTokenOf({}, [-1, 'ev']))).toMatchObject({ code: 'invalid' });
});

test('no text whatever is taken for a token', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ minLength: 1 }),
        fc.json().map((json) => Buffer.from(json).toString('base64url')),
      ),
      (text) => {
        fc.pre(text !== '');
        expect(refusal(text)).toMatchObject({ code: 'invalid' });
      },
    ),
  );
});

test('sizes: 50 by default, at most 1000', () => {
  expect([undefined, 0, 7, 1_000, 5_000, -3].map((size) => pageSizeOf({ ...(size === undefined ? {} : { size }) }))).toEqual([
    50, 50, 7, 1_000, 1_000, 50,
  ]);
});
