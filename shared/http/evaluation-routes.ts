/** Rows of EvaluationService: evaluations as a whole. */
import { z } from 'zod';
import { booksFromWire, progressFromWire, recoveredFromWire } from '../client/codec-books.ts';
import { changesToWire, filterToWire, outcomeFromWire, validationFromWire } from '../client/codec-commands.ts';
import { durabilityField } from '../client/codec-durability.ts';
import { evaluationFromWire, eventFromWire, summaryFromWire } from '../client/codec-evaluation.ts';
import { listChangeFromWire } from '../client/codec-list.ts';
import { recordStepsFromWire } from '../client/codec-record.ts';
import { jsonToWire, pageFromWire } from '../client/codec-words.ts';
import type { EvaluationOutcome, GroupProgress, WatchEvent } from '../client/types.ts';
import { assayProto } from '../rpc/load.ts';
import { count, durability, evaluationFilter, page, pageOf, reason, requiredOf, whole } from './forms.ts';
import { route, type Route } from './route.ts';

const ONE = '/evaluations/{evaluationId}';
const idOf = ({ evaluationId = '' }: Record<string, string>): { evaluationId: string } => ({ evaluationId });
const outcomes = ({ outcomes: wire }: { outcomes: Parameters<typeof outcomeFromWire>[0][] }): EvaluationOutcome[] =>
  wire.map(outcomeFromWire);
const spec = { spec: z.unknown().describe('the spec, as JSON') };
const several = { filter: z.strictObject(evaluationFilter).describe('which ones; its namespace is `default` without one') };
const mode = z.enum(['abort', 'drain']).describe('`drain` lets what runs come to its end').optional();
const modeToWire = (wanted: 'abort' | 'drain' | undefined) =>
  wanted === 'drain' ? ('CANCEL_MODE_DRAIN' as const) : ('CANCEL_MODE_ABORT' as const);
const filterOf = filterToWire;
/** `undefined` is no JSON; `null` is, and the method says what is wrong with it. */
const specOf = (value: unknown): Buffer => jsonToWire(value ?? null);

