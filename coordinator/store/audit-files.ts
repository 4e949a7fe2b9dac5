/** The audit log as files that are written once: `audit/<chain>/<number of the first entry>.jsonl`. What is in them is coordinator/audit's matter. */
import { readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../../shared/domain/errors.ts';
import { guarded, ifPresent, makeFolder, namesIn, type Placer } from './files.ts';
import type { AuditPieces } from './store.ts';

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

  /** folder: is made with the first entry. */
  constructor(store: string, placer: Placer) {
    this.#folder = store;
    this.#placer = placer;
  }

  async put(chain: string, first: number, bytes: Buffer): Promise<boolean> {
    checkChain(chain);
    return guarded(`${AUDIT_FOLDER}/${chain}`, async () => {
      const folder = await makeFolder(await makeFolder(this.#folder, AUDIT_FOLDER), chain);
      try {
        return await this.#placer.create(folder, auditFileOf(first), bytes);
      } catch (error) {
        // Of a chain that could not be begun nothing is to stay.
        await rmdir(folder).catch(() => undefined);
        throw error;
      }
    });
  }

  chains(): Promise<string[]> {
    return guarded(AUDIT_FOLDER, async () => (await namesIn(join(this.#folder, AUDIT_FOLDER))).filter((name) => CHAIN.test(name)));
  }

  async pieces(chain: string): Promise<number[]> {
    checkChain(chain);
    return guarded(AUDIT_FOLDER, async () => (await namesIn(join(this.#folder, AUDIT_FOLDER, chain))).flatMap(numberOf));
  }

  async read(chain: string, first: number): Promise<Buffer | undefined> {
    checkChain(chain);
    return guarded(AUDIT_FOLDER, () => ifPresent(() => readFile(join(this.#folder, AUDIT_FOLDER, chain, auditFileOf(first)))));
  }
}
