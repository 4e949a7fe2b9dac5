/** JWTs, good and bad, against an issuer that answers on this machine. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { exportJWK, exportSPKI, importJWK, SignJWT, type CryptoKey } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Jwts } from '../../../../../coordinator/identity/oidc/jwts.ts';
import type { ClaimRule, IssuerSettings } from '../../../../../coordinator/identity/oidc/settings.ts';
import { AppError } from '../../../../../shared/domain/errors.ts';
import { systemClock } from '../../../../../shared/runtime/clock.ts';
import { makeKey, OidcIssuer, unsigned, type SigningKey } from '../../../../support/oidc-issuer.ts';

let issuer: OidcIssuer;
let other: OidcIssuer;
let rsa: SigningKey;
let stranger: SigningKey;
let jwts: Jwts;

const settingsOf = (url: string, more: Partial<IssuerSettings> = {}): IssuerSettings => ({
  ...{ issuer: url, audiences: ['assay', 'assay-old'], algorithms: ['RS256', 'ES256', 'EdDSA'], nameClaim: 'sub' },
  ...{ toleranceMs: 30_000, maxAgeMs: 24 * 3_600_000 },
  rules: [
    { claims: { groups: 'ml-team', mail_verified: true }, scopes: ['submit', 'read'], namespaces: ['team-a'] },
    { claims: { groups: 'ops' }, scopes: ['operate'], namespaces: '*' },
    { claims: { sub: 'ada' }, scopes: ['read'], namespaces: ['default'] },
  ],
  ...more,
});

beforeAll(async () => {
  rsa = await makeKey('rsa', 'RS256');
  stranger = await makeKey('first');
  issuer = await OidcIssuer.start([await makeKey('first'), rsa, await makeKey('ed', 'EdDSA')]);
  other = await OidcIssuer.start([await makeKey('first')]);
  jwts = new Jwts({
    issuers: [settingsOf(issuer.url), settingsOf(other.url, { audiences: ['theirs'], rules: [] })],
    clock: systemClock,
    onTrouble: () => undefined,
  });
  await jwts.start();
});
afterAll(async () => {
  await jwts.stop();
  await Promise.all([issuer.stop(), other.stop()]);
});

const said = async (bearer: string): Promise<string> => {
  if (!jwts.takes({ bearer, peer: 'p' })) return 'not taken';
  try {
    const { name } = (await jwts.verify({ bearer, peer: 'p' })).identity;
    return name;
  } catch (error) {
    const { code, message } = AppError.from(error);
    // Nothing of what was sent is told again.
    expect(message).not.toContain(bearer.slice(0, 30));
    return code === 'unauthenticated' ? message : code;
  }
};
const now = (): number => Math.floor(Date.now() / 1000);

describe('taken', () => {
  test('by every key and kind of signature, for either audience, alone or among others', async () => {
    for (const key of issuer.keys) expect(await said(await issuer.token({}, { key }))).toBe('ada');
    expect(await said(await issuer.token({ aud: ['x', 'assay-old'] }))).toBe('ada');
    for (const typ of ['JWT', 'at+jwt', 'application/at+jwt']) expect(await said(await issuer.token({}, { header: { typ } }))).toBe('ada');
  });

  test('without a key’s name where one key alone can be meant', async () => {
    expect(await said(await issuer.token({}, { key: rsa, header: { kid: undefined } }))).toBe('ada');
  });

  test('for who it is, by the first rule that fits, until it ends', async () => {
    const exp = now() + 3600;
    const of = async (claims: object) => (await jwts.verify({ bearer: await issuer.token({ exp, ...claims }), peer: 'p' })).identity;
    expect(await of({ sub: 'grace', groups: ['x', 'ml-team'], mail_verified: true })).toEqual({
      ...{ name: 'grace', kind: 'jwt', scopes: new Set(['submit', 'read']), namespaces: ['team-a'] },
      ...{ origin: issuer.url, expiresAtMs: exp * 1000 },
    });
    // Nothing is added up.
    expect(await of({ groups: ['ops', 'ml-team'], mail_verified: false })).toMatchObject({ scopes: new Set(['operate']), namespaces: '*' });
    expect(await of({})).toMatchObject({ scopes: new Set(['read']), namespaces: ['default'] });
  });

  test('for no longer than it may be old', async () => {
    const bearer = await issuer.token({ exp: now() + 10 * 365 * 86_400 });
    const { identity } = await jwts.verify({ bearer, peer: 'p' });
    expect(identity.expiresAtMs).toBeLessThanOrEqual(Date.now() + 24 * 3_600_000);
  });
});

describe('refused', () => {
  test.each<[string, () => string | Promise<string>, RegExp | string]>([
    ['of no issuer', () => issuer.token({ iss: undefined }), /issuer that is not known/],
    ['of an issuer that is not known', () => issuer.token({ iss: 'https://elsewhere.test' }), /issuer that is not known/],
    ['of a longer issuer', () => issuer.token({ iss: `${issuer.url}/` }), /issuer that is not known/],
    ['of a list of issuers', () => issuer.token({ iss: [issuer.url] }), /issuer that is not known/],
    ['of one issuer with the key of another', () => issuer.token({}, { key: other.keys[0]! }), /signature that does not fit/],
    ['of another issuer, for our audience', () => other.token(), /another audience/],
    ['of another issuer that nobody has a rule for', () => other.token({ aud: 'theirs' }), /fits no rule/],
    ['by a stranger’s key of the same name', () => issuer.token({}, { key: stranger }), /signature that does not fit/],
    ['for another audience', () => issuer.token({ aud: 'assay2' }), /another audience/],
    ['for an audience of other letters', () => issuer.token({ aud: 'Assay' }), /another audience/],
    ['for no audience', () => issuer.token({ aud: undefined }), /another audience|no claim "aud"/],
    ['expired', () => issuer.token({ exp: now() - 31 }), /has expired/],
    ['without an end', () => issuer.token({ exp: undefined }), /no claim "exp"/],
    ['with an end that is no number', () => issuer.token({ exp: '9999999999' }), /"exp" that cannot be/],
    ['without a beginning', () => issuer.token({ iat: undefined }), /no claim "iat"/],
    ['too old', () => issuer.token({ iat: now() - 25 * 3600 }), /has expired/],
    ['made in the future', () => issuer.token({ iat: now() + 3600 }), /does not hold yet/],
    ['not yet', () => issuer.token({ nbf: now() + 3600 }), /does not hold yet/],
    ['with a nbf that is no number', () => issuer.token({ nbf: 'now' }), /does not hold yet|cannot be/],
    ['of nobody', () => issuer.token({ sub: undefined }), /claim "sub" who it is/],
    ['of a name that breaks lines', () => issuer.token({ sub: 'a\nb' }), /claim "sub" who it is/],
    ['of a name that turns letters round', () => issuer.token({ sub: 'a\u202eb' }), /claim "sub" who it is/],
    ['of a long name', () => issuer.token({ sub: 'x'.repeat(201) }), /claim "sub" who it is/],
    ['of a list of names', () => issuer.token({ sub: ['ada'] }), /claim "sub" who it is/],
    ['that fits no rule', () => issuer.token({ sub: 'eve' }), /"eve" fits no rule/],
    ['of a name that begins like one', () => issuer.token({ sub: 'adamant' }), /fits no rule/],
    ['of a name that ends like one', () => issuer.token({ sub: 'x/ada' }), /fits no rule/],
    ['of a name in other letters', () => issuer.token({ sub: 'Ada' }), /fits no rule/],
    ['with half of a rule', () => issuer.token({ sub: 'eve', groups: 'ml-team' }), /fits no rule/],
    ['with a word for true', () => issuer.token({ sub: 'eve', groups: 'ml-team', mail_verified: 'true' }), /fits no rule/],
    ['with a group within a text', () => issuer.token({ sub: 'eve', groups: 'x ops' }), /fits no rule/],
    ['bound to a key of its holder', () => issuer.token({ cnf: { jkt: 'x' } }), /bound to a key/],
    ['for something else', () => issuer.token({}, { header: { typ: 'logout+jwt' } }), /for something else/],
    ['with a type that is no text', () => unsigned({ alg: 'ES256', typ: 7 }, issuer.claims(), 'AA'), /for something else/],
    ['with a demand', () => unsigned({ alg: 'ES256', kid: 'first', crit: ['x'], x: 1 }, issuer.claims(), 'AA'), /wants something/],
    ['none', () => unsigned({ alg: 'none' }, issuer.claims()), /not allowed here/],
    ['None', () => unsigned({ alg: 'None', kid: 'first' }, issuer.claims(), 'AA'), /not allowed here/],
    [
      'a good one without its signature',
      async () => (await issuer.token()).replace(/[^.]*$/, ''),
      /signature that does not fit|none that can be used/,
    ],
    ['an algorithm that is a list', () => unsigned({ alg: ['ES256'] }, issuer.claims(), 'AA'), /not allowed here/],
    ['one that is not among ours', () => unsigned({ alg: 'PS256', kid: 'rsa' }, issuer.claims(), 'AA'), /not allowed here/],
    ['a key of another kind', () => unsigned({ alg: 'ES256', kid: 'rsa' }, issuer.claims(), 'AA'), /key that its issuer does not have/],
    ['without a key’s name, among several', () => issuer.token({}, { header: { kid: '' } }), /which of several/],
    ['a key’s name that is none', () => unsigned({ alg: 'ES256', kid: { a: 1 } }, issuer.claims(), 'AA'), /name of a key that is none/],
    ['a key’s name that leads somewhere', () => unsigned({ alg: 'ES256', kid: '../../dev/null' }, issuer.claims(), 'AA'), /does not have/],
    ['a key’s name that is a method', () => unsigned({ alg: 'ES256', kid: '__proto__' }, issuer.claims(), 'AA'), /does not have/],
    ['a long key’s name', () => unsigned({ alg: 'ES256', kid: 'x'.repeat(257) }, issuer.claims(), 'AA'), /name of a key that is none/],
    ['too long', () => issuer.token({ pad: 'x'.repeat(16_384) }), /too long/],
    ['encrypted', () => 'a.b.c.d.e', /no signed JWT/],
    ['no JSON', () => 'a.b.c', /no signed JWT/],
    ['claims that are a list', () => unsigned({ alg: 'ES256' }, []), /no signed JWT/],
    ['an API token', () => `evt_${'a'.repeat(59)}`, 'not taken'],
  ])('%s', async (_, make, why) => expect(await said(await make())).toMatch(why));

  test('with the public key as the secret of a hash', async () => {
    const pem = await exportSPKI((await importJWK({ ...rsa.jwk, ext: true }, 'RS256', { extractable: true })) as CryptoKey);
    for (const secret of [pem, pem.trim(), JSON.stringify(rsa.jwk)]) {
      const body = unsigned({ alg: 'HS256', kid: 'rsa' }, issuer.claims()).slice(0, -1);
      expect(await said(`${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`)).toMatch(/not allowed here/);
    }
  });

  test('whatever keys it brings along', async () => {
    const jwk = await exportJWK((await importJWK(stranger.jwk, 'ES256', { extractable: true })) as CryptoKey);
    const asked = issuer.asked.length;
    for (const header of [{ jwk }, { jku: `${other.url}/keys` }, { x5u: `${other.url}/cert` }, { x5c: ['MIIB'] }]) {
      const brought = await new SignJWT(issuer.claims())
        .setProtectedHeader({ alg: 'ES256', kid: 'first', ...header })
        .sign(stranger.privateKey);
      expect(await said(brought)).toMatch(/signature that does not fit/);
    }
    expect(issuer.asked).toHaveLength(asked);
    expect(other.asked).not.toContain('/cert');
  });

  test('with any of its characters changed', async () => {
    const good = await issuer.token();
    const answers: string[] = [];
    for (let i = 0; i < good.length; i += 7) {
      // The last character of a part holds bits that mean nothing.
      if (good[i] === '.' || ['.', undefined].includes(good[i + 1])) continue;
      answers.push(await said(`${good.slice(0, i)}${good[i] === 'A' ? 'Q' : 'A'}${good.slice(i + 1)}`));
    }
    expect(answers.length).toBeGreaterThan(30);
    expect(answers).not.toContain('ada');
  });
});

test('whatever is sent is refused in words, and breaks nothing', async () => {
  const half = fc.constantFrom('iss', 'alg', 'kid', 'typ', 'exp', 'aud', 'crit', 'b64', '__proto__', 'constructor');
  const object = fc.dictionary(half, fc.jsonValue());
  await fc.assert(
    fc.asyncProperty(
      object,
      object,
      fc.constantFrom('ES256', 'RS256', 'EdDSA', undefined),
      fc.base64String(),
      async (header, claims, alg, end) => {
        const bearer = unsigned(
          alg ? { kid: 'first', ...header, alg } : header,
          { ...issuer.claims(), ...claims },
          end.replaceAll(/[+/=]/g, '_'),
        );
        const error: unknown = await jwts.verify({ bearer, peer: 'p' }).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        expect(error).toBeInstanceOf(AppError);
        expect(error).toMatchObject({ code: 'unauthenticated' });
      },
    ),
    { numRuns: 300 },
  );
});

test('nobody’s settings take any', () => {
  const none = new Jwts({ issuers: [], clock: systemClock, onTrouble: () => undefined });
  expect(none.takes({ bearer: 'a.b.c', peer: 'p' })).toBe(false);
});

test('with other settings, tokens that give something else are ended, and those of issuers that go; the others keep their keys', async () => {
  const changing = new Jwts({ issuers: [settingsOf(issuer.url)], clock: systemClock, onTrouble: () => undefined });
  await changing.start();
  try {
    const over: string[] = [];
    const watched = async (name: string, claims: Record<string, unknown>): Promise<void> => {
      const { watch } = await changing.verify({ bearer: await issuer.token(claims), peer: 'p' });
      watch(({ code }) => void over.push(`${name} ${code}`));
    };
    await watched('team', { groups: 'ml-team', mail_verified: true });
    await watched('ops', { groups: 'ops' });
    await watched('ada', { sub: 'ada', groups: 'none' });
    const asked = issuer.asked.length;
    const [team, ops, ada] = settingsOf(issuer.url).rules as [ClaimRule, ClaimRule, ClaimRule];
    await changing.update([settingsOf(issuer.url)]);
    expect(over).toEqual([]);
    await changing.update([settingsOf(issuer.url, { rules: [team, { ...ops, namespaces: ['team-a'] }, ada] })]);
    expect(over).toEqual(['ops unauthenticated']);
    await changing.update([settingsOf(issuer.url, { rules: [team] })]);
    expect(over).toEqual(['ops unauthenticated', 'ada unauthenticated']);
    expect(issuer.asked).toHaveLength(asked);
    await changing.update([settingsOf(other.url)]);
    expect(over).toEqual(['ops unauthenticated', 'ada unauthenticated', 'team unauthenticated']);
    const bearer = await other.token({ groups: 'ops' });
    expect((await changing.verify({ bearer, peer: 'p' })).identity.origin).toBe(other.url);
    await changing.update([settingsOf(other.url, { rules: [{ ...ops, pools: ['h200'] }] })]);
    expect((await changing.verify({ bearer, peer: 'p' })).identity.pools).toEqual(['h200']);
    await changing.update([]);
    expect(changing.takes({ bearer, peer: 'p' })).toBe(true);
    await expect(changing.verify({ bearer, peer: 'p' })).rejects.toThrow('an issuer that is not known here');
  } finally {
    await changing.stop();
  }
});
