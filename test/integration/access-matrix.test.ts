/**
 * Every method that is served × every kind of caller: what is answered, and whether a use-case was asked at all. The methods come from the
 * descriptors, so a new one cannot be left out; what is expected is written down here once more, by hand.
 */
import type { Client } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RULES } from '../../shared/domain/access-rules.ts';
import { agentBearer } from '../../shared/domain/agent-key.ts';
import { LOCAL, SCOPES } from '../../shared/domain/identity.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { Others } from '../support/access-others.ts';
import { AccessRig, callersOf, IDS, servedMethods } from '../support/access-rig.ts';
import { REQUESTS, type About } from '../support/access-requests.ts';
import { startServer } from '../support/rpc.ts';

const E = 'assay.v1.EvaluationService';
const I = 'assay.v1.IdentityService';

/** Scope, and what a caller of another namespace is told: `every`: it lacks namespaces; `hidden`: there is nothing; `empty`: a list of nothing; `refused`. */
const EXPECTED: Readonly<Record<string, readonly [needs: string, elsewhere: 'every' | 'hidden' | 'empty' | 'refused' | 'same']>> = {
  ...of(E, 'submit', { UploadContent: 'refused', SubmitEvaluation: 'refused', ValidateEvaluation: 'refused' }),
  ...of(E, 'submit', { UpdateEvaluation: 'hidden', RequeueSamples: 'hidden', ReplayDeadLetters: 'hidden' }),
  ...of(E, 'read', { GetEvaluation: 'hidden', ListEvaluations: 'empty', WatchEvaluation: 'hidden', StreamResults: 'hidden' }),
  ...of(E, 'read', { GetReport: 'hidden', ListSamples: 'hidden', GetSample: 'hidden', VerifyEvaluation: 'hidden', StreamLogs: 'hidden' }),
  ...of(E, 'read', { WatchEvaluations: 'empty' }),
  ...of(E, 'read', {
    RecordEvaluation: 'hidden',
    WhyPending: 'hidden',
    GetCourse: 'hidden',
    ListDeadLetters: 'hidden',
    GetDeadLetter: 'hidden',
  }),
  ...of(E, 'cancel', { PauseEvaluation: 'hidden', ResumeEvaluation: 'hidden', CancelEvaluation: 'hidden' }),
  ...of(E, 'cancel', { SkipSamples: 'hidden', DropDeadLetters: 'hidden' }),
  ...of(E, 'admin', { DeleteEvaluation: 'hidden' }),
  ...of(E, 'operate', { RecoverEvaluation: 'hidden' }),
  ...of('assay.v1.OperatorService', 'operate', { ListAgents: 'every', GetAgent: 'every', DrainAgent: 'every', ListRoutes: 'every' }),
  ...of('assay.v1.OperatorService', 'operate', {
    WhyRoute: 'every',
    PauseRoute: 'every',
    ListEvents: 'empty',
    WatchCluster: 'every',
    CollectGarbage: 'every',
    StreamAgentLogs: 'every',
  }),
  ...of(I, 'admin', { CreateToken: 'refused', ListTokens: 'same', RevokeToken: 'hidden' }),
  ...of(I, 'anyone', { WhoAmI: 'same', GetNamespace: 'refused' }),
  ...of(I, 'admin', { ListNamespaces: 'same', SetNamespace: 'every' }),
  ...of(I, 'admin', { CreateJoinToken: 'refused', ListJoinTokens: 'same', RevokeJoinToken: 'hidden', RevokeAgent: 'hidden' }),
  ...of(I, 'anonymous', { Join: 'same' }),
  ...of('assay.v1.AuditService', 'admin', { ListAudit: 'every', VerifyAudit: 'every' }),
  ...of('assay.v1.AgentService', 'agent', { Connect: 'same' }),
  ...of('grpc.health.v1.Health', 'anonymous', { Check: 'same', Watch: 'same', List: 'same' }),
  ...of('grpc.reflection.v1.ServerReflection', 'anyone', { ServerReflectionInfo: 'same' }),
  ...of('grpc.reflection.v1alpha.ServerReflection', 'anyone', { ServerReflectionInfo: 'same' }),
};
function of<Elsewhere>(service: string, needs: string, methods: Record<string, Elsewhere>): Record<string, readonly [string, Elsewhere]> {
  return Object.fromEntries(Object.entries(methods).map(([method, elsewhere]) => [`/${service}/${method}`, [needs, elsewhere] as const]));
}
const PRIVILEGED =
  /DeleteEvaluation|RecoverEvaluation|DrainAgent|PauseRoute|CollectGarbage|CreateToken|RevokeToken|SetNamespace|CreateJoinToken|RevokeJoinToken|Join$|RevokeAgent/;
/** Of these no use-case is asked by anybody. */
const WITHOUT_USE_CASE = /^\/grpc\.|WhoAmI$/;

