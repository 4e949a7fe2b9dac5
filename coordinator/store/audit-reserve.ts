/**
 * Room that is kept for the audit log where others fill the disk: small files that are there already, and become pieces where they lie. So what
 * makes room (a delete, a collection) can be written down first.
 */
import { link, open, unlink, utimes, writeFile } from 'node:fs/promises';
import { errnoOf, syncFolder, writeFully, type Placer } from './files.ts';
import type { AuditPut } from './store.ts';

const FILES = 16;
/** Of one piece; what is larger finds no room. */
export const RESERVE_BYTES = 16 * 1024;

/** Whether an error says that nothing more fits. */
export const isFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(errnoOf(error));

export class AuditReserve {
  readonly #placer: Placer;
  #kept: string[] = [];
  #filling: Promise<void> | undefined;

  constructor(placer: Placer) {
    this.#placer = placer;
  }

  /** Makes it whole, as far as there is room; to be repeated, since what lies in `tmp` for a day is taken for left over. */
  fill(): Promise<void> {
    return (this.#filling ??= this.#fill().finally(() => (this.#filling = undefined)));
  }

  async #fill(): Promise<void> {
    const now = new Date();
    for (const path of [...this.#kept])
      await utimes(path, now, now).catch(() => {
        this.#kept = this.#kept.filter((one) => one !== path);
      });
    while (this.#kept.length < FILES) {
      const path = `${this.#placer.newPath()}.reserve`;
      try {
        await writeFile(path, Buffer.alloc(RESERVE_BYTES), { flag: 'wx' });
      } catch (error) {
        await unlink(path).catch(() => undefined);
        if (isFull(error)) return;
        throw error;
      }
      this.#kept.push(path);
    }
  }

  /** Makes one of its files the piece at `target`; `folder` is where that lies. */
  async place(folder: string, target: string, bytes: Uint8Array): Promise<AuditPut> {
    if (bytes.length > RESERVE_BYTES) return 'no_room';
    const path = this.#kept.pop();
    if (path === undefined) return 'no_room';
    try {
      const file = await open(path, 'r+');
      try {
        await writeFully(file, bytes);
        await file.truncate(bytes.length);
        await file.sync();
      } finally {
        await file.close();
      }
      await this.making(() => link(path, target));
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return 'taken';
      if (isFull(error)) return 'no_room';
      throw error;
    } finally {
      await unlink(path).catch(() => undefined);
    }
    await syncFolder(folder);
    return 'written';
  }

  /** Runs what needs a little room, and gives up one file after the other until it has it. */
  async making<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const path = isFull(error) ? this.#kept.pop() : undefined;
        if (path === undefined) throw error;
        await unlink(path).catch(() => undefined);
      }
    }
  }

  /** Gives all of it back. */
  async drop(): Promise<void> {
    await this.#filling?.catch(() => undefined);
    for (const path of this.#kept.splice(0)) await unlink(path).catch(() => undefined);
  }
}
