/** Small JSON values that operators set, and API tokens: one file each, in a folder for each kind. */
import { readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { invalid } from '../../shared/domain/errors.ts';
import { guarded, ifPresent, makeFolder, namesIn, syncFolder, type Placer } from './files.ts';

const MAX_BYTES = 64 * 1024;
const ENDING = '.json';
/** Files that are read at the same time: all tokens are, every two seconds, and one by one each costs several times as much. */
const AT_ONCE = 8;

export class Switches {
  readonly #folder: string;
  readonly #placer: Placer;

  constructor(folder: string, placer: Placer) {
    this.#folder = folder;
    this.#placer = placer;
  }

  put(kind: string, name: string, value: unknown): Promise<void> {
    return guarded(`switches/${kind}`, async () => {
      const bytes = switchBytes(kind, name, value);
      await this.#placer.replace(await makeFolder(this.#folder, kind), name + ENDING, bytes);
    });
  }

  create(kind: string, name: string, value: unknown): Promise<boolean> {
    return guarded(`switches/${kind}`, async () => {
      const bytes = switchBytes(kind, name, value);
      return this.#placer.create(await makeFolder(this.#folder, kind), name + ENDING, bytes);
    });
  }

  remove(kind: string, name: string): Promise<void> {
    return guarded(`switches/${kind}`, async () => {
      checkSwitch(kind, name);
      const folder = join(this.#folder, kind);
      if ((await ifPresent(() => unlink(join(folder, name + ENDING)).then(() => true))) === true) await syncFolder(folder);
    });
  }

  one(kind: string, name: string): Promise<unknown> {
    return guarded(`switches/${kind}`, async () => {
      checkSwitch(kind, name);
      return await this.#read(kind, name + ENDING);
    });
  }

  all(kind: string): Promise<Map<string, unknown>> {
    return guarded(`switches/${kind}`, async () => {
      checkSwitch(kind, 'x');
      const found = new Map<string, unknown>();
      const files = (await namesIn(join(this.#folder, kind))).filter((file) => file.endsWith(ENDING));
      for (let i = 0; i < files.length; i += AT_ONCE) {
        const some = files.slice(i, i + AT_ONCE);
        const values = await Promise.all(some.map((file) => this.#read(kind, file)));
        for (const [j, value] of values.entries()) if (value !== undefined) found.set(some[j]!.slice(0, -ENDING.length), value);
      }
      return found;
    });
  }

  async #read(kind: string, file: string): Promise<unknown> {
    const text = await ifPresent(() => readFile(join(this.#folder, kind, file), 'utf8'));
    return text === undefined ? undefined : parsed(text);
  }
}

/** undefined: it is damaged; its operator sets it again. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A switch as bytes; throws `invalid` for one that is too large, or has no name. */
export function switchBytes(kind: string, name: string, value: unknown): Buffer {
  checkSwitch(kind, name);
  const bytes = Buffer.from(`${JSON.stringify(value ?? null)}\n`);
  if (bytes.length > MAX_BYTES)
    throw invalid(`switch ${kind}/${name}`, [{ place: '', problem: `has ${bytes.length} bytes; at most ${MAX_BYTES} are kept` }]);
  return bytes;
}

/** Throws `invalid` for what is no kind, or no name, of a switch. */
export function checkSwitch(kind: string, name: string): void {
  const faults = [];
  if (!/^[a-z-]{1,50}$/.test(kind))
    faults.push({ place: 'kind', problem: `${JSON.stringify(kind.slice(0, 60))} is not made of a–z and -` });
  if (!/^[\w.-]{1,200}$/.test(name))
    faults.push({ place: 'name', problem: `${JSON.stringify(name.slice(0, 210))} is not 1 to 200 of A–Z a–z 0–9 . _ -` });
  if (faults.length > 0) throw invalid('switch', faults);
}
