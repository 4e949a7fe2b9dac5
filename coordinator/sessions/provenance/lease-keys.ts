/**
 * The keys that leases are signed with. The store keeps them, so all coordinators have the same ones and a Redis that is lost takes none with
 * it. A new one is made every week; an old one stays as long as anything that it has signed may still be shown.
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { withDeadline } from '../../../shared/runtime/abort.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { FairLooks } from '../../../shared/runtime/fair-looks.ts';
import { Duty, type Service } from '../../../shared/runtime/service.ts';
import type { Store } from '../../store/store.ts';
import { sealed, unsealed } from './seal.ts';
import { keyIdOf, openLease, signLease, type LeaseClaims, type LeaseKey } from './lease-token.ts';

/** The kind of switch that they are. */
export const LEASE_KEYS = 'lease-keys';
const DAY_MS = 24 * 3_600_000;
/**
 * How long a lease can be proved. Not how long it lasts: whose turn a task is the ledger decides, so a long time gives nobody anything. It must
 * be longer than any task runs, and than an agent with results in its spool may be away.
 */
export const LEASE_VALID_MS = 30 * DAY_MS;
const ROTATE_MS = 7 * DAY_MS;
/** A new key signs when all coordinators have had the time to read it; one that has not looks it up. */
const SETTLE_MS = 60_000;
const REFRESH_MS = 20_000;
/** Beyond the last lease of a key: clocks differ, and a coordinator may have been halted while it signed. */
const SLACK_MS = DAY_MS;
const LOOK_MS = 5_000;
/** Whoever makes up keys costs the store no more than that, and keeps no other agent from having one looked up. */
const LOOKS = { places: 4, placesOfEach: 2, inVain: 20, inVainPerSecond: 1 };
/** What is no key is remembered as such for so long. */
const UNKNOWN_MS = 10_000;
const MAX_UNKNOWN = 1_000;

const SCHEMA = z.object({ secret: z.base64().min(40).max(200), createdAtMs: z.number() });

interface RingKey extends LeaseKey {
  createdAtMs: number;
}

/** unknown: signed by a key that is not in the ring, or is no more. forged: not signed by the key that it names, or no lease at all. */
export type OpenedLease = { claims: LeaseClaims } | { problem: 'unknown' | 'forged' };

/** What the ring of keys is made of. */
export interface LeaseKeysParts {
  store: Pick<Store, 'switches' | 'switchOf' | 'putSwitch' | 'removeSwitch'>;
  clock: Clock;
  /** So many bytes that nobody can guess. */
  random?: (bytes: number) => Buffer;
  onTrouble: (error: unknown) => void;
}

export class LeaseKeys implements Service {
  readonly #parts: LeaseKeysParts;
  readonly #duty: Duty;
  /** By id, the oldest first. */
  #ring: ReadonlyMap<string, RingKey> = new Map();
  readonly #looks = new Map<string, Promise<void>>();
  readonly #unknown = new Map<string, number>();
  readonly #fair: FairLooks;

  constructor(parts: LeaseKeysParts) {
    this.#parts = parts;
    this.#fair = new FairLooks({ ...LOOKS, clock: parts.clock });
    this.#duty = new Duty({ clock: parts.clock, periodMs: REFRESH_MS, onError: parts.onTrouble, run: () => this.refresh() });
  }

  /** Nothing may be granted before there is a key. */
  async start(): Promise<void> {
    await this.refresh();
    await this.#duty.start();
  }

  stop(): Promise<void> {
    return this.#duty.stop();
  }

