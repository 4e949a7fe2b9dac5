/** A good request for every row of the HTTP API, about one evaluation and its namespace. */
import { API_ROOT } from '../../shared/http/table.ts';
import type { About } from './access-requests.ts';
import { DIGEST } from './rpc-rows/rows.ts';

/** Path and body of a row's request. */
interface Asked {
  path?: string;
  body?: unknown;
  bytes?: string;
}

const E = '/evaluations/{id}';
const spec = { name: 'x' };
const letters = ({ id }: About): Asked => ({ body: { filter: { evaluationId: id } } });
const several = ({ namespace }: About): Asked => ({ body: { filter: { namespace, name: 'x' } } });
const empty = (): Asked => ({ body: {} });

/** By method and path of the row, with `{id}` for `{evaluationId}`. */
const REQUESTS: Readonly<Record<string, (about: About) => Asked>> = {
  'GET /evaluations': ({ namespace }) => ({ path: `/evaluations?namespace=${namespace}` }),
  'GET /evaluations/events': ({ namespace }) => ({ path: `/evaluations/events?namespace=${namespace}` }),
  'POST /evaluations': ({ namespace }) => ({ body: { spec, idempotencyKey: 'k', namespace } }),
  'POST /evaluations/validate': ({ namespace }) => ({ body: { spec, namespace } }),
  [`GET ${E}`]: () => ({}),
  [`GET ${E}/events`]: () => ({}),
  [`GET ${E}/report`]: () => ({}),
  [`GET ${E}/why`]: ({ id }) => ({ path: `/evaluations/${id}/why?history=true` }),
  [`GET ${E}/course`]: () => ({}),
  'GET /tasks/{taskId}/why': ({ id }) => ({ path: `/tasks/${id}-1/why` }),
  [`GET ${E}/logs`]: () => ({}),
  [`GET ${E}/logs/events`]: () => ({}),
  'GET /tasks/{taskId}/logs': ({ id }) => ({ path: `/tasks/${id}-1/logs` }),
  'GET /tasks/{taskId}/logs/events': ({ id }) => ({ path: `/tasks/${id}-1/logs/events` }),
  'GET /agents/{agent}/logs': () => ({ path: '/agents/gpu-1/logs' }),
  'GET /agents/{agent}/logs/events': () => ({ path: '/agents/gpu-1/logs/events' }),
  [`GET ${E}/verify`]: () => ({}),
  [`GET ${E}/record`]: () => ({}),
  [`PATCH ${E}`]: () => ({ body: { keep: true } }),
  [`POST ${E}/pause`]: empty,
  'POST /evaluations/pause': several,
  [`POST ${E}/resume`]: empty,
  'POST /evaluations/resume': several,
  [`POST ${E}/cancel`]: empty,
  'POST /evaluations/cancel': several,
  [`DELETE ${E}`]: () => ({}),
  'POST /evaluations/delete': several,
  [`POST ${E}/recover`]: empty,
  [`GET ${E}/samples`]: () => ({}),
  [`GET ${E}/samples/{unit}`]: ({ id }) => ({ path: `/evaluations/${id}/samples/3` }),
  [`GET ${E}/sample`]: ({ id }) => ({ path: `/evaluations/${id}/sample?sampleId=3` }),
  [`GET ${E}/results`]: () => ({}),
  [`POST ${E}/samples/skip`]: () => ({ body: { filter: { units: [1] } } }),
  [`POST ${E}/samples/requeue`]: empty,
  'GET /dead-letters': ({ id }) => ({ path: `/dead-letters?evaluationId=${id}` }),
  'GET /dead-letters/{taskId}': ({ id }) => ({ path: `/dead-letters/${id}-1` }),
  'POST /dead-letters/replay': letters,
  'POST /dead-letters/drop': letters,
  'PUT /content/{digest}': ({ namespace }) => ({ path: `/content/${DIGEST}?namespace=${namespace}`, bytes: 'abc' }),
  'GET /agents': () => ({}),
  'GET /agents/{agent}': () => ({ path: '/agents/gpu-1' }),
  'POST /agents/{agent}/drain': () => ({ path: '/agents/gpu-1/drain', body: {} }),
  'GET /routes': () => ({}),
  'GET /routes/{route}/why': () => ({ path: `/routes/${encodeURIComponent('model=m')}/why?history=true` }),
  'POST /routes/pause': () => ({ body: { route: 'model=m' } }),
  'GET /events': ({ namespace }) => ({ path: `/events?namespace=${namespace}` }),
  'GET /cluster/events': () => ({}),
  'POST /store/collect': empty,
  'GET /whoami': () => ({}),
  'GET /tokens': () => ({}),
  'POST /tokens': ({ namespace }) => ({ body: { name: 'x', scopes: ['admin'], namespaces: [namespace] } }),
  'DELETE /tokens/{tokenId}': ({ tokenId }) => ({ path: `/tokens/${tokenId}` }),
  'GET /join-tokens': () => ({}),
  'DELETE /join-tokens/{joinTokenId}': ({ joinTokenId }) => ({ path: `/join-tokens/${joinTokenId}` }),
  'GET /namespaces': () => ({}),
  'GET /namespaces/{namespace}': ({ namespace }) => ({ path: `/namespaces/${namespace}` }),
  'PATCH /namespaces/{namespace}': ({ namespace }) => ({ path: `/namespaces/${namespace}`, body: { limits: { maxTasks: 5 } } }),
  'GET /audit': () => ({}),
  'POST /audit/verify': empty,
};

/** The names of all that are known here. */
export const requested = (): string[] => Object.keys(REQUESTS).map((name) => name.replace('{id}', '{evaluationId}'));

/** As `fetch` takes it. `route`: `GET /evaluations/{evaluationId}`. */
export function requestOf(route: string, about: About, token: string | undefined): [path: string, init: RequestInit] {
  const name = route.replace('{evaluationId}', '{id}');
  const [method = '', place = ''] = name.split(' ');
  const { path = place.replace('{id}', about.id), body, bytes } = REQUESTS[name]!(about);
  return [
    `${API_ROOT}${path}`,
    {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? (bytes === undefined ? {} : { body: bytes }) : { body: JSON.stringify(body) }),
    },
  ];
}
