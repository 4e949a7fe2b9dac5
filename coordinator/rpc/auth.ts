/** One interceptor for every call, unary or stream: nobody passes whom the gate does not admit, and nobody stays who is not himself any more. */
import { ServerInterceptingCall, type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Caller } from '../../shared/rpc/handler.ts';
import { statusToSend, type StatusToSend } from '../../shared/rpc/status.ts';
import type { Gate } from '../identity/gate.ts';
import type { IdentityCalls } from './limits/identity-calls.ts';
import { peerIdentityOf } from './peer-identity.ts';

/** Whose calls are under way. Found by the object that the interceptor has passed on: nothing that a caller sends can name another one. */
export class Callers {
  readonly #callers = new WeakMap<Metadata, Caller>();

  set(metadata: Metadata, caller: Caller): void {
    this.#callers.set(metadata, caller);
  }

  /** Throws where nobody was verified. */
  readonly callerOf = (metadata: Metadata): Caller => {
    const caller = this.#callers.get(metadata);
    if (!caller) throw new AppError('unauthenticated', 'nobody has verified whose call this is');
    return caller;
  };
}

export interface InterceptorParts {
  gate: Gate;
  callers: Callers;
  calls: IdentityCalls;
  /** What a caller is told of an internal error is only the reference. */
  onInternal: (reference: string, error: unknown) => void;
  /** Before a handler has heard of a call, or while one was at it (`identity`: whose it was); that one hears of a cancel. */
  onTurnedAway: (call: { method: string; peer: string; identity?: Identity }, status: StatusToSend) => void;
}

export function identityInterceptor({ gate, callers, calls, onInternal, onTurnedAway }: InterceptorParts): ServerInterceptor {
  return ({ path, responseStream }, call) => {
    const peer = call.getPeer();
    let unwatch = (): void => undefined;
    let isOver = false;
    const refuse = (error: unknown, identity?: Identity): void => {
      if (isOver) return;
      isOver = true;
      unwatch();
      const status = statusToSend(error, onInternal);
      onTurnedAway({ method: path, peer, ...(identity && { identity }) }, status);
      call.sendStatus(status);
    };
    const onReceiveMetadata = async (metadata: Metadata, proceed: (metadata: Metadata) => void): Promise<void> => {
      try {
        const { identity, watch } = await gate.admit(path, {
          authorization: metadata.get('authorization'),
          certificate: () => peerIdentityOf(call),
          peer,
        });
        if (isOver) return;
        const leave = (unwatch = calls.enter(identity, path, responseStream));
        // No handler, and no log, needs it any more.
        metadata.remove('authorization');
        const over = new AbortController();
        callers.set(metadata, { identity, over: over.signal });
        const stop = watch((why) => {
          gate.denied({ identity, method: path, peer, reason: why.message });
          // The caller is told first: what the handler does on hearing of it goes nowhere then.
          refuse(why, identity);
          over.abort(why);
        });
        unwatch = () => {
          stop();
          leave();
        };
        proceed(metadata);
      } catch (error) {
        refuse(error);
      }
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => void onReceiveMetadata(metadata, proceed),
          onCancel: () => {
            isOver = true;
            unwatch();
          },
        }),
      // What a handler says after its caller was turned away goes nowhere.
      sendMessage: (message, next) => {
        if (!isOver) next(message);
      },
      sendStatus: (status, next) => {
        if (isOver) return;
        isOver = true;
        unwatch();
        next(status);
      },
    });
  };
}
