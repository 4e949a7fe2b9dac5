/** Rows of lines: of evaluations, tasks and agents. */
import { z } from 'zod';
import { batchFromWire, filterToWire, lineFromWire } from '../client/codec-logs.ts';
import { LINE_LEVELS, type LogBatch, type LogLine } from '../client/logs.ts';
import type { StreamAgentLogsRequest } from '../rpc/gen/assay/v1/StreamAgentLogsRequest.ts';
import type { StreamLogsRequest } from '../rpc/gen/assay/v1/StreamLogsRequest.ts';
import type { StreamLogsResponse__Output } from '../rpc/gen/assay/v1/StreamLogsResponse.ts';
import { assayProto } from '../rpc/load.ts';
import type { AgentLines } from './answers.ts';
import { count, whole } from './forms.ts';
import { route, type Route } from './route.ts';

const filter = {
  sinceMs: whole.optional(),
  minLevel: z.enum(LINE_LEVELS).describe('this much, or more').optional(),
  text: z.string().describe('in the text, letters in either case').optional(),
};
const agent = { agent: z.string().describe('id or name').optional() };
const unit = { unit: count.describe('about this sample').optional() };
const tail = { tail: count.describe('of the lines that are there, only the last ones, at most 1000').optional() };
const cursor = { cursor: z.string().describe('for clients that cannot send `Last-Event-ID`').optional() };

const ofEvaluation = z.strictObject({ ...filter, ...agent, ...unit, ...tail });
const followed = z.strictObject({ ...filter, ...agent, ...unit, ...tail, ...cursor });
const ofAgent = z.strictObject({ ...filter, ...tail });
type Asked = z.infer<typeof followed>;

/** A reader that comes again has a cursor, and its address still says how it began. */
const requestOf = ({ tail: last = 0, cursor: from = '', ...some }: Asked, follow: boolean): StreamLogsRequest => ({
  filter: filterToWire(some),
  tail: from === '' ? last : 0,
  cursor: from,
  follow,
});

const agentRequestOf = (
  agentId: string,
  { tail: last = 0, ...some }: z.infer<typeof ofAgent>,
  follow: boolean,
): StreamAgentLogsRequest => ({
  agent: agentId,
  filter: filterToWire(some),
  tail: last,
  follow,
});

async function* linesOf(messages: AsyncIterable<StreamLogsResponse__Output>): AsyncGenerator<LogLine> {
  for await (const message of messages) yield* batchFromWire(message).lines;
}

const MOST_MERGED = 500;
/** Both as one, as long as that is small. */
const merged = (before: LogBatch | undefined, batch: LogBatch): LogBatch | undefined =>
  before && (batch.leftOut || before.lines.length + batch.lines.length > MOST_MERGED)
    ? undefined
    : { ...batch, leftOut: before?.leftOut ?? batch.leftOut, lines: [...(before?.lines ?? []), ...batch.lines] };

const mergedOfAgent = (before: AgentLines | undefined, { snapshot, lines }: AgentLines): AgentLines | undefined =>
  before && (snapshot || before.lines.length + lines.length > MOST_MERGED)
    ? undefined
    : { snapshot: before?.snapshot ?? snapshot, lines: [...(before?.lines ?? []), ...lines] };

export function logRoutes(): Route[] {
  const { StreamLogs } = assayProto().evaluation;
  const { StreamAgentLogs } = assayProto().operator;
  const places = [
    { path: '/evaluations/{evaluationId}/logs', what: 'an evaluation', of: (id: string) => ({ evaluationId: id }), name: 'evaluationId' },
    { path: '/tasks/{taskId}/logs', what: 'a task', of: (id: string) => ({ taskId: id }), name: 'taskId' },
  ];
  return [
    ...places.flatMap(({ path, what, of, name }) => [
      route('GET', path, StreamLogs, {
        type: 'LogLine',
        gives: 'lines',
        doc: `What was told of ${what}, the oldest first. It comes from agents, endpoints and models: show it as text.`,
        query: ofEvaluation,
        request: ({ params, query }) => ({ ...of(params[name] ?? ''), ...requestOf(query, false) }),
        answers: linesOf,
      }),
      route('GET', `${path}/events`, StreamLogs, {
        type: 'LogBatch',
        gives: 'events',
        doc: 'The same, and then the lines that come, until some seconds after the evaluation is over: events `lines`. An event’s id is its cursor; with `Last-Event-ID` (or `cursor`) the stream goes on behind it.',
        query: followed,
        request: ({ params, query }) => ({ ...of(params[name] ?? ''), ...requestOf(query, true) }),
        answer: batchFromWire,
        event: (data) => ({ event: 'lines', ...(data.cursor !== '' && { id: data.cursor }), data }),
        merge: merged,
      }),
    ]),
    route('GET', '/agents/{agent}/logs', StreamAgentLogs, {
      type: 'LogLine',
      gives: 'lines',
      doc: 'What an agent has told of itself: the last lines, from the coordinator that it is connected to.',
      query: ofAgent,
      request: ({ params, query }) => agentRequestOf(params['agent'] ?? '', query, false),
      answers: async function* (messages) {
        for await (const { lines } of messages) yield* lines.map(lineFromWire);
      },
    }),
    route('GET', '/agents/{agent}/logs/events', StreamAgentLogs, {
      type: 'AgentLines',
      gives: 'events',
      doc:
        'The same, and then the lines that come, at whichever coordinator: events `lines`. The first has `snapshot`, and the lines that are there, or none; so does ' +
        'whoever comes again.',
      query: ofAgent,
      request: ({ params, query }) => agentRequestOf(params['agent'] ?? '', query, true),
      answers: async function* (messages) {
        let snapshot = true;
        for await (const { lines } of messages) {
          yield { snapshot, lines: lines.map(lineFromWire) };
          snapshot = false;
        }
      },
      event: (data) => ({ event: 'lines', data }),
      merge: mergedOfAgent,
    }),
  ];
}
