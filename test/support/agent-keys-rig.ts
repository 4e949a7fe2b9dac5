/** Two coordinators of one fleet and an agent's spool: what join tokens and keys stand on, with a store of switches and streams in memory. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentKeys, writeAgentKey, type AgentKey } from '../../agent/keys/key-file.ts';
import { AgentBook } from '../../coordinator/identity/agents/agent-book.ts';
import { identityOfAgent, type AgentRecord } from '../../coordinator/identity/agents/agent-record.ts';
import { Joins, type JoinAttempt } from '../../coordinator/identity/agents/joins.ts';
import { Proofs, type ProofsParts, type Proven } from '../../coordinator/identity/agents/proofs.ts';
import type { Decision } from '../../coordinator/identity/gate.ts';
import { connectBytes, joinBytes, newKeyPair, publicKeyOf, signWith, type KeyPair } from '../../shared/domain/agent-key.ts';
import { hashOfToken } from '../../shared/domain/api-token.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { LOCAL, type Identity } from '../../shared/domain/identity.ts';
import { WIRE_MINOR, WIRE_VERSION, type AgentMessage, type CoordinatorMessage, type Hello } from '../../shared/rpc/messages.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { duplexPair } from './duplex-pair.ts';
import { MemorySwitches } from './memory-switches.ts';
import { SteppedClock } from './stepped-clock.ts';

export const DAY_MS = 24 * 3_600_000;
export const NOW = async (): Promise<void> => undefined;
export const WISH = { name: '', namespaces: ['team-a'], pool: 'h200', labels: { zone: 'eu' }, expiresInMs: 900_000 };
const WIRE = `${WIRE_VERSION}.${WIRE_MINOR}`;
export const HELLO: Hello = {
  ...{
    kind: 'hello',
    agentId: '',
    name: 'says so',
    wireVersion: WIRE_VERSION,
    wireMinor: WIRE_MINOR,
    version: '0',
    labels: { pool: 'mine', zone: 'mine', own: '1' },
  },
  ...{ models: [], slots: 0, heldAttempts: [], instanceId: 'one', capabilities: [], host: {}, canSpare: true, number: 1 },
};

export let clock: SteppedClock;
export let store: MemorySwitches;
export let decisions: Decision[];
export let dir: string;
/** Coordinators of one fleet. */
export let a: ReturnType<typeof coordinator>;
export let b: ReturnType<typeof coordinator>;

export function coordinator(
  of = store,
  tell: (notice: string) => void = () => undefined,
  owners = { claim: NOW, renew: NOW } as ProofsParts['owners'],
) {
  const book = new AgentBook({ store: of, clock, onTrouble: () => undefined });
  const joins = new Joins({ store: of, book, notify: NOW, clock, logger: silentLogger() });
  const notify = async (notice: string): Promise<void> => tell(notice);
  const onDecision = (made: Decision): void => void decisions.push(made);
  const proofs = new Proofs({ store: of, book, owners, notify, onDecision, clock, logger: silentLogger() });
  return { book, joins, proofs };
}

export async function begin(): Promise<void> {
  clock = new SteppedClock();
  store = new MemorySwitches();
  decisions = [];
  dir = await mkdtemp(join(tmpdir(), 'assay-keys-'));
  a = coordinator(store, (notice) => b.proofs.twins.notice(notice));
  b = coordinator(store, (notice) => a.proofs.twins.notice(notice));
}
export const end = (): Promise<void> => rm(dir, { recursive: true, force: true });

export const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );
export const textOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).message,
  );

export function attempt(secret: string, keys = newKeyPair(), address = `address ${Math.random()}`): JoinAttempt {
  return {
    secret,
    publicKey: keys.publicKey,
    signature: signWith(keys.privateKey, joinBytes(hashOfToken(secret), keys.publicKey)),
    name: 'host',
    address,
  };
}

export async function joined(keys = newKeyPair()): Promise<{ agent: AgentRecord; keys: KeyPair; onDisk: AgentKeys }> {
  const { secret } = await a.joins.invite(LOCAL, WISH, NOW);
  const { agent, server } = await a.joins.join(attempt(secret, keys), NOW);
  const key: AgentKey = { agentId: agent.agentId, name: agent.name, server, privateKey: keys.privateKey };
  await writeAgentKey(dir, key);
  return { agent, keys, onDisk: new AgentKeys(dir, key) };
}

/** A stream of an agent of this id to a coordinator, in the hand of the test. */
export function opened(agentId: string, at = a, identity: Identity = { ...identityOfAgent({ agentId } as AgentRecord), agentId }) {
  const pair = duplexPair<CoordinatorMessage, AgentMessage>();
  const told = pair.left.messages[Symbol.asyncIterator]();
  const open = at.proofs.open(pair.right, identity, 'here');
  open.catch((error: Error) => pair.right.abort(error));
  return { ...pair, told, open };
}

export type Challenge = Extract<CoordinatorMessage, { kind: 'challenge' }>;
export const challengeOf = async ({ told }: { told: AsyncIterator<CoordinatorMessage> }): Promise<Challenge> =>
  (await told.next()).value as Challenge;
export const proofBy = (privateKey: string, { nonce, server }: Challenge, agentId: string): AgentMessage => ({
  kind: 'proof',
  signature: signWith(privateKey, connectBytes({ nonce, server, agentId }, WIRE, publicKeyOf(privateKey))),
  wireVersion: WIRE,
});
export const firstOf = async (proven: Proven): Promise<AgentMessage> =>
  (await proven.stream.messages[Symbol.asyncIterator]().next()).value as AgentMessage;
