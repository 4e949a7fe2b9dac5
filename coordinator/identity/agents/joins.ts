/** How agents join, and how they are put out: join tokens are made by who may, used once, and agents are revoked. */
import { isSignedBy, joinBytes } from '../../../shared/domain/agent-key.ts';
import { hashOfToken, isJoinToken, joinTokenIdOf, newJoinToken } from '../../../shared/domain/api-token.ts';
import { bindingOf, checkGiven, isWithin } from '../../../shared/domain/binding.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { newAgentId } from '../../../shared/domain/ids.ts';
import { coversAll, describeIdentity, describeNamespaces, type Identity, type Namespaces } from '../../../shared/domain/identity.ts';
import type { Page, PageRequest } from '../../../shared/client/types.ts';
import { withDeadline } from '../../../shared/runtime/abort.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { SharedLook } from '../../../shared/runtime/shared-look.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Store } from '../../store/store.ts';
import { checkRoom } from '../room.ts';
import { pageOfNewest } from '../newest.ts';
import type { AboutToken, Before } from '../tokens.ts';
import type { AgentBook } from './agent-book.ts';
import { agentRecordOf, AGENTS, KEY_AGE_LIMIT_MS, REVOKED_AGENTS, storedAgentOf, type AgentRecord } from './agent-record.ts';
import { JoinAttempts } from './join-attempts.ts';
import {
  JOIN_TOKENS,
  joinTokenOf,
  revocationOf,
  USED_JOIN_TOKENS,
  useOf,
  type JoinToken,
  type JoinTokenRevocation,
  type JoinTokenUse,
  type StoredJoinToken,
} from './join-token.ts';