export function evaluationRoutes(): Route[] {
  const methods = assayProto().evaluation;
  return [
    route('GET', '/evaluations', methods.ListEvaluations, {
      type: 'Page<EvaluationSummary>',
      doc: 'Evaluations of one namespace, the newest first. Every condition must hold.',
      query: z.strictObject({ ...evaluationFilter, ...page }),
      request: ({ query: { pageSize, pageToken, ...filter } }) => ({ filter: filterOf(filter), ...pageOf({ pageSize, pageToken }) }),
      answer: ({ evaluations, nextPageToken }) => pageFromWire(evaluations, nextPageToken, summaryFromWire),
    }),
    route('GET', '/evaluations/events', methods.WatchEvaluations, {
      type: 'ListChange',
      gives: 'events',
      doc:
        'The newest of such a list, and then what changes: events `change`, at most two a second. The first has `snapshot`, and all there are, perhaps ' +
        'in several messages; so does whoever comes again.',
      query: z.strictObject({ ...evaluationFilter, size: count.describe('entries at most, 1 to 200; 50 without it').optional() }),
      request: ({ query: { size = 0, ...filter } }) => ({ filter: filterOf(filter), size }),
      answer: listChangeFromWire,
      event: (data) => ({ event: 'change', data }),
    }),
    route('POST', '/evaluations', methods.SubmitEvaluation, {
      type: 'Submitted',
      doc: 'Submits a spec. The same key with the same spec gives the evaluation that there is (200 in place of 201), with another spec 409.',
      body: z.strictObject({
        ...spec,
        idempotencyKey: z.string().describe('your name for this submit, so that it may be repeated'),
        namespace: z.string().describe('`default` without it').optional(),
        owner: z.string().optional(),
        ...durability,
      }),
      request: ({ body: { spec: value, idempotencyKey, namespace = '', owner = '', ...rest } }) => ({
        ...{ specJson: specOf(value), idempotencyKey, namespace, owner },
        ...requiredOf(rest),
      }),
      answer: ({ evaluation, existed, durability: reached }) => ({
        evaluation: evaluationFromWire(evaluation),
        existed,
        ...durabilityField(reached),
      }),
      isCreated: ({ existed }) => !existed,
    }),
    route('POST', '/evaluations/validate', methods.ValidateEvaluation, {
      type: 'Validation',
      doc: 'What a spec would run, what it might cost, and what is wrong with it.',
      body: z.strictObject({ ...spec, namespace: z.string().optional() }),
      request: ({ body: { spec: value, namespace = '' } }) => ({ specJson: specOf(value), namespace }),
      answer: validationFromWire,
    }),
    route('GET', ONE, methods.GetEvaluation, {
      type: 'Evaluation',
      doc: 'One evaluation as it stands, with its spec.',
      request: ({ params }) => idOf(params),
      answer: ({ evaluation }) => evaluationFromWire(evaluation),
    }),
    route('GET', `${ONE}/events`, methods.WatchEvaluation, {
      type: 'WatchEvent',
      gives: 'events',
      doc:
        'A snapshot, then what happens, until the final state: events `snapshot`, `progress`, `state`. An event’s id is its cursor; with ' +
        '`Last-Event-ID` (or `cursor`) the stream goes on behind it. A snapshot with `resync` stands for events that were missed.',
      query: z.strictObject({ cursor: z.string().describe('for clients that cannot send `Last-Event-ID`').optional() }),
      request: ({ params, query: { cursor = '' } }) => ({ ...idOf(params), cursor }),
      answers: async function* (messages) {
        for await (const message of messages) {
          const event = eventFromWire(message);
          if (event) yield event;
        }
      },
      event: (data) => ({ event: data.kind, ...(data.cursor !== '' && { id: data.cursor }), data }),
      merge: mergedProgress,
    }),
    route('GET', `${ONE}/report`, methods.GetReport, {
      type: 'Report',
      doc: 'The report of a final evaluation, as the store has it: docs/report.md has its fields.',
      request: ({ params }) => idOf(params),
      answer: ({ reportJson }) => reportJson,
    }),
    route('GET', `${ONE}/verify`, methods.VerifyEvaluation, {
      type: 'VerifyLine',
      gives: 'lines',
      doc: 'Recomputes the evaluation from the store and compares: lines with `progress`, at last one with `books`.',
      request: ({ params }) => idOf(params),
      answer: ({ books, progress }) => (books ? { books: booksFromWire(books) } : { progress: progressFromWire(progress!) }),
    }),
    route('GET', `${ONE}/record`, methods.RecordEvaluation, {
      type: 'RecordStep',
      gives: 'lines',
      doc: 'What makes the evaluation reproducible: lines with `progress`, with `samples` if they are asked for, at last one with `record`.',
      query: z.strictObject({ samples: z.boolean().optional() }),
      request: ({ params, query: { samples = false } }) => ({ ...idOf(params), samples }),
      answers: recordStepsFromWire,
    }),
    route('PATCH', ONE, methods.UpdateEvaluation, {
      type: 'Updated',
      doc: 'Changes what is named; `limits`, `tags` and `metadata` replace what was there.',
      body: z.strictObject({
        priority: count.describe('1 first … 10 last').optional(),
        maxSamples: count.describe('0: no bound of its own').optional(),
        limits: z
          .strictObject({ time: z.number().optional(), working: z.number().optional(), tokens: whole.optional() })
          .describe('of one sample: seconds, seconds without waits, tokens')
          .optional(),
        tags: z.array(z.string()).optional(),
        metadata: z.record(z.string(), z.unknown()).optional(),
        keep: z.boolean().describe('neither retention nor a delete removes it').optional(),
        ...durability,
      }),
      request: ({ params, body: { durability: wanted, ...changes } }) => ({
        ...idOf(params),
        ...changesToWire(changes),
        ...requiredOf({ durability: wanted }),
      }),
      answer: ({ evaluation, durability: reached }) => ({ ...evaluationFromWire(evaluation), ...durabilityField(reached) }),
    }),
    ...both('pause', methods.PauseEvaluation, 'Hands out no more of it; what runs goes on.'),
    ...both('resume', methods.ResumeEvaluation, 'Goes on with it.'),
    route('POST', `${ONE}/cancel`, methods.CancelEvaluation, {
      type: 'EvaluationOutcome[]',
      doc: 'Ends it; open units are cancelled.',
      body: z.strictObject({ mode, ...reason, ...durability }),
      request: ({ params, body }) => ({
        ...idOf(params),
        reason: body.reason ?? '',
        mode: modeToWire(body.mode),
        ...requiredOf(body),
      }),
      answer: outcomes,
    }),
    route('POST', '/evaluations/cancel', methods.CancelEvaluation, {
      type: 'EvaluationOutcome[]',
      doc: 'The same for all that a filter means; each tells what became of it.',
      body: z.strictObject({ ...several, mode, ...reason, ...durability }),
      request: ({ body }) => ({
        filter: filterOf(body.filter),
        reason: body.reason ?? '',
        mode: modeToWire(body.mode),
        ...requiredOf(body),
      }),
      answer: outcomes,
    }),
    route('DELETE', ONE, methods.DeleteEvaluation, {
      type: 'EvaluationOutcome[]',
      doc: 'Removes a final evaluation with all its results.',
      request: ({ params }) => idOf(params),
      answer: outcomes,
    }),
    route('POST', '/evaluations/delete', methods.DeleteEvaluation, {
      type: 'EvaluationOutcome[]',
      doc: 'The same for all that a filter means; it must have a condition.',
      body: z.strictObject({ ...several, ...durability }),
      request: ({ body }) => ({ filter: filterOf(body.filter), ...requiredOf(body) }),
      answer: outcomes,
    }),
    route('POST', `${ONE}/recover`, methods.RecoverEvaluation, {
      type: 'Recovered',
      doc: 'Makes its ledger anew from the store; answered when that is done.',
      body: z.strictObject({ ...reason, ...durability }),
      request: ({ params, body }) => ({ ...idOf(params), reason: body.reason ?? '', ...requiredOf(body) }),
      answer: recoveredFromWire,
    }),
  ];
}

