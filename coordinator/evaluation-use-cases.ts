/** What the EvaluationService asks, and which part of the coordinator answers it. */
import type { Durability } from '../shared/domain/durability.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import { lazily } from '../shared/runtime/iterables.ts';
import type { Browse } from './evaluations/reading/browse.ts';
import type { Commander } from './evaluations/commands/commander.ts';
import type { EvaluationLines } from './evaluations/logs/evaluation-lines.ts';
import { Courses } from './evaluations/reading/courses.ts';
import type { Queries } from './evaluations/reading/queries.ts';
import type { Quotas } from './evaluations/namespaces/quotas.ts';
import type { Admission } from './evaluations/intake/admission.ts';
import type { DeadLetters } from './evaluations/dead/dead-letters.ts';
import type { Verify } from './evaluations/verify/verify.ts';
import type { Submit } from './evaluations/intake/submit.ts';
import type { Why } from './dispatch/why/why.ts';
import type { WatchMeter } from './measure.ts';
import type { Acknowledging } from './redis/acknowledger.ts';
import type { Directory } from './cluster/directory.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { CourseKeeper } from './progress/course/course-keeper.ts';
import type { EventLog } from './progress/event-log.ts';
import { watchEvaluation } from './progress/watch.ts';
import type { EvaluationUseCases } from './rpc/use-cases.ts';
import { holdsContent } from './store/claims.ts';
import type { Store } from './store/store.ts';

export function evaluationUseCases(parts: {
  store: Store;
  admission: Admission;
  quotas: Quotas;
  submit: Submit;
  validate: EvaluationUseCases['validate'];
  queries: Queries;
  browse: Browse;
  commander: Commander;
  verify: Verify;
  acknowledging: Acknowledging;
  deadLetters: DeadLetters;
  why: Why;
  logs: EvaluationLines;
  events: EventLog;
  ledger: Ledger;
  directory: Directory;
  course: CourseKeeper | undefined;
  meter: WatchMeter;
  clock: Clock;
}): EvaluationUseCases {
  const {
    store,
    admission,
    quotas,
    submit,
    validate,
    queries,
    browse,
    commander,
    verify,
    deadLetters,
    why,
    logs,
    acknowledging,
    events,
    meter,
    clock,
  } = parts;
  const courses = new Courses({
    ...{ keeper: parts.course, ledger: parts.ledger, clock },
    names: () => parts.directory.names(),
    manifestOf: async (id) => (await queries.known(id)).manifest,
  });
  const demanding = (required: Durability | undefined): Promise<Commander> => commander.demanding(required);
  return {
    hasContent: (digest, namespace) => holdsContent(store, namespace, digest),
    upload: (digest, sizeBytes, chunks, namespace) =>
      quotas.content(namespace, digest, sizeBytes, () =>
        admission.content(sizeBytes, async () => {
          await store.putContent(digest, chunks, sizeBytes);
          await store.claims.put(namespace, digest);
        }),
      ),
    submit: async (request, required, over) => {
      await acknowledging.demand(required);
      const { manifest, existed, witness } = await submit.submit({ ...request, over });
      if (!existed) await browse.changed(manifest.evaluationId, 'running');
      const durability = await acknowledging.reach(manifest.evaluationId, witness, required);
      return { evaluation: await queries.picture(manifest.evaluationId), existed, durability };
    },
    validate,
    get: (id) => queries.get(id),
    watch: (id, cursor, signal) =>
      lazily(async () => {
        const { manifest } = await queries.known(id);
        const source = { manifest, picture: () => queries.picture(id), head: () => queries.head(id) };
        return watchEvaluation({ log: events, source, cursor, clock, signal, meter });
      }),
    cancel: async (which, options, required) => (await demanding(required)).control.cancel(which, options),
    pause: async (which, reason, required) => (await demanding(required)).control.pause(which, reason),
    resume: async (which, reason, required) => (await demanding(required)).control.resume(which, reason),
    delete: async (which, required, before) => (await demanding(required)).control.delete(which, before),
    update: async (id, changes, required) => {
      if (changes.priority !== undefined) await quotas.checkPriority((await queries.known(id)).manifest.namespace, changes.priority);
      const durability = await (await demanding(required)).control.update(id, changes);
      return { evaluation: await queries.picture(id), durability };
    },
    skip: async (id, filter, reason, required) => (await demanding(required)).skip(id, filter, reason),
    requeue: async (id, filter, reason, required) => (await demanding(required)).requeue(id, filter, reason),
    deadLetters,
    why: (id, ...args) => why.of(id, ...args),
    course: (id, attempts) => courses.of(id, attempts),
    logs: (id, request, signal) => logs.read(id, request, signal),
    recover: async (id, reason, required) => (await demanding(required)).recover(id, reason),
    verify: (id, signal) => verify.verify(id, signal),
    record: (id, options, signal) => browse.record(id, options, signal),
    list: (filter, page) => browse.list(filter, page),
    watchList: (filter, size, signal) => browse.watch(filter, size, signal),
    samples: (id, filter, page, signal) => browse.samples(id, filter, page, signal),
    sample: (id, which) => browse.sample(id, which, (unit) => courses.ofUnit(id, unit)),
    results: (id, filter, signal) => browse.results(id, filter, signal),
    report: (id) => queries.report(id),
  };
}
