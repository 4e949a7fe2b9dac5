/**
 * The spans of a task's way through the queue: `enqueue` (or `requeue`, when an attempt came back) → `queue`, the time that it
 * waited → the agent's `execute`. Each carries the next: so all attempts of a task hang in one trace, a later one below the
 * one before it and linked to it.
 */
import { taskIdOf } from '../../shared/domain/ids.ts';
import { attributeNames as names, spanNames, SpanKind, startSpan, traceparentOf, type Span } from '../../shared/telemetry/tracing.ts';
import type { FetchedJob } from './task-queue.ts';

const SEND = { [names.messagingSystem]: 'bullmq', [names.messagingOperationType]: 'send' };
/** How an attempt's end is called where it is an event of a span. */
const EVENTS = { crash: 'agent_crashed', lost: 'lease_lost', returned: 'attempt_returned', requeue: 'job_lost' } as const;

/** A new task is put into the queue; a child of the active span. Returns its `traceparent`. */
export function enqueueSpan(evaluationId: string, routeId: string): string {
  const attributes = { [names.evaluationId]: evaluationId, [names.route]: routeId, ...SEND };
  const span = startSpan(spanNames.enqueue, { kind: SpanKind.PRODUCER, attributes });
  span.end();
  return traceparentOf(span);
}

/** A task waits again after an attempt: below that attempt's span, with what ended it as an event. Returns its `traceparent`. */
export function requeueSpan(task: {
  evaluationId: string;
  sequence: number;
  routeId: string;
  kind: keyof typeof EVENTS;
  attemptId: string | undefined;
  /** Of the attempt that came back. */
  traceparent: string;
}): string {
  const { evaluationId, sequence, routeId, kind, attemptId, traceparent } = task;
  const attempt = attemptId === undefined ? {} : { [names.attemptId]: attemptId };
  const attributes = {
    [names.evaluationId]: evaluationId,
    [names.taskId]: taskIdOf(evaluationId, sequence),
    [names.route]: routeId,
    ...SEND,
  };
  const span = startSpan(spanNames.requeue, { kind: SpanKind.PRODUCER, attributes, parent: traceparent, links: [traceparent] });
  span.addEvent(EVENTS[kind], attempt);
  span.end();
  return traceparentOf(span);
}

/** The time in the queue, from the enqueueing on; its maker ends it when the task is granted, and drops it otherwise. */
export function queueSpan(job: FetchedJob, routeId: string, attemptId: string, nowMs: number): Span {
  const attributes = {
    [names.evaluationId]: job.evaluationId,
    [names.taskId]: taskIdOf(job.evaluationId, job.sequence),
    [names.attemptId]: attemptId,
    [names.route]: routeId,
    [names.messagingSystem]: 'bullmq',
    [names.messagingOperationType]: 'receive',
  };
  return startSpan(spanNames.queue, { attributes, parent: job.traceparent, startTimeMs: nowMs - job.waitedMs });
}
