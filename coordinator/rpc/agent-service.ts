/** AgentService: opens the stream and hands it to the sessions. */
import { Metadata, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import { MAX_RESULT_BYTES } from '../../shared/domain/result.ts';
import { coordinatorCodec } from '../../shared/rpc/codec-agent.ts';
import { duplexOf } from '../../shared/rpc/duplex.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { addressOf } from '../../shared/rpc/peer-address.ts';
import { FairTurns } from '../../shared/runtime/fair-turns.ts';
import type { Gate } from '../identity/gate.ts';
import { Partials } from './limits/partials.ts';
import type { AgentProofs, AgentSessions } from './use-cases.ts';

/** One result of the largest size, and a batch of others beside it. */
const MAX_MESSAGE_BYTES = MAX_RESULT_BYTES + (4 << 20);
/** A Hello that names a hundred thousand attempts has three and a half. */
const MAX_HELLO_BYTES = 8 << 20;
/** What the messages of all agents may take of one turn of the loop, and one of each after that: calls come in between. */
const TURN_MS = 1;

export function agentService(
  { sessions, proofs, onAbuse }: { sessions: AgentSessions; proofs: AgentProofs; onAbuse: (peer: string) => void },
  handlers: Handlers,
  gate: Pick<Gate, 'denied'>,
): UntypedServiceImplementation {
  const codec = coordinatorCodec();
  const partials = new Partials();
  const turns = new FairTurns({ maxMs: TURN_MS });
  return {
    Connect: handlers.bidi(async (call, { peer, over, identity, method }) => {
      // Headers at once: the agent and its proxies see a stream that stands.
      call.sendMetadata(new Metadata());
      const owners = [addressOf(peer), {}];
      const incoming = {
        maxBytes: MAX_MESSAGE_BYTES,
        maxFirstBytes: MAX_HELLO_BYTES,
        onPartial: partials.of(addressOf(peer), (error) => stream.abort(error)),
        onInvalid: () => onAbuse(addressOf(peer)),
        turn: () => turns.pass(owners),
      };
      const onInternalError = (reference: string, error: unknown): void => handlers.logInternal(reference, error);
      const stream = duplexOf(call, { codec, incoming, onInternalError });
      // Nothing more of it counts, also where the peer does not take the end of its call.
      const onOver = (): void => stream.abort(AppError.from(over.reason));
      over.addEventListener('abort', onOver, { once: true });
      try {
        const { stream: proved, identity: who, proof } = await proofs.open(stream, identity, peer);
        await sessions.serve(proved, peer, who, proof);
        stream.end();
      } catch (error) {
        const { code, message } = AppError.from(error);
        if (code === 'unauthenticated') gate.denied({ identity, method, peer, reason: message });
        stream.abort(AppError.from(error));
        throw error;
      } finally {
        over.removeEventListener('abort', onOver);
      }
    }),
  };
}
