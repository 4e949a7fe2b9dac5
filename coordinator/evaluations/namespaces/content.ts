/**
 * Content that specs bring, within the quota of the namespace whose it becomes. Nobody knows how much it is before it is read, so room is promised
 * piece by piece, before the store gets each; and it is claimed at once, so that nothing lies there uncounted. Without a bound all is as the store has it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/domain/errors.ts';
import type { ContentStore } from '../../datasets/datasets.ts';
import { holdsContent } from '../../store/claims.ts';
import type { Store } from '../../store/store.ts';
import type { NamespaceBook } from './book.ts';
import { HELD_MS, heldBy, type Quotas } from './quotas.ts';
import { FEWER_BYTES, over } from './refusals.ts';
import { promise, type Promises } from './reservations.ts';

/** What is promised ahead of what was read: that much, or an eighth of it. */
const AHEAD_BYTES = 1 << 14;

type Chunks = AsyncIterable<Uint8Array>;

export interface QuotaContentParts {
  store: Store;
  book: Pick<NamespaceBook, 'mayBound'>;
  quotas: Pick<Quotas, 'limitsOf' | 'content'>;
  reservations: Promises;
}

export function contentWithin(parts: QuotaContentParts): ContentStore {
  const { store, book, quotas } = parts;
  const isBounded = (namespace: string): boolean => book.mayBound(namespace, 'maxContentBytes');
  return {
    claims: {
      has: (namespace, digest) => store.claims.has(namespace, digest),
      of: (namespace) => store.claims.of(namespace),
      put: async (namespace, digest) =>
        quotas.content(namespace, digest, await store.contentSize(digest), () => store.claims.put(namespace, digest)),
    },
    hasContent: (digest) => store.hasContent(digest),
    streamContent: (digest) => store.streamContent(digest),
    putContent: (digest, chunks, maxBytes, namespace) => {
      const keep = (own: Chunks): Promise<void> => store.putContent(digest, own, maxBytes);
      if (!isBounded(namespace)) return keep(chunks);
      return keptIn(parts, namespace, chunks, (own) => keep(own).then(() => ({ digest }))).then(() => undefined);
    },
    addContent: (chunks, maxBytes, { namespace, again }) => {
      const keep = (own: Chunks): Promise<{ digest: string }> => store.addContent(own, maxBytes);
      if (!isBounded(namespace)) return keep(chunks);
      return keptIn(parts, namespace, chunks, keep).catch(async (error: unknown) => {
        if (AppError.from(error).reason !== 'NAMESPACE_QUOTA') throw error;
        // What it holds already takes no more; whether it is that shows at its end.
        const digest = await digestWithin(again(), maxBytes).catch(() => undefined);
        if (digest === undefined || !(await holdsContent(store, namespace, digest))) throw error;
        return { digest };
      });
    },
  };
}
/** Has the chunks kept and claimed, none of them before there is room for it. */
async function keptIn(
  { store, quotas, reservations }: QuotaContentParts,
  namespace: string,
  chunks: Chunks,
  keep: (chunks: Chunks) => Promise<{ digest: string }>,
): Promise<{ digest: string }> {
  const { maxContentBytes: limit } = await quotas.limitsOf(namespace);
  if (limit === undefined) return keep(chunks);
  const place = { namespace, quota: 'maxContentBytes' } as const;
  const name = `reading ${randomBytes(8).toString('hex')}`;
  // Whatever comes to be held meanwhile was promised before, and is for longer than this takes.
  const heldMs = HELD_MS.maxContentBytes;
  let seen = await heldBy(store, namespace);
  const look = async (which: 'known' | 'new') => (which === 'known' ? seen : (seen = await heldBy(store, namespace)));
  const ask = (amount: number) => promise(reservations, place, { name, amount, limit, heldMs }, look);
  let bytes = 0;
  let promised = 0;
  const more = async (): Promise<void> => {
    let amount = bytes + Math.max(AHEAD_BYTES, Math.floor(bytes / 8));
    let answer = await ask(amount);
    // All that is left.
    if (!answer.granted && answer.used + bytes <= limit) answer = await ask((amount = limit - answer.used));
    if (!answer.granted) throw over(namespace, 'maxContentBytes', { limit, used: answer.used, needed: bytes }, FEWER_BYTES);
    promised = amount;
  };
  const within = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > promised) await more();
      yield chunk;
    }
  };
  try {
    const { digest } = await keep(within());
    if (!(await store.claims.has(namespace, digest))) {
      // Under its own name from here on, as an upload is; room for it is there.
      const own = { name: digest, amount: bytes, limit: Number.MAX_SAFE_INTEGER, heldMs, seen };
      await reservations.reserve(place, own);
      await store.claims.put(namespace, digest);
      await reservations.settle(place, digest).catch(() => undefined);
    }
    return { digest };
  } finally {
    await reservations.release(place, [name]).catch(() => undefined);
  }
}

/** The digest of what is not kept; undefined: it is more than may be. */
async function digestWithin(chunks: Chunks, maxBytes: number): Promise<string | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    hash.update(chunk);
  }
  return `sha256:${hash.digest('hex')}`;
}
