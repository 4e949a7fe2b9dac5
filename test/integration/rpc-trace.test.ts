/** The caller's trace goes on in the coordinator. */
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { evaluation, EVALUATION_ID, eventAt, startServer } from '../support/rpc.ts';

let sdk: NodeSDK;
beforeAll(() => {
  // Tests run without the SDK; this one wants it, without an exporter.
  vi.stubEnv('OTEL_SDK_DISABLED', 'false');
  const nothing = async (): Promise<void> => undefined;
  sdk = new NodeSDK({
    spanProcessors: [{ onStart: () => undefined, onEnd: () => undefined, forceFlush: nothing, shutdown: nothing }],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
});
afterAll(async () => {
  await sdk.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
  vi.unstubAllEnvs();
});

test('in unary calls and in streams', async () => {
  const seen: (string | undefined)[] = [];
  const look = (): number => seen.push(trace.getActiveSpan()?.spanContext().traceId);
  const server = await startServer({
    get: async () => {
      await new Promise(setImmediate);
      look();
      return evaluation();
    },
    async *watch() {
      look();
      yield eventAt(1, 2);
      await new Promise(setImmediate);
      look();
      yield eventAt(2, 2);
    },
  });
  const client = connect({ addresses: [server.address] });
  const traceId = await trace.getTracer('test').startActiveSpan('caller', async (span) => {
    await client.get(EVALUATION_ID);
    await allOf(client.watch(EVALUATION_ID));
    span.end();
    return span.spanContext().traceId;
  });
  await client.get(EVALUATION_ID);
  client.close();
  await server.stop();
  expect(seen).toEqual([traceId, traceId, traceId, undefined]);
});
