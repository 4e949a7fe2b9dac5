/** Small JSON values that operators set: one object each, `switches/KIND/NAME.json`. */
import { checkSwitch, parsed, switchBytes } from '../switches.ts';
import type { Bucket } from './bucket.ts';

const ENDING = '.json';
/** Values remembered by their object's etag: more than there are tokens, join tokens and agents. */
const REMEMBERED = 65_536;

export class S3Switches {
  readonly #bucket: Bucket;
  readonly #seen = new Map<string, { etag: string; value: unknown }>();

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async put(kind: string, name: string, value: unknown): Promise<void> {
    await this.#bucket.put(keyOf(kind, name), switchBytes(kind, name, value));
  }

  async create(kind: string, name: string, value: unknown): Promise<boolean> {
    return this.#bucket.create(keyOf(kind, name), switchBytes(kind, name, value));
  }

  async remove(kind: string, name: string): Promise<void> {
    checkSwitch(kind, name);
    await this.#bucket.remove([keyOf(kind, name)]);
  }

  async one(kind: string, name: string): Promise<unknown> {
    checkSwitch(kind, name);
    const bytes = await this.#bucket.get(keyOf(kind, name));
    return bytes && parsed(bytes.toString('utf8'));
  }

  async all(kind: string): Promise<Map<string, unknown>> {
    checkSwitch(kind, 'x');
    const folder = `switches/${kind}/`;
    const found = new Map<string, unknown>();
    for await (const { key, etag } of this.#bucket.list(folder)) {
      if (!key.endsWith(ENDING)) continue;
      try {
        const seen = this.#seen.get(key);
        const entry = seen?.etag === etag ? seen : { etag, value: JSON.parse((await this.#bucket.get(key))!.toString('utf8')) as unknown };
        if (this.#seen.size >= REMEMBERED) this.#seen.clear();
        this.#seen.set(key, entry);
        found.set(key.slice(folder.length, -ENDING.length), entry.value);
      } catch (error) {
        // Damaged, or removed this instant: left out; its operator sets it again.
        if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
      }
    }
    return found;
  }
}

const keyOf = (kind: string, name: string): string => `switches/${kind}/${name}${ENDING}`;
