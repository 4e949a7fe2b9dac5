/**
 * What comes before the Hello of an agent that has joined, and what its key means for the rest of its stream.
 *
 *   challenged  entered at the call's headers; a nonce of this stream alone was sent; left by a Proof within 10 s → proved, else the call ends
 *   proved      its Hello is taken for what the record says; keys may be rotated; left with the stream
 *
 * Sessions see a stream like any other: what is proved is laid over what is said here. An agent without a key is let through, unless the id that
 * it claims belongs to one that has joined, or to another identity, or it claims another pool than its identity is bound to.
 */
import { randomBytes } from 'node:crypto';
import { connectBytes, fingerprintOf, isSignedBy, rotateBytes, type ProofPlace } from '../../../shared/domain/agent-key.ts';
import { boundLabels } from '../../../shared/domain/binding.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { describeProof, type Identity } from '../../../shared/domain/identity.ts';
import type { Duplex } from '../../../shared/rpc/duplex.ts';
import type { AgentMessage, CoordinatorMessage, Hello } from '../../../shared/rpc/messages.ts';
import { addressOf } from '../../../shared/rpc/peer-address.ts';
import { withDeadline } from '../../../shared/runtime/abort.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { FairLooks } from '../../../shared/runtime/fair-looks.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Store } from '../../store/store.ts';
import type { OnDecision } from '../gate.ts';
import type { AgentBook } from './agent-book.ts';
import type { Owners } from './owners.ts';
import {
  agentRecordOf,
  AGENTS,
  identityOfAgent,
  KEY_AGE_LIMIT_MS,
  keyOf,
  labelsOf,
  REVOKED_AGENTS,
  storedAgentOf,
  termOf,
  type AgentRecord,
} from './agent-record.ts';
import { Twins } from './twins.ts';

const PROOF_MS = 10_000;
const STORE_MS = 5_000;
/** Looks for keys: whoever proves nothing has no more of them than these, and takes no other's. */
const LOOKS = { places: 16, placesOfEach: 2, inVain: 20, inVainPerSecond: 2 };
/** How often the id of an agent that is connected is renewed. */
const RENEW_MS = 60_000;
/** More rotations on one stream than one a minute are passed over. */
const ROTATE_PAUSE_MS = 60_000;
const CONNECT = '/assay.v1.AgentService/Connect';

type AgentStream = Duplex<AgentMessage, CoordinatorMessage>;

/** A stream, and whose it is. */
export interface Proven {
  readonly stream: AgentStream;
  readonly identity: Identity;
  /** How that is known, for people. */
  readonly proof: () => string;
}

export interface ProofsParts {
  store: Pick<Store, 'storeId' | 'putSwitch' | 'switchOf'>;
  book: Pick<AgentBook, 'take'>;
  owners: Pick<Owners, 'claim' | 'renew'>;
  /** Tells the other coordinators. */
  notify: (notice: string) => Promise<void>;
  onDecision: OnDecision;
  clock: Clock;
  logger: Pick<Logger, 'info' | 'warn'>;
}

export class Proofs {
  readonly #parts: ProofsParts;
  readonly twins: Twins;
  readonly #looks: FairLooks;

