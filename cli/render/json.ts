/** What `--json` prints: one document for scripts. Its keys are a promise (docs/cli.md). */
import type { Report } from '../../shared/client/types.ts';

/** The report's document on one line, ended by a line feed. */
export function reportDocument(report: Report): string {
  const { evaluationId, state, results, usage, timing } = report;
  return `${JSON.stringify({ evaluationId, state, results, usage, timing })}\n`;
}
