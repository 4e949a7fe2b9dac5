/** The audit log in a bucket: one object for each write, `audit/CHAIN/NUMBER.jsonl`. */
import { AUDIT_FOLDER, auditFileOf, checkChain, isChain, numberOf } from '../audit-files.ts';
import type { AuditPieces, AuditPut } from '../store.ts';
import type { Bucket } from './bucket.ts';

const keyOf = (chain: string, first: number): string => `${AUDIT_FOLDER}/${chain}/${auditFileOf(first)}`;

export class S3Audit implements AuditPieces {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async put(chain: string, first: number, bytes: Buffer): Promise<AuditPut> {
    checkChain(chain);
    return (await this.#bucket.create(keyOf(chain, first), bytes)) ? 'written' : 'taken';
  }

  async chains(after = ''): Promise<string[]> {
    const found: string[] = [];
    for await (const name of this.#bucket.folders(`${AUDIT_FOLDER}/`, after)) found.push(name);
    // Others put things there as well, such as the markers of folders.
    return found.filter((name) => isChain(name) && name > after).toSorted();
  }

  async pieces(chain: string, after = 0): Promise<number[]> {
    checkChain(chain);
    const folder = `${AUDIT_FOLDER}/${chain}/`;
    const found: number[] = [];
    for await (const { key } of this.#bucket.list(folder, after === 0 ? '' : auditFileOf(after)))
      found.push(...numberOf(key.slice(folder.length)));
    return found.filter((number) => number > after);
  }

  async read(chain: string, first: number): Promise<Buffer | undefined> {
    checkChain(chain);
    return await this.#bucket.get(keyOf(chain, first));
  }

  async remove(chain: string): Promise<void> {
    // One after the other: what remains after a crash is a beginning without a gap.
    for (const first of (await this.pieces(chain)).toReversed()) await this.#bucket.remove([keyOf(chain, first)]);
  }

  /** A bucket is never full. */
  async reserve(): Promise<void> {}
}
