import type { PeerCertificate } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { peerIdentityOf } from '../../../../coordinator/rpc/peer-identity.ts';

const named = (subjectaltname?: string) => ({
  getAuthContext: () => ({
    transportSecurityType: 'ssl',
    sslPeerCertificate: {
      subject: { CN: 'admin' },
      subjectaltname,
      fingerprint256: 'AB:CD',
      valid_to: 'Nov 30 00:00:00 2026 GMT',
    } as unknown as PeerCertificate,
  }),
});

describe('who a certificate names', () => {
  test.each([
    ['URI:spiffe://lab/agent-7', 'uri', 'spiffe://lab/agent-7'],
    ['DNS:Agent-7.lab', 'dns', 'agent-7.lab'],
    ['DNS:a.lab, DNS:b.lab, URI:spiffe://lab/a, IP Address:10.0.0.1', 'uri', 'spiffe://lab/a'],
    ['URI:"spiffe://lab/a, DNS:admin.lab"', 'uri', 'spiffe://lab/a, DNS:admin.lab'],
  ])('%s', (names, kind, name) =>
    expect(peerIdentityOf(named(names))).toEqual({ name, kind, fingerprint: 'abcd', untilMs: Date.UTC(2026, 10, 30) }),
  );
  test.each([
    ['no names but the common one', undefined],
    ['several URIs', 'URI:spiffe://lab/a, URI:spiffe://lab/b'],
    ['several hosts', 'DNS:a.lab, DNS:b.lab'],
    ['only an address', 'IP Address:10.0.0.1'],
    ['an empty one', 'URI:'],
    ['a form that is not known', 'URI:spiffe://lab/a DNS:"'],
    ['a quote that does not end', 'URI:"spiffe://lab/a'],
  ])('nobody: %s', (_, names) => expect(peerIdentityOf(named(names))).toBeUndefined());
  test('nobody: no certificate, or none that was verified', () => expect(peerIdentityOf({ getAuthContext: () => ({}) })).toBeUndefined());
});
