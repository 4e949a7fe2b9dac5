/** Whether a programme can read a page aloud, by axe-core. */
import type { Page } from 'playwright-core';

interface Finding {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/**
 * Of what a page shows now. `axe`: its source; `rules`: these alone. What looks for faults is brought into the page by the browser's tools, which the
 * page's policy does not bind: it holds there as everywhere.
 */
export async function seriousFindings(tab: Page, axe: string, rules?: string[]): Promise<string[]> {
  await tab.evaluate(axe);
  const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
  const { violations } = await tab.evaluate<{ violations: Finding[] }>(`axe.run(document, ${options})`);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary ?? ''}`),
    );
}
