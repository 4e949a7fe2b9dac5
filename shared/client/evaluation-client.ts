/** The methods of EvaluationService. */
import { assayProto } from '../rpc/load.ts';
import type { Calls } from './calls.ts';
import type { AssayClient } from './client.ts';
import { recoveredFromWire } from './codec-books.ts';
import { courseFromWire } from './codec-course.ts';
import { doneFromWire, letterFilterToWire, letterFromWire } from './codec-dead-letters.ts';
import { AppError } from '../domain/errors.ts';
import {
  changesToWire,
  choiceToWire,
  commandFilterToWire,
  filterToWire,
  outcomeFromWire,
  sampleFilterToWire,
  validationFromWire,
} from './codec-commands.ts';
import { durabilityField, durabilityToWire } from './codec-durability.ts';
import { evaluationFromWire, summaryFromWire } from './codec-evaluation.ts';
import { reportFromJson } from './codec-report.ts';
import { resultFromWire } from './codec-results.ts';
import { sampleChoiceToWire, sampleFromWire } from './codec-sample.ts';
import { whyFromWire } from './codec-why.ts';
import { jsonToWire, pageFromWire, pageToWire, stateFromWire } from './codec-words.ts';
import { DEADLINE_MS } from './deadlines.ts';
import { logs } from './log-streams.ts';
import { record, recordSamples, results, verify, watch, watchList } from './streams.ts';
import { bytesSource, fileSource, upload } from './upload.ts';

export type EvaluationMethods = Pick<
  AssayClient,
  | 'uploadFile'
  | 'uploadBytes'
  | 'submit'
  | 'get'
  | 'watch'
  | 'cancel'
  | 'results'
  | 'report'
  | 'validate'
  | 'list'
  | 'watchList'
  | 'update'
  | 'pause'
  | 'resume'
  | 'cancelAll'
  | 'delete'
  | 'samples'
  | 'sample'
  | 'skip'
  | 'requeue'
  | 'verify'
  | 'record'
  | 'recordSamples'
  | 'deadLetters'
  | 'deadLetter'
  | 'why'
  | 'course'
  | 'logs'
  | 'replayDeadLetters'
  | 'dropDeadLetters'
  | 'recover'
>;

