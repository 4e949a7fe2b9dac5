/** What a scrape is told of routes, also of those that are gone. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, expect, test } from 'vitest';
import type { Catalog } from '../../../coordinator/evaluations/catalog.ts';
import { observeCoordinator } from '../../../coordinator/measure.ts';
import type { TaskQueue } from '../../../coordinator/queue/task-queue.ts';
import { SessionRegistry } from '../../../coordinator/sessions/registry.ts';
import { routeOf } from '../../../shared/domain/routing.ts';
import { createMetrics } from '../../../shared/telemetry/metrics.ts';

const metrics = createMetrics();
afterAll(() => metrics.shutdown());
const scrape = (): Promise<string> =>
  new Promise((resolve) => {
    const response = { statusCode: 0, setHeader: () => undefined, end: resolve };
    metrics.handler({} as IncomingMessage, response as unknown as ServerResponse);
  });

test('a route that is gone between two scrapes is told to be empty; counters that rules go by begin at 0', async () => {
  const route = routeOf('m', {});
  const routes = new Map([[route.id, route]]);
  const catalog = { routes: () => routes } as unknown as Catalog;
  const queue = { waiting: async () => ({ count: 3, oldestMs: 700_000 }) } as unknown as TaskQueue;
  observeCoordinator({ ...metrics, registry: new SessionRegistry(), catalog, queue, redisAnswers: async () => false });
  const first = await scrape();
  expect(first).toContain('assay_queue_oldest_waiting_seconds{route="model=m"} 700\n');
  expect(first).toContain('assay_evaluations_finished_total{state="failed"} 0\n');
  expect(first).toContain('assay_dead_letters_total 0\n');
  routes.clear();
  const then = await scrape();
  expect(then).toContain('assay_queue_oldest_waiting_seconds{route="model=m"} 0\n');
  expect(then).toContain('assay_queue_waiting_tasks{route="model=m"} 0\n');
});
