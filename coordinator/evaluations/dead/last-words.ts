/**
 * What agents said last before they crashed. It is content of the store, named by its digest, because Redis holds no text of agents; a
 * dead letter holds it as a whole.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { PreviousLife } from '../../../shared/rpc/messages.ts';
import { MAX_WORDS_CHARS } from '../../store/control-records.ts';
import type { Store } from '../../store/store.ts';
import type { CrashEvidence } from '../../ledger/types.ts';

const MAX_BYTES = 64 * 1024;

export class LastWords {
  readonly #store: Pick<Store, 'addContent' | 'readContent'>;

  constructor(store: Pick<Store, 'addContent' | 'readContent'>) {
    this.#store = store;
  }

  /** The evidence of a crash that the agent itself tells of. */
  async evidenceOf(agent: string, life: PreviousLife): Promise<CrashEvidence> {
    const seen = life.seenAtMs > 0 ? `, last seen ${new Date(life.seenAtMs).toISOString()}` : '';
    const evidence = { agent, instanceId: life.instanceId, exit: `ended without order${seen}` };
    if (life.lastOutput === '') return evidence;
    const { digest } = await this.#store.addContent(chunksOf(life.lastOutput), MAX_BYTES);
    return { ...evidence, words: digest };
  }

  /** '' where they are not kept any more. */
  async read(digest: string | undefined): Promise<string> {
    if (digest === undefined) return '';
    try {
      return (await this.#store.readContent(digest)).toString('utf8').slice(0, MAX_WORDS_CHARS);
    } catch (error) {
      if (AppError.from(error).code === 'unavailable') throw error;
      return '';
    }
  }
}

async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}
