/** docs/reference/metrics.md from the table of instruments. */
import { INSTRUMENTS, type InstrumentRow } from '../shared/telemetry/instruments.ts';

const HEAD = `# Metrics

<!-- Made by \`npm run docs\` from shared/telemetry/instruments.ts. -->

A coordinator serves these at \`/metrics\` of its \`--http\` address, an agent at that of its \`http\` setting, as Prometheus text.
Labels are routes, models, methods and classes, never ids. Histograms have \`_bucket\`, \`_sum\` and \`_count\`: rate and errors of what
they measure come from \`_count\` by its labels, durations from \`_bucket\`.
`;

export function metricsPage(): string {
  const groups = Map.groupBy(Object.values<InstrumentRow>(INSTRUMENTS), (row) => row.group);
  const parts = [...groups].map(
    ([group, rows]) => `\n## ${group}\n\n| metric | of | kind | what |\n| --- | --- | --- | --- |\n${rows.map(line).join('')}`,
  );
  return HEAD + parts.join('');
}

const line = ({ name, labels, of, kind, help }: InstrumentRow): string =>
  `| \`${name}${labels.length > 0 ? `{${labels.join(',')}}` : ''}\` | ${of} | ${kind} | ${help} |\n`;
