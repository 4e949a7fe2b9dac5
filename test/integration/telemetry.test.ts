import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseTraceparent } from '../../shared/telemetry/tracing.ts';
import { startCollector, type Collector } from '../support/collector.ts';

const PROGRAM = join(import.meta.dirname, '../support/traced-process.ts');

/** Runs a traced process with nothing of the surrounding OTEL_ variables but those given. */
async function traced(
  args: string[],
  variables: Record<string, string>,
): Promise<{ traceparent: string; recording: boolean; stderr: string }> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_')));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, ...args], {
    env: { ...inherited, ...variables },
    timeout: 50_000,
  });
  return { ...(JSON.parse(stdout) as { traceparent: string; recording: boolean }), stderr };
}

describe('traces', () => {
  let collector: Collector;
  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.stop());

  it('joins spans of two processes into one trace by a traceparent (http/json)', async () => {
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    const first = await traced(['submit', 'enqueue'], variables);
    const second = await traced(['execute', 'chat mock/a', first.traceparent], { ...variables, OTEL_SERVICE_NAME: 'other' });
    const spans = new Map(collector.spans().map((span) => [span.name, span]));
    expect([...spans.keys()].toSorted()).toEqual(['chat mock/a', 'enqueue', 'execute', 'submit']);
    expect(new Set([...spans.values()].map((span) => span.traceId))).toEqual(new Set([parseTraceparent(first.traceparent)!.traceId]));
    expect(spans.get('submit')!.parentSpanId ?? '').toBe('');
    expect(spans.get('enqueue')!.parentSpanId).toBe(spans.get('submit')!.spanId);
    expect(spans.get('execute')!.parentSpanId).toBe(spans.get('enqueue')!.spanId);
    expect(spans.get('chat mock/a')!.parentSpanId).toBe(spans.get('execute')!.spanId);
    expect(parseTraceparent(second.traceparent)!.spanId).toBe(spans.get('chat mock/a')!.spanId);
    expect([spans.get('submit')!.service, spans.get('execute')!.service]).toEqual(['assay-submit', 'other']);
    expect(spans.get('execute')!.attributes).toContainEqual({ key: 'assay.task_id', value: { stringValue: 't-1' } });
  });

  it('speaks http/protobuf by default, and sends traces only', async () => {
    const { traceparent } = await traced(['submit', 'enqueue'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
    expect(collector.requests.map(({ path, contentType }) => [path, contentType])).toEqual([['/v1/traces', 'application/x-protobuf']]);
    const { traceId, spanId } = parseTraceparent(traceparent)!;
    for (const bytes of [Buffer.from(traceId, 'hex'), Buffer.from(spanId, 'hex'), Buffer.from('enqueue')]) {
      expect(collector.requests[0]!.body.includes(bytes)).toBe(true);
    }
  });

  it('is off, silent and cheap unless asked for', async () => {
    const off = { traceparent: '', recording: false, stderr: '' };
    await expect(traced(['submit', 'enqueue'], {})).resolves.toEqual(off);
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint };
    await expect(traced(['submit', 'enqueue'], { ...endpoint, OTEL_SDK_DISABLED: 'true' })).resolves.toEqual(off);
    await expect(traced(['submit', 'enqueue'], { ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).resolves.toEqual(off);
    expect(collector.requests).toEqual([]);
  });

  it('ends within its limit when the collector is away', async () => {
    await collector.stop();
    const start = performance.now();
    await traced(['submit', 'enqueue'], { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
    expect(performance.now() - start).toBeLessThan(25_000);
  });
});
