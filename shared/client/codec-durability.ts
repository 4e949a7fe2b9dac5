/** Durability classes between domain and wire. */
import { DURABILITY_CLASSES, type Durability } from '../domain/durability.ts';
import type { Durability as WireDurability, Durability__Output } from '../rpc/gen/assay/v1/Durability.ts';

export const durabilityToWire = ({ class: own, replicas }: Durability): WireDurability => ({
  kind: `DURABILITY_CLASS_${own.toUpperCase() as Uppercase<typeof own>}`,
  replicas,
});

/** undefined: nothing is said, or a word that is not known here. */
export function durabilityFromWire(wire: Durability__Output | null | undefined): Durability | undefined {
  const own = DURABILITY_CLASSES.find((known) => wire?.kind === `DURABILITY_CLASS_${known.toUpperCase()}`);
  return own && { class: own, replicas: wire!.replicas };
}

/** A field of that name, where there is something to say. */
export const durabilityField = (wire: Durability__Output | null | undefined): { durability?: Durability } => {
  const durability = durabilityFromWire(wire);
  return durability ? { durability } : {};
};
