import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { sealed, unsealed } from '../../../../../coordinator/sessions/provenance/seal.ts';

const keyOf = (id: string) => ({ id, secret: createSecretKey(randomBytes(32)) });
const [a, b] = [keyOf('a'.repeat(16)), keyOf('b'.repeat(16))];
const ring = (id: string) => [a, b].find((key) => key.id === id);

test('what is sealed is read with its key, about the same', () => {
  const text = sealed(a, 'lines: ä 🙂', 'co_1');
  expect(unsealed(ring, text, 'co_1')).toBe('lines: ä 🙂');
  expect(Buffer.from(text, 'base64').includes('lines')).toBe(false);
  expect(sealed(a, 'lines: ä 🙂', 'co_1')).not.toBe(text);
  expect(unsealed(ring, text, 'co_2')).toBeUndefined();
  expect(unsealed((id) => (id === a.id ? { ...b, id } : undefined), text, 'co_1')).toBeUndefined();
});

test('nothing else is read', () => {
  const bytes = Buffer.from(sealed(b, 'x', 'co_1'), 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const other = Buffer.from(bytes);
    other[at]! ^= 1;
    expect(unsealed(ring, other.toString('base64'), 'co_1')).toBeUndefined();
  }
  for (const text of ['', 'x', '!!', bytes.subarray(0, 30).toString('base64')]) expect(unsealed(ring, text, 'co_1')).toBeUndefined();
});
