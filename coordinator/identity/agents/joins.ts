/** How agents join, and how they are put out: join tokens are made by who may, used once, and agents are revoked. */
import { isSignedBy, joinBytes } from '../../../shared/domain/agent-key.ts';
import { hashOfToken, isJoinToken, newJoinToken } from '../../../shared/domain/api-token.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { newAgentId } from '../../../shared/domain/ids.ts';
import { coversAll, describeIdentity, describeNamespaces, type Identity, type Namespaces } from '../../../shared/domain/identity.ts';
import { withDeadline } from '../../../shared/runtime/abort.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Store } from '../../store/store.ts';
import type { AboutToken, Before } from '../tokens.ts';
import type { AgentBook } from './agent-book.ts';
import { AGENTS, KEY_AGE_LIMIT_MS, REVOKED_AGENTS, storedAgentOf, type AgentRecord } from './agent-record.ts';
import { JoinAttempts } from './join-attempts.ts';
import { JOIN_TOKENS, joinTokenOf, USED_JOIN_TOKENS, type JoinToken } from './join-token.ts';

/** Every coordinator reads all agents every two seconds. */
const MAX_AGENTS = 2_000;
/** Join tokens that are not over. */
const MAX_JOIN_TOKENS = 2_000;
/** What takes longer has failed, as far as its caller knows. */
const STORE_MS = 10_000;
/** What is over is forgotten after so long; until then nobody can use it anew, whatever the clocks of the coordinators say. */
const KEEP_MS = 24 * 3_600_000;

export interface JoinWish {
  /** Empty: the agent's own. */
  name: string;
  namespaces: Namespaces;
  pool: string;
  labels: Readonly<Record<string, string>>;
  expiresInMs: number;
}

/** What a host presents that wants to join. */
export interface JoinAttempt {
  secret: string;
  publicKey: Buffer;
  signature: Buffer;
  /** What it calls itself. */
  name: string;
  /** Whose attempts are counted together. */
  address: string;
}

export interface JoinsParts {
  store: Pick<Store, 'storeId' | 'putSwitch' | 'createSwitch' | 'switchOf' | 'switches' | 'removeSwitch'>;
  book: Pick<AgentBook, 'all' | 'take'>;
  /** Tells the other coordinators of an agent, by its id. */
  notify: (agentId: string) => Promise<void>;
  clock: Clock;
  logger: Pick<Logger, 'info'>;
}

export class Joins {
  readonly #parts: JoinsParts;
  readonly #attempts: JoinAttempts;

  constructor(parts: JoinsParts) {
    this.#parts = parts;
    this.#attempts = new JoinAttempts(parts.clock);
  }

