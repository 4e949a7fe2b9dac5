/** What the EvaluationService asks, and which part of the coordinator answers it. */
import type { Clock } from '../shared/runtime/clock.ts';
import type { Browse } from './evaluations/reading/browse.ts';
import type { Commander } from './evaluations/commands/commander.ts';
import type { Queries } from './evaluations/reading/queries.ts';
import type { Admission } from './evaluations/intake/admission.ts';
import type { Verify } from './evaluations/verify/verify.ts';
import type { Submit } from './evaluations/intake/submit.ts';
import type { WatchMeter } from './measure.ts';
import type { EventLog } from './progress/event-log.ts';
import { watchEvaluation } from './progress/watch.ts';
import type { EvaluationUseCases } from './rpc/use-cases.ts';
import type { Store } from './store/store.ts';

export function evaluationUseCases(parts: {
  store: Store;
  admission: Admission;
  submit: Submit;
  validate: EvaluationUseCases['validate'];
  queries: Queries;
  browse: Browse;
  commander: Commander;
  verify: Verify;
  events: EventLog;
  meter: WatchMeter;
  clock: Clock;
}): EvaluationUseCases {
  const { store, admission, submit, validate, queries, browse, commander, verify, events, meter, clock } = parts;
  return {
    hasContent: (digest) => store.hasContent(digest),
    upload: (digest, sizeBytes, chunks) => admission.content(sizeBytes, () => store.putContent(digest, chunks, sizeBytes)),
    submit: async (request) => {
      const { manifest, existed } = await submit.submit(request);
      if (!existed) await browse.changed(manifest.evaluationId, 'running');
      return { evaluation: await queries.picture(manifest.evaluationId), existed };
    },
    validate,
    get: (id) => queries.get(id),
    watch: async function* (id, cursor, signal) {
      const { manifest } = await queries.known(id);
      const source = { manifest, picture: () => queries.picture(id), head: () => queries.head(id) };
      yield* meter.measured(watchEvaluation({ log: events, source, cursor, clock, signal }));
    },
    cancel: (which, options) => commander.control.cancel(which, options),
    pause: (which, reason) => commander.control.pause(which, reason),
    resume: (which, reason) => commander.control.resume(which, reason),
    delete: (which) => commander.control.delete(which),
    update: async (id, changes) => {
      await commander.control.update(id, changes);
      return queries.picture(id);
    },
    skip: (id, filter, reason) => commander.skip(id, filter, reason),
    requeue: (id, filter, reason) => commander.requeue(id, filter, reason),
    recover: (id, reason) => commander.recover(id, reason),
    verify: (id, signal) => verify.verify(id, signal),
    list: (filter, page) => browse.list(filter, page),
    samples: (id, filter, page, signal) => browse.samples(id, filter, page, signal),
    sample: (id, which) => browse.sample(id, which),
    results: (id, filter, signal) => browse.results(id, filter, signal),
    report: (id) => queries.report(id),
  };
}
