/** A coordinator's gRPC server with use-cases that a test writes, for tests. */
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import { emptyCounts } from '../../shared/domain/states.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { RpcLogger } from '../../shared/rpc/handler.ts';
import type { Evaluation, SampleResult, WatchEvent } from '../../shared/client/types.ts';
import { parseListen, type ListenAddress } from '../../coordinator/rpc/listen-address.ts';
import { createRpcServer, type RpcServer, type RpcServerOptions } from '../../coordinator/rpc/server.ts';
import type {
  AgentProofs,
  AuditUseCases,
  EvaluationUseCases,
  JoinUseCases,
  NamespaceUseCases,
  EventUseCases,
  OperatorUseCases,
  TokenUseCases,
} from '../../coordinator/rpc/use-cases.ts';

export const EVALUATION_ID = `ev_${'a'.repeat(26)}`;

export interface LogLine {
  level: string;
  fields: Record<string, unknown>;
  message: string;
}

export function recordingLogger(): { logger: RpcLogger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields: fields as Record<string, unknown>, message });
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

const absent = (name: string) => (): never => {
  throw new AppError('unimplemented', `${name} is not part of this test`);
};

export function useCases(some: Partial<EvaluationUseCases> = {}): EvaluationUseCases {
  return {
    hasContent: absent('hasContent'),
    upload: absent('upload'),
    submit: absent('submit'),
    get: absent('get'),
    watch: absent('watch'),
    cancel: absent('cancel'),
    pause: absent('pause'),
    resume: absent('resume'),
    delete: absent('delete'),
    update: absent('update'),
    skip: absent('skip'),
    requeue: absent('requeue'),
    deadLetters: { list: absent('deadLetters'), get: absent('deadLetter'), replay: absent('replay'), drop: absent('drop') },
    why: absent('why'),
    course: absent('course'),
    logs: absent('logs'),
    recover: absent('recover'),
    verify: absent('verify'),
    record: absent('record'),
    validate: absent('validate'),
    list: absent('list'),
    watchList: absent('watchList'),
    samples: absent('samples'),
    sample: absent('sample'),
    results: absent('results'),
    report: absent('report'),
    ...some,
  };
}

export function operatorUseCases(some: Partial<OperatorUseCases> = {}): OperatorUseCases {
  return {
    agents: absent('agents'),
    agent: absent('agent'),
    agentLogs: absent('agentLogs'),
    drainAgent: absent('drainAgent'),
    routes: absent('routes'),
    whyRoute: absent('whyRoute'),
    pauseRoute: absent('pauseRoute'),
    watchCluster: absent('watchCluster'),
    collect: absent('collect'),
    ...some,
  };
}

export const eventUseCases = (some: Partial<EventUseCases> = {}): EventUseCases => ({ list: absent('events'), ...some });

export const tokenUseCases = (some: Partial<TokenUseCases> = {}): TokenUseCases => ({
  create: absent('create'),
  list: absent('list'),
  revoke: absent('revoke'),
  ...some,
});

export const namespaceUseCases = (some: Partial<NamespaceUseCases> = {}): NamespaceUseCases => ({
  list: absent('list'),
  get: absent('get'),
  set: absent('set'),
  ...some,
});

export const joinUseCases = (some: Partial<JoinUseCases> = {}): JoinUseCases => ({
  invite: absent('invite'),
  invites: absent('invites'),
  uninvite: absent('uninvite'),
  join: absent('join'),
  revoke: absent('revokeAgent'),
  ...some,
});

/** Whoever has come so far is who he says. */
export const allProved: AgentProofs = { open: async (stream, identity) => ({ stream, identity, proof: () => identity.kind }) };

export const auditUseCases = (some: Partial<AuditUseCases> = {}): AuditUseCases => ({
  list: absent('list'),
  verify: absent('verify'),
  ...some,
});

export const listenOn = (text: string): ListenAddress => {
  const parsed = parseListen(text);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
};