  /** Makes a join token: it is in the answer and nowhere else. Nobody gives namespaces that he has not. */
  async invite(by: Identity, wish: JoinWish, before: Before): Promise<{ secret: string; expiresAtMs: number }> {
    const { store, clock, logger } = this.#parts;
    const { expiresInMs, ...bound } = wish;
    if (!coversAll(by.namespaces, wish.namespaces))
      throw new AppError(
        'permission_denied',
        `${JSON.stringify(by.name)} has only the namespaces ${describeNamespaces(by.namespaces)}, and cannot give ${describeNamespaces(wish.namespaces)}`,
      );
    if ((await this.#tidied()) >= MAX_JOIN_TOKENS)
      throw new AppError('resource_exhausted', `there are ${MAX_JOIN_TOKENS} join tokens; wait until some are over`);
    const secret = newJoinToken();
    const expiresAtMs = clock.now() + expiresInMs;
    const namespaces = wish.namespaces === '*' ? ('*' as const) : [...wish.namespaces];
    const token: JoinToken = { ...bound, namespaces, labels: { ...wish.labels }, createdBy: describeIdentity(by), expiresAtMs };
    await before(about(wish.name || 'any name', wish.namespaces));
    await this.#limited(() => store.putSwitch(JOIN_TOKENS, hashOfToken(secret), token));
    logger.info({ name: wish.name, namespaces, pool: wish.pool, by: token.createdBy }, 'a join token was made');
    return { secret, expiresAtMs };
  }

  /** Whoever presents a join token first, and has the key that goes with his signature, is let in; all others are refused alike. */
  async join(attempt: JoinAttempt, before: Before): Promise<{ agent: AgentRecord; server: string }> {
    const { store, book, clock, logger } = this.#parts;
    const succeeded = this.#attempts.begin(attempt.address);
    const hash = hashOfToken(attempt.secret);
    const token = isJoinToken(attempt.secret) ? joinTokenOf(await this.#limited(() => store.switchOf(JOIN_TOKENS, hash))) : undefined;
    if (!token || token.expiresAtMs <= clock.now()) throw refused();
    if (!isSignedBy(attempt.publicKey, joinBytes(hash, attempt.publicKey), attempt.signature)) throw refused();
    if ((await book.all()).length >= MAX_AGENTS)
      throw new AppError('resource_exhausted', `${MAX_AGENTS} agents have joined; those that were revoked or are over go after 30 days`);
    const nowMs = clock.now();
    const { name, namespaces, pool, labels, createdBy } = token;
    const agent: AgentRecord = {
      ...{ agentId: newAgentId(), name: name || attempt.name, publicKey: attempt.publicKey.toString('base64'), keyNumber: 1 },
      ...{ namespaces, pool, labels, createdAtMs: nowMs, createdBy, expiresAtMs: nowMs + KEY_AGE_LIMIT_MS },
    };
    // The one step that decides, in the store: of all coordinators, and whatever Redis has lost.
    if (!(await this.#limited(() => store.createSwitch(USED_JOIN_TOKENS, hash, { agentId: agent.agentId, atMs: nowMs })))) throw refused();
    try {
      await before(aboutAgent(agent));
    } catch (error) {
      // It could not be written down, so nothing was done: the token is as good as before.
      await this.#limited(() => store.removeSwitch(USED_JOIN_TOKENS, hash)).catch(() => undefined);
      throw error;
    }
    await this.#write(agent);
    succeeded();
    logger.info({ agentId: agent.agentId, agent: agent.name, namespaces, pool, invitedBy: createdBy }, 'an agent has joined');
    return { agent, server: store.storeId };
  }

  /** Ends an agent for good. */
  async revoke(by: Identity, idOrName: string, before: Before): Promise<AgentRecord> {
    const { store, book, clock, logger } = this.#parts;
    const visible = (await book.all()).filter(({ namespaces }) => coversAll(by.namespaces, namespaces));
    const named = visible.filter(({ name, revokedAtMs }) => name === idOrName && revokedAtMs === undefined);
    const found = visible.find(({ agentId }) => agentId === idOrName) ?? named[0];
    if (!found)
      throw new AppError(
        'not_found',
        `no agent ${JSON.stringify(idOrName)} has joined here; \`assay agents -o wide\` shows how each proves itself, and one with a token ends with \`assay token revoke\``,
      );
    if (found.agentId !== idOrName && named.length > 1)
      throw new AppError(
        'invalid',
        `${named.length} agents are called ${JSON.stringify(idOrName)}; name one by its id (${named
          .map((a) => a.agentId)
          .slice(0, 10)
          .join(', ')})`,
      );
    await before(aboutAgent(found));
    if (found.revokedAtMs !== undefined) return found;
    const agent = { ...found, revokedAtMs: clock.now(), revokedBy: describeIdentity(by) };
    const { revokedAtMs, revokedBy } = agent;
    await this.#limited(() => store.putSwitch(REVOKED_AGENTS, agent.agentId, { revokedAtMs, revokedBy }));
    await this.#write(agent);
    logger.info({ agentId: agent.agentId, agent: agent.name, by: revokedBy }, 'an agent was revoked');
    return agent;
  }

  async #write(agent: AgentRecord): Promise<void> {
    const { store, book, notify } = this.#parts;
    await this.#limited(() => store.putSwitch(AGENTS, agent.agentId, storedAgentOf(agent)));
    book.take(agent);
    // A notice that is lost costs two seconds.
    await notify(agent.agentId).catch(() => undefined);
  }

  /** Takes away what has long been over; how many join tokens are left. */
  async #tidied(): Promise<number> {
    const { store, book, clock } = this.#parts;
    const tokens = await this.#limited(() => store.switches(JOIN_TOKENS));
    const isOver = (value: unknown): boolean => (joinTokenOf(value)?.expiresAtMs ?? 0) < clock.now() - KEEP_MS;
    const over = [...tokens].filter(([, value]) => isOver(value)).map(([hash]) => hash);
    // First the token, then that it was used: what was used is never good again.
    for (const kind of [JOIN_TOKENS, USED_JOIN_TOKENS]) for (const hash of over) await this.#limited(() => store.removeSwitch(kind, hash));
    const agents = new Set((await book.all()).map(({ agentId }) => agentId));
    for (const agentId of (await this.#limited(() => store.switches(REVOKED_AGENTS))).keys())
      if (!agents.has(agentId)) await this.#limited(() => store.removeSwitch(REVOKED_AGENTS, agentId));
    return tokens.size - over.length;
  }

  #limited<T>(work: () => Promise<T>): Promise<T> {
    return withDeadline({ ms: STORE_MS, what: 'the store', clock: this.#parts.clock }, work);
  }
}

/** The same for all: nobody learns which tokens there are, or were. */
const refused = (): AppError =>
  new AppError(
    'unauthenticated',
    'the join token is not one of this fleet, is over, or was used, or the signature is not that of the key; ask for another token',
  );

const about = (target: string, namespaces: Namespaces): AboutToken => ({
  target,
  ...(namespaces !== '*' && namespaces.length === 1 && { namespace: namespaces[0]! }),
});

const aboutAgent = ({ agentId, name, namespaces }: AgentRecord): AboutToken => about(`${agentId} ${name}`, namespaces);