export function evaluationMethods(calls: Calls): EvaluationMethods {
  const methods = assayProto().evaluation;
  const { short, read, many, datasets } = DEADLINE_MS;
  /** What is demanded of every submit and command. */
  const required = calls.durability ? { requiredDurability: durabilityToWire(calls.durability) } : {};
  return {
    async uploadFile(path, options) {
      const source = await fileSource(path);
      await upload(calls, source, options);
      return source.digest;
    },
    async uploadBytes(content, options) {
      const source = bytesSource(content);
      await upload(calls, source, options);
      return source.digest;
    },
    async submit({ spec, idempotencyKey, namespace = '', owner = '' }) {
      const request = { specJson: specToWire(spec), idempotencyKey, namespace, owner, ...required };
      const { evaluation, existed, durability } = await calls.ask(methods.SubmitEvaluation, request, datasets);
      return { evaluation: evaluationFromWire(evaluation), existed, ...durabilityField(durability) };
    },
    async get(evaluationId) {
      return evaluationFromWire((await calls.ask(methods.GetEvaluation, { evaluationId }, short)).evaluation);
    },
    watch: (evaluationId, { cursor = '', signal } = {}) => watch(calls, evaluationId, cursor, calls.until(signal)),
    async cancel(evaluationId, reason = '') {
      return stateFromWire((await calls.ask(methods.CancelEvaluation, { evaluationId, reason, ...required }, short)).state);
    },
    results: (evaluationId, { filter, signal } = {}) => results(calls, evaluationId, filter, calls.until(signal)),
    async report(evaluationId) {
      return reportFromJson((await calls.ask(methods.GetReport, { evaluationId }, read)).reportJson);
    },

    async validate({ spec, namespace = '' }) {
      return validationFromWire(await calls.ask(methods.ValidateEvaluation, { specJson: specToWire(spec), namespace }, datasets));
    },
    async list(filter = {}, page) {
      const request = { filter: filterToWire(filter), ...pageToWire(page) };
      const { evaluations, nextPageToken } = await calls.ask(methods.ListEvaluations, request, read);
      return pageFromWire(evaluations, nextPageToken, summaryFromWire);
    },
    watchList: (filter = {}, { signal, ...options } = {}) => watchList(calls, filter, options, calls.until(signal)),
    async update(evaluationId, changes) {
      const request = { evaluationId, ...changesToWire(changes), ...required };
      const { evaluation, durability } = await calls.ask(methods.UpdateEvaluation, request, short);
      return { ...evaluationFromWire(evaluation), ...durabilityField(durability) };
    },
    async pause(which, reason = '') {
      return (await calls.ask(methods.PauseEvaluation, { ...choiceToWire(which), reason, ...required }, many)).outcomes.map(
        outcomeFromWire,
      );
    },
    async resume(which, reason = '') {
      return (await calls.ask(methods.ResumeEvaluation, { ...choiceToWire(which), reason, ...required }, many)).outcomes.map(
        outcomeFromWire,
      );
    },
    async cancelAll(which, { reason = '', mode = 'abort' } = {}) {
      const wireMode = mode === 'drain' ? ('CANCEL_MODE_DRAIN' as const) : ('CANCEL_MODE_ABORT' as const);
      const request = { ...choiceToWire(which), reason, mode: wireMode, ...required };
      return (await calls.ask(methods.CancelEvaluation, request, many)).outcomes.map(outcomeFromWire);
    },
    async delete(which) {
      return (await calls.ask(methods.DeleteEvaluation, { ...choiceToWire(which), ...required }, many)).outcomes.map(outcomeFromWire);
    },
    async samples(evaluationId, filter = {}, page) {
      const { fromUnit, isBackwards = false } = page ?? {};
      const place = { ...(fromUnit === undefined ? {} : { fromUnit }), backwards: isBackwards };
      const request = { evaluationId, filter: sampleFilterToWire(filter), ...pageToWire(page), ...place };
      const { samples, nextPageToken } = await calls.ask(methods.ListSamples, request, read);
      return pageFromWire(samples, nextPageToken, resultFromWire);
    },
    async sample(evaluationId, which) {
      return sampleFromWire((await calls.ask(methods.GetSample, { evaluationId, ...sampleChoiceToWire(which) }, read)).sample);
    },
    async skip(evaluationId, filter, reason = '') {
      const request = { evaluationId, filter: commandFilterToWire('skip', filter), reason, ...required };
      const { skipped, state, durability } = await calls.ask(methods.SkipSamples, request, read);
      return { skipped, state: stateFromWire(state), ...durabilityField(durability) };
    },
    async requeue(evaluationId, filter = {}, reason = '') {
      const request = { evaluationId, filter: commandFilterToWire('requeue', filter), reason, ...required };
      const { requeued, state, durability } = await calls.ask(methods.RequeueSamples, request, many);
      return { requeued, state: stateFromWire(state), ...durabilityField(durability) };
    },
    verify: (evaluationId, { onProgress, signal } = {}) => verify(calls, evaluationId, onProgress, calls.until(signal)),
    record: (evaluationId, { onProgress, signal } = {}) => record(calls, evaluationId, onProgress, calls.until(signal)),
    recordSamples: (evaluationId, { signal } = {}) => recordSamples(calls, evaluationId, calls.until(signal)),
    async deadLetters(filter = {}, { withDropped = false, ...page } = {}) {
      const request = { filter: letterFilterToWire(filter), withDropped, ...pageToWire(page) };
      const { letters, nextPageToken } = await calls.ask(methods.ListDeadLetters, request, read);
      return pageFromWire(letters, nextPageToken, letterFromWire);
    },
    async deadLetter(taskId) {
      const { letter } = await calls.ask(methods.GetDeadLetter, { taskId }, read);
      if (!letter) throw new AppError('internal', 'the coordinator sent no letter');
      return letterFromWire(letter);
    },
    async why(subject, { history = false } = {}) {
      return whyFromWire(await calls.ask(methods.WhyPending, { ...subject, history }, read));
    },
    async course(evaluationId, { attempts = 0 } = {}) {
      return courseFromWire(await calls.ask(methods.GetCourse, { evaluationId, attempts }, read));
    },
    logs: (subject, { signal, ...options } = {}) => logs(calls, subject, options, calls.until(signal)),
    async replayDeadLetters(filter, reason = '') {
      return doneFromWire(await calls.ask(methods.ReplayDeadLetters, { filter: letterFilterToWire(filter), reason, ...required }, many));
    },
    async dropDeadLetters(filter, reason = '') {
      return doneFromWire(await calls.ask(methods.DropDeadLetters, { filter: letterFilterToWire(filter), reason, ...required }, many));
    },
    async recover(evaluationId, reason = '') {
      return recoveredFromWire(await calls.ask(methods.RecoverEvaluation, { evaluationId, reason, ...required }, many));
    },
  };
}

/** `undefined` is no JSON; `null` is, and the coordinator says what is wrong with it. */
const specToWire = (spec: unknown): Buffer => jsonToWire(spec ?? null);
