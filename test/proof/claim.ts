/** One claim of docs/reliability.md, shown by a run on real processes. */

export interface ClaimOptions {
  /** The long form. */
  full: boolean;
  /** A sample only, for every run of the tests: a part of a minute or two. */
  sample?: boolean;
  /** Of what is left to chance. */
  seed: number;
  log: (line: string) => void;
}

export interface Claim {
  name: string;
  ok: boolean;
  /** What was measured; `violations` says what is wrong. */
  figures: Record<string, unknown> & { violations: string[] };
}

/** Runs a claim to its figures; one that breaks off is a violation, whatever it was. */
export async function claim(name: string, work: (violations: string[]) => Promise<Record<string, unknown>>): Promise<Claim> {
  const violations: string[] = [];
  let figures: Record<string, unknown> = {};
  try {
    figures = await work(violations);
  } catch (error) {
    violations.push(`broke off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  return { name, ok: violations.length === 0, figures: { ...figures, violations } };
}

/** Notes as violations what is not as it should be. */
export function expectAll(violations: string[], facts: Record<string, readonly [actual: unknown, wanted: unknown]>): void {
  for (const [what, [actual, wanted]] of Object.entries(facts))
    if (JSON.stringify(actual) !== JSON.stringify(wanted))
      violations.push(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(wanted)}`);
}
