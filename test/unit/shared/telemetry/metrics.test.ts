import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../../../shared/telemetry/metrics.ts';

async function scrape(metrics: Metrics): Promise<string> {
  const server = createServer((request, response) => metrics.handler(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    return await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)).text();
  } finally {
    server.close();
  }
}

it('serves every instrument under its declared name, with the declared buckets, and two sets do not mix', async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  const i = one.instruments;
  const route = 'model=openai/x';
  i.queueWaitSeconds.record(0.3, { route });
  i.queueOldestWaitingSeconds.addCallback((result) => result.observe(12, { route }));
  i.taskExecutionSeconds.record(3, { route });
  i.modelCallSeconds.record(330, { model: 'openai/x', outcome: 'ok' });
  i.commitSeconds.record(0.004);
  i.unitsTotal.add(5, { outcome: 'scored' });
  i.tasksGrantedTotal.add(1, { route });
  i.leasesExpiredTotal.add(2);
  i.sessions.addCallback((result) => result.observe(3));
  i.inFlightSamples.addCallback((result) => result.observe(40));
  i.modelRetriesTotal.add(1, { model: 'openai/x', class: 'rate_limit' });
  const text = await scrape(one);
  for (const line of [
    'assay_queue_wait_seconds_bucket{route="model=openai/x",le="0.5"} 1',
    'assay_queue_oldest_waiting_seconds{route="model=openai/x"} 12',
    'assay_task_execution_seconds_count{route="model=openai/x"} 1',
    'assay_model_call_seconds_bucket{model="openai/x",outcome="ok",le="320"} 0',
    'assay_model_call_seconds_bucket{model="openai/x",outcome="ok",le="640"} 1',
    'assay_commit_seconds_bucket{le="0.005"} 1',
    'assay_units_total{outcome="scored"} 5',
    'assay_tasks_granted_total{route="model=openai/x"} 1',
    'assay_leases_expired_total 2',
    'assay_sessions 3',
    'assay_in_flight_samples 40',
    'assay_model_retries_total{model="openai/x",class="rate_limit"} 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
  expect(await scrape(other)).not.toContain('scored');
  await Promise.all([one.shutdown(), other.shutdown()]);
});
