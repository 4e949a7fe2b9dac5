/** The planner against a ledger of the test's own: what it plans of judges' calls. */
import { expect, it } from 'vitest';
import type { Catalog } from '../../../../coordinator/evaluations/catalog.ts';
import { Planner } from '../../../../coordinator/evaluations/planner.ts';
import type { Ledger } from '../../../../coordinator/ledger/ledger.ts';
import type { NewTask, PlanView } from '../../../../coordinator/ledger/types.ts';
import type { TaskQueue } from '../../../../coordinator/queue/task-queue.ts';
import { groupsOf } from '../../../../shared/domain/manifest.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const SAMPLES = 20_000;
const SCORED = 2;

/** One step for answers that are all planned, of which those from `closedFrom` on are there; returns what is planned of their judge. */
async function planned(closedFrom: number): Promise<{ tasks: NewTask[]; cursors: [number, number][] }> {
  const spec = parseSpec({
    ...{ name: 'judged', models: [{ model: 'm/m' }], model_roles: { grader: 'm/judge' } },
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'inline:x', format: 'jsonl' }, scorers: ['model_graded_qa'] }],
  });
  const groups = groupsOf(spec, [SAMPLES]);
  const manifest = { evaluationId: 'ev', spec, groups, units: 2 * SAMPLES, sampleIndexes: [''], traceparent: '' };
  const known = { manifest, changes: {}, routes: groups.map(({ route }) => route), ordinals: [0, 1] };
  const view = {
    ...{ state: 'running', isDraining: false, version: 1, open: 0, cursors: [SAMPLES, SAMPLES], planned: [0, 0] },
    ...{ queued: [0, 0], leased: [0, 0], unitMs: [0, 0] },
  } as PlanView;
  const codes = new Uint8Array(2 * SAMPLES);
  codes.fill(SCORED, closedFrom, SAMPLES);
  const done: { tasks: NewTask[]; cursors: [number, number][] } = { tasks: [], cursors: [] };
  const ledger = {
    planView: async () => view,
    tasks: async () => [],
    unitCodes: async (_id: string, first: number, count: number) => codes.slice(first, first + count),
    plan: async (_id: string, _version: number, tasks: NewTask[], cursors: [number, number][]) => {
      Object.assign(done, { tasks, cursors });
      return 0;
    },
    notify: async () => undefined,
  };
  const planner = new Planner({
    ledger: ledger as unknown as Ledger,
    queue: { add: async () => undefined } as unknown as TaskQueue,
    catalog: { find: async () => known, isActive: () => true } as unknown as Catalog,
    sizes: { sizes: async (_index, _first, count) => Array.from({ length: count }, () => 1) },
    clock: new FakeClock(),
    logger: { warn: () => undefined } as never,
    instruments: { tasksEnqueuedTotal: { add: () => undefined }, attemptsReturnedTotal: { add: () => undefined } },
    onEnqueued: () => undefined,
    onDoomed: () => undefined,
  });
  await planner.planStep('ev');
  return done;
}

it.each([0, 1, 4_096, 5_000, 9_000])('judges are asked about nothing that is not there: of answers from %i on', async (closedFrom) => {
  const { tasks, cursors } = await planned(closedFrom);
  expect(tasks.length).toBeGreaterThan(0);
  expect(tasks[0]).toMatchObject({ group: 1, route: 1, first: SAMPLES + closedFrom });
  for (const { first } of tasks) expect(first).toBeGreaterThanOrEqual(SAMPLES + closedFrom);
  // What had to wait is looked at again.
  if (closedFrom > 0) expect(cursors).toEqual([]);
});
