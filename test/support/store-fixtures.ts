/** Small things that tests of stores, and of what stands on them, put in and take out. */
import type { ResultFrame, ResultIndex } from '../../coordinator/store/store.ts';
import type { AppError } from '../../shared/domain/errors.ts';
import { digestOf, evaluationIdOf, newAttemptId } from '../../shared/domain/ids.ts';
import { groupsOf, type Manifest } from '../../shared/domain/manifest.ts';
import { specSchema } from '../../shared/domain/spec.ts';

/** A manifest with one benchmark and one model, so `units` samples. */
export function manifestOf(key: string, units: number): Manifest {
  const spec = specSchema.parse({
    name: key,
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:d.jsonl' }, scorers: [{ name: 'exact' }] }],
    models: [{ model: 'mock/m' }],
    metadata: { z: 1, '10': 'integer keys', a: 'é' },
  });
  return {
    evaluationId: evaluationIdOf('', key),
    namespace: 'default',
    idempotencyKey: key,
    createdAtMs: 1_700_000_000_000,
    specDigest: digestOf(JSON.stringify(spec)),
    spec,
    sampleIndexes: [digestOf('index')],
    groups: groupsOf(spec, [units]),
    units,
    traceparent: '',
  };
}

/** A frame whose units have the contents given. */
export function frameOf(grant: number, contents: Record<number, string>, attemptId = newAttemptId()): ResultFrame {
  const results = Object.entries(contents).map(([unit, text]) => ({ unit: Number(unit), content: Buffer.from(text) }));
  return { taskId: 't-1', attemptId, agentId: `ag_${grant}`, grant, results };
}

export async function* chunksOf(...parts: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part as string);
}

/** Unit and content of all winners. */
export async function winnersOf(index: ResultIndex, from?: number): Promise<[number, string][]> {
  const winners: [number, string][] = [];
  for await (const { unit, content } of index.results(from)) winners.push([unit, content.toString()]);
  return winners;
}

/** The code of the AppError with which a promise is rejected, 'none' if it is not. */
export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error as AppError).code,
  );
