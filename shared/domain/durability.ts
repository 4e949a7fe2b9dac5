/**
 * How durable Redis holds what was acknowledged. Written as text: `buffered`, `fsynced`, `replicated:2`, `replicated_fsynced:1`. The
 * store has every acknowledged submit and command on disk besides, whatever the class is: it rebuilds what Redis loses.
 */
export const DURABILITY_CLASSES = ['buffered', 'fsynced', 'replicated', 'replicated_fsynced'] as const;
export type DurabilityClass = (typeof DURABILITY_CLASSES)[number];

export interface Durability {
  class: DurabilityClass;
  /** Of `replicated` and `replicated_fsynced`: how many replicas have it besides the primary, at least 1; 0 otherwise. */
  replicas: number;
}

export const BUFFERED: Durability = { class: 'buffered', replicas: 0 };
/** More replicas than this nobody waits for. */
export const MAX_REPLICAS = 16;

/** By what it is made of: whether disks have it, and how many replicas. */
export function durabilityOf(isFsynced: boolean, replicas: number): Durability {
  if (replicas > 0) return { class: isFsynced ? 'replicated_fsynced' : 'replicated', replicas };
  return { class: isFsynced ? 'fsynced' : 'buffered', replicas: 0 };
}

export const isFsynced = ({ class: own }: Durability): boolean => own === 'fsynced' || own === 'replicated_fsynced';

/** What satisfies both. */
export const strongerOf = (a: Durability, b: Durability): Durability =>
  durabilityOf(isFsynced(a) || isFsynced(b), Math.max(a.replicas, b.replicas));

/** What both satisfy: of several shards, what holds for an evaluation on any of them. */
export const weakerOf = (a: Durability, b: Durability): Durability =>
  durabilityOf(isFsynced(a) && isFsynced(b), Math.min(a.replicas, b.replicas));

export const describeDurability = ({ class: own, replicas }: Durability): string => (replicas > 0 ? `${own}:${replicas}` : own);

/** undefined: it is none. `replicated` alone means one replica. */
export function parseDurability(text: string): Durability | undefined {
  const [, own, number] = /^(buffered|fsynced|replicated|replicated_fsynced)(?::(\d{1,2}))?$/.exec(text.toLowerCase()) ?? [];
  if (own === undefined) return undefined;
  const isReplicated = own.startsWith('replicated');
  const replicas = isReplicated ? Number(number ?? 1) : 0;
  if (isReplicated ? replicas < 1 || replicas > MAX_REPLICAS : number !== undefined) return undefined;
  return { class: own as DurabilityClass, replicas };
}

/** For messages: what can be written. */
export const DURABILITY_FORMS = `buffered, fsynced, replicated:K or replicated_fsynced:K (K replicas, 1 to ${MAX_REPLICAS})`;
