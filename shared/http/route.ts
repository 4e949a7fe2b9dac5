/**
 * What a row of the HTTP API's table says. A row shares its rule, its checks and its answer with the gRPC method that it names: it only says how
 * path, query and body become that method's request, and how the answer becomes JSON, in the client library's types.
 */
import type { MethodDefinition } from '@grpc/proto-loader';
import { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * How the answer comes.
 *
 *   one      one JSON document
 *   lines    JSON documents, a line each, for as long as there are any (application/x-ndjson)
 *   events   server-sent events
 */
export type Gives = 'one' | 'lines' | 'events';

/** What came in, checked for its form. */
export interface Input<Query = Record<string, unknown>, Body = Record<string, unknown>> {
  params: Record<string, string>;
  query: Query;
  body: Body;
  /** Of an upload: what its `Content-Length` says; else 0. */
  sizeBytes: number;
}

export interface Event {
  event: string;
  /** Where a watcher goes on: `Last-Event-ID`. */
  id?: string;
  data: unknown;
}

/** A row, whatever its method's messages are. */
export interface Route {
  readonly method: HttpMethod;
  /** Below `/api/v1`; `{name}` stands for one segment. */
  readonly path: string;
  /** Whose rule it shares, and who answers it. */
  readonly rpc: MethodDefinition<object, object, object, object>;
  readonly gives: Gives;
  /** The type of the answer, of a line, or of an event's data, by its name in the client library. */
  readonly type: string;
  /** What it does, in a sentence or two. */
  readonly doc: string;
  readonly query: z.ZodObject;
  readonly body: z.ZodObject | undefined;
  /** The body is content, not JSON: `request` makes the first message, and what follows are the bytes. */
  readonly isUpload: boolean;
  readonly request: (input: Input) => object;
  readonly answers: (messages: AsyncIterable<object>) => AsyncIterable<unknown>;
  /** Of `events`. */
  readonly event: (answer: unknown) => Event;
  /** Of `events`: one answer that stands for both, where nothing is lost by it; `before` is absent when there is none. undefined: it must go out itself. */
  readonly merge: (before: unknown, answer: unknown) => unknown;
  /** Of an answer that made something. */
  readonly isCreated: (answer: unknown) => boolean;
}

const NONE = z.strictObject({});

/** One row, typed by its method. Either `answer` for each message, or `answers` for all of them together. */
export function route<Request, Response, Query extends z.ZodObject = typeof NONE, Body extends z.ZodObject = typeof NONE, T = unknown>(
  method: HttpMethod,
  path: string,
  rpc: MethodDefinition<Request, never, unknown, Response>,
  row: {
    type: string;
    doc: string;
    gives?: Gives;
    query?: Query;
    body?: Body;
    isUpload?: boolean;
    request: (input: Input<z.infer<Query>, z.infer<Body>>) => Request;
    answer?: (message: Response) => T;
    answers?: (messages: AsyncIterable<Response>) => AsyncIterable<T>;
    event?: (answer: T) => Event;
    merge?: (before: T | undefined, answer: T) => T | undefined;
    isCreated?: (answer: T) => boolean;
  },
): Route {
  const { type, doc, gives = 'one', isUpload = false, answer, event, merge, isCreated } = row;
  const each = async function* (messages: AsyncIterable<Response>): AsyncGenerator {
    for await (const message of messages) yield answer ? answer(message) : message;
  };
  return {
    ...{ method, path, gives, type, doc, isUpload },
    query: row.query ?? NONE,
    body: row.body,
    // What goes in and comes out is of the method's own messages: only `invoke` handles them, and knows no more.
    rpc: rpc as unknown as Route['rpc'],
    request: row.request as unknown as Route['request'],
    answers: (row.answers ?? each) as unknown as Route['answers'],
    event: (event ?? ((data: T) => ({ event: 'message', data }))) as Route['event'],
    merge: (merge ?? (() => undefined)) as Route['merge'],
    isCreated: (isCreated ?? (() => false)) as Route['isCreated'],
  };
}
