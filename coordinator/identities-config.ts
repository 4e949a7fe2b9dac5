/** The file `identities`: OIDC issuers whose JWTs are taken, and certificates of callers that are enough by themselves; with what they give. */
import { z } from 'zod';
import { bindingOf } from '../shared/domain/binding.ts';
import type { Fault } from '../shared/domain/errors.ts';
import { SCOPES } from '../shared/domain/identity.ts';
import type { ConfigReader } from '../shared/runtime/config-reader.ts';
import type { CertificateRule } from './identity/certificate-identities.ts';
import type { IdentitySettings } from './identity/identities-file.ts';
import { ALGORITHMS, isEndpoint, type IssuerSettings } from './identity/oidc/settings.ts';
import type { TlsSettings } from './rpc/door/certificates.ts';
import { readSettingsFile, timeUpTo } from './settings-file.ts';

export type { IdentitySettings };

const NONE: IdentitySettings = { issuers: [], certificates: [] };
const HOUR_MS = 3_600_000;
const text = z.string().min(1).max(1024);
/** What is shown beside names: whole, in the audit log too. */
const origin = z.string().min(1).max(250);
const grant = {
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  namespaces: z.union([
    z.literal('*'),
    z
      .array(z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 letters, digits, . _ or -; '*' in the place of the list is all"))
      .min(1)
      .max(100),
  ]),
  // Of agents that come by the rule.
  pools: z
    .array(z.string().regex(/^[\w.-]{1,63}$/, 'must be 1 to 63 letters, digits, . _ or -'))
    .min(1)
    .max(100)
    .optional(),
};
const schema = z.strictObject({
  oidc: z
    .array(
      z.strictObject({
        issuer: origin,
        audience: z.union([text, z.array(text).min(1).max(20)]),
        algorithms: z.array(z.enum(ALGORITHMS)).min(1).max(ALGORITHMS.length).default(['RS256', 'ES256', 'EdDSA']),
        jwks_uri: text.optional(),
        name_claim: text.default('sub'),
        clock_tolerance: timeUpTo(300_000, '5m').default(30_000),
        max_age: timeUpTo(30 * 24 * HOUR_MS, '30d').default(24 * HOUR_MS),
        rules: z
          .array(z.strictObject({ claims: z.record(text, z.union([text, z.boolean()])), ...grant }))
          .min(1)
          .max(1000),
      }),
    )
    .max(16)
    .default([]),
  certificates: z
    .array(z.strictObject({ uri: origin.optional(), dns: origin.optional(), name: z.string().min(1).max(100).optional(), ...grant }))
    .max(10_000)
    .default([]),
});
type Read = z.infer<typeof schema>;

/** What is wrong goes to the reader: with a part that cannot be read, nobody is taken. */
export async function readIdentities(reader: ConfigReader, tls: TlsSettings | undefined): Promise<IdentitySettings> {
  const path = reader.path('identities');
  if (path === undefined) return NONE;
  const { settings, faults } = await readIdentitiesFile(path, tls);
  for (const { place, problem } of faults) reader.fault(place, problem);
  return settings;
}

/** The file whole; nothing of it counts where it has faults. */
export async function readIdentitiesFile(
  path: string,
  tls: Pick<TlsSettings, 'clientCa'> | undefined,
): Promise<{ settings: IdentitySettings; faults: readonly Fault[] }> {
  const { data, faults, fault } = await readSettingsFile(path, schema);
  if (!data) return { settings: NONE, faults };
  const { oidc, certificates } = data;
  if (certificates.length > 0 && tls?.clientCa === undefined)
    fault('certificates', 'are there, but callers are asked for none; name their authority by --tls-client-ca');
  const settings = { issuers: issuersOf(oidc, fault), certificates: certificatesOf(certificates, fault), file: path };
  return { settings, faults };
}

type OnFault = (place: string, problem: string) => void;
const show = (value: string): string => JSON.stringify(value.replace(/\/\/[^/@]*@/, '//***@').slice(0, 120));

function issuersOf(read: Read['oidc'], fault: OnFault): IssuerSettings[] {
  return read.map((one, i) => {
    const { issuer, jwks_uri: jwksUri, rules } = one;
    const at = `oidc[${i}]`;
    if (!isEndpoint(issuer) || issuer.includes('?'))
      fault(`${at}.issuer`, `${show(issuer)} is no address of an issuer; write the https URL that its tokens have as "iss"`);
    if (jwksUri !== undefined && !isEndpoint(jwksUri)) fault(`${at}.jwks_uri`, `${show(jwksUri)} is no https URL; write one`);
    if (read.findIndex((other) => other.issuer === issuer) < i) fault(`${at}.issuer`, `${show(issuer)} stands there twice; join the two`);
    rules.forEach(({ claims }, j) => {
      const names = Object.keys(claims).length;
      if (names === 0) fault(`${at}.rules[${j}].claims`, 'is empty, and would fit everybody; name at least one claim');
      if (names > 20) fault(`${at}.rules[${j}].claims`, `has ${names} entries; 20 are the most`);
    });
    return {
      ...{ issuer, audiences: [one.audience].flat(), algorithms: one.algorithms, nameClaim: one.name_claim },
      ...{ toleranceMs: one.clock_tolerance, maxAgeMs: one.max_age, rules },
      ...(jwksUri !== undefined && { jwksUri }),
    };
  });
}

function certificatesOf(read: Read['certificates'], fault: OnFault): CertificateRule[] {
  const seen = new Set<string>();
  return read.flatMap(({ uri, dns, name, scopes, namespaces, pools = [] }, i) => {
    const at = `certificates[${i}]`;
    if ((uri === undefined) === (dns === undefined)) {
      fault(at, 'needs either uri or dns: the one name in the certificate’s subjectAltName');
      return [];
    }
    const san = uri ?? dns!.toLowerCase();
    if (uri === undefined ? !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(san) : !/^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/.test(san))
      fault(
        `${at}.${uri === undefined ? 'dns' : 'uri'}`,
        `${show(san)} is no such name; write it whole, as the certificate has it, without *`,
      );
    const kind = uri === undefined ? 'dns' : 'uri';
    if (seen.has(`${kind}:${san}`)) fault(`${at}.${kind}`, `${show(san)} stands there twice; one of them would never count`);
    seen.add(`${kind}:${san}`);
    return { kind, san, name: name ?? san, scopes, namespaces, ...bindingOf(pools, {}) };
  });
}