export async function startServer(some: Partial<EvaluationUseCases>, options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = createRpcServer({
    listen: listenOn('127.0.0.1:0'),
    useCases: useCases(some),
    operator: operatorUseCases(),
    events: eventUseCases(),
    namespaceOf: async () => 'default',
    tokens: tokenUseCases(),
    namespaces: namespaceUseCases(),
    joins: joinUseCases(),
    proofs: allProved,
    audit: auditUseCases(),
    sessions: { serve: async () => undefined },
    logger: recordingLogger().logger,
    drainMs: 200,
    ...options,
  });
  await server.start();
  return server;
}

export const evaluation = (fields: Partial<Evaluation> = {}): Evaluation => ({
  evaluationId: EVALUATION_ID,
  keep: false,
  name: 'gsm8k',
  state: 'running',
  createdAtMs: 1_700_000_000_000,
  counts: { ...emptyCounts(10), scored: 3 },
  groups: [
    {
      benchmark: 'b',
      model: 'm',
      counts: { ...emptyCounts(10), scored: 3 },
      scorers: [{ scorer: 'match', n: 3, sum: 2, sumOfSquares: 2 }],
      retries: 1,
    },
  ],
  specDigest: `sha256:${'0'.repeat(64)}`,
  reason: '',
  inFlight: 2,
  agents: 1,
  routes: [{ route: 'r_aaaaaaaaaaaaaaaa', requirement: 'model=m', open: 7 }],
  cursor: '5',
  namespace: 'default',
  owner: '',
  tags: [],
  metadata: {},
  priority: 5,
  finishedAtMs: 0,
  maxSamples: 0,
  limits: {},
  setbacks: { crashes: 1, losses: 2, returns: 3 },
  ...fields,
});

export const result = (unit: number, fields: Partial<SampleResult> = {}): SampleResult => ({
  unit,
  benchmark: 'b',
  model: 'm',
  sampleId: String(unit),
  epoch: 1,
  state: 'scored',
  completion: `answer ${unit}`,
  reasoning: '',
  scores: [{ scorer: 'match', value: 'C', number: 1, answer: '4', explanation: '', error: '' }],
  errorClass: '',
  errorMessage: '',
  usage: { inputTokens: 10, outputTokens: 20, calls: 1, retries: 0, reasoningTokens: 0 },
  stopReason: 'stop',
  modelMs: 12.5,
  totalMs: 13,
  agentId: 'ag_0000000000000001',
  ...fields,
});

/** Events 1 … n as one log that any coordinator serves from any cursor; the last is final. */
export const eventAt = (n: number, last: number): WatchEvent =>
  n === last
    ? { cursor: `1-${n}`, timeMs: n, kind: 'state', state: 'succeeded', reason: '' }
    : { cursor: `1-${n}`, timeMs: n, kind: 'progress', groups: [], counts: { ...emptyCounts(last), scored: n }, inFlight: 0, agents: 1 };

export async function failure(run: Promise<unknown>): Promise<AppError> {
  try {
    await run;
  } catch (error) {
    return error as AppError;
  }
  throw new Error('it did not fail');
}

/** A client that sends what it is told to, byte for byte. */
export const rawClient = (address: string): Client =>
  new Client(address, credentials.createInsecure(), { 'grpc.max_send_message_length': -1, 'grpc.use_local_subchannel_pool': 1 });

export const sameBytes = (b: Buffer): Buffer => b;

/** One unary call in bytes; gives its status, and its answer if that is OK. */
export const rawCall = (
  client: Client,
  method: string,
  bytes: Buffer,
  metadata = new Metadata(),
): Promise<ServiceError | { code: 0; value: Buffer }> =>
  new Promise((resolve) =>
    client.makeUnaryRequest(method, sameBytes, sameBytes, bytes, metadata, {}, (error, value) =>
      resolve(error ?? { code: 0, value: value! }),
    ),
  );

export const GET = '/assay.v1.EvaluationService/GetEvaluation';
export const getRequest = (): Buffer => assayProto().evaluation.GetEvaluation.requestSerialize({ evaluationId: EVALUATION_ID });