  /** Reads the ring; makes a new key when the youngest is old, and lets go of those that nothing needs. */
  async refresh(): Promise<void> {
    const { store, clock } = this.#parts;
    const now = clock.now();
    const found = [...(await store.switches(LEASE_KEYS))].flatMap(([id, value]) => keyOf(id, value) ?? []);
    this.#take(found);
    // One that says to come from the future would never grow old.
    const youngest = [...this.#ring.values()].findLast(({ createdAtMs }) => createdAtMs - now <= SLACK_MS);
    if (!youngest || now - youngest.createdAtMs > ROTATE_MS) await this.rotate();
    const keys = [...this.#ring.values()];
    for (const [i, { id }] of keys.entries()) {
      const next = keys[i + 1];
      if (next && next.createdAtMs + LEASE_VALID_MS + SLACK_MS < now) await store.removeSwitch(LEASE_KEYS, id);
    }
  }

  /** Makes a new key, which signs a minute later. */
  async rotate(): Promise<void> {
    const { store, clock, random = randomBytes } = this.#parts;
    const id = random(8).toString('hex');
    const value = { secret: random(32).toString('base64'), createdAtMs: clock.now() };
    await store.putSwitch(LEASE_KEYS, id, value);
    this.#take([...this.#ring.values(), keyOf(id, value)!]);
  }

  get canSign(): boolean {
    return this.#ring.size > 0;
  }

  /** The one that all coordinators have had the time to read. */
  #current(): LeaseKey | undefined {
    const now = this.#parts.clock.now();
    const keys = [...this.#ring.values()];
    return keys.findLast(({ createdAtMs }) => now - createdAtMs >= SETTLE_MS) ?? keys[0];
  }

  /** A signed lease; undefined: there is no key yet. */
  sign(claims: Omit<LeaseClaims, 'expiresAtMs'>): Buffer | undefined {
    const key = this.#current();
    return key && signLease(key, { ...claims, expiresAtMs: Math.floor(this.#parts.clock.now()) + LEASE_VALID_MS });
  }

  /** For another coordinator alone, whatever it goes through; undefined: there is no key yet. */
  seal(text: string, about: string): string | undefined {
    const key = this.#current();
    return key && sealed(key, text, about);
  }

  /** What another one has sealed; undefined: it is no such thing, or its key is not known here. */
  unseal(text: string, about: string): string | undefined {
    return unsealed((id) => this.#ring.get(id), text, about);
  }

  /**
   * What a lease says, if one of the keys has signed it. A key that is not known here may have been made elsewhere a moment ago. `who`: the identity
   * that shows it.
   */
  open(lease: Buffer, who: string): OpenedLease | Promise<OpenedLease> {
    const id = keyIdOf(lease);
    if (id === undefined) return { problem: 'forged' };
    const key = this.#ring.get(id);
    if (key) return opened(key, lease);
    const isUnknown = (this.#unknown.get(id) ?? -Infinity) > this.#parts.clock.monotonic();
    return isUnknown ? { problem: 'unknown' } : this.#lookedUp(id, lease, who);
  }

  #take(keys: readonly RingKey[]): void {
    const sorted = keys.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1));
    this.#ring = new Map(sorted.map((key) => [key.id, key]));
    for (const { id } of sorted) this.#unknown.delete(id);
  }

  /** Throws `unavailable` where the store does not answer: then nothing can be said of the lease. */
  async #lookedUp(id: string, lease: Buffer, who: string): Promise<OpenedLease> {
    let look = this.#looks.get(id);
    if (!look) {
      look = this.#fair.look(who, () => this.#look(id)).finally(() => this.#looks.delete(id));
      this.#looks.set(id, look);
    }
    await look;
    const key = this.#ring.get(id);
    return key ? opened(key, lease) : { problem: 'unknown' };
  }

  /** Whether there is one. */
  async #look(id: string): Promise<boolean> {
    const { store, clock } = this.#parts;
    const value = await withDeadline({ ms: LOOK_MS, what: 'a look for the key of a lease', clock }, () => store.switchOf(LEASE_KEYS, id));
    const key = keyOf(id, value);
    if (key) this.#take([...this.#ring.values(), key]);
    if (key) return true;
    if (this.#unknown.size >= MAX_UNKNOWN) this.#unknown.delete(this.#unknown.keys().next().value!);
    this.#unknown.set(id, clock.monotonic() + UNKNOWN_MS);
    return false;
  }
}

function keyOf(id: string, value: unknown): RingKey | undefined {
  const read = SCHEMA.safeParse(value);
  if (!read.success || !/^[0-9a-f]{16}$/.test(id)) return undefined;
  return { id, secret: createSecretKey(Buffer.from(read.data.secret, 'base64')), createdAtMs: read.data.createdAtMs };
}

function opened(key: LeaseKey, lease: Buffer): OpenedLease {
  const claims = openLease(key, lease);
  return claims ? { claims } : { problem: 'forged' };
}
