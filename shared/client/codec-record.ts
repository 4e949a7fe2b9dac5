/** Records between the wire and the client library. */
import type { RecordEvaluationResponse, RecordEvaluationResponse__Output } from '../rpc/gen/assay/v1/RecordEvaluationResponse.ts';
import { int64, jsonFromWire, toInt64 } from './codec-words.ts';
import type { EvaluationRecord, RecordStep } from './record.ts';

/** Of the document in one message, which has at most 4 MiB. */
const PART_BYTES = 1 << 20;

/** One step as one or several messages. */
export function* recordStepToWire(step: RecordStep): Generator<RecordEvaluationResponse> {
  if (step.kind === 'progress') {
    const { done, total } = step.progress;
    yield { progress: { done: toInt64(done), total: toInt64(total) } };
  } else if (step.kind === 'samples') {
    yield { samples: { samples: step.samples } };
  } else {
    const json = Buffer.from(JSON.stringify(step.record));
    for (let at = 0; at < json.length; at += PART_BYTES)
      yield { record: { json: json.subarray(at, at + PART_BYTES), more: at + PART_BYTES < json.length } };
  }
}

/** Puts the parts of a record together. */
export async function* recordStepsFromWire(messages: AsyncIterable<RecordEvaluationResponse__Output>): AsyncGenerator<RecordStep> {
  const parts: Buffer[] = [];
  for await (const { step, progress, samples, record } of messages) {
    if (step === 'progress') yield { kind: 'progress', progress: { done: int64(progress!.done), total: int64(progress!.total) } };
    if (step === 'samples')
      yield {
        kind: 'samples',
        samples: samples!.samples.map(({ unit, benchmark, model, sampleId, epoch, promptDigest, completionDigest }) => ({
          ...{ unit, benchmark, model, sampleId, epoch, promptDigest, completionDigest },
        })),
      };
    if (step !== 'record') continue;
    parts.push(record!.json);
    if (!record!.more) return yield { kind: 'record', record: jsonFromWire(Buffer.concat(parts), 'a record') as EvaluationRecord };
  }
}