  constructor(parts: ProofsParts) {
    this.#parts = parts;
    this.#looks = new FairLooks({ ...LOOKS, clock: parts.clock });
    const monotonic = (): number => parts.clock.monotonic();
    this.twins = new Twins({ notify: parts.notify, onTwin: (...twin) => this.#onTwin(...twin), monotonic });
  }

  /** Throws `unauthenticated` where the agent has not the key that it should have. */
  async open(stream: AgentStream, identity: Identity, peer: string): Promise<Proven> {
    const messages = stream.messages[Symbol.asyncIterator]();
    const { agentId } = identity;
    if (agentId === undefined)
      return { stream: passing(stream, messages, this.#claiming(identity, peer)), identity, proof: () => describeProof(identity) };
    return this.#proved(stream, messages, agentId, peer);
  }

  /** Of an agent without a key: its id has to be its own, and stays so while it is heard of; its pool and labels are what its identity is bound to. */
  #claiming(identity: Identity, peer: string): (message: AgentMessage) => Promise<AgentMessage> {
    const { owners, clock } = this.#parts;
    let own: { agentId: string; renewedAtMs: number } | undefined;
    return async (message) => {
      const now = clock.monotonic();
      if (message.kind === 'hello') {
        const { agentId } = message;
        const hello = await this.#toldOf({ identity, peer, target: agentId }, async () => {
          const labels = boundLabels(identity.name, identity, message.labels);
          await this.#refuseJoined(message);
          await this.#limited(() => owners.claim(agentId, identity));
          return { ...message, labels };
        });
        own = { agentId, renewedAtMs: now };
        return hello;
      }
      if (own && now - own.renewedAtMs >= RENEW_MS) {
        own.renewedAtMs = now;
        // Beside what the stream carries; one that is lost is made up for by the next.
        void this.#limited(() => owners.renew(own!.agentId, identity)).catch(() => undefined);
      }
      return message;
    };
  }

  async #proved(stream: AgentStream, messages: AsyncIterator<AgentMessage>, agentId: string, peer: string): Promise<Proven> {
    const { store, clock, logger } = this.#parts;
    const record = await this.#record(agentId, peer);
    const place = { nonce: randomBytes(32), server: store.storeId, agentId };
    const key = keyOf(record);
    await stream.send({
      kind: 'challenge',
      nonce: place.nonce,
      server: place.server,
      key: fingerprintOf(key),
      ...termOf(record, clock.now()),
    });
    const first = await withDeadline({ ms: PROOF_MS, what: 'the proof of the key', clock }, () => messages.next());
    const proof = first.done ? undefined : first.value;
    if (proof?.kind !== 'proof' || !isSignedBy(key, connectBytes(place, proof.wireVersion, key), proof.signature))
      throw new AppError('unauthenticated', 'the key that this agent has joined with was not proved');
    let twin = false;
    let rotatedAtMs = -Infinity;
    const identity = identityOfAgent(record);
    const taken = async (message: AgentMessage): Promise<AgentMessage | undefined> => {
      if (message.kind === 'hello') {
        const hello = await this.#toldOf({ identity, peer, target: message.agentId }, async () =>
          boundHello(message, record, proof.wireVersion),
        );
        const { processId = hello.instanceId } = hello;
        const streamId = place.nonce.toString('hex');
        const end = (why: AppError): void => stream.abort(why);
        const closed = this.twins.opened({ streamId, agentId, processId, end, supersededTwin: () => (twin = true) });
        void stream.closed.then(closed);
        return hello;
      }
      if (message.kind !== 'rotateKey') return message;
      const now = clock.monotonic();
      if (now - rotatedAtMs < ROTATE_PAUSE_MS) return undefined;
      rotatedAtMs = now;
      // Beside what the stream carries: a slow store must not hold up heartbeats.
      const rotated = this.#toldOf({ identity, peer, target: agentId }, () => this.#rotate(stream, place, message, peer));
      void rotated.catch((error: unknown) => {
        const problem = AppError.from(error);
        if (problem.code === 'unauthenticated') return stream.abort(problem);
        rotatedAtMs = -Infinity;
        logger.warn({ agentId, error: problem.message }, 'a key could not be rotated; the agent tries again');
      });
      return undefined;
    };
    return { stream: passing(stream, messages, taken), identity, proof: () => (twin ? 'key, superseded a twin' : 'key') };
  }

  async #rotate(
    stream: AgentStream,
    place: ProofPlace,
    { publicKey, signature, possession }: Extract<AgentMessage, { kind: 'rotateKey' }>,
    peer: string,
  ): Promise<void> {
    const { store, book, notify, onDecision, clock, logger } = this.#parts;
    const { agentId } = place;
    const before = await this.#record(agentId, peer);
    const bytes = rotateBytes(place, publicKey);
    if (!isSignedBy(keyOf(before), bytes, signature) || !isSignedBy(publicKey, bytes, possession))
      throw new AppError('unauthenticated', 'the new key is not signed by the old one, or not by itself');
    const nowMs = clock.now();
    const fresh = { publicKey: publicKey.toString('base64'), keyNumber: before.keyNumber + 1, expiresAtMs: nowMs + KEY_AGE_LIMIT_MS };
    const record = { ...before, ...fresh };
    const call = { identity: identityOfAgent(before), method: CONNECT, peer, target: `${agentId} ${record.name}` };
    await onDecision({ ...call, outcome: 'ok', reason: 'its key was rotated' });
    await this.#limited(() => store.putSwitch(AGENTS, agentId, storedAgentOf(record)));
    // A revocation that came meanwhile holds: it has its mark, and the record is written as it would have been.
    const revoked = await this.#limited(() => store.switchOf(REVOKED_AGENTS, agentId));
    if (revoked !== undefined) {
      const { revokedAtMs = nowMs, revokedBy = '' } = revoked as { revokedAtMs?: number; revokedBy?: string };
      const ended = { ...record, revokedAtMs, revokedBy };
      await this.#limited(() => store.putSwitch(AGENTS, agentId, storedAgentOf(ended)));
      return book.take(ended);
    }
    book.take(record);
    await notify(`j:${agentId}`).catch(() => undefined);
    logger.info({ agentId, agent: record.name, keyNumber: record.keyNumber }, "an agent's key was rotated");
    await stream.send({ kind: 'keyRotated', publicKey, ...termOf(record, nowMs) });
  }

  /** As the store has it now: a picture may be two seconds old. */
  async #record(agentId: string, peer: string): Promise<AgentRecord> {
    const { store, clock } = this.#parts;
    let found: AgentRecord | undefined;
    const look = async (): Promise<boolean> => {
      const record = agentRecordOf(agentId, await this.#limited(() => store.switchOf(AGENTS, agentId)));
      const revoked = await this.#limited(() => store.switchOf(REVOKED_AGENTS, agentId));
      if (revoked === undefined && record?.revokedAtMs === undefined) found = record;
      return found !== undefined;
    };
    // Others with this id, from elsewhere, have turns of their own.
    await this.#limited(() => this.#looks.look(`${addressOf(peer)} ${agentId}`, look));
    if (!found || found.expiresAtMs <= clock.now()) throw new AppError('unauthenticated', "this agent's key holds no more; join again");
    return found;
  }

  /** No token, and nobody on this machine, is taken for an agent that has a key. */
  async #refuseJoined({ agentId }: Hello): Promise<void> {
    if ((await this.#limited(() => this.#parts.store.switchOf(AGENTS, agentId))) === undefined) return;
    throw new AppError('unauthenticated', `${agentId} has joined: it is taken with its key alone`);
  }

  /** A refusal within a stream is written down like one at its door: whose stream it is, and whom it said to be. */
  async #toldOf<T>(about: { identity: Identity; peer: string; target: string }, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { code, message: reason } = AppError.from(error);
      if (code === 'unauthenticated' || code === 'permission_denied') this.#denied({ ...about, reason });
      throw error;
    }
  }

  #denied(call: { identity?: Identity; peer: string; target: string; reason: string }): void {
    void (async () => this.#parts.onDecision({ ...call, method: CONNECT, outcome: 'denied' }))().catch(() => undefined);
  }

  #onTwin(agentId: string, earlier: string, later: string): void {
    this.#parts.logger.warn({ agentId, earlier, later }, 'two processes have the same key; the later one has superseded the earlier one');
    this.#denied({ peer: '', target: agentId, reason: 'superseded by another process with the same key' });
  }

  #limited<T>(work: () => Promise<T>): Promise<T> {
    return withDeadline({ ms: STORE_MS, what: 'the store', clock: this.#parts.clock }, work);
  }
}

