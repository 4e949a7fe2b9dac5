/**
 * Every row of the HTTP API × every kind of caller: the same answer as by gRPC, the same use-cases asked, the same told. What gRPC must answer
 * is written down in access-matrix.test.ts.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LOCAL } from '../../shared/domain/identity.ts';
import { codeOfHttpStatus } from '../../shared/http/errors.ts';
import type { Route } from '../../shared/http/route.ts';
import { httpRoutes, WITHOUT_ROUTE } from '../../shared/http/table.ts';
import { AccessRig, callersOf, IDS, servedMethods } from '../support/access-rig.ts';
import { REQUESTS, type About } from '../support/access-requests.ts';
import { httpOf, type TestHttp } from '../support/http.ts';
import { requested, requestOf } from '../support/http-requests.ts';

const routes = httpRoutes();
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
/** Commands to those of a filter: gRPC's matrix asks for one that is named. */
const OF_FILTERS = /^POST \/evaluations\/(?:pause|resume|cancel|delete)$/;

let rig: AccessRig;
let http: TestHttp;
let callers: Record<string, string | undefined>;
let about: About;
beforeAll(async () => {
  rig = await AccessRig.start();
  http = await httpOf(rig.server);
  callers = await callersOf(rig);
  const { token } = await rig.tokens.create(LOCAL, { name: 'x', scopes: ['read'], namespaces: ['team-a'], expiresInMs: 60_000 });
  const { id: joinTokenId } = await rig.invited('team-a');
  about = { id: IDS.a, namespace: 'team-a', tokenId: token.id, agentId: '', joinTokenId, join: () => ({}) };
});
afterAll(async () => {
  await http?.stop();
  await rig?.stop();
});

test('every method of gRPC has a row, or a reason why not', () => {
  const withRow = new Set(routes.map(({ rpc }) => rpc.path));
  expect([...withRow, ...Object.keys(WITHOUT_ROUTE)].toSorted()).toEqual([...servedMethods().keys()].toSorted());
  expect(requested().toSorted()).toEqual(routes.map(nameOf).toSorted());
});

interface Seen {
  code: string;
  asked: string[];
  told: string[];
}

async function seen(path: string, call: () => Promise<string>): Promise<Seen> {
  rig.entered = [];
  rig.decisions.length = 0;
  const code = await call();
  return {
    code,
    asked: [...new Set(rig.entered)],
    told: rig.decisions.filter(({ method }) => method === path).map(({ outcome }) => outcome),
  };
}

async function byHttp(route: Route, token: string | undefined): Promise<string> {
  const [path, init] = requestOf(nameOf(route), about, token);
  const response = await fetch(http.url + path, init);
  await response.body?.cancel();
  return response.ok ? 'OK' : codeOfHttpStatus(response.status).toUpperCase();
}

const known = new Map<string, Seen>();

async function byGrpc(path: string, caller: string, token: string | undefined): Promise<Seen> {
  const key = `${path} ${caller}`;
  const found = known.get(key) ?? (await seen(path, async () => (await rig.call(path, REQUESTS[path]!(about), token)).code));
  known.set(key, found);
  return found;
}

test.each(routes.map((route) => [nameOf(route), route] as const))('%s', async (name, route) => {
  const { path } = route.rpc;
  for (const [caller, token] of Object.entries(callers)) {
    const http = await seen(path, () => byHttp(route, token));
    const grpc = { ...(await byGrpc(path, caller, token)) };
    // What is another's is not found where it is named, and not among those of a filter.
    if (OF_FILTERS.test(name) && grpc.code === 'NOT_FOUND') grpc.code = 'OK';
    expect({ caller, ...http }).toEqual({ caller, ...grpc });
  }
});
