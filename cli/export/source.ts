/** Where logs to write come from: a finished evaluation, or a file of results. */
import type { AssayClient } from '../../shared/client/client.ts';
import type { SampleResult } from '../../shared/client/types.ts';
import { likelihoodsIn } from '../import/sample-facts.ts';
import { groupsOf, samplesOf } from './group.ts';
import { logOf, type ExportedLog, type ExportedSample } from './log.ts';
import type { ResultsFile } from './results-file.ts';

export interface ExportSource {
  logs: ExportedLog[];
  samplesOf(log: ExportedLog): AsyncGenerator<ExportedSample>;
  resultsOf(log: ExportedLog): AsyncIterable<SampleResult>;
}

export async function evaluationSource(client: AssayClient, evaluationId: string): Promise<ExportSource> {
  const [report, evaluation] = [await client.report(evaluationId), await client.get(evaluationId)];
  const groups = new Map(groupsOf(evaluation, report).map((group) => [logOf(group), group]));
  return {
    logs: [...groups.keys()],
    samplesOf: async function* (log) {
      const group = groups.get(log)!;
      for await (const sample of samplesOf(client, group)) {
        const likelihoods = likelihoodsIn(sample.logprobs);
        const docId = Math.floor((sample.result.unit - group.firstUnit) / group.epochs);
        yield { ...sample, docId, ...(likelihoods ? { likelihoods } : {}) };
      }
    },
    resultsOf: ({ benchmark, model }) => client.results(evaluationId, { filter: { benchmark, model } }),
  };
}

export const fileSource = ({ logs, samplesOf: samples }: ResultsFile): ExportSource => ({
  logs,
  samplesOf: samples,
  resultsOf: async function* (log) {
    for await (const { result } of samples(log)) yield result;
  },
});
