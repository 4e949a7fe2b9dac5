/** Evaluations of the mock model for tests that run a fleet: a dataset of sums, its spec, the raw bytes of a report. */
import { Client, type CallOptions } from '@grpc/grpc-js';
import type { AssayClient } from '../../shared/client/client.ts';
import type { WatchEvent } from '../../shared/client/types.ts';
import type { GetReportResponse__Output } from '../../shared/rpc/gen/assay/v1/GetReportResponse.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { channelOptions, credentialsOf, targetOf } from '../../shared/rpc/channel.ts';

/** A dataset of sums as JSONL; what `more` adds to a line comes last. */
export function sums(samples: number, more: (i: number) => Record<string, unknown> = () => ({})): Buffer {
  const lines = Array.from({ length: samples }, (_, i) =>
    JSON.stringify({ id: `s${i}`, input: `What is ${i} + ${i}?`, target: String(2 * i), ...more(i) }),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** A spec over the uploaded dataset; tasks are small, so that several agents have something to do. */
export function mockSpec(digest: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'sums',
    benchmarks: [
      {
        benchmark: 'sums',
        dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } },
        scorers: [{ name: 'match', args: { numeric: true } }],
      },
    ],
    models: [{ model: 'mock/one' }],
    max_task_samples: 10,
    ...more,
  };
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** All events until the end. */
export const watchAll = (client: AssayClient, evaluationId: string, cursor = ''): Promise<WatchEvent[]> =>
  allOf(client.watch(evaluationId, { cursor }));

/** The report as a coordinator sends it, unparsed. */
export async function rawReport(address: string, evaluationId: string): Promise<GetReportResponse__Output> {
  const dial = { address };
  const client = new Client(targetOf(address), credentialsOf(dial), channelOptions(dial));
  const { path, requestSerialize, responseDeserialize } = assayProto().evaluation.GetReport;
  const options: CallOptions = { deadline: Date.now() + 15_000 };
  try {
    return await new Promise((resolve, reject) => {
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, { evaluationId }, options, (error, value) =>
        error ? reject(error) : resolve(value!),
      );
    });
  } finally {
    client.close();
  }
}
