/**
 * What is known of the store as a whole, for people: what it holds, what retention and collection did last. Lies in the store, so that
 * every coordinator shows the same, also after Redis was lost. Nothing is decided by it but when the next round is due.
 */
import type { StoreStatus } from '../../../shared/client/types.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Store } from '../../store/store.ts';

const [KIND, NAME] = ['retention', 'status'];
/** How long a picture of it is shown. */
const FRESH_MS = 10_000;

export const emptyStatus = (): StoreStatus => ({
  measuredAtMs: 0,
  finished: 0,
  finishedBytes: 0,
  kept: 0,
  keptBytes: 0,
  policy: {},
});

export class StoreBoard {
  readonly #store: Pick<Store, 'putSwitch' | 'switches' | 'space'>;
  readonly #clock: Clock;
  #noted: Partial<StoreStatus> = {};
  #shown: { status: Promise<StoreStatus>; untilMs: number } | undefined;

  constructor(store: Pick<Store, 'putSwitch' | 'switches' | 'space'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** As it was written last. */
  async read(): Promise<StoreStatus> {
    return { ...emptyStatus(), ...((await this.#store.switches(KIND)).get(NAME) as Partial<StoreStatus> | undefined) };
  }

  /** For people, with the room that there is now; some seconds old. */
  async show(): Promise<StoreStatus> {
    const now = this.#clock.monotonic();
    if (!this.#shown || this.#shown.untilMs <= now) {
      const status = this.#look();
      this.#shown = { status, untilMs: now + FRESH_MS };
      status.catch(() => (this.#shown = undefined));
    }
    return this.#shown.status;
  }

  /** Goes into the next write. */
  note(status: Partial<StoreStatus>): void {
    Object.assign(this.#noted, status);
  }

  async write(status: Partial<StoreStatus>): Promise<void> {
    await this.#store.putSwitch(KIND, NAME, { ...(await this.read()), ...this.#noted, ...status });
    this.#noted = {};
  }

  async #look(): Promise<StoreStatus> {
    const [status, space] = await Promise.all([this.read(), this.#store.space()]);
    return { ...status, ...space };
  }
}
