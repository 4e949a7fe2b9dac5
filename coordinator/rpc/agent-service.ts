/** AgentService: opens the stream and hands it to the sessions. */
import { Metadata, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import { coordinatorCodec } from '../../shared/rpc/codec-agent.ts';
import { duplexOf } from '../../shared/rpc/duplex.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import type { AgentSessions } from './use-cases.ts';

export function agentService(sessions: AgentSessions, handlers: Handlers): UntypedServiceImplementation {
  const codec = coordinatorCodec();
  return {
    Connect: handlers.bidi(async (call, { peer, identity, over }) => {
      // Headers at once: the agent and its proxies see a stream that stands.
      call.sendMetadata(new Metadata());
      const stream = duplexOf(call, { codec, onInternalError: (reference, error) => handlers.logInternal(reference, error) });
      // Nothing more of it counts, also where the peer does not take the end of its call.
      const onOver = (): void => stream.abort(AppError.from(over.reason));
      over.addEventListener('abort', onOver, { once: true });
      try {
        await sessions.serve(stream, peer, identity);
        stream.end();
      } catch (error) {
        stream.abort(AppError.from(error));
        throw error;
      } finally {
        over.removeEventListener('abort', onOver);
      }
    }),
  };
}
