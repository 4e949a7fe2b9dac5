/** Callers without a token of the coordinator's: bearers of JWTs, of an issuer on this machine, and of certificates. */
import { Client, credentials } from '@grpc/grpc-js';
import type { Authenticator } from '../../coordinator/identity/authenticator.ts';
import { CertificateIdentities, type CertificateRule } from '../../coordinator/identity/certificate-identities.ts';
import { Jwts } from '../../coordinator/identity/oidc/jwts.ts';
import type { ClaimRule } from '../../coordinator/identity/oidc/settings.ts';
import type { TlsSettings } from '../../coordinator/rpc/door/certificates.ts';
import { SCOPES, type Namespaces, type Scope } from '../../shared/domain/identity.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { makeAuthority, type TestAuthority, type TestCertificate } from './certificate.ts';
import { makeKey, OidcIssuer, unsigned } from './oidc-issuer.ts';

const PLACES: Record<string, Namespaces> = { '*': '*', 'team-a': ['team-a'], 'team-b': ['team-b'] };

/** `read *`, `everything team-b`: what somebody of that name may do. */
const GRANTS = Object.entries(PLACES).flatMap(([place, namespaces]) =>
  [...SCOPES.map((scope): [string, Scope[]] => [scope, [scope]]), ['everything', [...SCOPES]] as [string, Scope[]]].map(
    ([what, scopes]) => ({ who: `${what} ${place}`, scopes, namespaces }),
  ),
);
const uriOf = (who: string): string => `spiffe://lab/${who.replace(' ', '/').replace('*', 'all')}`;

export class Others {
  readonly issuer: OidcIssuer;
  readonly jwts: Jwts;
  readonly certificates: Authenticator;
  readonly authority: TestAuthority;
  readonly tls: TlsSettings;

  private constructor(issuer: OidcIssuer, authority: TestAuthority, own: TestCertificate) {
    this.issuer = issuer;
    this.authority = authority;
    const rules: ClaimRule[] = GRANTS.map(({ who, ...grant }) => ({ claims: { sub: who }, ...grant }));
    const settings = {
      issuer: issuer.url,
      audiences: ['assay'],
      algorithms: ['ES256'],
      nameClaim: 'sub',
      toleranceMs: 0,
      maxAgeMs: 86_400_000,
    };
    this.jwts = new Jwts({ issuers: [{ ...settings, rules }], clock: systemClock, onTrouble: () => undefined });
    const named: CertificateRule[] = GRANTS.map(({ who, ...grant }) => ({ kind: 'uri', san: uriOf(who), name: who, ...grant }));
    this.certificates = new CertificateIdentities(named, systemClock);
    this.tls = { cert: Buffer.from(own.cert), key: Buffer.from(own.key), clientCa: Buffer.from(authority.cert) };
  }

  static async start(): Promise<Others> {
    const [issuer, authority] = await Promise.all([OidcIssuer.start(), makeAuthority()]);
    const others = new Others(issuer, authority, await authority.issue({ names: 'DNS:localhost', usage: 'serverAuth' }));
    await others.jwts.start();
    return others;
  }

  /** Good ones by who they are, and bad ones by what is wrong. */
  async tokens(...who: string[]): Promise<Record<string, string>> {
    const good = await Promise.all(who.map(async (sub) => [`jwt ${sub}`, await this.issuer.token({ sub })] as const));
    const sub = 'everything *';
    return {
      ...Object.fromEntries(good),
      'jwt expired': await this.issuer.token({ sub, exp: 1 }),
      'jwt of another key': await this.issuer.token({ sub }, { key: await makeKey('first') }),
      'jwt of no rule': await this.issuer.token({ sub: 'read' }),
      'jwt without a signature': unsigned({ alg: 'none' }, this.issuer.claims({ sub })),
    };
  }

  /** A client that shows the certificate of somebody; of names, in openssl's form, that are nobody's. */
  async client(address: string, who: string, names = `URI:${uriOf(who)}`): Promise<Client> {
    const { cert, key } = await this.authority.issue({ names, usage: 'clientAuth' });
    const shown = credentials.createSsl(Buffer.from(this.authority.cert), Buffer.from(key), Buffer.from(cert));
    return new Client(address, shown, { 'grpc.use_local_subchannel_pool': 1, 'grpc.ssl_target_name_override': 'localhost' });
  }

  async stop(): Promise<void> {
    await this.jwts.stop();
    await this.issuer.stop();
  }
}
