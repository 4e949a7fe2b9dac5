/** docs/reference/http-api.md and the OpenAPI document, from the table of the HTTP API and the types of the client library. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { VERSION } from '../shared/domain/version.ts';
import { HTTP_STATUS } from '../shared/http/errors.ts';
import type { Route } from '../shared/http/route.ts';
import { API_ROOT, httpRoutes, WITHOUT_ROUTE } from '../shared/http/table.ts';
import { cell, code, head, table } from './docs-markdown.ts';
import { Types, type Schema } from './ts-types.ts';

const ROOT = join(import.meta.dirname, '..');
/** Where the types of answers stand. */
const FILES = [
  ...[
    'types',
    'agent-types',
    'event-types',
    'report-types',
    'store-types',
    'redis-types',
    'identity-types',
    'audit-types',
    'books',
    'record',
    'dead-letters',
    'why',
    'course',
    'logs',
  ].map((name) => `client/${name}`),
  ...[
    'domain/log-line',
    'domain/states',
    'domain/durability',
    'domain/errors',
    'domain/identity',
    'domain/incident-kinds',
    'http/errors',
    'http/answers',
  ],
].map((name) => join(ROOT, `shared/${name}.ts`));
const REFS = '#/components/schemas/';
/** Those of other pages. */
const ELSEWHERE = new Set(['Report', 'EvaluationRecord', 'AppError', 'Identity', 'NewToken', 'AuditFilter', 'Checks']);

const types = async (): Promise<Types> => new Types(await Promise.all(FILES.map((file) => readFile(file, 'utf8'))));
const typesOf = (routes: readonly Route[]): string[] => [...routes.map(({ type }) => type), 'HttpError', 'SessionInfo'];
const GIVES = { one: '', lines: 'lines of ', events: 'events with ' };
const whatOf = ({ path }: Route): string => /^\/([a-z-]+)/.exec(path)![1]!;

export async function httpApiPage(): Promise<string> {
  const known = await types();
  const routes = httpRoutes();
  const groups = Map.groupBy(routes, whatOf);
  const names = known.reached(typesOf(routes)).filter((name) => !ELSEWHERE.has(name));
  return `${head('The HTTP API', 'shared/http and the types of the client library')}
Every path, below \`${API_ROOT}\`. [The HTTP API](../http-api.md) is the way into it: who may call, errors, streams, sessions. A row shares its rule
([who may call](../access.md#every-method)), its checks and its answer with the method of gRPC that it names. \`/api/openapi.json\` says the same
to programs.
${[...groups].map(([name, rows]) => `\n## ${name}\n${rows.map(section).join('')}`).join('')}
## Errors

${table(
  ['code', 'status'],
  Object.entries(HTTP_STATUS).map(([name, status]) => [code(name), String(status)]),
)}
## Methods of gRPC that are not here

${table(
  ['method', 'why'],
  Object.entries(WITHOUT_ROUTE).map(([path, why]) => [code(path.slice(1)), cell(why)]),
)}
## Types

As the client library has them. All numbers are JSON numbers below 2^53; times are milliseconds since 1970, or of a duration, as their names say.
Fields that a later release adds may come at any time. A spec is as [specs](spec.md) say, a \`Report\` as [reports](../report.md).

\`\`\`ts
interface Page<T> {
  items: T[];
  /** '' on the last page. */
  nextToken: string;
}
${names
  .filter((name) => name !== 'Page')
  .map((name) => declaration(known, name))
  .join('')}\`\`\`
`;
}

function declaration(known: Types, name: string): string {
  const { doc } = known.named.get(name)!;
  return `\n${doc ? `/** ${doc} */\n` : ''}${known.declarationOf(name)}\n`;
}

function section(route: Route): string {
  const { method, path, rpc, gives, type, doc } = route;
  const rows = [
    ...Object.entries(route.query.shape).map(([name, form]) => ['query', name, form] as const),
    ...Object.entries(route.body?.shape ?? {}).map(([name, form]) => ['body', name, form] as const),
  ].map(([where, name, form]) => [where, code(name), formOf(form as z.ZodType), cell(wordsOn(form as z.ZodType))]);
  return `\n### ${method} ${path}\n\n${doc} Gives ${GIVES[gives]}${code(type)}. As \`${rpc.path.split('/').at(-1)!}\`.\n${rows.length > 0 ? `\n${table(['in', 'name', 'type', ''], rows)}` : ''}`;
}

const descriptionOf = (form: z.ZodType): string => form.description ?? (form.def as { innerType?: z.ZodType }).innerType?.description ?? '';

