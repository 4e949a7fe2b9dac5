/** What a coordinator stands on, with a function around every call of it: for logs and for faults. */
import type { Ground } from '../../../coordinator/core.ts';

/** `call` does what was asked for; the answer of this function is what the coordinator gets. */
export type Around = (place: string, args: readonly unknown[], call: () => unknown) => unknown;

/** The ports that are wrapped. `queue.fetch` is the place of a call. */
export const PORTS = ['store', 'ledger', 'leases', 'queue', 'events', 'flight', 'directory'] as const;

export function groundAround(ground: Ground, around: Around): Ground {
  const wrapped = Object.fromEntries(PORTS.map((port) => [port, portAround(port, ground[port], around)]));
  return { ...ground, ...wrapped };
}

function portAround<T extends object>(port: string, target: T, around: Around): T {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      return (...args: unknown[]): unknown => around(`${port}.${name}`, args, () => Reflect.apply(member, target, args) as unknown);
    },
  });
}
