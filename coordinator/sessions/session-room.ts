/**
 * What the agents of one identity, and those of one set of namespaces, may take of a coordinator while they are connected: places, and room for
 * what they say of themselves, which every coordinator reads from Redis. One token of one team takes no other team's.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { describeNamespaces, describeProof, type Identity } from '../../shared/domain/identity.ts';
import type { Hello } from '../../shared/rpc/messages.ts';

/** What one agent may say of itself. */
export const MAX_CARD_BYTES = 32 * 1024;
const MIB = 1024 * 1024;

export interface Room {
  readonly sessions: number;
  readonly bytes: number;
}
export const ROOM_OF_IDENTITY: Room = { sessions: 5_000, bytes: 8 * MIB };
export const ROOM_OF_NAMESPACES: Room = { sessions: 10_000, bytes: 16 * MIB };

/** What a Hello says of its agent, in bytes; what it holds is not counted. */
export const cardBytes = ({ name, version, labels, models, capabilities, host }: Hello): number =>
  Buffer.byteLength(JSON.stringify([name, version, labels, models, capabilities, host]));

/** Of one identity, or one set of namespaces: by agent, so that one that comes back is counted once. */
interface Taken {
  readonly agents: Map<string, { bytes: number }>;
  bytes: number;
}

export class SessionRoom {
  readonly #taken = new Map<string, Taken>();
  readonly #rooms: readonly [identity: Room, namespaces: Room];

  constructor(ofIdentity = ROOM_OF_IDENTITY, ofNamespaces = ROOM_OF_NAMESPACES) {
    this.#rooms = [ofIdentity, ofNamespaces];
  }

  /** Throws where there is no room; returns what gives it back. The coordinator's own token, and this machine, have no bound. */
  take(hello: Hello, identity: Identity): () => void {
    if (identity.kind === 'local') return () => undefined;
    const { agentId } = hello;
    const own = { bytes: cardBytes(hello) };
    const keys = [describeProof(identity), `of ${describeNamespaces(identity.namespaces)}`];
    for (const [i, key] of keys.entries()) {
      const { agents = new Map<string, { bytes: number }>(), bytes: taken = 0 } = this.#taken.get(key) ?? {};
      const before = agents.get(agentId);
      const { sessions, bytes } = this.#rooms[i]!;
      if ((!before && agents.size >= sessions) || taken - (before?.bytes ?? 0) + own.bytes > bytes)
        throw new AppError(
          'resource_exhausted',
          `${i === 0 ? 'this identity' : 'these namespaces'} may have ${sessions} agents connected here, which say ${bytes} bytes of themselves together; end some, or let them say less (models, capabilities, labels)`,
        );
    }
    for (const key of keys) {
      const taken = this.#taken.get(key) ?? { agents: new Map<string, { bytes: number }>(), bytes: 0 };
      taken.bytes += own.bytes - (taken.agents.get(agentId)?.bytes ?? 0);
      taken.agents.set(agentId, own);
      this.#taken.set(key, taken);
    }
    return () => {
      for (const key of keys) {
        const taken = this.#taken.get(key);
        // The same agent may be here again.
        if (taken?.agents.get(agentId) !== own) continue;
        taken.agents.delete(agentId);
        taken.bytes -= own.bytes;
        if (taken.agents.size === 0) this.#taken.delete(key);
      }
    };
  }
}
