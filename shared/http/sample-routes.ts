/** Rows of EvaluationService: samples, results, dead letters, reasons, content. */
import { z } from 'zod';
import { sampleFilterToWire } from '../client/codec-commands.ts';
import { courseFromWire } from '../client/codec-course.ts';
import { doneFromWire, letterFilterToWire, letterFromWire } from '../client/codec-dead-letters.ts';
import { durabilityField } from '../client/codec-durability.ts';
import { resultFromWire, resultsFromWire } from '../client/codec-results.ts';
import { sampleFromWire } from '../client/codec-sample.ts';
import { whyFromWire } from '../client/codec-why.ts';
import { pageFromWire, stateFromWire } from '../client/codec-words.ts';
import { MOST_COURSE_ATTEMPTS } from '../client/course.ts';
import { invalid } from '../domain/errors.ts';
import { assayProto } from '../rpc/load.ts';
import { count, durability, history, letterFilter, page, pageOf, reason, requiredOf, sampleChoice, sampleFilter } from './forms.ts';
import { route, type Route } from './route.ts';

const ONE = '/evaluations/{evaluationId}';
const idOf = ({ evaluationId = '' }: Record<string, string>): { evaluationId: string } => ({ evaluationId });
const filterOf = sampleFilterToWire;
const lettersOf = letterFilterToWire;