/** Of two events of progress the later one, with the groups that changed in either. */
export function mergedProgress(before: WatchEvent | undefined, event: WatchEvent): WatchEvent | undefined {
  if (event.kind !== 'progress') return undefined;
  if (before?.kind !== 'progress') return event;
  const groups = new Map([...before.groups, ...event.groups].map((group) => [groupKey(group), group]));
  return { ...event, groups: [...groups.values()] };
}

const groupKey = ({ benchmark, model, judgeOf }: GroupProgress): string =>
  JSON.stringify([benchmark, model, judgeOf?.model, judgeOf?.scorer]);

type Commands = ReturnType<typeof assayProto>['evaluation'];

/** A command to one evaluation, and to those of a filter. */
function both(name: string, rpc: Commands['PauseEvaluation'] | Commands['ResumeEvaluation'], doc: string): Route[] {
  const method = rpc as Commands['PauseEvaluation'];
  return [
    route('POST', `${ONE}/${name}`, method, {
      type: 'EvaluationOutcome[]',
      doc,
      body: z.strictObject({ ...reason, ...durability }),
      request: ({ params, body }) => ({ ...idOf(params), reason: body.reason ?? '', ...requiredOf(body) }),
      answer: outcomes,
    }),
    route('POST', `/evaluations/${name}`, method, {
      type: 'EvaluationOutcome[]',
      doc: 'The same for all that a filter means; each tells what became of it.',
      body: z.strictObject({ ...several, ...reason, ...durability }),
      request: ({ body }) => ({ filter: filterOf(body.filter), reason: body.reason ?? '', ...requiredOf(body) }),
      answer: outcomes,
    }),
  ];
}
