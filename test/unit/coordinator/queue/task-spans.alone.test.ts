/** The spans of a task's way through the queue, over two attempts. */
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { enqueueSpan, queueSpan, requeueSpan } from '../../../../coordinator/queue/task-spans.ts';
import { traceparentOf } from '../../../../shared/telemetry/tracing.ts';

type Processor = NonNullable<NonNullable<ConstructorParameters<typeof NodeSDK>[0]>['spanProcessors']>[number];
type EndedSpan = Parameters<Processor['onEnd']>[0];

const ended: EndedSpan[] = [];
const keep: Processor = {
  onStart: () => undefined,
  onEnd: (span) => void ended.push(span),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};
let sdk: NodeSDK;
beforeAll(() => {
  process.env['OTEL_SDK_DISABLED'] = 'false';
  sdk = new NodeSDK({ spanProcessors: [keep], metricReaders: [], logRecordProcessors: [] });
  sdk.start();
});
afterAll(() => sdk.shutdown());

const EVALUATION = 'ev_abcdefghijklmnopqrstuvwxyz';

it('enqueue → queue, with the time that was waited → requeue, with what ended the attempt, linked to it → queue', () => {
  const job = { evaluationId: EVALUATION, sequence: 7, incarnation: 1, jobId: 'j', waitedMs: 5_000 };
  const enqueued = enqueueSpan(EVALUATION, 'r_one');
  const first = queueSpan({ ...job, traceparent: enqueued }, 'r_one', 'a'.repeat(32), 20_000);
  first.end(20_000);
  const back = { evaluationId: EVALUATION, sequence: 7, routeId: 'r_one', kind: 'lost' as const, attemptId: 'a'.repeat(32) };
  const requeued = requeueSpan({ ...back, traceparent: traceparentOf(first) });
  const second = queueSpan({ ...job, traceparent: requeued }, 'r_one', 'b'.repeat(32), 30_000);
  second.end(30_000);

  const [enqueue, queue, requeue, again] = ended;
  expect([enqueue, queue, requeue, again].map((span) => span!.name)).toEqual(['enqueue', 'queue', 'requeue', 'queue']);
  const parents = [queue, requeue, again].map((span) => span!.parentSpanContext?.spanId);
  expect(parents).toEqual([enqueue, queue, requeue].map((span) => span!.spanContext().spanId));
  expect(queue!.duration).toEqual([5, 0]);
  expect(requeue!.links.map((link) => link.context.spanId)).toEqual([queue!.spanContext().spanId]);
  expect(requeue!.events).toMatchObject([{ name: 'lease_lost', attributes: { 'assay.attempt_id': 'a'.repeat(32) } }]);
  expect(new Set(ended.map((span) => span.spanContext().traceId)).size).toBe(1);
});
