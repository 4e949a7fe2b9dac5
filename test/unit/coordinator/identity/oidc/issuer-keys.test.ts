/** When the keys of an issuer are asked for, how often, and what holds while it does not answer. */
import { describe, expect, test } from 'vitest';
import { IssuerKeys } from '../../../../../coordinator/identity/oidc/issuer-keys.ts';
import { keysIn } from '../../../../../coordinator/identity/oidc/key-set.ts';
import { AppError } from '../../../../../shared/domain/errors.ts';
import { makeKey, type SigningKey } from '../../../../support/oidc-issuer.ts';
import { SteppedClock } from '../../../../support/stepped-clock.ts';

const ISSUER = 'https://login.test/realm/';
const DISCOVERY = 'https://login.test/realm/.well-known/openid-configuration';
const KEYS = 'https://login.test/keys';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const made = await Promise.all(['a', 'b', 'c'].map((kid) => makeKey(kid)));
const [a, b] = made as [SigningKey, SigningKey, SigningKey];

/** An issuer whose answers a test writes. */
class Web {
  readonly clock = new SteppedClock();
  readonly troubles: string[] = [];
  asked: string[] = [];
  keys: SigningKey[] = [a];
  answers: Record<string, unknown> = {};
  hangs = false;
  readonly issuer = new IssuerKeys({
    settings: { issuer: ISSUER },
    clock: this.clock,
    onTrouble: (error) => void this.troubles.push(AppError.from(error).message),
    fetchJson: async (url, signal) => {
      this.asked.push(url);
      if (this.hangs) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      if (url in this.answers) {
        if (this.answers[url] instanceof Error) throw this.answers[url];
        return this.answers[url];
      }
      return url === DISCOVERY ? { issuer: ISSUER, jwks_uri: KEYS } : { keys: this.keys.map(({ jwk }) => jwk) };
    },
  });

  /** The code with which a look for this key ends; `ok`. */
  async find(kid: string): Promise<string> {
    const found = this.issuer.keyFor({ alg: 'ES256', kid }).then(
      () => 'ok',
      (error: unknown) => AppError.from(error).code,
    );
    await this.clock.advance(0);
    return found;
  }

  fail(): void {
    this.answers = { [DISCOVERY]: new Error('no route'), [KEYS]: new Error('no route') };
  }

  static async start(): Promise<Web> {
    const web = new Web();
    await web.issuer.start();
    await web.clock.advance(0);
    return web;
  }
}

test('known keys are asked of nobody; the document is looked at every five minutes, its address every hour', async () => {
  const web = await Web.start();
  expect(web.asked).toEqual([DISCOVERY, KEYS]);
  for (let i = 0; i < 100; i++) expect(await web.find('a')).toBe('ok');
  expect(web.asked).toHaveLength(2);
  await web.clock.advance(61 * MINUTE);
  expect(web.asked.filter((url) => url === KEYS).length).toBeGreaterThanOrEqual(12);
  expect(web.asked.filter((url) => url === KEYS).length).toBeLessThanOrEqual(14);
  expect(web.asked.filter((url) => url === DISCOVERY)).toHaveLength(2);
  await web.issuer.stop();
});

test('a key that is new holds at its first use, and strangers’ names cost one look in ten seconds', async () => {
  const web = await Web.start();
  web.keys = [a, b];
  await web.clock.advance(9_000);
  web.asked = [];
  // Too soon after the look before.
  expect(await web.find('b')).toBe('unauthenticated');
  await web.clock.advance(1_000);
  const many = await Promise.all(Array.from({ length: 200 }, (_, i) => web.find(`stranger-${i}`)));
  expect(new Set(many)).toEqual(new Set(['unauthenticated']));
  expect(await web.find('b')).toBe('ok');
  expect(web.asked).toEqual([KEYS]);
  await web.issuer.stop();
});

test('while the issuer does not answer known keys hold for a day, and of others it cannot be told', async () => {
  const web = await Web.start();
  web.fail();
  await web.clock.advance(10 * MINUTE);
  expect(web.troubles.at(-1)).toContain('no route');
  expect(await web.find('a')).toBe('ok');
  expect(await web.find('b')).toBe('unavailable');
  await web.clock.advance(DAY - 11 * MINUTE);
  expect(await web.find('a')).toBe('ok');
  const ended: string[] = [];
  web.issuer.watch(await web.issuer.keyFor({ alg: 'ES256', kid: 'a' }), ({ code }) => void ended.push(code));
  await web.clock.advance(2 * MINUTE);
  expect(await web.find('a')).toBe('unavailable');
  expect(ended).toEqual(['unavailable']);
  web.answers = {};
  await web.clock.advance(20_000);
  expect(await web.find('a')).toBe('ok');
  await web.issuer.stop();
});

