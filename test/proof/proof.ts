/**
 * `npm run proof`: shows what docs/reliability.md claims; JSON on stdout, progress on stderr, 0 when all holds. `--full`: the long forms.
 * `--only NAME`: some of the parts (their files' names; may be repeated). `--seed N`: another one than 1.
 */
import { parseArgs } from 'node:util';
import type { Claim } from './claim.ts';
import { LONG, partsOf } from './parts.ts';

/** Throws where it is no whole number: no run can be told from another by it. */
export function seedOf(text = '1'): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || seed > MAX_SEED) throw new Error(`--seed ${text}: it must be a whole number, ${MAX_SEED} at most`);
  return seed;
}
/** Seeds behind it are numbers of 32 bits too. */
const MAX_SEED = 2 ** 31;

/** Those that are named, all of which must be there; else all but the long ones, of the full form those too. */
export function chosenOf<Named extends { name: string }>(
  parts: readonly Named[],
  only: readonly string[] | undefined,
  full: boolean,
): Named[] {
  const unknown = (only ?? []).filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(', ')}: there are ${parts.map(({ name }) => name).join(', ')}`);
  return parts.filter(({ name }) => (only ? only.includes(name) : full || !LONG.has(name)));
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { full: { type: 'boolean', default: false }, only: { type: 'string', multiple: true }, seed: { type: 'string' } },
  });
  const { full, only } = values;
  const seed = seedOf(values.seed);
  const parts = chosenOf(await partsOf(), only, full);
  const claims: (Claim & { seconds: number })[] = [];
  for (const { name, run } of parts) {
    const log = (line: string): void => void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${name}: ${line}\n`);
    log('begins');
    const startMs = performance.now();
    const claim = await run({ full, seed, log });
    claims.push({ ...claim, seconds: Math.round((performance.now() - startMs) / 1000) });
    log(claim.ok ? 'holds' : `does not hold: ${claim.figures.violations.join('\n')}`);
  }
  process.stdout.write(`${JSON.stringify({ seed, full, ok: claims.every(({ ok }) => ok), claims }, undefined, 2)}\n`);
  return claims.every(({ ok }) => ok);
}

if (import.meta.main) process.exit((await main()) ? 0 : 1);
