/**
 * Traces. Spans are made by hand at the hops of a task; the trace context travels as a `traceparent` string (W3C Trace
 * Context) inside messages, because one stream carries thousands of tasks. Everything here costs next to nothing while no
 * exporter is asked for.
 */
import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Link,
  type Span,
  type SpanContext,
} from '@opentelemetry/api';
import { AppError } from '../domain/errors.ts';

export { SpanKind, type Attributes, type Span } from '@opentelemetry/api';
export { attributeNames, eventNames, spanNames } from './names.ts';

const TRACER = 'assay';
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

export interface SpanOptions {
  /** Default internal. */
  kind?: SpanKind;
  attributes?: Attributes;
  /** A `traceparent` from elsewhere; absent, '' or malformed: the active span is the parent. */
  parent?: string | undefined;
  /** `traceparent`s of spans that this one has to do with beside being their child. */
  links?: readonly string[];
  /** When it began, ms since the epoch; default now. */
  startTimeMs?: number;
}

/** The span context that a `traceparent` names, or undefined if it is none. */
export function parseTraceparent(text: string): SpanContext | undefined {
  const match = TRACEPARENT.exec(text);
  if (!match || /^0+$/.test(match[1]!) || /^0+$/.test(match[2]!)) return undefined;
  return { traceId: match[1]!, spanId: match[2]!, traceFlags: Number.parseInt(match[3]!, 16) & TraceFlags.SAMPLED, isRemote: true };
}

/** The `traceparent` of a span, '' if it belongs to no trace. */
export function traceparentOf(span: Span | undefined): string {
  const c = span?.spanContext();
  return c && trace.isSpanContextValid(c) ? `00-${c.traceId}-${c.spanId}-${c.traceFlags.toString(16).padStart(2, '0')}` : '';
}

/** What a message that is sent now should carry; '' without tracing. */
export const currentTraceparent = (): string => traceparentOf(trace.getActiveSpan());

/** Adds to the active span what is known only now. */
export const setSpanAttributes = (attributes: Attributes): void => void trace.getActiveSpan()?.setAttributes(attributes);

function parentContext(parent: string | undefined): Context {
  const remote = parent ? parseTraceparent(parent) : undefined;
  return remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : context.active();
}

/**
 * A span that its maker ends: for work that starts in one callback and ends in another. Without tracing it still carries
 * its parent's ids, so that a hop that exports nothing passes the trace on (`traceparentOf`).
 */
export function startSpan(name: string, options: SpanOptions = {}): Span {
  const links = (options.links ?? [])
    .map(parseTraceparent)
    .filter((c) => c !== undefined)
    .map((c): Link => ({ context: c }));
  return trace.getTracer(TRACER).startSpan(
    name,
    {
      kind: options.kind ?? SpanKind.INTERNAL,
      attributes: options.attributes ?? {},
      links,
      ...(options.startTimeMs === undefined ? {} : { startTime: options.startTimeMs }),
    },
    parentContext(options.parent),
  );
}

/** Marks a span as failed by the error's class only: messages may quote what was sent to a model. */
export function failSpan(span: Span, error: unknown): void {
  const type = error instanceof AppError ? error.code : error instanceof Error ? error.name : 'unknown';
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}

/** Runs `fn` inside a span, which is the active one in everything that `fn` awaits; ends it with `fn`. */
export async function withSpan<T>(name: string, options: SpanOptions, fn: (span: Span) => Promise<T> | T): Promise<T> {
  const span = startSpan(name, options);
  try {
    return await context.with(trace.setSpan(parentContext(options.parent), span), () => fn(span));
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}
