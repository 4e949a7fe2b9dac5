/** What reads evaluations: get, list, watch, results, report. */
import { summaryToWire, evaluationToWire, eventToWire } from '../../shared/client/codec-evaluation.ts';
import { listChangeToWire } from '../../shared/client/codec-list.ts';
import { reportToWire } from '../../shared/client/codec-report.ts';
import { resultToWire } from '../../shared/client/codec-results.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { mapped } from '../../shared/runtime/iterables.ts';
import { recent } from '../../shared/runtime/recent.ts';
import { isCursor } from '../progress/event-log.ts';
import { fittingPage } from './pages.ts';
import { readEvaluationFilter, readPage, readSampleFilter } from './requests.ts';
import type { UseCasesOf } from './guard.ts';

/** Entries of a list that is watched. */
const LISTED = 50;
const MAX_LISTED = 200;

export function evaluationQueries(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  const wireOf = recent(eventToWire);
  return {
    GetEvaluation: handlers.unary(methods.GetEvaluation, async ({ evaluationId }, info) => {
      const checks = new Checks('GetEvaluation');
      checks.evaluationId('evaluation_id', evaluationId);
      checks.done();
      return { evaluation: evaluationToWire(await useCasesOf(info).get(evaluationId)) };
    }),

    ListEvaluations: handlers.unary(methods.ListEvaluations, async (request, info) => {
      const checks = new Checks('ListEvaluations');
      const filter = request.filter ? readEvaluationFilter(checks, request.filter) : {};
      const page = readPage(checks, request);
      checks.done();
      return fittingPage(
        methods.ListEvaluations,
        page,
        (asked) => useCasesOf(info).list(filter, asked),
        ({ items, nextToken }) => ({ evaluations: items.map(summaryToWire), nextPageToken: nextToken }),
      );
    }),

    WatchEvaluations: handlers.serverStream(methods.WatchEvaluations, async function* (request, info) {
      const { signal, goingAway } = info;
      const checks = new Checks('WatchEvaluations');
      const filter = request.filter ? readEvaluationFilter(checks, request.filter) : {};
      const size = checks.int('size', request.size, MAX_LISTED) || LISTED;
      checks.done();
      const ends = AbortSignal.any([signal, goingAway]);
      for await (const change of useCasesOf(info).watchList(filter, size, ends)) yield listChangeToWire(change);
      goingAway.throwIfAborted();
    }),

    // All who watch an evaluation are sent the same events: what they are on the wire is made once.
    WatchEvaluation: handlers.serverStream(
      methods.WatchEvaluation,
      ({ evaluationId, cursor }, info) => {
        const { signal, goingAway } = info;
        const checks = new Checks('WatchEvaluation');
        checks.evaluationId('evaluation_id', evaluationId);
        if (cursor !== '' && !isCursor(cursor))
          checks.fault('cursor', 'is no cursor: send one that an event or an evaluation had, or none for a snapshot');
        checks.done();
        const ends = AbortSignal.any([signal, goingAway]);
        return mapped(useCasesOf(info).watch(evaluationId, cursor, ends), wireOf, () => goingAway.throwIfAborted());
      },
      { shared: true },
    ),

    StreamResults: handlers.serverStream(methods.StreamResults, async function* (request, info) {
      const { signal } = info;
      const checks = new Checks('StreamResults');
      checks.evaluationId('evaluation_id', request.evaluationId);
      const filter = readSampleFilter(checks, request.filter);
      if (filter.states?.includes('pending')) checks.fault('filter.states', 'names OPEN, but only closed units have results');
      checks.done();
      for await (const result of useCasesOf(info).results(request.evaluationId, filter, signal)) yield* resultToWire(result);
    }),

    GetReport: handlers.unary(methods.GetReport, async ({ evaluationId }, info) => {
      const checks = new Checks('GetReport');
      checks.evaluationId('evaluation_id', evaluationId);
      checks.done();
      const { report, json } = await useCasesOf(info).report(evaluationId);
      return reportToWire(report, json);
    }),
  };
}
