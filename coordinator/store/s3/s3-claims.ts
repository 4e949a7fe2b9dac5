/**
 * Which namespaces hold which content, in S3: the empty object `claims/of-NAMESPACE/HEX`. See claims.ts. Beside it `HEX_BYTES` notes how large the
 * content is, so that one listing says what a namespace holds: content never changes. A note is written when the size is first asked for; alone
 * it says nothing.
 */
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { claimedSize, claimsOf, namespaceOfClaims } from '../claims.ts';
import { hexOf } from '../content-bytes.ts';
import type { ContentClaims, HeldContent } from '../store.ts';
import type { Bucket, ObjectInfo } from './bucket.ts';

/** Said again at most so often: a small part of any grace. */
const TOUCH_MS = 10 * 60_000;
/** Contents without a note that are asked about together, and at once. */
const ASKED = 256;
const WIDTH = 16;

export class S3Claims implements ContentClaims {
  readonly #bucket: Bucket;
  readonly #clock: Clock;
  readonly #content: { size(digest: string): Promise<number> };

  constructor(bucket: Bucket, clock: Clock, content: { size(digest: string): Promise<number> }) {
    this.#bucket = bucket;
    this.#clock = clock;
    this.#content = content;
  }

  async has(namespace: string, digest: string): Promise<boolean> {
    const key = keyOf(namespace, digest);
    const found = await this.#bucket.info(key);
    if (!found) return false;
    if (this.#clock.now() - found.modifiedMs >= TOUCH_MS) await this.#bucket.put(key, Buffer.alloc(0));
    return true;
  }

  async put(namespace: string, digest: string): Promise<void> {
    await this.#bucket.put(keyOf(namespace, digest), Buffer.alloc(0));
  }

  async *of(namespace: string): AsyncGenerator<HeldContent> {
    // A claim's note comes right behind it.
    let claimed: string | undefined;
    let unknown: string[] = [];
    for await (const object of this.#bucket.list(`claims/${claimsOf(namespace)}/`)) {
      const { digest, sizeBytes } = claimIn(object) ?? {};
      if (digest === undefined) continue;
      if (sizeBytes !== undefined) {
        if (digest !== claimed) continue;
        yield { digest, sizeBytes };
        claimed = undefined;
        continue;
      }
      if (claimed !== undefined) unknown.push(claimed);
      claimed = digest;
      if (unknown.length >= ASKED) yield* await this.#measured(namespace, unknown.splice(0));
    }
    if (claimed !== undefined) unknown.push(claimed);
    yield* await this.#measured(namespace, unknown);
  }

  /** Asks for the sizes, and notes them. */
  async #measured(namespace: string, digests: readonly string[]): Promise<HeldContent[]> {
    const held: HeldContent[] = [];
    await forEachBounded(digests, WIDTH, async (digest) => {
      const sizeBytes = await claimedSize(this.#content, digest);
      held.push({ digest, sizeBytes });
      // Where it cannot be written it is asked for again.
      if (sizeBytes > 0) await this.#bucket.put(`${keyOf(namespace, digest)}_${sizeBytes}`, Buffer.alloc(0)).catch(() => undefined);
    });
    return held;
  }
}

/** What an object claims, or notes of a claim (`sizeBytes`); undefined: neither. */
export function claimIn({ key }: Pick<ObjectInfo, 'key'>): { namespace: string; digest: string; sizeBytes?: number } | undefined {
  const [, name = '', file = ''] = key.split('/');
  const namespace = namespaceOfClaims(name);
  const [, hex, size] = /^([0-9a-f]{64})(?:_(\d{1,15}))?$/.exec(file) ?? [];
  if (namespace === undefined || hex === undefined) return undefined;
  return { namespace, digest: `sha256:${hex}`, ...(size !== undefined && { sizeBytes: Number(size) }) };
}

const keyOf = (namespace: string, digest: string): string => `claims/${claimsOf(namespace)}/${hexOf(digest)}`;
