/** What is in Redis and in the store when all evaluations are deleted, by name, and what may be. */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Redis } from 'ioredis';
import { redisOptions } from '../../../coordinator/redis/options.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Rig } from '../rig/rig.ts';

export interface Left {
  keys: string[];
  /** Or objects, below the store's folder. */
  files: string[];
}

export async function leftOf(rig: Rig): Promise<Left> {
  const redis = new Redis(redisOptions(rig.redis.url));
  redis.on('error', () => undefined);
  try {
    // It may have been killed a moment ago.
    const keys = await waitFor(() => redis.keys('*'), { what: 'Redis', timeoutMs: 30_000 });
    return { keys: keys.toSorted(), files: await filesIn(rig) };
  } finally {
    redis.disconnect();
  }
}

/** Without the audit log, which is there to stay. */
async function filesIn(rig: Rig): Promise<string[]> {
  const all = rig.s3 ? await rig.s3.keys('chaos') : await filesOf(rig.storeUrl);
  return all.filter((name) => !/(?:^|\/)audit\//.test(name));
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => relative(folder, join(parentPath, name)));
  return files.toSorted();
}

/**
 * What goes by itself and may be there at a moment: jobs of what is over, until they are fetched next; what is being written or removed. Three
 * names of each queue are there for ever, once it was used since Redis was wiped last.
 */
const PASSING = {
  keys: /^assay:\{r_\w+\}:(?:ev_|\d|events|id|meta|stalled|wait|active|delayed|prioritized|marker|pc$)/,
  files: /^(?:tmp|audit)\//,
};
/**
 * What there is for ever, or as long as an agent may be behind, and a wipe takes away until somebody needs it again: which Redis it is, and
 * the numbers of agents' Hellos, and what was noted of routes, for a week. Agents and routes are few.
 */
const STANDING = /^assay:(?:run_id|hello:ag_\w+|\{why(?::r_\w+)?\}(?::looks|:waits:\d+)?)$/;
/** As many of it. */
const PASSING_MOST = 25;

/** Names that are there and were not when every dataset and route had been used once; and more of what passes than passes. */
export function unexpectedOf(left: Left, settled: Left | undefined): string[] {
  const found = [
    ...left.keys.filter((key) => key.includes('{ev_')),
    ...left.files.filter((file) => /(?:^|\/)(?:evaluations|unfinished)\/ev_/.test(file)),
  ];
  if (!settled) return found;
  for (const what of ['keys', 'files'] as const) {
    const before = new Set(settled[what]);
    const more = left[what].filter((name) => !before.has(name) && !found.includes(name));
    found.push(...more.filter((name) => !PASSING[what].test(name) && !STANDING.test(name)));
    const passing = more.filter((name) => PASSING[what].test(name));
    if (passing.length > PASSING_MOST) found.push(`${passing.length} ${what} like ${passing[0]}`);
  }
  return found;
}
