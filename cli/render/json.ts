/** What `--json` prints: documents for scripts. Their keys are a promise (docs/cli.md). */
import type { Report } from '../../shared/client/types.ts';

/** The report's document on one line, ended by a line feed. */
export function reportDocument(report: Report): string {
  const { evaluationId, state, results, totals, usage, cache, timing } = report;
  return `${JSON.stringify({ evaluationId, state, results, ...(totals ? { totals } : {}), usage, ...(cache ? { cache } : {}), timing })}\n`;
}

/** Any answer as one line: `somethingAtMs` becomes `somethingAt` in ISO 8601, null for a time that has not come. */
export const document = (value: unknown): string => `${JSON.stringify(withIsoTimes(value))}\n`;

/** The same over several lines, for one document that people look at as well. */
export const prettyDocument = (value: unknown): string => `${JSON.stringify(withIsoTimes(value), null, 2)}\n`;

/** What the user has written is left as it is. */
const OPAQUE: ReadonlySet<string> = new Set(['metadata', 'spec', 'logprobs', 'labels', 'host']);

function withIsoTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (OPAQUE.has(key)) return [key, inner];
      if (key.endsWith('AtMs') && typeof inner === 'number') return [key.slice(0, -2), inner > 0 ? new Date(inner).toISOString() : null];
      return [key, withIsoTimes(inner)];
    }),
  );
}
