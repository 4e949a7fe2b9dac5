/** A good request for every method that is served, about one evaluation and its namespace. */
import { DIGEST } from './rpc-rows/rows.ts';

export interface About {
  id: string;
  namespace: string;
  tokenId: string;
  agentId: string;
  joinTokenId: string;
  /** A request that was not sent before. */
  join: () => object;
}

const E = '/assay.v1.EvaluationService';
const O = '/assay.v1.OperatorService';
const I = '/assay.v1.IdentityService';
const specJson = Buffer.from('{"name":"x"}');
const hello = { agentId: 'ag_0000000000000001', name: 'a', wireVersion: 1, wireMinor: 2, version: '0', models: [], instanceId: 'i' };
const letters = ({ id }: About): object[] => [{ filter: { evaluationId: id } }];
const one = ({ id }: About): object[] => [{ evaluationId: id }];

/** By path. */
export const REQUESTS: Readonly<Record<string, (about: About) => object[]>> = {
  [`${E}/UploadContent`]: ({ namespace }) => [{ header: { digest: DIGEST, sizeBytes: 3, namespace } }, { data: Buffer.from('abc') }],
  [`${E}/SubmitEvaluation`]: ({ namespace }) => [{ specJson, idempotencyKey: 'k', namespace }],
  [`${E}/ValidateEvaluation`]: ({ namespace }) => [{ specJson, namespace }],
  [`${E}/UpdateEvaluation`]: ({ id }) => [{ evaluationId: id, keep: true }],
  [`${E}/RequeueSamples`]: one,
  [`${E}/ReplayDeadLetters`]: letters,
  [`${E}/GetEvaluation`]: one,
  [`${E}/WhyPending`]: one,
  [`${E}/GetCourse`]: one,
  [`${E}/ListEvaluations`]: ({ namespace }) => [{ filter: { namespace } }],
  [`${E}/WatchEvaluations`]: ({ namespace }) => [{ filter: { namespace } }],
  [`${E}/WatchEvaluation`]: one,
  [`${E}/StreamResults`]: one,
  [`${E}/StreamLogs`]: one,
  [`${E}/GetReport`]: one,
  [`${E}/ListSamples`]: one,
  [`${E}/GetSample`]: ({ id }) => [{ evaluationId: id, unit: 3 }],
  [`${E}/VerifyEvaluation`]: one,
  [`${E}/RecordEvaluation`]: one,
  [`${E}/ListDeadLetters`]: letters,
  [`${E}/GetDeadLetter`]: ({ id }) => [{ taskId: `${id}-1` }],
  [`${E}/PauseEvaluation`]: one,
  [`${E}/ResumeEvaluation`]: one,
  [`${E}/CancelEvaluation`]: one,
  [`${E}/SkipSamples`]: ({ id }) => [{ evaluationId: id, filter: { units: [1] } }],
  [`${E}/DropDeadLetters`]: letters,
  [`${E}/DeleteEvaluation`]: one,
  [`${E}/RecoverEvaluation`]: one,
  [`${O}/ListAgents`]: () => [{}],
  [`${O}/GetAgent`]: () => [{ agentId: 'gpu-1' }],
  [`${O}/StreamAgentLogs`]: () => [{ agent: 'gpu-1' }],
  [`${O}/DrainAgent`]: () => [{ agentId: 'gpu-1' }],
  [`${O}/ListRoutes`]: () => [{}],
  [`${O}/WhyRoute`]: () => [{ route: 'model=m' }],
  [`${O}/ListEvents`]: ({ namespace }) => [{ namespace }],
  [`${O}/PauseRoute`]: () => [{ route: 'model=m' }],
  [`${O}/WatchCluster`]: () => [{}],
  [`${O}/CollectGarbage`]: () => [{}],
  [`${I}/CreateToken`]: ({ namespace }) => [{ name: 'x', scopes: ['SCOPE_ADMIN'], namespaces: { names: [namespace] } }],
  [`${I}/ListTokens`]: () => [{}],
  [`${I}/RevokeToken`]: ({ tokenId }) => [{ tokenId }],
  [`${I}/CreateJoinToken`]: ({ namespace }) => [{ namespaces: { names: [namespace] } }],
  [`${I}/ListJoinTokens`]: () => [{}],
  [`${I}/RevokeJoinToken`]: ({ joinTokenId }) => [{ joinTokenId }],
  [`${I}/Join`]: ({ join }) => [join()],
  [`${I}/RevokeAgent`]: ({ agentId }) => [{ agentId }],
  [`${I}/WhoAmI`]: () => [{}],
  [`${I}/ListNamespaces`]: () => [{}],
  [`${I}/GetNamespace`]: ({ namespace }) => [{ namespace }],
  [`${I}/SetNamespace`]: ({ namespace }) => [{ namespace, limits: { maxTasks: 5 } }],
  '/assay.v1.AuditService/ListAudit': () => [{}],
  '/assay.v1.AuditService/VerifyAudit': () => [{}],
  '/assay.v1.AgentService/Connect': () => [{ hello }],
  '/grpc.health.v1.Health/Check': () => [{}],
  '/grpc.health.v1.Health/Watch': () => [{}],
  '/grpc.health.v1.Health/List': () => [{}],
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': () => [{ listServices: '' }],
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': () => [{ listServices: '' }],
};
