/** `cache` of agent.yaml: where completions are kept, and how many; or that none are. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { faultsOf } from '../shared/domain/spec-faults.ts';

const MIB = 1024 * 1024;
const schema = z.strictObject({
  dir: z.string().min(1).max(4096).optional(),
  max_bytes: z
    .int()
    .min(16 * MIB)
    .max(65_536 * MIB)
    .default(1024 * MIB),
});

export interface CacheConfig {
  dir: string;
  maxBytes: number;
}

export interface CacheSources {
  found: { value: unknown; place: string; folder: string } | undefined;
  /** Where nothing is said of the folder. */
  fallback: string;
  fault: (place: string, problem: string) => void;
}

/** Undefined where it is forbidden, or wrong: its faults go to `fault`. */
export function readCache({ found, fallback, fault }: CacheSources): CacheConfig | undefined {
  const value = found === undefined || found.value === true ? {} : found.value;
  if (value === false) return undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    fault(found!.place, 'is no mapping; write `cache: {max_bytes: 1073741824}`, or `cache: false` to forbid it');
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    const { dir, max_bytes: maxBytes } = parsed.data;
    return { dir: dir === undefined ? fallback : resolve(found?.folder ?? '.', dir), maxBytes };
  }
  for (const { place, problem } of faultsOf(parsed.error.issues, value, schema)) fault(`${found!.place}.${place}`, problem);
  return undefined;
}