/** What takes longer has failed, as far as its caller knows. */
const STORE_MS = 10_000;
/** What is over is forgotten after so long; until then nobody can use it anew, whatever the clocks of the coordinators say. */
const KEEP_MS = 3_600_000;
/** More than is made meanwhile: each join token that is made takes so many away. */
const REMOVED_AT_ONCE = 50;

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
  readonly #tokens = new SharedLook(() => this.#readTokens());
  readonly #used = new SharedLook(() => this.#limited(() => this.#parts.store.switches(USED_JOIN_TOKENS)));
  readonly #tidied = new SharedLook(() => this.#tidy());

  constructor(parts: JoinsParts) {
    this.#parts = parts;
    this.#attempts = new JoinAttempts(parts.clock);
  }

  /** Makes a join token: its secret is in the answer and nowhere else. Nobody gives namespaces that he has not, nor other pools and labels than he is bound to. */
  async invite(by: Identity, wish: JoinWish, before: Before): Promise<{ secret: string; token: JoinToken }> {
    const { store, clock, logger } = this.#parts;
    const { expiresInMs, ...bound } = wish;
    if (!coversAll(by.namespaces, wish.namespaces))
      throw new AppError(
        'permission_denied',
        `${JSON.stringify(by.name)} has only the namespaces ${describeNamespaces(by.namespaces)}, and cannot give ${describeNamespaces(wish.namespaces)}`,
      );
    checkGiven(by.name, by, bindingOf(wish.pool === '' ? [] : [wish.pool], wish.labels));
    checkRoom(await this.#tidied.look(), wish.namespaces, { what: 'join tokens', until: 'wait until some have been over for an hour' });
    const secret = newJoinToken();
    const hash = hashOfToken(secret);
    const createdAtMs = clock.now();
    const namespaces = wish.namespaces === '*' ? ('*' as const) : [...wish.namespaces];
    const stored: StoredJoinToken = {
      ...{ ...bound, namespaces, labels: { ...wish.labels } },
      ...{ createdAtMs, createdBy: describeIdentity(by), expiresAtMs: createdAtMs + expiresInMs },
    };
    const token = { ...stored, hash, id: joinTokenIdOf(hash) };
    await before(aboutToken(token));
    await this.#limited(() => store.putSwitch(JOIN_TOKENS, hash, stored));
    logger.info({ joinTokenId: token.id, name: wish.name, namespaces, pool: wish.pool, by: token.createdBy }, 'a join token was made');
    return { secret, token };
  }

  /** Join tokens that still let somebody in, and reach nowhere where the caller may not; the newest first. */
  async invites(by: Identity, page: PageRequest): Promise<Page<JoinToken>> {
    const { clock } = this.#parts;
    const tokens = await this.#visible(by);
    const used = await this.#used.look();
    return pageOfNewest(
      ['join-tokens', describeNamespaces(by.namespaces)],
      tokens.filter(({ hash, expiresAtMs }) => expiresAtMs > clock.now() && !used.has(hash)),
      page,
    );
  }

  /** Takes a join token back: nobody is let in by it any more. Where somebody was, that is told instead, and who. */
  async uninvite(by: Identity, tokenId: string, before: Before): Promise<JoinToken & JoinTokenRevocation> {
    const { store, clock, logger } = this.#parts;
    const token = (await this.#visible(by)).find(({ id }) => id === tokenId);
    if (!token)
      throw new AppError(
        'not_found',
        `there is no join token ${JSON.stringify(tokenId)} here; \`assay agent invites\` shows those that are good`,
      );
    const endOf = (): Promise<unknown> => this.#limited(() => store.switchOf(USED_JOIN_TOKENS, token.hash));
    refuseUsed(token, await endOf());
    await before(aboutToken(token));
    const revocation: JoinTokenRevocation = { revokedAtMs: clock.now(), revokedBy: describeIdentity(by) };
    // An agent may use it at this moment: whoever is first in the store has the last word.
    if (!(await this.#limited(() => store.createSwitch(USED_JOIN_TOKENS, token.hash, revocation)))) {
      const ended = await endOf();
      refuseUsed(token, ended);
      return { ...token, ...(revocationOf(ended) ?? revocation) };
    }
    logger.info({ joinTokenId: token.id, name: token.name, by: revocation.revokedBy }, 'a join token was revoked');
    return { ...token, ...revocation };
  }

  /**
   * Whoever presents a join token first, and has the key that goes with his signature, is let in; all others are refused alike. Who comes again with
   * the same key has the same answer: the first one may have been lost.
   */
  join(attempt: JoinAttempt, before: Before): Promise<{ agent: AgentRecord; server: string }> {
    return this.#attempts.make(attempt.address, () => this.#join(attempt, before));
  }

  async #join(attempt: JoinAttempt, before: Before): Promise<{ agent: AgentRecord; server: string }> {
    const { store, clock } = this.#parts;
    const hash = hashOfToken(attempt.secret);
    const token = isJoinToken(attempt.secret) ? joinTokenOf(hash, await this.#limited(() => store.switchOf(JOIN_TOKENS, hash))) : undefined;
    if (!token || token.expiresAtMs <= clock.now()) throw refused();
    if (!isSignedBy(attempt.publicKey, joinBytes(hash, attempt.publicKey), attempt.signature)) throw refused();
    const use = await this.#usedBy(token, attempt);
    if (use?.publicKey !== attempt.publicKey.toString('base64')) throw refused();
    return { agent: await this.#entered(token, use, before), server: store.storeId };
  }

  /** By whom a join token is used: this one, if nobody was before. Undefined: it was revoked. */
  async #usedBy({ hash, name, namespaces }: JoinToken, attempt: JoinAttempt): Promise<JoinTokenUse | undefined> {
    const { store, book, clock } = this.#parts;
    const earlier = await this.#limited(() => store.switchOf(USED_JOIN_TOKENS, hash));
    if (earlier !== undefined) return useOf(earlier);
    const room = { what: 'agents', until: 'those that were revoked or are over go after 30 days' };
    checkRoom(await book.all(), namespaces, room);
    const publicKey = attempt.publicKey.toString('base64');
    const use: JoinTokenUse = { agentId: newAgentId(), name: name || attempt.name, publicKey, atMs: clock.now() };
    // The one step that decides, in the store: of all coordinators, and whatever Redis has lost.
    if (await this.#limited(() => store.createSwitch(USED_JOIN_TOKENS, hash, use))) return use;
    return useOf(await this.#limited(() => store.switchOf(USED_JOIN_TOKENS, hash)));
  }

  /**
   * The agent of a used token. Where its join was broken off before it was written down, it is now: all that it is made of stands with the token. It
   * is never written over, so whoever comes again undoes neither a rotation nor a revocation.
   */
  async #entered({ hash, namespaces, pool, labels, createdBy }: JoinToken, use: JoinTokenUse, before: Before): Promise<AgentRecord> {
    const { store, book, notify, logger } = this.#parts;
    const { agentId, name, publicKey, atMs } = use;
    const agent: AgentRecord = {
      ...{ agentId, name, publicKey, keyNumber: 1, namespaces, pool, labels },
      ...{ createdAtMs: atMs, createdBy, expiresAtMs: atMs + KEY_AGE_LIMIT_MS },
    };
    if ((await this.#limited(() => store.switchOf(REVOKED_AGENTS, agentId))) !== undefined) throw refused();
    await before(aboutAgent(agent));
    if (!(await this.#limited(() => store.createSwitch(AGENTS, agentId, storedAgentOf(agent))))) {
      const kept = agentRecordOf(agentId, await this.#limited(() => store.switchOf(AGENTS, agentId)));
      if (kept?.publicKey !== publicKey || kept.revokedAtMs !== undefined) throw refused();
      return kept;
    }
    book.take(agent);
    // A notice that is lost costs two seconds.
    await notify(agentId).catch(() => undefined);
    logger.info({ agentId, agent: name, namespaces, pool, joinTokenId: joinTokenIdOf(hash), invitedBy: createdBy }, 'an agent has joined');
    return agent;
  }

  /** Ends an agent for good. */
  async revoke(by: Identity, idOrName: string, before: Before): Promise<AgentRecord> {
    const { store, book, clock, logger } = this.#parts;
    const visible = (await book.all()).filter((agent) => isWithinReach(by, agent));
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

  /** Those that reach nowhere where the caller may not, used ones too. */
  async #visible(by: Identity): Promise<JoinToken[]> {
    return (await this.#tokens.look()).flatMap(([, token]) => (token && isWithinReach(by, token) ? token : []));
  }

  /** By their hashes; undefined: it cannot be understood. */
  async #readTokens(): Promise<[hash: string, token: JoinToken | undefined][]> {
    const found = await this.#limited(() => this.#parts.store.switches(JOIN_TOKENS));
    return [...found].map(([hash, value]) => [hash, joinTokenOf(hash, value)]);
  }

  /** Takes away some of what has long been over; which join tokens are not. */
  async #tidy(): Promise<JoinToken[]> {
    const { store, book, clock } = this.#parts;
    const tokens = await this.#tokens.look();
    const beforeMs = clock.now() - KEEP_MS;
    const isOver = (token: JoinToken | undefined): boolean => token === undefined || token.expiresAtMs < beforeMs;
    const over = tokens.filter(([, token]) => isOver(token)).map(([hash]) => hash);
    over.splice(REMOVED_AT_ONCE);
    // First the token, then that it was used: what was used is never good again.
    for (const kind of [JOIN_TOKENS, USED_JOIN_TOKENS]) for (const hash of over) await this.#limited(() => store.removeSwitch(kind, hash));
    const agents = new Set((await book.all()).map(({ agentId }) => agentId));
    for (const agentId of (await this.#limited(() => store.switches(REVOKED_AGENTS))).keys())
      if (!agents.has(agentId)) await this.#limited(() => store.removeSwitch(REVOKED_AGENTS, agentId));
    return tokens.flatMap(([, token]) => (token && !isOver(token) ? token : []));
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

/** It is too late to revoke it: what is to be revoked now is the agent. */
function refuseUsed({ id }: JoinToken, ended: unknown): void {
  const use = useOf(ended);
  if (!use) return;
  throw new AppError(
    'failed_precondition',
    `${id} was used by ${use.agentId} (${JSON.stringify(use.name)}); \`assay agent revoke ${use.agentId}\` puts it out`,
  );
}

const about = (target: string, namespaces: Namespaces): AboutToken => ({
  target,
  ...(namespaces !== '*' && namespaces.length === 1 && { namespace: namespaces[0]! }),
});

const aboutToken = ({ id, name, namespaces }: JoinToken): AboutToken => about(`${id} ${name || 'any name'}`, namespaces);

const aboutAgent = ({ agentId, name, namespaces }: AgentRecord): AboutToken => about(`${agentId} ${name}`, namespaces);

/** Whether what an agent may do, or will, lies where the caller may. */
const isWithinReach = (by: Identity, { namespaces, pool, labels }: Pick<JoinToken, 'namespaces' | 'pool' | 'labels'>): boolean =>
  coversAll(by.namespaces, namespaces) && isWithin(by, bindingOf(pool === '' ? [] : [pool], labels));
