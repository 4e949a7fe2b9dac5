/** A coordinator with its page, two namespaces, and people who may do little: for tests of what a page offers to whom. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { stringify } from 'yaml';
import { buildDashboard } from '../../scripts/build.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import type { Namespaces, Scope } from '../../shared/domain/identity.ts';
import { Fleet } from './fleet.ts';
import { mockSpec, sums } from './mock-evaluation.ts';
import { OidcIssuer } from './oidc-issuer.ts';
import { freePorts } from './ports.ts';
import { waitFor } from './wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';

export interface ScopesRig {
  /** Of everybody's: may everything. */
  client: AssayClient;
  /** Redis's own settings, one after the other. */
  setRedis(settings: Readonly<Record<string, string>>): Promise<void>;
  /** Of the page. */
  url: string;
  /** Evaluations of team-a, and one of team-b. */
  ids: Record<'done' | 'waiting' | 'other', string>;
  /** An API token. */
  token(name: string, scopes: readonly Scope[], namespaces: Namespaces): Promise<{ secret: string; tokenId: string }>;
  /** A JWT, whose scopes `grant` may change. */
  jwt: string;
  /** Until they are in force. */
  grant(scopes: readonly Scope[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startScopesRig(): Promise<ScopesRig> {
  if (!process.env['ASSAY_TEST_PROGRAMS']) await buildDashboard();
  const [fleet, issuer, [port]] = await Promise.all([Fleet.start(), OidcIssuer.start(), freePorts(1)]);
  const file = join(fleet.dir, 'identities.yaml');
  const write = async (scopes: readonly Scope[]): Promise<void> => {
    const rules = [{ claims: { sub: 'ada' }, scopes, namespaces: '*' }];
    await writeFile(`${file}.new`, stringify({ oidc: [{ issuer: issuer.url, audience: 'assay', rules }] }));
    await rename(`${file}.new`, file);
  };
  await write(['read', 'submit', 'cancel', 'operate']);
  const args = ['--identities', file, '--http', `127.0.0.1:${port}`];
  const coordinator = await fleet.coordinator({ args, env: { ASSAY_TOKEN: ROOT } });
  await fleet.agent('worker', [coordinator.address], { models: [{ match: 'mock/*', provider: 'mock' }] }, { env: { ASSAY_TOKEN: ROOT } });
  const client = connect({ addresses: [coordinator.address], token: ROOT });
  const submit = async (name: string, namespace: string, model: string): Promise<string> => {
    const spec = mockSpec(await client.uploadBytes(sums(12), { namespace }), { name, models: [{ model }] });
    return (await client.submit({ spec, idempotencyKey: name, namespace })).evaluation.evaluationId;
  };
  const [done, waiting, other] = await Promise.all([
    submit('sums, done', 'team-a', 'mock/one'),
    submit('sums, waiting', 'team-a', 'openai/nobody'),
    submit('sums of others', 'team-b', 'openai/nobody'),
  ]);
  for await (const { kind } of client.watch(done)) void kind;
  const jwt = await issuer.token();
  const mine = connect({ addresses: [coordinator.address], token: jwt });
  return {
    setRedis: async (settings) => {
      const redis = new Redis(fleet.redis.url.replace('unix:', ''));
      for (const [name, value] of Object.entries(settings)) await redis.config('SET', name, value);
      redis.disconnect();
    },
    ...{ client, url: `http://127.0.0.1:${port}`, ids: { done, waiting, other } },
    token: async (name, scopes, namespaces) => {
      const { secret, token } = await client.createToken({ name, scopes, namespaces });
      return { secret, tokenId: token.tokenId };
    },
    jwt,
    grant: async (scopes) => {
      await write(scopes);
      const wanted = scopes.toSorted().join();
      await waitFor(async () => (await mine.whoAmI()).scopes.toSorted().join() === wanted, { what: `only ${wanted}`, everyMs: 50 });
    },
    stop: async () => {
      mine.close();
      client.close();
      await fleet.stop();
      await issuer.stop();
    },
  };
}
