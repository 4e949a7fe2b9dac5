/** A gRPC server with real tokens in a real store, and use-cases that note who got as far as them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata, status as Status, type Client } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import type { Decision } from '../../coordinator/identity/gate.ts';
import { AgentBook } from '../../coordinator/identity/agents/agent-book.ts';
import { Proofs } from '../../coordinator/identity/agents/proofs.ts';
import { Joins } from '../../coordinator/identity/agents/joins.ts';
import { TokenBook } from '../../coordinator/identity/token-book.ts';
import { storedTokenOf, TOKENS } from '../../coordinator/identity/token-record.ts';
import { Tokens } from '../../coordinator/identity/tokens.ts';
import { NamespaceAdmin } from '../../coordinator/evaluations/namespaces/namespaces.ts';
import type { RpcServer, RpcServerOptions } from '../../coordinator/rpc/server.ts';
import { openDirectoryStore } from '../../coordinator/store/directory-store.ts';
import type { Store } from '../../coordinator/store/store.ts';
import { joinBytes, newKeyPair, signWith } from '../../shared/domain/agent-key.ts';
import { hashOfToken, newApiToken } from '../../shared/domain/api-token.ts';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { LOCAL, SCOPES, type Namespaces, type Scope } from '../../shared/domain/identity.ts';
import { agentCodec } from '../../shared/rpc/codec-agent.ts';
import { assayProto, loadProtos } from '../../shared/rpc/load.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import type { Others } from './access-others.ts';
import { cases, operator, sessions, audit } from './rpc-rows/answers.ts';
import { events } from './rpc-rows/event-answers.ts';
import { namespaces } from './rpc-rows/namespace-answers.ts';
import { evaluation, rawClient, sameBytes, startServer } from './rpc.ts';

export const OWN_TOKEN = 'the-token-of-this-coordinator';
/** Evaluations by namespace; the rest is in none. */
export const IDS = { a: evaluationIdOf('team-a', 'k'), b: evaluationIdOf('team-b', 'k') };
export const FOREIGN = Array.from({ length: 40 }, (_, i) => evaluationIdOf(`team-${i}`, 'k'));
const NAMESPACES = new Map([...FOREIGN.map((id, i): [string, string] => [id, `team-${i}`]), [IDS.a, 'team-a'], [IDS.b, 'team-b']]);

export interface Answer {
  code: string;
  details: string;
  /** A message, or an end without an error. */
  isAnswered: boolean;
}

/** Whoever is asked for a proof has no answer yet. */
function isChallenge(path: string, bytes: Buffer): boolean {
  if (path !== '/assay.v1.AgentService/Connect') return false;
  const read = agentCodec().decode(bytes);
  return 'message' in read && read.message.kind === 'challenge';
}

/** All methods of all descriptors that are served, by their paths. */
export function servedMethods(): Map<string, MethodDefinition<object, object>> {
  const { health: _, ...ours } = assayProto();
  const health = loadProtos('health')['grpc.health.v1.Health'];
  const root = join(import.meta.dirname, '../../node_modules/@grpc/reflection/build/proto/grpc/reflection');
  const reflections = ['v1', 'v1alpha'].map(
    (version) => loadSync(join(root, version, 'reflection.proto'))[`grpc.reflection.${version}.ServerReflection`],
  );
  const methods = [...Object.values(ours), health, ...reflections].flatMap((service) => Object.values(service as object));
  return new Map(methods.map((method: MethodDefinition<object, object>) => [method.path, method]));
}

export class AccessRig {
  readonly store: Store;
  readonly book: TokenBook;
  readonly tokens: Tokens;
  readonly namespaces: NamespaceAdmin;
  readonly keys: AgentBook;
  readonly joins: Joins;
  readonly decisions: Decision[] = [];
  /** Use-cases that were asked. */
  entered: string[] = [];
  server!: RpcServer;
  /** The same, where every caller shows a certificate. */
  guarded?: RpcServer;
  readonly #dir: string;
  readonly #methods = servedMethods();
  #client!: Client;

