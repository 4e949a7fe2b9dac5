/** Who a certificate is, by the rules of the settings. */
import { describe, expect, test } from 'vitest';
import type { PeerIdentity, Verified } from '../../../../coordinator/identity/authenticator.ts';
import { CertificateIdentities, type CertificateRule } from '../../../../coordinator/identity/certificate-identities.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';

const RULES: CertificateRule[] = [
  { kind: 'uri', san: 'spiffe://lab/agent-7', name: 'gpu-7', scopes: ['agent'], namespaces: '*', pools: ['h200'] },
  { kind: 'dns', san: 'ci.lab', name: 'ci', scopes: ['submit', 'read'], namespaces: ['team-a'] },
];
const clock = new SteppedClock();
const door = new CertificateIdentities(RULES, clock);
const shown = (kind: PeerIdentity['kind'], name: string, untilMs = clock.now() + 3_600_000): PeerIdentity => ({
  kind,
  name,
  untilMs,
  fingerprint: 'ab',
});
const verify = (certificate: PeerIdentity | undefined): Verified => door.verify({ peer: 'p', certificate: () => certificate });

test('whoever shows one and nothing else is who its rule says; whoever has a token is its bearer', () => {
  expect(door.takes({ peer: 'p', certificate: () => shown('uri', 'spiffe://lab/agent-7') })).toBe(true);
  expect(door.takes({ peer: 'p', bearer: 'x', certificate: () => shown('uri', 'spiffe://lab/agent-7') })).toBe(false);
  expect(verify(shown('uri', 'spiffe://lab/agent-7')).identity).toEqual({
    ...{ name: 'gpu-7', kind: 'certificate', scopes: new Set(['agent']), namespaces: '*' },
    ...{ origin: 'spiffe://lab/agent-7', expiresAtMs: clock.now() + 3_600_000, pools: ['h200'] },
  });
  expect(verify(shown('dns', 'ci.lab')).identity).toMatchObject({ name: 'ci', namespaces: ['team-a'] });
});

describe('refused', () => {
  test.each<[string, PeerIdentity | undefined, RegExp]>([
    ['none, or one that names nobody', undefined, /names nobody/],
    ['a longer name', shown('uri', 'spiffe://lab/agent-77'), /has no rule here/],
    ['a shorter name', shown('uri', 'spiffe://lab/agent-'), /has no rule here/],
    ['other letters', shown('uri', 'spiffe://lab/Agent-7'), /has no rule here/],
    ['a name of the other kind', shown('dns', 'spiffe://lab/agent-7'), /has no rule here/],
    ['a URI that is a host’s name', shown('uri', 'ci.lab'), /has no rule here/],
    ['a host below', shown('dns', 'x.ci.lab'), /has no rule here/],
    ['a star', shown('dns', '*.lab'), /has no rule here/],
    ['one that has ended', shown('dns', 'ci.lab', clock.now()), /has ended/],
    ['one whose end cannot be read', shown('dns', 'ci.lab', Number.NaN), /has ended/],
  ])('%s', (_, certificate, why) => expect(() => verify(certificate)).toThrow(why));
});

test('what runs by one ends with it, once, and not after the watch', async () => {
  const { watch } = verify(shown('dns', 'ci.lab', clock.now() + 100_000));
  const over: string[] = [];
  watch(({ code }) => void over.push(code));
  watch(() => void over.push('not watched any more'))();
  await clock.advance(99_999);
  expect(over).toEqual([]);
  await clock.advance(1);
  expect(over).toEqual(['unauthenticated']);
  await clock.advance(100_000);
  expect(over).toHaveLength(1);
});

test('whose rule goes, or is another one, is ended; all others go on, and nobody is taken for this machine instead', async () => {
  const changing = new CertificateIdentities(RULES, clock);
  const over: string[] = [];
  for (const [kind, name] of [['uri', 'spiffe://lab/agent-7'] as const, ['dns', 'ci.lab'] as const]) {
    const { watch } = changing.verify({ peer: 'p', certificate: () => shown(kind, name) });
    watch(({ code }) => void over.push(`${name} ${code}`));
  }
  changing.update([RULES[0]!, { ...RULES[1]!, name: 'ci' }]);
  expect(over).toEqual([]);
  changing.update([RULES[0]!, { ...RULES[1]!, scopes: ['read'] }]);
  expect(over).toEqual(['ci.lab unauthenticated']);
  const between = changing.verify({ peer: 'p', certificate: () => shown('uri', 'spiffe://lab/agent-7') });
  changing.update([]);
  expect(over).toEqual(['ci.lab unauthenticated', 'spiffe://lab/agent-7 unauthenticated']);
  // Verified before the change, watched after it.
  await new Promise<void>((resolve) => void between.watch(() => resolve()));
  const alone = { peer: 'p', certificate: () => shown('dns', 'ci.lab') };
  expect(changing.takes(alone)).toBe(true);
  expect(() => changing.verify(alone)).toThrow('has no rule here');
});