const wordsOn = (form: z.ZodType): string =>
  [...(form.def.type === 'optional' ? [] : ['required']), descriptionOf(form)].filter(Boolean).join('; ');

/** A form in a few words. */
function formOf(form: z.ZodType): string {
  const { type, innerType, element, entries } = form.def as { type: string; innerType?: z.ZodType; element?: z.ZodType; entries?: object };
  switch (type) {
    case 'optional':
      return formOf(innerType!);
    case 'array':
      return `list of ${formOf(element!)}`;
    case 'enum':
      return Object.values(entries!)
        .map((word) => code(String(word)))
        .join(', ');
    case 'record':
      return 'map';
    case 'number':
      return 'number';
    case 'union':
      return 'text or list';
    case 'unknown':
      return 'JSON';
    case 'object':
      return `object: ${Object.keys((form as z.ZodObject).shape)
        .map(code)
        .join(', ')}`;
    default:
      return type === 'string' ? 'text' : type;
  }
}

/** OpenAPI 3.1. */
export async function openApi(): Promise<string> {
  const known = await types();
  const routes = httpRoutes();
  const schemas = Object.fromEntries(
    known
      .reached(typesOf(routes))
      .toSorted()
      .map((name) => [name, ELSEWHERE.has(name) ? { type: 'object' } : known.schemaOf(name, REFS)]),
  );
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[`${API_ROOT}${route.path}`] ??= {})[route.method.toLowerCase()] = operation(route, known);
  paths[`${API_ROOT}/session`] = SESSION;
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Assay',
      version: VERSION,
      description: 'The HTTP API of a coordinator.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-assay',
          description: 'Calls that change something need the header x-assay-csrf as well.',
        },
      },
    },
  };
  return `${JSON.stringify(document, null, 1)}\n`;
}

const sessionAnswer = { description: 'The session.', content: { 'application/json': { schema: { $ref: `${REFS}SessionInfo` } } } };
const refused = { default: { description: 'Why not.', content: { 'application/json': { schema: { $ref: `${REFS}HttpError` } } } } };
/** It is of HTTP alone: no row, and no method of gRPC. */
const SESSION = {
  post: {
    ...{ operationId: 'postSession', summary: 'A browser logs in with a token.', tags: ['session'], security: [] },
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] } } },
    },
    responses: { '201': sessionAnswer, ...refused },
  },
  get: {
    ...{ operationId: 'getSession', summary: 'Whose the session is.', tags: ['session'] },
    responses: { '200': sessionAnswer, ...refused },
  },
  delete: {
    ...{ operationId: 'deleteSession', summary: 'Logs out.', tags: ['session'] },
    responses: { '204': { description: 'It is over.' }, ...refused },
  },
};

const MEDIA = { one: 'application/json', lines: 'application/x-ndjson', events: 'text/event-stream' };

function operation(route: Route, known: Types): unknown {
  const { method, path, rpc, gives, doc, type, query, body, isUpload } = route;
  const answer = { description: doc, content: { [MEDIA[gives]]: { schema: known.schemaOfText(type, REFS) } } };
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const form = schemaOfForm(query) as { properties?: Record<string, Schema>; required?: string[] };
  const inQuery = Object.entries(form.properties ?? {}).map(([name, schema]) => ({
    ...{ name: schema['additionalProperties'] ? `${name}.{key}` : name, in: 'query', required: form.required?.includes(name) ?? false },
    schema: schema['additionalProperties'] ? { type: 'string' } : schema,
  }));
  const made = isUpload || ['CreateToken', 'SubmitEvaluation'].some((name) => rpc.path.endsWith(name));
  return {
    operationId: `${method.toLowerCase()}${path.replaceAll(/\{\w+\}/g, 'One').replaceAll(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: doc.split(/(?<=[.;:]) /)[0],
    tags: [whatOf(route)],
    'x-grpc-method': rpc.path,
    parameters: [...inPath, ...inQuery],
    ...(isUpload && {
      requestBody: { required: true, content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
    }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: schemaOfForm(body) } } } }),
    responses: {
      ...(made ? { '200': answer, '201': answer } : { '200': answer }),
      ...(gives === 'events' && { '204': { description: 'There is nothing behind the event that was named, and nothing will come.' } }),
      ...refused,
    },
  };
}

const schemaOfForm = (form: z.ZodObject): Schema => {
  const { $schema: _, ...schema } = z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' }) as Schema;
  return schema;
};
