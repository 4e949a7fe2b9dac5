/** One interceptor for every call: wants the token, when there is one. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import { statusToSend } from '../../shared/rpc/status.ts';

/** Probes of an orchestrator carry no token, and learn nothing but SERVING. */
const FREE_PREFIX = '/grpc.health.v1.Health/';

/** Hashed, so that the comparison takes the same time whatever the lengths. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Refuses calls without `authorization: Bearer TOKEN` as UNAUTHENTICATED, before a handler hears of them. */
export function tokenInterceptor(token: string): ServerInterceptor {
  const expected = hashOf(token);
  const isRight = (header: unknown): boolean =>
    typeof header === 'string' && /^bearer /i.test(header) && timingSafeEqual(hashOf(header.slice(7).trim()), expected);
  return (method, call) => {
    if (method.path.startsWith(FREE_PREFIX)) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            const given = metadata.get('authorization');
            // Exactly one: with several, a proxy and we might look at different ones.
            if (given.length === 1 && isRight(given[0])) return proceed(metadata);
            const details =
              given.length === 0
                ? 'this coordinator wants a token: send metadata "authorization: Bearer TOKEN" (ASSAY_TOKEN for the command line)'
                : 'the token is not the one of this coordinator';
            call.sendStatus(statusToSend(new AppError('unauthenticated', details), () => undefined));
          },
        }),
    });
  };
}
