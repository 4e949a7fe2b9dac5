/** The form of API tokens, and what of namespaces lies in others. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashOfToken, hasTokenPrefix, isApiToken, isTokenId, newApiToken, tokenIdOf } from '../../../../shared/domain/api-token.ts';
import { covers, coversAll, describeIdentity, LOCAL, type Namespaces } from '../../../../shared/domain/identity.ts';

test('each is another one, of one form, with 256 bits', () => {
  const tokens = Array.from({ length: 500 }, newApiToken);
  expect(new Set(tokens).size).toBe(500);
  for (const token of tokens) {
    expect(token).toMatch(/^evt_[a-z2-7]{59}$/);
    expect(isApiToken(token)).toBe(true);
    expect(tokenIdOf(hashOfToken(token))).toSatisfy(isTokenId);
  }
  // Every place but the last of the body, which has one bit, takes every letter.
  for (let at = 4; at < 55; at++) expect(new Set(tokens.map((token) => token[at])).size).toBeGreaterThan(25);
});

test('what was mistyped, cut, or made up is none', () => {
  fc.assert(
    fc.property(fc.nat({ max: 62 }), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
      const token = newApiToken();
      const wrong = token.slice(0, at) + letter + token.slice(at + 1);
      expect(isApiToken(wrong)).toBe(wrong === token);
      expect(isApiToken(token.slice(0, at))).toBe(false);
      expect(isApiToken(token.slice(0, at) + letter + token.slice(at))).toBe(false);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(isApiToken(text)).toBe(false);
      expect(isApiToken(`evt_${text}`)).toBe(false);
      expect(hasTokenPrefix(`evt_${text}`)).toBe(true);
    }),
  );
});

test('namespaces lie in others when each of them does', () => {
  const some = fc.oneof(fc.constant('*' as const), fc.uniqueArray(fc.constantFrom('a', 'b', 'c', '*', 'A', '')));
  fc.assert(
    fc.property(some, some, fc.constantFrom('a', 'b', 'c', 'd', 'A', ''), (outer: Namespaces, inner: Namespaces, name) => {
      if (coversAll(outer, inner) && covers(inner, name)) expect(covers(outer, name)).toBe(true);
      if (!coversAll(outer, inner)) expect(outer).not.toBe('*');
      expect(coversAll('*', inner)).toBe(true);
    }),
  );
  // A name in a list is only a name.
  expect(covers(['*'], 'a')).toBe(false);
  expect(coversAll(['*', 'a'], '*')).toBe(false);
});

test('a name is told with the id of its token', () => {
  expect(describeIdentity(LOCAL)).toBe('local');
  expect(describeIdentity({ ...LOCAL, tokenId: 'tk_x' })).toBe('local (tk_x)');
});
