/** AgentService: opens the stream and hands it to the sessions. */
import { Metadata, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import { coordinatorCodec } from '../../shared/rpc/codec-agent.ts';
import { duplexOf } from '../../shared/rpc/duplex.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import type { Gate } from '../identity/gate.ts';
import type { AgentProofs, AgentSessions } from './use-cases.ts';

export function agentService(
  { sessions, proofs }: { sessions: AgentSessions; proofs: AgentProofs },
  handlers: Handlers,
  gate: Pick<Gate, 'denied'>,
): UntypedServiceImplementation {
  const codec = coordinatorCodec();
  return {
    Connect: handlers.bidi(async (call, { peer, over, identity, method }) => {
      // Headers at once: the agent and its proxies see a stream that stands.
      call.sendMetadata(new Metadata());
      const stream = duplexOf(call, { codec, onInternalError: (reference, error) => handlers.logInternal(reference, error) });
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
