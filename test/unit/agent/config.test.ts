import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAgentConfig, tokenOf, type AgentConfig } from '../../../agent/config.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { readConfigFile } from '../../../shared/runtime/config-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function read(yaml: string, environment: Record<string, string> = {}): Promise<AgentConfig> {
  const path = join(dir, 'agent.yaml');
  writeFileSync(path, yaml);
  return readAgentConfig({ file: await readConfigFile(path), environment: { ASSAY_HOME: join(dir, 'home'), ...environment } });
}
import { makeCertificate } from '../../support/certificate.ts';

const refusal = (yaml: string, environment?: Record<string, string>): Promise<AppError> =>
  read(yaml, environment).then(
    () => {
      throw new Error('it was taken');
    },
    (error: unknown) => AppError.from(error),
  );

const MOCK = 'models: [{match: "mock/*"}]';

test('defaults', async () => {
  const config = await read(`addresses: [one:1]\nname: a1\n${MOCK}`);
  expect(config).toMatchObject({
    addresses: ['one:1'],
    name: 'a1',
    labels: {},
    slots: 0,
    spool: join(dir, 'home', 'agents', 'a1'),
    spoolMaxBytes: 1024 ** 3,
    token: undefined,
    tlsCa: undefined,
    drainMs: 600_000,
    http: undefined,
    models: [{ match: 'mock/*', provider: 'mock', maxConnections: 10, lookAhead: 3, options: {} }],
  });
});

test('everything that can be said', async () => {
  writeFileSync(join(dir, 'key'), ' secret-1 \n', { mode: 0o600 });
  writeFileSync(join(dir, 'token'), 'token-1\n', { mode: 0o600 });
  const config = await read(
    `addresses: [one:1, "unix:/run/a.sock"]
labels: {zone: eu, gpu: 2}
token_file: token
drain_ms: 30s
http: 127.0.0.1:9465
spool: spool
models:
  - {match: "openai/*", base_url: "http://h/v1", api_key_file: key, max_connections: 4, look_ahead: 1, endpoint: completions, stream: false, idle_timeout: 5}
  - {match: "anthropic/x", api_key_env: MY_KEY}`,
    { MY_KEY: 'secret-2' },
  );
  expect(config).toMatchObject({
    addresses: ['one:1', 'unix:/run/a.sock'],
    labels: { zone: 'eu', gpu: '2' },
    drainMs: 30_000,
    http: { host: '127.0.0.1', port: 9465 },
    spool: join(dir, 'spool'),
    models: [
      {
        provider: 'openai',
        baseUrl: 'http://h/v1',
        maxConnections: 4,
        lookAhead: 1,
        endpoint: 'completions',
        stream: false,
        idleTimeoutMs: 5000,
      },
      { provider: 'anthropic', lookAhead: 3 },
    ],
  });
  expect(config.models.map(({ apiKey }) => apiKey?.value)).toEqual(['secret-1', 'secret-2']);
  expect(tokenOf(config)).toBe('token-1');
  writeFileSync(join(dir, 'token'), 'token-2\n');
  expect(tokenOf(config)).toBe('token-2');
});

test('ASSAY_ADDRESS and ASSAY_TOKEN', async () => {
  const config = await read(MOCK, { ASSAY_ADDRESS: 'a:1,b:2', ASSAY_TOKEN: 't' });
  expect([config.addresses, tokenOf(config)]).toEqual([['a:1', 'b:2'], 't']);
});

test('all faults at once, each with its place; no key is shown', async () => {
  const { code, message } = await refusal(
    `addresses: ["http://one:1"]
nmae: x
labels: [zone]
token: sk-hidden-token
tls_ca: /nowhere.pem
models:
  - {match: "openai/*", api_key: sk-hidden-key}
  - {match: "openai/a", api_key_env: NOT_SET, max_connections: 0}
  - {match: "openai/b", api_key_env: NOT_SET}
  - {match: "what/x"}
  - {match: "openai/c", api_key_file: missing}`,
  );
  expect(code).toBe('invalid');
  for (const part of [
    '"http://one:1" is no address',
    'nmae',
    'did you mean name?',
    'labels',
    'ASSAY_TOKEN',
    'tls_ca',
    'models[0].api_key: keys do not belong',
    'models[1].max_connections',
    'models[2].api_key_env: the environment variable NOT_SET is not set',
    'models[3].provider: is missing; write one of',
    'models[4].api_key_file: missing cannot be read (ENOENT)',
  ])
    expect(message).toContain(part);
  expect(message).not.toContain('sk-hidden');
});

