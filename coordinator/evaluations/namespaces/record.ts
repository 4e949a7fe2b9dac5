/** What the store keeps of a namespace: its quotas, limits and retention. One switch each; what it does not say has the coordinator's own bounds. */
import { z } from 'zod';
import { NAMESPACE_LIMITS, type NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';

/** Their kind among the switches. */
export const NAMESPACES = 'namespaces';

const whole = z.int().min(0);
const SCHEMA = z.object({
  limits: z.object(Object.fromEntries(NAMESPACE_LIMITS.map(({ name }) => [name, whole.optional()]))),
  updatedAtMs: z.number(),
  updatedBy: z.string(),
});

export interface NamespaceRecord {
  readonly namespace: string;
  readonly limits: NamespaceLimits;
  /** 0: nothing was ever set. */
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

export const unset = (namespace: string): NamespaceRecord => ({ namespace, limits: {}, updatedAtMs: 0, updatedBy: '' });

/**
 * A damaged record bounds everything: nothing new is taken in its namespace until somebody has set it again. A record that is not there bounds
 * nothing.
 */
export function recordOf(namespace: string, value: unknown): NamespaceRecord {
  if (value === undefined) return unset(namespace);
  const read = SCHEMA.safeParse(value);
  if (read.success) return { namespace, ...read.data };
  return {
    namespace,
    limits: { maxQueuedSamples: 0, maxTasks: 0, maxContentBytes: 0 },
    updatedAtMs: 0,
    updatedBy: 'a record that cannot be read',
  };
}

/** Without what its name in the store says already. */
export const storedRecordOf = ({ namespace: _namespace, ...stored }: NamespaceRecord): unknown => stored;
