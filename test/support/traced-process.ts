/** A process with two spans, for the telemetry test: `node traced-process.ts OUTER INNER [traceparent]` prints the inner one's. */
import { startTelemetry } from '../../shared/telemetry/start.ts';
import { currentTraceparent, withSpan } from '../../shared/telemetry/tracing.ts';

const [outer = '', inner = '', parent = ''] = process.argv.slice(2);
const telemetry = await startTelemetry({ service: `assay-${outer}`, version: '0.0.0' });
await withSpan(outer, { parent, attributes: { 'assay.task_id': 't-1' } }, async () => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  await withSpan(inner, {}, async (span) => {
    console.log(JSON.stringify({ traceparent: currentTraceparent(), recording: span.isRecording() }));
  });
});
await telemetry.shutdown();
