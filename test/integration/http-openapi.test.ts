/** What the OpenAPI document says of answers is what comes, by every row; and it names every field that comes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL } from '../../shared/domain/identity.ts';
import { API_ROOT, httpRoutes } from '../../shared/http/table.ts';
import { AccessRig, IDS, OWN_TOKEN } from '../support/access-rig.ts';
import { eventsOf, httpOf, linesOf, type TestHttp } from '../support/http.ts';
import { requestOf } from '../support/http-requests.ts';
import { fits } from '../support/json-schema.ts';

type Schema = Record<string, unknown>;
interface Operation {
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>;
}

const REFS = '#/components/schemas/';
let rig: AccessRig;
let http: TestHttp;
let paths: Record<string, Record<string, Operation>>;
/** The types of answers: with no field beside those that are named, and as they are. */
let strict: Record<string, Schema>;
let open: Record<string, Schema>;
let tokenId: string;
let joinTokenId: string;
beforeAll(async () => {
  rig = await AccessRig.start();
  http = await httpOf(rig.server);
  const text = await (await fetch(`${http.url}/api/openapi.json`)).text();
  const document = JSON.parse(text.replaceAll(REFS, '#/$defs/')) as { paths: typeof paths; components: { schemas: typeof open } };
  ({ paths } = document);
  open = document.components.schemas;
  strict = Object.fromEntries(Object.entries(open).map(([name, schema]) => [name, closed(schema)]));
  ({
    token: { id: tokenId },
  } = await rig.tokens.create(LOCAL, { name: 'x', scopes: ['read'], namespaces: ['team-a'], expiresInMs: 60_000 }));
  ({ id: joinTokenId } = await rig.invited('team-a'));
});
afterAll(async () => {
  await http?.stop();
  await rig?.stop();
});

/** With no field beside those that are named; what is put together of several parts is left open. */
function closed(schema: Schema): Schema {
  if (schema['allOf']) return schema;
  const inner = Object.entries(schema).map(([keyword, rule]): [string, unknown] => {
    if (keyword === 'properties')
      return [keyword, Object.fromEntries(Object.entries(rule as Schema).map(([name, own]) => [name, closed(own as Schema)]))];
    if (keyword === 'items') return [keyword, closed(rule as Schema)];
    if (keyword === 'anyOf') return [keyword, (rule as Schema[]).map(closed)];
    return [keyword, rule];
  });
  return { ...(schema['properties'] ? { additionalProperties: false } : {}), ...Object.fromEntries(inner) };
}

async function answersOf(response: Response): Promise<unknown[]> {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/json')) return [await response.json()];
  if (type === 'application/x-ndjson') return linesOf(response);
  for await (const { event, data } of eventsOf(response)) if (event !== 'end') return [data];
  return [];
}

test.each(httpRoutes().map((route) => [`${route.method} ${route.path}`, route] as const))('%s', async (name, { method, path }) => {
  const [url, init] = requestOf(name, { id: IDS.a, namespace: 'team-a', tokenId, agentId: '', joinTokenId, join: () => ({}) }, OWN_TOKEN);
  const response = await fetch(http.url + url, init);
  const said = paths[`${API_ROOT}${path}`]![method.toLowerCase()]!.responses[String(response.status)];
  expect([response.status, said !== undefined]).toEqual([response.status, true]);
  const [type] = (response.headers.get('content-type') ?? '').split(';');
  const schema = said!.content![type!]!.schema;
  // A type and more: each part of it has fields that the other one does not know.
  const isMore =
    (open[String(schema['$ref']).split('/').at(-1)!]?.['allOf'] as Schema[] | undefined)?.some((part) => '$ref' in part) === true;
  const root = isMore ? { ...schema, $defs: open } : { ...closed(schema), $defs: strict };
  for (const answer of await answersOf(response)) expect({ answer, fits: fits(answer, root) }).toEqual({ answer, fits: true });
});
