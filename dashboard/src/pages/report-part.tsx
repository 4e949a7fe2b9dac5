/** What a report has besides scores: what it took, what it cost, what went wrong, and who ran it. */
import type { Cost, Report, UsageTotals } from '../../../shared/client/types.ts';
import { Facts, Panel } from '../kit/parts.tsx';
import { Table } from '../kit/table.tsx';
import { count, duration, moment } from '../words.ts';
import { costColumn, priceNote } from './cost-part.tsx';

export function ReportPart({ evaluationId, report, cost }: { evaluationId: string; report: Report; cost: Cost | undefined }) {
  const errors = Object.entries(report.errors ?? {}).toSorted(([, a], [, b]) => b - a);
  const agents = Object.entries(report.agents).toSorted(([, a], [, b]) => b - a);
  return (
    <div class="columns">
      <Panel title="Usage" note={cost ? priceNote(cost) : undefined}>
        <Table
          label="Usage by model"
          columns={[
            { title: 'Model', grows: true, cell: ([model]: [string, UsageTotals]) => model },
            { title: 'Calls', right: true, cell: ([, u]) => count(u.calls) },
            { title: 'Retries', right: true, from: 'middle', cell: ([, u]) => count(u.retries) },
            { title: 'Input tokens', right: true, cell: ([, u]) => count(u.inputTokens) },
            { title: 'Output tokens', right: true, cell: ([, u]) => count(u.outputTokens) },
            costColumn(([model]: [string, UsageTotals]) => cost?.models.find((own) => own.model === model)),
          ]}
          rows={Object.entries(report.usageByModel)}
          keyOf={([model]) => model}
          isList
        />
      </Panel>
      <Panel title="Run">
        <Facts
          rows={[
            ['Submitted', moment(Date.parse(report.timing.createdAt))],
            ['First sample', report.timing.firstSampleStartedAt ? moment(Date.parse(report.timing.firstSampleStartedAt)) : ''],
            ['Finished', moment(Date.parse(report.timing.finishedAt))],
            ['Time in models', duration(report.timing.modelMsTotal)],
            ['From the cache', report.cache ? `${count(report.cache.hits)} of ${count(report.cache.of)}` : ''],
            ['Errors', errors.map(([name, n]) => `${count(n)} ${name}`).join(', ')],
            [
              'Agents',
              agents.map(([id, n], i) => (
                <span key={id}>
                  {i > 0 ? ', ' : ''}
                  <a href={`/evaluations/${evaluationId}/samples?agent=${encodeURIComponent(id)}`}>{id}</a>: {count(n)}
                </span>
              )),
            ],
          ]}
        />
      </Panel>
    </div>
  );
}
