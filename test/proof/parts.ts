/** The parts of the proof: every file here that has a `run`. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Claim, ClaimOptions } from './claim.ts';

export interface Part {
  name: string;
  run: (options: ClaimOptions) => Promise<Claim>;
}

const NO_PARTS = new Set(['claim.ts', 'idle.ts', 'parts.ts', 'proof.ts']);
/** Minutes or hours; only by name, or with `--full`. */
export const LONG = new Set(['soak', 'soak-s3']);
/**
 * Shown by tests with the same code, so not among the samples of every run: the cluster by test/integration/redis-cluster.test.ts; the sentinels, for
 * whose half minute and more there is no room in every run, by test/release/sentinel.test.ts, before a release; wipes by
 * test/integration/kills-of-redis.test.ts and s3-fleet.test.ts.
 */
export const SHOWN_BY_TESTS = new Set(['cluster', 'flushall', 'sentinel-partition']);

export async function partsOf(): Promise<Part[]> {
  const here = import.meta.dirname;
  const files = readdirSync(here)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !NO_PARTS.has(file))
    .map((file) => join(here, file));
  const parts: Part[] = [];
  for (const file of files) {
    const { run } = (await import(pathToFileURL(file).href)) as Partial<Part>;
    if (run) parts.push({ name: basename(file, '.ts'), run });
  }
  return parts;
}