export function sampleRoutes(): Route[] {
  const methods = assayProto().evaluation;
  return [
    route('GET', `${ONE}/samples`, methods.ListSamples, {
      type: 'Page<SampleResult>',
      doc: 'Units in their order, without completions; other texts are cut to 200 characters. Every condition must hold.',
      query: z.strictObject({
        ...sampleFilter,
        ...page,
        fromUnit: count.describe('the first page begins at this unit, or with the next one that is meant').optional(),
        backwards: z.boolean().describe('from the last to the first, on every page').optional(),
      }),
      request: ({ params, query: { pageSize, pageToken, fromUnit, backwards = false, ...filter } }) => ({
        ...idOf(params),
        filter: filterOf(filter),
        ...pageOf({ pageSize, pageToken }),
        ...(fromUnit === undefined ? {} : { fromUnit }),
        backwards,
      }),
      answer: ({ samples, nextPageToken }) => pageFromWire(samples, nextPageToken, resultFromWire),
    }),
    route('GET', `${ONE}/samples/{unit}`, methods.GetSample, {
      type: 'Sample',
      doc: 'Everything about one unit, by its number.',
      request: ({ params }) => ({ ...idOf(params), unit: unitOf(params['unit'] ?? '') }),
      answer: ({ sample }) => sampleFromWire(sample),
    }),
    route('GET', `${ONE}/sample`, methods.GetSample, {
      type: 'Sample',
      doc: 'The same by its names; benchmark, model and epoch may be left out where there is one only.',
      query: z.strictObject({
        sampleId: z.string(),
        benchmark: z.string().optional(),
        model: z.string().optional(),
        epoch: count.optional(),
      }),
      request: ({ params, query: { sampleId, benchmark = '', model = '', epoch = 0 } }) => ({
        ...idOf(params),
        ...{ sampleId, benchmark, model, epoch },
      }),
      answer: ({ sample }) => sampleFromWire(sample),
    }),
    route('GET', `${ONE}/results`, methods.StreamResults, {
      type: 'SampleResult',
      gives: 'lines',
      doc: 'Closed units in their order, with whole completions, a line each.',
      query: z.strictObject(sampleFilter),
      request: ({ params, query }) => ({ ...idOf(params), filter: filterOf(query) }),
      answers: resultsFromWire,
    }),
    route('POST', `${ONE}/samples/skip`, methods.SkipSamples, {
      type: 'Skipped',
      doc: 'Open samples are not run; by benchmark, model, sampleIds, epochs or units.',
      body: z.strictObject({ filter: z.strictObject(sampleChoice), ...reason, ...durability }),
      request: ({ params, body }) => ({
        ...idOf(params),
        filter: filterOf(body.filter),
        reason: body.reason ?? '',
        ...requiredOf(body),
      }),
      answer: ({ skipped, state, durability: reached }) => ({ skipped, state: stateFromWire(state), ...durabilityField(reached) }),
    }),
    route('POST', `${ONE}/samples/requeue`, methods.RequeueSamples, {
      type: 'Requeued',
      doc: 'Runs samples again that ended without a score; without a filter all of them.',
      body: z.strictObject({ filter: z.strictObject(sampleChoice).optional(), ...reason, ...durability }),
      request: ({ params, body }) => ({
        ...idOf(params),
        filter: filterOf(body.filter ?? {}),
        reason: body.reason ?? '',
        ...requiredOf(body),
      }),
      answer: ({ requeued, state, durability: reached }) => ({ requeued, state: stateFromWire(state), ...durabilityField(reached) }),
    }),
    route('GET', '/dead-letters', methods.ListDeadLetters, {
      type: 'Page<DeadLetter>',
      doc: 'Tasks that were given up, without their agents’ last words.',
      query: z.strictObject({ ...letterFilter, withDropped: z.boolean().optional(), ...page }),
      request: ({ query: { pageSize, pageToken, withDropped = false, ...filter } }) => ({
        ...{ filter: lettersOf(filter), withDropped },
        ...pageOf({ pageSize, pageToken }),
      }),
      answer: ({ letters, nextPageToken }) => pageFromWire(letters, nextPageToken, letterFromWire),
    }),
    route('GET', '/dead-letters/{taskId}', methods.GetDeadLetter, {
      type: 'DeadLetter',
      doc: 'One of them, with all that is known.',
      request: ({ params }) => ({ taskId: params['taskId'] ?? '' }),
      answer: ({ letter }) => letterFromWire(letter!),
    }),
    route('POST', '/dead-letters/replay', methods.ReplayDeadLetters, {
      type: 'DeadLettersDone',
      doc: 'Runs their open units again.',
      body: z.strictObject({ filter: z.strictObject(letterFilter), ...reason, ...durability }),
      request: ({ body }) => ({ filter: lettersOf(body.filter), reason: body.reason ?? '', ...requiredOf(body) }),
      answer: doneFromWire,
    }),
    route('POST', '/dead-letters/drop', methods.DropDeadLetters, {
      type: 'DeadLettersDone',
      doc: 'Lists them no more.',
      body: z.strictObject({ filter: z.strictObject(letterFilter), ...reason, ...durability }),
      request: ({ body }) => ({ filter: lettersOf(body.filter), reason: body.reason ?? '', ...requiredOf(body) }),
      answer: doneFromWire,
    }),
    route('GET', `${ONE}/why`, methods.WhyPending, {
      type: 'Why',
      doc: 'Why it does not run, or not faster: the reason that counts comes first.',
      query: z.strictObject(history),
      request: ({ params, query }) => ({ ...idOf(params), history: query.history ?? false }),
      answer: whyFromWire,
    }),
    route('GET', `${ONE}/course`, methods.GetCourse, {
      type: 'Course',
      doc: 'How it went over time: throughput, latencies, errors, scores, and the latest attempts at its tasks.',
      query: z.strictObject({ attempts: count.describe(`how many attempts, at most ${MOST_COURSE_ATTEMPTS}; none without it`).optional() }),
      request: ({ params, query: { attempts = 0 } }) => ({ ...idOf(params), attempts }),
      answer: courseFromWire,
    }),
    route('GET', '/tasks/{taskId}/why', methods.WhyPending, {
      type: 'Why',
      doc: 'The same of one task; the history is that of its evaluation.',
      query: z.strictObject(history),
      request: ({ params, query }) => ({ taskId: params['taskId'] ?? '', history: query.history ?? false }),
      answer: whyFromWire,
    }),
    route('PUT', '/content/{digest}', methods.UploadContent, {
      type: 'Uploaded',
      doc: 'Uploads content, such as a dataset that a spec names by its digest: the bytes as they are, with `Content-Length`. The digest is good in this namespace alone.',
      isUpload: true,
      query: z.strictObject({ namespace: z.string().describe('`default` without it').optional() }),
      request: ({ params, query: { namespace = '' }, sizeBytes }) => ({ header: { digest: params['digest'] ?? '', sizeBytes, namespace } }),
      answer: ({ digest, existed }) => ({ digest, existed }),
      isCreated: ({ existed }) => !existed,
    }),
  ];
}

function unitOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw invalid('GetSample', [{ place: 'unit', problem: `${JSON.stringify(text.slice(0, 40))} is not the number of a unit` }]);
}