test.each([
  ['no models', 'addresses: [a:1]', 'must be a list'],
  ['no address', MOCK, 'addresses: is missing'],
  ['the same match twice', 'addresses: [a:1]\nmodels: [{match: "mock/*"}, {match: "mock/*"}]', 'stands there twice'],
  ['two sources of a key', 'addresses: [a:1]\nmodels: [{match: "mock/*", api_key_env: A, api_key_file: b}]', 'keep one of them'],
  ['a wrong http', `addresses: [a:1]\nhttp: nine\n${MOCK}`, 'no address to listen on'],
  ['metrics for everybody', `addresses: [a:1]\nhttp: 0.0.0.0:9465\n${MOCK}`, 'can be reached from other machines'],
  ['metrics for everybody', `addresses: [a:1]\nhttp: "[::]:9465"\n${MOCK}`, 'or say http_open: true'],
])('refuses %s', async (_, yaml, part) => {
  expect((await refusal(yaml)).message).toContain(part);
});

test('TLS is spoken wherever an address leaves this host, unless the file says otherwise', async () => {
  const { cert, key } = await makeCertificate();
  for (const [name, content] of Object.entries({ 'ca.pem': cert, 'agent.pem': cert, 'agent.key': key }))
    writeFileSync(join(dir, name), content, { mode: 0o600 });
  const tls = async (lines: string, environment?: Record<string, string>): Promise<boolean> =>
    (await read(`${lines}\n${MOCK}`, environment)).tls;
  expect(await tls('addresses: [localhost:1, "unix:/run/a", "127.0.0.1:1", "[::1]:1"]')).toBe(false);
  expect(await tls('addresses: [localhost:1, coordinator:4510]')).toBe(true);
  expect(await tls('addresses: [localhost:1]\ntls_ca: ca.pem')).toBe(true);
  expect(await tls('addresses: [localhost:1]\ntls: true')).toBe(true);
  expect(await tls('addresses: [coordinator:4510]\ntls: false')).toBe(false);
  expect(await tls('addresses: [coordinator:4510]', { ASSAY_TLS: 'no' })).toBe(false);
  expect((await refusal(`addresses: [a:1]\ntls: false\ntls_ca: ca.pem\n${MOCK}`)).message).toContain('tls: is false beside tls_ca');
  const shown = 'addresses: [coordinator:4510]\ntls_client_cert: agent.pem\n';
  const { tlsFiles } = await read(`${shown}tls_client_key: agent.key\ntls_ca: ca.pem\n${MOCK}`);
  expect(tlsFiles).toEqual({ ca: join(dir, 'ca.pem'), cert: join(dir, 'agent.pem'), key: join(dir, 'agent.key') });
  expect((await refusal(`${shown}${MOCK}`)).message).toContain('tls_client_key: is missing, and the other is given');
  expect((await refusal(`${shown}tls_client_key: ca.pem\n${MOCK}`)).message).toMatch(
    /tls_client_cert: .* cannot be used: the key is no PEM/,
  );
  expect((await refusal(`addresses: [a:1]\ntls_ca: agent.key\n${MOCK}`)).message).toContain('there is no PEM certificate in it');
});

test.each(['sk-proj-1234', 'gsk_Ab12Cd34Ef56Gh78Ij90Kl12Mn34', 'AIzaSyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q', 'a'.repeat(70)])(
  'a key in a wrong field is not repeated: %s',
  async (key) => {
    for (const field of ['api_key', 'api_key_env', 'api_key_file']) {
      const { message } = await refusal(`addresses: [a:1]\nmodels: [{match: "openai/*", base_url: "http://h/v1", ${field}: ${key}}]`);
      expect(message).toContain(`models[0].${field}`);
      expect(message).not.toContain(key.slice(0, 20));
    }
  },
);

test('commands and urls are capabilities; with urls alone no model is needed', async () => {
  writeFileSync(join(dir, 'grade.sh'), '#!/bin/sh\n', { mode: 0o755 });
  const config = await read(
    `addresses: [a:1]
commands:
  grader: {argv: [./grade.sh, --strict], instances: 2, env: {LEVEL: 3}}
  shell: {argv: [sh]}
urls: ["http://127.0.0.1:9000/*"]`,
    { PATH: process.env['PATH']! },
  );
  expect(config.commands['grader']).toEqual({ argv: [join(dir, 'grade.sh'), '--strict'], instances: 2, env: { LEVEL: '3' }, folder: dir });
  expect(config.commands['shell']!.argv[0]).toMatch(/^\/.*sh$/);
  expect(config.urls).toEqual(['http://127.0.0.1:9000/*']);
  expect(config.models).toMatchObject([{ match: 'none/*', provider: 'none' }]);
  const own = await read('addresses: [a:1]\nurls: ["http://h:1/*"]\nmodels: [{match: "none/*", max_connections: 5}]');
  expect(own.models).toMatchObject([{ match: 'none/*', maxConnections: 5 }]);
  expect((await read(`addresses: [a:1]\n${MOCK}`)).models).toHaveLength(1);
});

