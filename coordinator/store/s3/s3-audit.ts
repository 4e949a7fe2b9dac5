/** The audit log in a bucket: one object for each write, `audit/CHAIN/NUMBER.jsonl`. */
import { AUDIT_FOLDER, auditFileOf, checkChain, isChain, numberOf } from '../audit-files.ts';
import type { AuditPieces } from '../store.ts';
import type { Bucket } from './bucket.ts';

export class S3Audit implements AuditPieces {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async put(chain: string, first: number, bytes: Buffer): Promise<boolean> {
    checkChain(chain);
    return await this.#bucket.create(`${AUDIT_FOLDER}/${chain}/${auditFileOf(first)}`, bytes);
  }

  async chains(): Promise<string[]> {
    const found = new Set<string>();
    for await (const { key } of this.#bucket.list(`${AUDIT_FOLDER}/`)) found.add(key.split('/')[1]!);
    // Others put things there as well, such as the markers of folders.
    return [...found].filter(isChain).toSorted();
  }

  async pieces(chain: string): Promise<number[]> {
    checkChain(chain);
    const folder = `${AUDIT_FOLDER}/${chain}/`;
    const found: number[] = [];
    for await (const { key } of this.#bucket.list(folder)) found.push(...numberOf(key.slice(folder.length)));
    return found;
  }

  async read(chain: string, first: number): Promise<Buffer | undefined> {
    checkChain(chain);
    return await this.#bucket.get(`${AUDIT_FOLDER}/${chain}/${auditFileOf(first)}`);
  }
}