test('nobody waits for longer than five seconds, and one that stands still is not asked twice at a time', async () => {
  const web = await Web.start();
  web.hangs = true;
  await web.clock.advance(11_000);
  web.asked = [];
  const waiting = Array.from({ length: 50 }, () =>
    web.issuer.keyFor({ alg: 'ES256', kid: 'b' }).catch((error: unknown) => AppError.from(error).code),
  );
  await web.clock.advance(5_000);
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['unavailable']));
  expect(web.asked).toEqual([KEYS]);
  expect(await web.find('a')).toBe('ok');
  await web.issuer.stop();
});

test('a stop waits for nobody', async () => {
  const web = new Web();
  web.hangs = true;
  await web.issuer.start();
  await web.issuer.stop();
  expect(web.troubles).toEqual([]);
});

test('what runs by a key ends when the issuer has taken it out; the same key under another name is the same', async () => {
  const web = await Web.start();
  const ended: string[] = [];
  const watched = await web.issuer.keyFor({ alg: 'ES256', kid: 'a' });
  web.issuer.watch(watched, ({ code }) => void ended.push(code));
  web.issuer.watch(watched, () => void ended.push('not watched any more'))();
  web.keys = [{ ...a, jwk: { ...a.jwk, kid: 'renamed' } }];
  await web.clock.advance(6 * MINUTE);
  expect(ended).toEqual([]);
  web.keys = [b];
  await web.clock.advance(6 * MINUTE);
  expect(ended).toEqual(['unauthenticated']);
  expect(await web.find('a')).toBe('unauthenticated');
  await web.issuer.stop();
});

describe('what an issuer may not answer', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['another issuer’s document', { [DISCOVERY]: { issuer: 'https://evil.test', jwks_uri: KEYS } }, /is of another issuer/],
    ['no document', { [DISCOVERY]: null }, /is of another issuer/],
    ['an address without TLS', { [DISCOVERY]: { issuer: ISSUER, jwks_uri: 'http://login.test/keys' } }, /no https address/],
    ['an address on this machine', { [DISCOVERY]: { issuer: ISSUER, jwks_uri: 'http://127.0.0.1/keys' } }, /no https address/],
    ['a file', { [DISCOVERY]: { issuer: ISSUER, jwks_uri: 'file:///etc/passwd' } }, /no https address/],
    ['an address with a password', { [DISCOVERY]: { issuer: ISSUER, jwks_uri: 'https://u:p@login.test/keys' } }, /no https address/],
    ['no address', { [DISCOVERY]: { issuer: ISSUER } }, /no https address/],
    ['no keys', { [KEYS]: { keys: [] } }, /no key that can be used/],
    ['a list', { [KEYS]: [] }, /no key that can be used/],
    ['too many keys', { [KEYS]: { keys: Array.from({ length: 101 }, () => a.jwk) } }, /no key that can be used/],
  ])('%s', async (_, answers, why) => {
    const web = new Web();
    web.answers = answers;
    await web.issuer.start();
    await web.clock.advance(0);
    expect(web.troubles.join()).toMatch(why);
    expect(await web.find('a')).toBe('unavailable');
    await web.issuer.stop();
  });
});

test('of a document only public keys for signatures are taken, and nothing that cannot be understood', async () => {
  const { jwk } = a;
  const rsa = await makeKey('r', 'RS256');
  const keys = keysIn({
    keys: [
      jwk,
      { ...jwk, kid: 'enc', use: 'enc' },
      { ...jwk, kid: 'wrap', key_ops: ['wrapKey'] },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'oct', alg: 'HS256' },
      { ...jwk, crv: 'secp256k1' },
      { ...rsa.jwk, n: 'A'.repeat(1_401) },
      { ...rsa.jwk, e: 'A'.repeat(9) },
      { ...jwk, kid: 7 },
      null,
      'x',
      { ...rsa.jwk, d: 'private', alg: 'RS256' },
    ],
  });
  expect(keys!.map(({ kid }) => kid)).toEqual(['a', 'r']);
  expect(['RS256', 'PS256', 'ES256', 'HS256', 'none'].filter((alg) => keys![1]!.fits(alg))).toEqual(['RS256']);
  expect((await keys![1]!.of('RS256')).type).toBe('public');
});
