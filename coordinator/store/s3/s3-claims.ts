/** Which namespaces hold which content, in S3: the empty object `claims/of-NAMESPACE/HEX`. See claims.ts. */
import type { Clock } from '../../../shared/runtime/clock.ts';
import { claimsOf, namespaceOfClaims } from '../claims.ts';
import { hexOf } from '../content-bytes.ts';
import type { ContentClaims } from '../store.ts';
import type { Bucket, ObjectInfo } from './bucket.ts';

/** Said again at most so often: a small part of any grace. */
const TOUCH_MS = 10 * 60_000;

export class S3Claims implements ContentClaims {
  readonly #bucket: Bucket;
  readonly #clock: Clock;

  constructor(bucket: Bucket, clock: Clock) {
    this.#bucket = bucket;
    this.#clock = clock;
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

  /** Digests that a namespace holds. */
  async *of(namespace: string): AsyncGenerator<string> {
    for await (const object of this.#bucket.list(`claims/${claimsOf(namespace)}/`)) {
      const claim = claimIn(object);
      if (claim) yield claim.digest;
    }
  }
}

/** What an object claims; undefined: it is no claim. */
export function claimIn({ key }: ObjectInfo): { namespace: string; digest: string } | undefined {
  const [, name = '', hex = ''] = key.split('/');
  const namespace = namespaceOfClaims(name);
  return namespace === undefined || !/^[0-9a-f]{64}$/.test(hex) ? undefined : { namespace, digest: `sha256:${hex}` };
}

const keyOf = (namespace: string, digest: string): string => `claims/${claimsOf(namespace)}/${hexOf(digest)}`;