/** The Hello of an agent that has proved who it is: what it joined with goes before what it says. */
function boundHello(hello: Hello, record: AgentRecord, wireVersion: string): Hello {
  if (hello.agentId !== record.agentId)
    throw new AppError('unauthenticated', `this is the key of ${record.agentId}, and Hello says ${hello.agentId}`);
  if (wireVersion !== `${hello.wireVersion}.${hello.wireMinor}`)
    throw new AppError(
      'unauthenticated',
      `the proof was signed for the wire version ${JSON.stringify(wireVersion)}, and Hello says another one`,
    );
  return { ...hello, name: record.name, labels: labelsOf(record, hello.labels) };
}

/** The same stream; of its messages what `taken` makes of each, and none where that is nothing. */
function passing(
  stream: AgentStream,
  messages: AsyncIterator<AgentMessage>,
  taken: (message: AgentMessage) => Promise<AgentMessage | undefined>,
): AgentStream {
  async function* left(): AsyncGenerator<AgentMessage> {
    for (let next = await messages.next(); !next.done; next = await messages.next()) {
      const message = await taken(next.value);
      if (message) yield message;
    }
  }
  return {
    messages: left(),
    send: (message) => stream.send(message),
    end: () => stream.end(),
    abort: (error) => stream.abort(error),
    closed: stream.closed,
    turn: stream.turn,
  };
}
