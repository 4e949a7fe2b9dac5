/** The audit log as files that are written once: `audit/<chain>/<number of the first entry>.jsonl`. What is in them is coordinator/audit's matter. */
import { readFile, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../../shared/domain/errors.ts';
import { AuditReserve, isFull } from './audit-reserve.ts';
import { guarded, ifPresent, makeFolder, namesIn, type Placer } from './files.ts';
import type { AuditPieces, AuditPut } from './store.ts';

export const AUDIT_FOLDER = 'audit';
const ENDING = '.jsonl';
const CHAIN = /^[\w-]{1,100}$/;
export const isChain = (name: string): boolean => CHAIN.test(name);

/** Throws `invalid` for what is no name of a chain. */
export function checkChain(chain: string): void {
  if (!CHAIN.test(chain))
    throw invalid('audit', [{ place: 'chain', problem: `${JSON.stringify(chain.slice(0, 110))} is not 1 to 100 of A–Z a–z 0–9 _ -` }]);
}

/** Names that sort by the number of their first entry. */
export const auditFileOf = (first: number): string => String(first).padStart(12, '0') + ENDING;
/** The number in such a name; none of any other. */
export const numberOf = (name: string): number[] => (/^\d{12}\.jsonl$/.test(name) ? [Number.parseInt(name, 10)] : []);

export class AuditFiles implements AuditPieces {
  readonly #folder: string;
  readonly #placer: Placer;
  readonly #reserve: AuditReserve;

  /** folder: is made with the first entry. */
  constructor(store: string, placer: Placer) {
    this.#folder = store;
    this.#placer = placer;
    this.#reserve = new AuditReserve(placer);
  }

  async put(chain: string, first: number, bytes: Buffer, isUrgent = false): Promise<AuditPut> {
    checkChain(chain);
    return guarded(`${AUDIT_FOLDER}/${chain}`, async () => {
      try {
        const folder = await this.#folderOf(chain);
        return await undoing(folder, async () => ((await this.#placer.create(folder, auditFileOf(first), bytes)) ? 'written' : 'taken'));
      } catch (error) {
        if (!isFull(error)) throw error;
        return isUrgent ? this.#putUrgent(chain, first, bytes) : 'no_room';
      }
    });
  }

  async #putUrgent(chain: string, first: number, bytes: Buffer): Promise<AuditPut> {
    try {
      const folder = await this.#reserve.making(() => this.#folderOf(chain));
      return await undoing(folder, () => this.#reserve.place(folder, join(folder, auditFileOf(first)), bytes));
    } catch (error) {
      if (isFull(error)) return 'no_room';
      throw error;
    }
  }

  async #folderOf(chain: string): Promise<string> {
    return makeFolder(await makeFolder(this.#folder, AUDIT_FOLDER), chain);
  }

  chains(after = ''): Promise<string[]> {
    return guarded(AUDIT_FOLDER, async () =>
      (await namesIn(join(this.#folder, AUDIT_FOLDER))).filter((name) => CHAIN.test(name) && name > after),
    );
  }

  async pieces(chain: string, after = 0): Promise<number[]> {
    checkChain(chain);
    return guarded(AUDIT_FOLDER, async () =>
      (await namesIn(join(this.#folder, AUDIT_FOLDER, chain))).flatMap(numberOf).filter((number) => number > after),
    );
  }

  async read(chain: string, first: number): Promise<Buffer | undefined> {
    checkChain(chain);
    return guarded(AUDIT_FOLDER, () => ifPresent(() => readFile(join(this.#folder, AUDIT_FOLDER, chain, auditFileOf(first)))));
  }

  async remove(chain: string): Promise<void> {
    checkChain(chain);
    await guarded(`${AUDIT_FOLDER}/${chain}`, async () => {
      const folder = join(this.#folder, AUDIT_FOLDER, chain);
      // What remains after a crash is a beginning without a gap.
      for (const name of (await namesIn(folder)).toReversed()) await ifPresent(() => unlink(join(folder, name)));
      await ifPresent(() => rmdir(folder));
    });
  }

  reserve(): Promise<void> {
    return guarded(AUDIT_FOLDER, () => this.#reserve.fill());
  }

  /** Gives back what was kept free. */
  close(): Promise<void> {
    return this.#reserve.drop();
  }
}

/** Of a chain that could not be begun nothing is to stay. */
async function undoing(folder: string, work: () => Promise<AuditPut>): Promise<AuditPut> {
  let put: AuditPut = 'no_room';
  try {
    return (put = await work());
  } finally {
    if (put === 'no_room') await rmdir(folder).catch(() => undefined);
  }
}
