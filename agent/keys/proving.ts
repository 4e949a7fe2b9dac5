/**
 * The stream of an agent that has joined: it proves its key before anything else goes over it, and rotates the key in the last third of its life.
 * Whoever uses the stream sees nothing of either.
 */
import { agentBearer, connectBytes, rotateBytes, signWith, type ProofPlace } from '../../shared/domain/agent-key.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import { WIRE_MINOR, WIRE_VERSION, type AgentMessage, type CoordinatorMessage, type KeyTerm } from '../../shared/rpc/messages.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { AgentKeys } from './key-file.ts';

type AgentDuplex = Duplex<CoordinatorMessage, AgentMessage>;

const CHALLENGE_MS = 10_000;
/** The part of a key's life in which another one is made. */
const LAST = 1 / 3;
/** Of a rotation that was not answered; a coordinator takes one a minute. */
const AGAIN_MS = 90_000;
/** The longest sleep: more is no time that a timer takes. */
const MAX_SLEEP_MS = 24 * 3_600_000;

export interface ProvingParts {
  keys: AgentKeys;
  clock: Clock;
  /** [0, 1): agents that joined together do not rotate together. */
  random: () => number;
  logger: Pick<Logger, 'info' | 'warn'>;
}

/** What is shown in place of a token. */
export const bearerOf = (keys: Pick<AgentKeys, 'agentId'>): string => agentBearer(keys.agentId);

export function proving(stream: AgentDuplex, parts: ProvingParts): AgentDuplex {
  const { keys, clock, random, logger } = parts;
  const proved = Promise.withResolvers<void>();
  proved.promise.catch(() => undefined);
  void stream.closed.then(() => proved.reject(new AppError('unavailable', 'the stream ended before the key was proved')));
  const ended = new AbortController();
  void stream.closed.then(() => ended.abort());
  let place: ProofPlace | undefined;
  /** When the key is to be rotated; by the monotonic clock. */
  let rotateAtMs = Infinity;
  let waking: AbortController | undefined;

  const plan = ({ keyLeftMs, keyAgeLimitMs }: KeyTerm): void => {
    const lastMs = keyAgeLimitMs * LAST;
    rotateAtMs = clock.monotonic() + Math.max(0, keyLeftMs - lastMs * (1 - random() / 10));
    waking?.abort();
  };

  async function rotations(): Promise<void> {
    while (!ended.signal.aborted) {
      waking = new AbortController();
      const waitMs = rotateAtMs - clock.monotonic();
      if (waitMs > 0) {
        const signal = AbortSignal.any([ended.signal, waking.signal]);
        await clock.sleep(Math.min(waitMs, MAX_SLEEP_MS), signal).catch(() => undefined);
        continue;
      }
      rotateAtMs = clock.monotonic() + AGAIN_MS;
      try {
        const { privateKey, next, publicKey } = await keys.next();
        const bytes = rotateBytes(place!, publicKey);
        await stream.send({ kind: 'rotateKey', publicKey, signature: signWith(privateKey, bytes), possession: signWith(next, bytes) });
      } catch (error) {
        if (!ended.signal.aborted) logger.warn({ error: AppError.from(error).message }, 'the key could not be rotated; trying again');
      }
    }
  }

  async function prove(messages: AsyncIterator<CoordinatorMessage>): Promise<void> {
    const first = await withDeadline({ ms: CHALLENGE_MS, what: 'the challenge', clock }, () => messages.next());
    if (first.done || first.value.kind !== 'challenge')
      throw new AppError(
        'unavailable',
        'the coordinator does not ask for the key of this agent; it may be of an older release, or of another fleet',
      );
    const { nonce, server, key } = first.value;
    if (server !== keys.server)
      throw new AppError(
        'unauthenticated',
        `this is the fleet ${server}; the agent has joined ${keys.server}, and proves itself to no other`,
      );
    place = { nonce, server, agentId: keys.agentId };
    const wireVersion = `${WIRE_VERSION}.${WIRE_MINOR}`;
    const privateKey = await keys.asked(key);
    await stream.send({ kind: 'proof', signature: signWith(privateKey, connectBytes(place, wireVersion, keys.publicKey)), wireVersion });
    plan(first.value);
    proved.resolve();
  }

  async function* left(): AsyncGenerator<CoordinatorMessage> {
    const messages = stream.messages[Symbol.asyncIterator]();
    await prove(messages);
    for (let next = await messages.next(); !next.done; next = await messages.next()) {
      const message = next.value;
      // Until it is welcome nothing else is sent.
      if (message.kind === 'welcome') void rotations();
      if (message.kind !== 'keyRotated') {
        yield message;
        continue;
      }
      await keys.rotated(message.publicKey);
      plan(message);
      logger.info({ days: Math.round(message.keyLeftMs / 86_400_000) }, 'the key was rotated');
    }
  }

  return {
    messages: left(),
    send: async (message) => {
      await proved.promise;
      await stream.send(message);
    },
    end: () => stream.end(),
    abort: (error) => stream.abort(error),
    closed: stream.closed,
  };
}