let rig: AccessRig;
let others: Others;
let callers: Record<string, { token?: string | undefined; client?: Client }>;
let about: About;
beforeAll(async () => {
  others = await Others.start();
  rig = await AccessRig.start(others);
  const tokens = { ...(await callersOf(rig)), ...(await others.tokens(...SCOPES.map((scope) => `${scope} *`), 'everything team-b')) };
  callers = Object.fromEntries(Object.entries(tokens).map(([caller, token]) => [caller, { token }]));
  const shows = (who: string, names?: string): Promise<Client> => others.client(rig.guarded!.address, who, names);
  for (const who of [...SCOPES.map((scope) => `${scope} team-a`), 'everything *'])
    callers[`certificate ${who}`] = { client: await shows(who) };
  callers['certificate of no rule'] = { client: await shows('', 'URI:spiffe://lab/everything') };
  callers['certificate of several'] = { client: await shows('', 'DNS:a.lab,DNS:b.lab') };
  // A token goes before the certificate, for better and for worse.
  const { client } = callers['certificate everything *']!;
  callers['read team-a beside a certificate'] = { token: tokens['read team-a'], client: client! };
  callers['jwt everything team-b beside a certificate'] = { token: tokens['jwt everything team-b'], client: client! };
  callers['garbage beside a certificate'] = { token: 'x'.repeat(40), client: client! };
  const { token } = await rig.tokens.create(LOCAL, { name: 'x', scopes: ['read'], namespaces: ['team-a'], expiresInMs: 60_000 });
  // Of Join a good request is good once.
  const joins: object[] = [];
  for (let i = 0; i <= Object.keys(callers).length + 3; i++) joins.push(await rig.joinRequest('team-a'));
  const agentId = await rig.joined('team-a');
  const { id: joinTokenId } = await rig.invited('team-a');
  callers['key of an agent that has joined'] = { token: agentBearer(agentId) };
  callers['key of nobody'] = { token: agentBearer('ag_00000000000000ff') };
  callers['key of an agent that was revoked'] = { token: agentBearer(await rig.revokedAgent('team-a')) };
  about = { id: IDS.a, namespace: 'team-a', tokenId: token.id, agentId, joinTokenId, join: () => joins.pop()! };
});
afterAll(async () => {
  for (const { client } of Object.values(callers)) client?.close();
  await rig.stop();
  await others.stop();
});

interface Cell {
  code: string;
  entered: boolean;
}

function expectedOf(path: string, caller: string): Cell {
  const [needs, elsewhere] = EXPECTED[path]!;
  const cell = (code: string, entered = false): Cell => ({ code, entered: entered && !WITHOUT_USE_CASE.test(path) });
  const [scope = '', where = ''] = caller.replace(/^(jwt|certificate) /, '').split(' ');
  if (needs === 'anonymous') return cell('OK', true);
  // So far it was only said.
  if (caller.startsWith('key ')) return cell('UNAUTHENTICATED');
  if (caller === 'own token') return cell('OK', true);
  if (!['*', 'team-a', 'team-b'].includes(where)) return cell('UNAUTHENTICATED');
  if (needs !== 'anyone' && scope !== needs && scope !== 'everything') return cell('PERMISSION_DENIED');
  // An admin alone gives what an admin has.
  if (where === '*' || elsewhere === 'same' || (where === 'team-a' && elsewhere !== 'every')) return cell('OK', true);
  if (elsewhere === 'every') return cell('PERMISSION_DENIED');
  // Of tokens the use-case itself decides.
  const isAsked = path.startsWith(`/${I}/`);
  if (elsewhere === 'empty') return cell('OK');
  return cell(elsewhere === 'hidden' ? 'NOT_FOUND' : 'PERMISSION_DENIED', isAsked);
}

describe('the matrix', () => {
  test('knows every method that is served, and so do the rules', () => {
    const served = [...servedMethods().keys()].toSorted();
    expect(Object.keys(EXPECTED).toSorted()).toEqual(served);
    expect(Object.keys(REQUESTS).toSorted()).toEqual(served);
    expect(Object.keys(RULES).toSorted()).toEqual(served);
  });

  test.each(Object.keys(EXPECTED))('%s', async (path) => {
    const actual: Record<string, Cell> = {};
    const told: Record<string, string[]> = {};
    for (const [caller, { token, client }] of Object.entries(callers)) {
      rig.entered = [];
      rig.decisions.length = 0;
      const { code } = await rig.call(path, REQUESTS[path]!(about), token, client);
      actual[caller] = { code, entered: rig.entered.length > 0 };
      told[caller] = rig.decisions.filter(({ method }) => method === path).map(({ outcome }) => outcome);
    }
    const expected = Object.fromEntries(Object.keys(callers).map((caller) => [caller, expectedOf(path, caller)]));
    expect(actual).toEqual(expected);
    // Whoever is turned away is told of, once, and whoever makes a privileged call; so is who finds an empty list because nothing is theirs.
    for (const [caller, { code, entered }] of Object.entries(expected)) {
      const isTurnedAway = code !== 'OK' || (EXPECTED[path]![1] === 'empty' && !entered);
      const outcomes = isTurnedAway ? ['denied'] : PRIVILEGED.test(path) ? ['ok'] : [];
      expect({ caller, told: told[caller] }).toEqual({ caller, told: outcomes });
    }
  });
});

test('a coordinator with a method that has no rule does not start', async () => {
  const { evaluation } = assayProto();
  const fake = { ...evaluation.GetEvaluation, path: '/assay.v1.EvaluationService/NewMethod' };
  Object.assign(evaluation, { NewMethod: fake });
  try {
    await expect(startServer({})).rejects.toThrow('nobody may call /assay.v1.EvaluationService/NewMethod: add a row');
  } finally {
    delete (evaluation as Partial<Record<string, unknown>>)['NewMethod'];
  }
});
