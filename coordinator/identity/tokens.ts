/** What can be done with API tokens: make, list, revoke; each by one who may. */
import { hashOfToken, newApiToken, tokenIdOf } from '../../shared/domain/api-token.ts';
import { checkGiven, isWithin, type Binding } from '../../shared/domain/binding.ts';
import { AppError } from '../../shared/domain/errors.ts';
import {
  coversAll,
  describeIdentity,
  describeNamespaces,
  SCOPES,
  type Identity,
  type Namespaces,
  type Scope,
} from '../../shared/domain/identity.ts';
import type { Page, PageRequest } from '../../shared/client/types.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Store } from '../store/store.ts';
import { pageOfNewest } from './newest.ts';
import { checkRoom } from './room.ts';
import type { TokenBook } from './token-book.ts';
import { storedTokenOf, TOKENS, type TokenRecord } from './token-record.ts';

/** What takes longer has failed, as far as its caller knows. */
const WRITE_MS = 10_000;

export interface TokenWish extends Binding {
  name: string;
  scopes: readonly Scope[];
  namespaces: Namespaces;
  expiresInMs: number;
}

/** Which token, and of which namespace where it has one alone. */
export interface AboutToken {
  target: string;
  namespace?: string;
}

/** Called once it is sure that something may be done; where it rejects nothing is done. */
export type Before = (about: AboutToken) => Promise<void>;
const NOTHING: Before = async () => undefined;

export interface TokensParts {
  store: Pick<Store, 'putSwitch'>;
  book: Pick<TokenBook, 'all' | 'take'>;
  /** Tells the other coordinators of a token, by its hash. */
  notify: (hash: string) => Promise<void>;
  clock: Clock;
  logger: Pick<Logger, 'info'>;
}

export class Tokens {
  readonly #parts: TokensParts;

  constructor(parts: TokensParts) {
    this.#parts = parts;
  }

  /** The secret is in the answer and nowhere else. Nobody gives what he has not. */
  async create(by: Identity, wish: TokenWish, before: Before = NOTHING): Promise<{ secret: string; token: TokenRecord }> {
    const { name, scopes, namespaces, expiresInMs, pools, labels } = wish;
    const { clock, book } = this.#parts;
    const foreign = scopes.filter((scope) => !by.scopes.has(scope));
    if (foreign.length > 0)
      throw new AppError('permission_denied', `${JSON.stringify(by.name)} has not the scope ${foreign.join(', ')}, and so cannot give it`);
    if (!coversAll(by.namespaces, namespaces))
      throw new AppError(
        'permission_denied',
        `${JSON.stringify(by.name)} has only the namespaces ${describeNamespaces(by.namespaces)}, and cannot give ${describeNamespaces(namespaces)}`,
      );
    // Of whoever may let agents in, too.
    if (letsAgentsIn(scopes)) checkGiven(by.name, by, wish);
    checkRoom(await book.all(), namespaces, { what: 'tokens', until: 'those that expired or were revoked go after 30 days' });
    const secret = newApiToken();
    const hash = hashOfToken(secret);
    const createdAtMs = clock.now();
    const token: TokenRecord = {
      ...{
        hash,
        id: tokenIdOf(hash),
        name,
        scopes: SCOPES.filter((scope) => scopes.includes(scope)),
        namespaces: namespaces === '*' ? '*' : [...namespaces],
      },
      ...{ createdAtMs, createdBy: describeIdentity(by), expiresAtMs: createdAtMs + expiresInMs },
      ...(pools && { pools: [...pools] }),
      ...(labels && { labels: { ...labels } }),
    };
    await before(aboutOf(token));
    await this.#write(token, by, 'a token was made');
    return { secret, token };
  }

  async list(by: Identity, page: PageRequest): Promise<Page<TokenRecord>> {
    return pageOfNewest(['tokens', describeNamespaces(by.namespaces)], await this.#visible(by), page);
  }

  async revoke(by: Identity, tokenId: string, before: Before = NOTHING): Promise<TokenRecord> {
    const found = (await this.#visible(by)).find(({ id }) => id === tokenId);
    if (!found)
      throw new AppError('not_found', `there is no token ${JSON.stringify(tokenId)} here; \`assay token list\` shows those there are`);
    await before(aboutOf(found));
    if (found.revokedAtMs !== undefined) return found;
    const token = { ...found, revokedAtMs: this.#parts.clock.now(), revokedBy: describeIdentity(by) };
    await this.#write(token, by, 'a token was revoked');
    return token;
  }

  /** Those that reach nowhere where the caller may not: no other namespaces, and of those that let agents in no other pools and labels. */
  async #visible(by: Identity): Promise<TokenRecord[]> {
    return (await this.#parts.book.all()).filter(
      (token) => coversAll(by.namespaces, token.namespaces) && (!letsAgentsIn(token.scopes) || isWithin(by, token)),
    );
  }

  async #write(token: TokenRecord, by: Identity, what: string): Promise<void> {
    const { store, book, notify, clock, logger } = this.#parts;
    await withDeadline({ ms: WRITE_MS, what: 'the store', clock }, () => store.putSwitch(TOKENS, token.hash, storedTokenOf(token)));
    book.take(token);
    // A notice that is lost costs two seconds.
    await notify(token.hash).catch(() => undefined);
    logger.info(
      { tokenId: token.id, name: token.name, scopes: token.scopes, namespaces: token.namespaces, by: describeIdentity(by) },
      what,
    );
  }
}

const letsAgentsIn = (scopes: readonly Scope[]): boolean => scopes.includes('agent') || scopes.includes('admin');

const aboutOf = ({ id, name, namespaces }: TokenRecord): AboutToken => ({
  target: `${id} ${name}`,
  ...(namespaces !== '*' && namespaces.length === 1 && { namespace: namespaces[0]! }),
});