  private constructor(dir: string, store: Store) {
    this.#dir = dir;
    this.store = store;
    this.book = new TokenBook({ store, clock: systemClock, onTrouble: () => undefined });
    this.namespaces = new NamespaceAdmin({
      ...{ store, clock: systemClock, logger: silentLogger() },
      book: { refresh: async () => undefined },
      quotas: { usage: async () => ({ queuedSamples: 0, contentBytes: 0 }) },
      notify: async () => undefined,
      tasksOf: async () => 0,
      costOf: async () => 0,
    });
    this.keys = new AgentBook({ store, clock: systemClock, onTrouble: () => undefined });
    this.joins = new Joins({ store, book: this.keys, notify: async () => undefined, clock: systemClock, logger: silentLogger() });
    this.tokens = new Tokens({ store, book: this.book, notify: async () => undefined, clock: systemClock, logger: silentLogger() });
  }

  /** `others`: takes their JWTs and certificates too. */
  static async start(others?: Others): Promise<AccessRig> {
    const dir = await mkdtemp(join(tmpdir(), 'assay-access-'));
    const store = await openDirectoryStore({ path: dir, coordinatorId: 'co_a', clock: systemClock, logger: silentLogger() });
    const rig = new AccessRig(dir, store);
    await Promise.all([rig.book.start(), rig.keys.start()]);
    const listen = (more: Partial<RpcServerOptions>): Promise<RpcServer> =>
      startServer(
        { ...rig.#noted(cases), get: rig.#note('get', async () => evaluation()), deadLetters: rig.#noted(cases.deadLetters) },
        {
          token: OWN_TOKEN,
          authenticators: [rig.book, rig.keys, ...(others ? [others.jwts] : [])],
          namespaceOf: async (id) => NAMESPACES.get(id),
          events: rig.#noted(events),
          operator: rig.#noted({ ...operator, routes: async () => ({ items: [], nextToken: '' }) }),
          tokens: rig.#noted({
            create: rig.tokens.create.bind(rig.tokens),
            list: rig.tokens.list.bind(rig.tokens),
            revoke: rig.tokens.revoke.bind(rig.tokens),
          }),
          namespaces: rig.#noted({ ...namespaces, get: rig.namespaces.get.bind(rig.namespaces) }),
          joins: rig.#noted({
            invite: rig.joins.invite.bind(rig.joins),
            invites: rig.joins.invites.bind(rig.joins),
            uninvite: rig.joins.uninvite.bind(rig.joins),
            join: rig.joins.join.bind(rig.joins),
            revoke: rig.joins.revoke.bind(rig.joins),
          }),
          proofs: rig.#proofs(),
          audit: rig.#noted(audit),
          sessions: rig.#noted(sessions),
          onDecision: (decision) => void rig.decisions.push(decision),
          ...more,
        },
      );
    rig.server = await listen({});
    if (others) rig.guarded = await listen({ tls: others.tls, authenticators: [rig.book, rig.keys, others.jwts, others.certificates] });
    rig.#client = rawClient(rig.server.address);
    return rig;
  }

  async stop(): Promise<void> {
    this.#client.close();
    await Promise.all([this.server.stop(), this.guarded?.stop()]);
    await Promise.all([this.book.stop(), this.keys.stop()]);
    await this.store.close();
    await rm(this.#dir, { recursive: true, force: true });
  }

  #note<Args extends never[], T>(name: string, work: (...args: Args) => T): (...args: Args) => T {
    return (...args) => {
      this.entered.push(name);
      return work(...args);
    };
  }

  #noted<T extends object>(useCases: T): T {
    const methods = Object.entries(useCases).filter(([, value]) => typeof value === 'function') as [
      string,
      (...args: never[]) => unknown,
    ][];
    return { ...useCases, ...Object.fromEntries(methods.map(([name, work]) => [name, this.#note(name, work)])) };
  }

  async token(scopes: readonly Scope[], namespaces: Namespaces): Promise<string> {
    return (await this.tokens.create(LOCAL, { name: scopes.join('+'), scopes, namespaces, expiresInMs: 3_600_000 })).secret;
  }

  /** A join token, and what it is called by. */
  async invited(namespace: string): Promise<{ secret: string; id: string }> {
    const wish = { name: '', namespaces: [namespace], pool: '', labels: {}, expiresInMs: 900_000 };
    const { secret, token } = await this.joins.invite(LOCAL, wish, async () => undefined);
    return { secret, id: token.id };
  }

  /** What a host sends that has just got a join token. */
  async joinRequest(namespace: string): Promise<{ secret: string; publicKey: Buffer; signature: Buffer; name: string }> {
    const { secret } = await this.invited(namespace);
    const { privateKey, publicKey } = newKeyPair();
    return { secret, publicKey, signature: signWith(privateKey, joinBytes(hashOfToken(secret), publicKey)), name: 'host' };
  }

  /** The id of an agent that has joined. */
  async joined(namespace: string): Promise<string> {
    const attempt = { ...(await this.joinRequest(namespace)), address: 'here' };
    return (await this.joins.join(attempt, async () => undefined)).agent.agentId;
  }

  async revokedAgent(namespace: string): Promise<string> {
    const agentId = await this.joined(namespace);
    await this.joins.revoke(LOCAL, agentId, async () => undefined);
    return agentId;
  }

  /** Keys are asked for; ids of agents without keys are everybody's. */
  #proofs(): Proofs {
    return new Proofs({
      ...{ store: this.store, book: this.keys, notify: async () => undefined, clock: systemClock, logger: silentLogger() },
      owners: { claim: async () => undefined, renew: async () => undefined },
      onDecision: (decision) => void this.decisions.push(decision),
    });
  }

  async expiredToken(): Promise<string> {
    const secret = await this.token(SCOPES, '*');
    const record = (await this.tokens.list(LOCAL, {})).items.at(0)!;
    await this.store.putSwitch(TOKENS, record.hash, storedTokenOf({ ...record, expiresAtMs: Date.now() - 1000 }));
    await this.book.all();
    return secret;
  }

  async revokedToken(): Promise<string> {
    const { secret, token } = await this.tokens.create(LOCAL, { name: 'was', scopes: SCOPES, namespaces: '*', expiresInMs: 3_600_000 });
    await this.tokens.revoke(LOCAL, token.id);
    return secret;
  }

  /** One call; over as soon as it is answered. `authorization`: values of that header. */
  call(path: string, requests: readonly object[], headers: Metadata | string | undefined, client = this.#client): Promise<Answer> {
    const method = this.#methods.get(path);
    const metadata = headers instanceof Metadata ? headers : new Metadata();
    if (typeof headers === 'string') metadata.set('authorization', `Bearer ${headers}`);
    return new Promise((resolve) => {
      const call = client.makeBidiStreamRequest(path, sameBytes, sameBytes, metadata, { deadline: Date.now() + 10_000 });
      let isAnswered = false;
      call.on('data', (bytes: Buffer) => {
        if (isChallenge(path, bytes)) return;
        isAnswered = true;
        call.cancel();
      });
      call.on('error', () => undefined);
      call.on('status', ({ code, details }: { code: Status; details: string }) =>
        resolve({
          code: isAnswered ? 'OK' : Status[code],
          details: isAnswered ? '' : details,
          isAnswered: isAnswered || code === Status.OK,
        }),
      );
      for (const request of requests) call.write(method ? method.requestSerialize(request) : Buffer.alloc(0));
      call.end();
    });
  }
}

/** Callers, by what they bear. */
export async function callersOf(rig: AccessRig): Promise<Record<string, string | undefined>> {
  const single = (where: Namespaces, name: string) =>
    SCOPES.map(async (scope) => [`${scope} ${name}`, await rig.token([scope], where)] as const);
  return {
    'own token': OWN_TOKEN,
    anonymous: undefined,
    garbage: 'x'.repeat(40),
    'garbage of the shape': `evt_${'a'.repeat(59)}`,
    'never made': newApiToken(),
    expired: await rig.expiredToken(),
    revoked: await rig.revokedToken(),
    ...Object.fromEntries(await Promise.all([...single('*', '*'), ...single(['team-a'], 'team-a')])),
    'everything team-b': await rig.token(SCOPES, ['team-b']),
  };
}
