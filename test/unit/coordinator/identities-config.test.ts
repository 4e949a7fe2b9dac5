/** The file that says who may call without a token of the coordinator's: what it means, and what is wrong with it. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCoordinatorConfig } from '../../../coordinator/config.ts';
import { makeAuthority } from '../../support/certificate.ts';

const dir = await mkdtemp(join(tmpdir(), 'assay-identities-'));
const file = join(dir, 'identities.yaml');

async function read(text: string, ...argv: string[]) {
  await writeFile(file, text);
  return parseCoordinatorConfig(['--redis', 'redis://h:6379', '--store', '/s', '--identities', file, ...argv], {});
}
const faultsOf = (text: string, ...argv: string[]): Promise<string[]> =>
  read(text, ...argv).then(
    () => [],
    (error: unknown) =>
      (error as { faults: { place: string; problem: string }[] }).faults.map(({ place, problem }) =>
        `${place}: ${problem}`.replaceAll(dir, ''),
      ),
  );

test('an issuer, with what is not said', async () => {
  const text = `
oidc:
  - issuer: https://login.test/realms/ml
    audience: assay
    rules:
      - {claims: {groups: ml-team, email_verified: true}, scopes: [submit, read], namespaces: [team-a]}
      - {claims: {sub: ops}, scopes: [operate], namespaces: '*'}
`;
  expect((await read(text)).identities).toEqual({
    file: expect.stringMatching(/identities\.yaml$/) as string,
    issuers: [
      {
        ...{ issuer: 'https://login.test/realms/ml', audiences: ['assay'], algorithms: ['RS256', 'ES256', 'EdDSA'], nameClaim: 'sub' },
        ...{ toleranceMs: 30_000, maxAgeMs: 86_400_000 },
        rules: [
          { claims: { groups: 'ml-team', email_verified: true }, scopes: ['submit', 'read'], namespaces: ['team-a'] },
          { claims: { sub: 'ops' }, scopes: ['operate'], namespaces: '*' },
        ],
      },
    ],
    certificates: [],
  });
});

test('all that can be said', async () => {
  const { certPath, ...authority } = await makeAuthority();
  const own = await authority.issue({ names: 'DNS:localhost' });
  const text = `
oidc:
  - {issuer: 'http://127.0.0.1:9', audience: [a, b], algorithms: [PS512], jwks_uri: 'http://localhost:9/k', name_claim: email, clock_tolerance: 5s,
     max_age: 1h, rules: [{claims: {sub: x}, scopes: [read], namespaces: [a]}]}
certificates:
  - {uri: 'spiffe://lab/agent-7', name: gpu-7, scopes: [agent], namespaces: '*', pools: [h200]}
  - {dns: CI.lab, scopes: [read], namespaces: [a]}
`;
  const { identities } = await read(text, '--tls-cert', own.certPath, '--tls-key', own.keyPath, '--tls-client-ca', certPath);
  expect(identities).toMatchObject({
    issuers: [
      {
        audiences: ['a', 'b'],
        algorithms: ['PS512'],
        jwksUri: 'http://localhost:9/k',
        nameClaim: 'email',
        toleranceMs: 5000,
        maxAgeMs: 3_600_000,
      },
    ],
    certificates: [
      { kind: 'uri', san: 'spiffe://lab/agent-7', name: 'gpu-7', scopes: ['agent'], namespaces: '*', pools: ['h200'] },
      { kind: 'dns', san: 'ci.lab', name: 'ci.lab', scopes: ['read'], namespaces: ['a'] },
    ],
  });
});

test('everything wrong in the words is told at once', async () => {
  const text = `
oidc:
  - {issuer: 'https://a', audience: [], algorithms: [HS256, none], clock_tolerance: 10, max_age: 31d, rules: []}
  - {issuer: 'https://b', audience: x, rules: [{claims: {id: 7}, scopes: [everything], namespaces: ['*']}], jwks: x}
certificates:
  - {uri: 'spiffe://a', scopes: [], namespaces: [a b]}
issuers: []
`;
  const at = '/identities.yaml: ';
  expect(await faultsOf(text)).toEqual([
    `${at}oidc[0].audience: is a list, must have at least 1 item (it has 0)`,
    expect.stringContaining(`${at}oidc[0].algorithms[0]: is "HS256", must be one of RS256,`),
    expect.stringContaining(`${at}oidc[0].algorithms[1]: is "none", must be one of RS256,`),
    `${at}oidc[0].clock_tolerance: is 10, must be text`,
    `${at}oidc[0].max_age: is more than 30d, the longest there can be`,
    `${at}oidc[0].rules: is a list, must have at least 1 item (it has 0)`,
    `${at}oidc[1].rules[0].claims.id: is 7, must be text or true or false`,
    expect.stringContaining(`${at}oidc[1].rules[0].scopes[0]: is "everything", must be one of submit, read,`),
    `${at}oidc[1].rules[0].namespaces[0]: is "*", must be 1 to 64 letters, digits, . _ or -; '*' in the place of the list is all`,
    expect.stringContaining(`${at}oidc[1].jwks: there is no field "jwks" here; known are issuer,`),
    `${at}certificates[0].scopes: is a list, must have at least 1 item (it has 0)`,
    `${at}certificates[0].namespaces[0]: is "a b", must be 1 to 64 letters, digits, . _ or -; '*' in the place of the list is all`,
    `${at}issuers: there is no field "issuers" here; known are oidc, certificates`,
  ]);
});

test('everything wrong in what they mean is told at once', async () => {
  const rules = 'rules: [{claims: {sub: x}, scopes: [read], namespaces: [a]}]';
  const text = `
oidc:
  - {issuer: 'http://login.test', audience: x, ${rules}}
  - {issuer: 'https://u:p@login.test', audience: x, ${rules}}
  - {issuer: 'https://login.test?a', audience: x, ${rules}}
  - {issuer: 'https://login.test#a', audience: x, ${rules}}
  - {issuer: 'login.test', audience: x, ${rules}}
  - {issuer: 'https://good.test', audience: x, jwks_uri: 'http://good.test/k', ${rules}}
  - {issuer: 'https://good.test', audience: x, rules: [{claims: {}, scopes: [read], namespaces: [a]}]}
certificates:
  - {scopes: [read], namespaces: [a]}
  - {uri: 'a:b', dns: b, scopes: [read], namespaces: [a]}
  - {dns: '*.lab', scopes: [read], namespaces: [a]}
  - {uri: lab, scopes: [read], namespaces: [a]}
  - {dns: a.lab, scopes: [read], namespaces: [a]}
  - {dns: A.LAB, scopes: [read], namespaces: [a]}
`;
  const faults = await faultsOf(text);
  const issuers = ['"http://login.test"', '"https://u:p@login.test"', '"https://login.test?a"', '"https://login.test#a"', '"login.test"'];
  expect(faults).toEqual(
    [
      'certificates: are there, but callers are asked for none; name their authority by --tls-client-ca',
      ...issuers.map(
        (url, i) =>
          `oidc[${i}].issuer: ${url.replace('u:p', '***')} is no address of an issuer; write the https URL that its tokens have as "iss"`,
      ),
      'oidc[5].jwks_uri: "http://good.test/k" is no https URL; write one',
      'oidc[6].issuer: "https://good.test" stands there twice; join the two',
      'oidc[6].rules[0].claims: is empty, and would fit everybody; name at least one claim',
      'certificates[0]: needs either uri or dns: the one name in the certificate’s subjectAltName',
      'certificates[1]: needs either uri or dns: the one name in the certificate’s subjectAltName',
      'certificates[2].dns: "*.lab" is no such name; write it whole, as the certificate has it, without *',
      'certificates[3].uri: "lab" is no such name; write it whole, as the certificate has it, without *',
      'certificates[5].dns: "a.lab" stands there twice; one of them would never count',
    ].map((fault) => `/identities.yaml: ${fault}`),
  );
});

test('a file that is none', async () => {
  expect(await faultsOf('oidc: [')).toEqual([expect.stringMatching(/identities.yaml:1: .*mend the YAML/)]);
  expect(await faultsOf('', '--identities', join(dir, 'none.yaml'))).toEqual([
    expect.stringMatching(/none.yaml: cannot be read .*; name a readable YAML file/),
  ]);
});
