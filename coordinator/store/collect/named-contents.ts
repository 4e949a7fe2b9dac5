/** The digests that evaluations name, however many, by namespace: in a file of its own that nobody else sees, so that memory stays small. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { hexOf } from '../content-bytes.ts';

export class NamedContents {
  readonly #folder: string;
  readonly #db: DatabaseSync;
  readonly #add: StatementSync;
  readonly #has: StatementSync;
  readonly #hasOf: StatementSync;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#db = new DatabaseSync(join(folder, 'named.db'));
    // Nothing of it outlives this process, so nothing of it need be durable. 8 MiB of it are kept in memory.
    this.#db.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192; CREATE TABLE named (digest BLOB, namespace TEXT, PRIMARY KEY (digest, namespace)) WITHOUT ROWID; BEGIN;',
    );
    this.#add = this.#db.prepare('INSERT OR IGNORE INTO named VALUES (?, ?)');
    this.#has = this.#db.prepare('SELECT 1 FROM named WHERE digest = ? LIMIT 1');
    this.#hasOf = this.#db.prepare('SELECT 1 FROM named WHERE digest = ? AND namespace = ?');
  }

  static async open(): Promise<NamedContents> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-collect-'));
    try {
      return new NamedContents(folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  add(namespace: string, digests: Iterable<string>): void {
    for (const digest of digests) this.#add.run(Buffer.from(hexOf(digest), 'hex'), namespace);
  }

  /** Whether an evaluation of this namespace names it. */
  isOf(namespace: string, digest: string): boolean {
    return this.#hasOf.get(Buffer.from(hexOf(digest), 'hex'), namespace) !== undefined;
  }

  /** Whether any evaluation names it. */
  has(digest: string): boolean {
    return this.#has.get(Buffer.from(hexOf(digest), 'hex')) !== undefined;
  }

  async close(): Promise<void> {
    this.#db.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
