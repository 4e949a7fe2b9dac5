/**
 * Whose an agent's id is, where the agent has no key of its own: the identity's that came with it first, at whichever coordinator. An id is no
 * secret, so whoever else comes with it is another agent, and is refused.
 */
import { z } from 'zod';
import { AppError } from '../../../shared/domain/errors.ts';
import { isAgentId } from '../../../shared/domain/ids.ts';
import { coversAll, type Identity } from '../../../shared/domain/identity.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { TokenBook } from '../token-book.ts';
import type { OwnerRecords, OwnerWish } from './owner-records.ts';

const HOUR_MS = 3_600_000;
/** An id that nobody has come with for so long is anybody's. */
const KEEP_MS = 7 * 24 * HOUR_MS;
/** The coordinator's own token, and this machine, take any id: theirs need no more than to be kept while they are used. */
const KEEP_LOCAL_MS = HOUR_MS / 4;
/** Others may take it at the same moment. */
const TRIES = 5;

const OWNER = z.object({ owner: z.string(), tokenId: z.string().optional(), namespaces: z.union([z.literal('*'), z.array(z.string())]) });
type Owner = z.infer<typeof OWNER>;

export interface OwnersParts {
  records: OwnerRecords;
  tokens: Pick<TokenBook, 'all'>;
  clock: Pick<Clock, 'now'>;
}

export class Owners {
  readonly #parts: OwnersParts;

  constructor(parts: OwnersParts) {
    this.#parts = parts;
  }

  /** Throws `permission_denied` where the id is another one's. */
  async claim(agentId: string, by: Identity): Promise<void> {
    // What is no id is refused as such, with all else that is wrong with the Hello.
    if (!isAgentId(agentId)) return;
    let instead = '';
    for (let tried = 0; tried < TRIES; tried++) {
      const held = await this.#parts.records.put(wishOf(agentId, by, instead));
      if (held === undefined) return;
      if (!(await this.#mayFollow(by, held))) throw refused(agentId);
      instead = held;
    }
    throw new AppError('unavailable', `others take ${agentId} at this moment; try again`);
  }

  /** Its agent is still here. What has become another one's meanwhile stays with that one. */
  async renew(agentId: string, by: Identity): Promise<void> {
    if (isAgentId(agentId)) await this.#parts.records.put(wishOf(agentId, by, ''));
  }

  async #mayFollow(by: Identity, held: string): Promise<boolean> {
    const before = ownerOf(held);
    if (by.kind === 'local' || before?.owner === nameOf(by)) return true;
    return before?.tokenId !== undefined && this.#succeeds(by, before);
  }

  /**
   * A token goes before its end, and its agent stays the same one. The next token of that name is its own: who makes tokens gives them their names,
   * and nobody makes one that reaches further than himself. A token that is over makes room for whoever may all that it might.
   */
  async #succeeds(by: Identity, { tokenId, namespaces }: Owner): Promise<boolean> {
    const tokens = await this.#parts.tokens.all();
    const old = tokens.find(({ id }) => id === tokenId);
    const isOver = !old || old.revokedAtMs !== undefined || old.expiresAtMs <= this.#parts.clock.now();
    const reachesAll = coversAll(by.namespaces, namespaces);
    if (isOver && reachesAll) return true;
    const next = tokens.find(({ id }) => id === by.tokenId);
    if (!old || !next || next.name !== old.name) return false;
    return reachesAll || (next.createdBy === old.createdBy && coversAll(namespaces, by.namespaces));
  }
}

/** What stays the same of an identity as long as it is the same one. */
const nameOf = ({ kind, name, tokenId, origin }: Identity): string =>
  kind === 'local' ? 'local' : kind === 'token' ? `token ${tokenId}` : JSON.stringify([kind, origin ?? '', name]);

function wishOf(agentId: string, by: Identity, instead: string): OwnerWish {
  const { tokenId, namespaces } = by;
  const owner = nameOf(by);
  const record: Owner = { owner, ...(tokenId === undefined ? {} : { tokenId }), namespaces: namespaces === '*' ? '*' : [...namespaces] };
  return { agentId, owner, text: JSON.stringify(record), instead, keepMs: by.kind === 'local' ? KEEP_LOCAL_MS : KEEP_MS };
}

/** undefined: it cannot be understood, and so it is nobody's who comes. */
function ownerOf(text: string): Owner | undefined {
  try {
    return OWNER.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Says nothing of whose it is. */
const refused = (agentId: string): AppError =>
  new AppError(
    'permission_denied',
    `${agentId} is the id of an agent of another identity; give this agent a spool of its own, or, if it is the same agent, a token of the same name as before, or revoke the token that it had`,
  );