test('all faults of commands and urls at once', async () => {
  writeFileSync(join(dir, 'plain.txt'), '');
  const { message } = await refusal(`addresses: [a:1]
${MOCK}
commands:
  "a b": {argv: [/bin/sh]}
  none: {}
  missing: {argv: [./nowhere]}
  plain: {argv: [./plain.txt], instances: 0}
  text: {argv: [./plain.txt]}
  typo: {argv: [/bin/sh], instance: 2}
  variable: {argv: [/bin/sh], env: {"A=B": 1}}
urls: ["http://h:1", "http://user:sk-hidden@h/*", 7]`);
  for (const part of [
    'commands.a b: is no name of a command',
    'commands.none.argv: is missing',
    'commands.missing.argv[0]: "./nowhere" is no program',
    'commands.plain.instances',
    'commands.text.argv[0]: "./plain.txt" is no program',
    'commands.typo.instance: there is no field "instance" here; did you mean "instances"?',
    'commands.variable.env.A=B: is no name of a variable',
    'urls[0]: "http://h:1" is no pattern of URLs',
    'urls[1]',
    'urls[2]: is no text',
  ])
    expect(message).toContain(part);
  expect(message).not.toContain('sk-hidden');
  expect((await refusal(`addresses: [a:1]\n${MOCK}\ncommands: [x]\nurls: x`)).message).toMatch(
    /urls: is no list[^]*commands: is no mapping/,
  );
});

test('a cache: where completions are kept, that none are, and what is wrong with it', async () => {
  const cacheOf = async (cache: string) => (await read(`addresses: [one:1]\n${MOCK}\nspool: ./spool\n${cache}`)).cache;
  expect(await cacheOf('')).toEqual({ dir: join(dir, 'spool/cache'), maxBytes: 2 ** 30 });
  expect(await cacheOf('cache: true')).toEqual({ dir: join(dir, 'spool/cache'), maxBytes: 2 ** 30 });
  expect(await cacheOf('cache: {dir: ./kept, max_bytes: 16777216}')).toEqual({ dir: join(dir, 'kept'), maxBytes: 2 ** 24 });
  expect(await cacheOf('cache: false')).toBeUndefined();
  const { message } = await refusal(`addresses: [one:1]\n${MOCK}\ncache: {dir: '', max_bytes: 5, size: 1}`);
  for (const key of ['cache.dir', 'cache.max_bytes', 'cache.size']) expect(message).toContain(key);
  expect((await refusal(`addresses: [one:1]\n${MOCK}\ncache: off`)).message).toContain('cache: is no mapping');
});

test('a sandbox: what it is made of, and what is wrong with it', async () => {
  writeFileSync(join(dir, 'bwrap'), '#!/bin/sh\n', { mode: 0o755 });
  const config = await read(`addresses: [one:1]\n${MOCK}\nsandbox: {kind: bubblewrap, python: ./py, max_runs: 3}`, {
    PATH: `/none:${dir}`,
  });
  expect(config.sandbox).toEqual({ kind: 'bubblewrap', bubblewrap: join(dir, 'bwrap'), python: join(dir, 'py'), maxRuns: 3 });
  const plain = await read(`addresses: [one:1]\n${MOCK}\nsandbox: {kind: bubblewrap, bubblewrap: other/bwrap}`);
  expect(plain.sandbox).toMatchObject({ bubblewrap: join(dir, 'other/bwrap'), python: '/usr/bin/python3' });
  expect((await read(`addresses: [one:1]\n${MOCK}`)).sandbox).toBeUndefined();
  expect((await read(`addresses: [one:1]\n${MOCK}\nsandbox: {kind: bubblewrap}`, { PATH: '' })).sandbox?.bubblewrap).toBeUndefined();

  const { message } = await refusal(`addresses: [one:1]\n${MOCK}\nsandbox: {kind: docker, max_runs: 0, image: x}`);
  for (const key of ['sandbox.kind', 'sandbox.max_runs', 'sandbox.image']) expect(message).toContain(key);
  expect((await refusal(`addresses: [one:1]\n${MOCK}\nsandbox: bubblewrap`)).message).toContain('sandbox: is no mapping');
});

test('an adaptive number of connections', async () => {
  const models = async (value: string) =>
    (await read(`addresses: [a:1]\nmodels: [{match: "mock/*", max_connections: ${value}}]`)).models[0];
  expect(await models('{adaptive: {}}')).toMatchObject({ adaptive: { min: 1, start: 20, max: 200 }, maxConnections: 200, lookAhead: 50 });
  expect(await models('{adaptive: {max: 12}}')).toMatchObject({ adaptive: { min: 1, start: 12, max: 12 }, maxConnections: 12 });
  expect(await models('7')).not.toHaveProperty('adaptive');
  await expect(models('{adaptive: {min: 30, max: 20}}')).rejects.toThrow(/max_connections\.adaptive\.min: is 30, above max, 20/);
  await expect(models('{adaptive: {min: 3, start: 2}}')).rejects.toThrow(/adaptive\.start: is 2, and not within min and max, 3 … 200/);
  await expect(models('{adaptive: {start: 0, most: 3}}')).rejects.toThrow(/max_connections/);
});
