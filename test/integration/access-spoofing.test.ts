/** Ways around: paths that only look like a method's, metadata that claims to be somebody, ids of others. Nobody gets in, and nothing happens. */
import { once } from 'node:events';
import { connect, type ClientHttp2Session } from 'node:http2';
import { Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { SCOPES } from '../../shared/domain/identity.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { AccessRig, FOREIGN, IDS, OWN_TOKEN } from '../support/access-rig.ts';
import { REQUESTS } from '../support/access-requests.ts';
import { waitFor } from '../support/wait-for.ts';
import { framed, openRaw, RESET, type Headers } from '../support/raw-grpc.ts';

const E = '/assay.v1.EvaluationService';
const WHO = '/assay.v1.IdentityService/WhoAmI';

let rig: AccessRig;
let session: ClientHttp2Session;
let stranger: string;
beforeAll(async () => {
  rig = await AccessRig.start();
  session = connect(`http://${rig.server.address}`, { strictSingleValueFields: false } as object);
  stranger = await rig.token(SCOPES, ['nobodys']);
});
afterAll(async () => {
  session.destroy();
  await rig.stop();
});

/** One message; gives the status's number and the answer's bytes. */
async function raw(path: string, headers: Headers, message: Uint8Array = new Uint8Array()): Promise<{ status: string; bytes: Buffer }> {
  const { call, status } = openRaw(session, path, headers);
  const chunks: Buffer[] = [];
  call.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(call, 'close').catch(() => undefined);
  call.end(framed(message));
  await closed;
  return { status: await status, bytes: Buffer.concat(chunks).subarray(5) };
}

const getRequest: Uint8Array = assayProto().evaluation.GetEvaluation.requestSerialize({ evaluationId: IDS.a });
const get = `${E}/GetEvaluation`;
const OK = '0';
const UNIMPLEMENTED = '12';
const UNAUTHENTICATED = '16';

describe('a path that is not quite a method’s is none', () => {
  const paths = [
    get.slice(1),
    `/${get}`,
    get.replace('Service/', 'Service//'),
    `${get}/`,
    get.toLowerCase(),
    get.toUpperCase(),
    get.replace('Get', 'get'),
    get.replace('/Get', '%2FGet'),
    get.replace('Get', '%47et'),
    `${get}?`,
    `${get}?x=/grpc.health.v1.Health/Check`,
    `${get}#`,
    `${get};x`,
    `${get}.`,
    `${get}%00`,
    `/grpc.health.v1.Health/..${get}`,
    `/.${get}`,
    `http://x${get}`,
    '/grpc.health.v1.Health/',
    '/grpc.health.v1.Health/Check2',
    '/constructor/toString',
    '/__proto__',
    '*',
  ];
  test.each(paths)('%s', async (path) => {
    rig.entered = [];
    const both: Headers[] = [{}, { authorization: `Bearer ${OWN_TOKEN}` }];
    for (const headers of both) expect([UNIMPLEMENTED, RESET]).toContain((await raw(path, headers, getRequest)).status);
    expect(rig.entered).toEqual([]);
  });

  test('the path itself is one', async () => {
    expect(await raw(get, { authorization: `Bearer ${OWN_TOKEN}` }, getRequest)).toMatchObject({ status: OK });
    expect(await raw(get, {}, getRequest)).toMatchObject({ status: UNAUTHENTICATED });
  });
});

describe('the one header', () => {
  const bad: [string, Headers][] = [
    ['none', {}],
    ['empty', { authorization: '' }],
    ['no scheme', { authorization: OWN_TOKEN }],
    ['another scheme', { authorization: `Basic ${OWN_TOKEN}` }],
    ['nothing behind it', { authorization: 'Bearer ' }],
    ['a blank in it', { authorization: `Bearer ${OWN_TOKEN} x` }],
    ['a comma behind it', { authorization: `Bearer ${OWN_TOKEN},` }],
    ['two joined by a comma', { authorization: `Bearer ${OWN_TOKEN}, Bearer ${OWN_TOKEN}` }],
    ['another one joined before it', { authorization: `Bearer x,Bearer ${OWN_TOKEN}` }],
    ['twice the same', { authorization: [`Bearer ${OWN_TOKEN}`, `Bearer ${OWN_TOKEN}`] }],
    ['a good one, then another', { authorization: [`Bearer ${OWN_TOKEN}`, 'Bearer x'] }],
    ['another one, then a good one', { authorization: ['Bearer x', `Bearer ${OWN_TOKEN}`] }],
    ['under another name', { 'x-authorization': `Bearer ${OWN_TOKEN}`, 'proxy-authorization': `Bearer ${OWN_TOKEN}` }],
    ['as bytes', { 'authorization-bin': Buffer.from(`Bearer ${OWN_TOKEN}`).toString('base64') }],
    ['in a cookie', { cookie: `authorization=Bearer ${OWN_TOKEN}; token=${OWN_TOKEN}` }],
    ['very long', { authorization: `Bearer ${'x'.repeat(5000)}` }],
  ];
  test.each(bad)('%s', async (_name, headers) => {
    rig.entered = [];
    expect(await raw(get, headers, getRequest)).toMatchObject({ status: UNAUTHENTICATED });
    expect(rig.entered).toEqual([]);
  });
});

test('what metadata claims is not believed: the call stays its token’s', async () => {
  const token = await rig.token(['read'], ['team-a']);
  const claims: Headers = {
    agent_id: ['ag_0000000000000001', 'ag_0000000000000002'],
    'agent-id': 'ag_0000000000000001',
    'x-agent-id': 'ag_0000000000000001,ag_0000000000000002',
    'agent-id-bin': Buffer.from('ag_0000000000000001').toString('base64'),
    identity: 'local',
    'identity-bin': Buffer.from('{"name":"local","scopes":["admin"]}').toString('base64'),
    name: 'local',
    scopes: SCOPES.join(','),
    namespaces: '*',
    'x-forwarded-user': 'local',
    'x-forwarded-for': '127.0.0.1',
    'x-token': OWN_TOKEN,
  };
  const authorization = `Bearer ${token}`;
  const { status, bytes } = await raw(WHO, { ...claims, authorization });
  expect(status).toBe(OK);
  const who = assayProto().identity.WhoAmI.responseDeserialize(bytes);
  expect(who).toMatchObject({ name: 'read', kind: 'token', scopes: ['SCOPE_READ'], namespaces: { all: false, names: ['team-a'] } });
  const one: Uint8Array = assayProto().evaluation.GetEvaluation.requestSerialize({ evaluationId: IDS.b });
  expect(await raw(get, { ...claims, authorization }, one)).toMatchObject({ status: '5' });
  expect(await raw('/assay.v1.OperatorService/ListAgents', { ...claims, authorization })).toMatchObject({ status: '7' });
});

const NOBODYS = { namespace: 'nobodys', tokenId: '', agentId: '', joinTokenId: '', join: () => ({}) };

describe('ids of others', () => {
  const absent = evaluationIdOf('nowhere', 'k');
  const methods = Object.keys(REQUESTS).filter((path) => JSON.stringify(REQUESTS[path]!({ ...NOBODYS, id: absent })).includes(absent));

  test('are looked for by every method that takes one', () => {
    expect(methods).toHaveLength(23);
  });

  test.each(methods)('%s: as if they were not there', async (path) => {
    const ask = async (id: string) => {
      const { details, ...rest } = await rig.call(path, REQUESTS[path]!({ ...NOBODYS, id }), stranger);
      return { ...rest, details: details.replaceAll(id, 'ID') };
    };
    rig.entered = [];
    rig.decisions.length = 0;
    const nothing = await ask(absent);
    expect(nothing.code).toMatch(/^(NOT_FOUND|OK)$/);
    const answers = await Promise.all(FOREIGN.map(ask));
    expect(answers).toEqual(FOREIGN.map(() => nothing));
    expect(rig.entered).toEqual([]);
    expect(rig.decisions).toHaveLength(1 + FOREIGN.length);
    expect(rig.decisions.filter(({ outcome, identity }) => outcome !== 'denied' || identity?.kind !== 'token')).toEqual([]);
    expect(rig.decisions.filter(({ namespace }) => namespace === 'team-7')).toHaveLength(1);
  });

  test('in filters and lists only what is one’s own is meant', async () => {
    const mine = await rig.token(SCOPES, ['team-a']);
    const ask = async (path: string, request: object) => {
      rig.entered = [];
      const { code } = await rig.call(`${E}/${path}`, [request], mine);
      return { code, entered: rig.entered };
    };
    for (const path of ['PauseEvaluation', 'ResumeEvaluation', 'CancelEvaluation', 'DeleteEvaluation'])
      for (const namespace of ['team-b', ''])
        expect(await ask(path, { filter: { name: 'x', namespace } })).toEqual({ code: 'OK', entered: [] });
    expect(await ask('ListEvaluations', {})).toEqual({ code: 'OK', entered: [] });
    expect(await ask('ListEvaluations', { filter: { namespace: 'team-a' } })).toEqual({ code: 'OK', entered: ['list'] });
    expect(await ask('ListDeadLetters', {})).toEqual({ code: 'OK', entered: [] });
    const taskIds = [`${IDS.b}-1`, `${IDS.a}-1`, `${absent}-1`];
    expect(await ask('ListDeadLetters', { filter: { taskIds } })).toEqual({ code: 'OK', entered: ['list'] });
    expect(await ask('DropDeadLetters', { filter: { taskIds: [`${IDS.b}-1`] } })).toEqual({ code: 'OK', entered: [] });
    expect(await ask('ReplayDeadLetters', { filter: { namespace: 'team-b' } })).toEqual({ code: 'OK', entered: [] });
  });
});

test('several headers by the library’s own means are none', async () => {
  const headers = new Metadata();
  headers.add('authorization', `Bearer ${OWN_TOKEN}, Bearer ${OWN_TOKEN}`);
  expect(await rig.call(get, [{ evaluationId: IDS.a }], headers)).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('however a call ends, nothing of it stays', async () => {
  const token = await rig.token(['read'], '*');
  const request = { evaluationId: IDS.a };
  for (let round = 0; round < 20; round++) {
    const { call, status } = openRaw(session, get, { authorization: `Bearer ${token}`, 'grpc-timeout': '20m' });
    if (round % 2) call.once('ready', () => call.close(8));
    const [ending, ...answers] = await Promise.all([
      status,
      rig.call(get, [request], token),
      rig.call(`${E}/WatchEvaluation`, [request], token),
      rig.call(`${E}/GetReport`, [{ evaluationId: 'bad' }], token),
      rig.call('/assay.v1.OperatorService/ListAgents', [{}], token),
    ]);
    expect(ending).not.toBe(OK);
    expect(answers.map(({ code }) => code)).toEqual(['OK', 'OK', 'INVALID_ARGUMENT', 'PERMISSION_DENIED']);
  }
  await waitFor(() => rig.book.underWay === 0, { what: 'the last call to be forgotten' });
});
