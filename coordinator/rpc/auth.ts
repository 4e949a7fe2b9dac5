/** One interceptor for every call, unary or stream: nobody passes whom the gate does not admit, and nobody stays who is not himself any more. */
import { ServerInterceptingCall, type Metadata, type ServerInterceptor } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import { statusToSend } from '../../shared/rpc/status.ts';
import type { Gate } from '../identity/gate.ts';

/** Whose calls are under way. Found by the object that the interceptor has passed on: nothing that a caller sends can name another one. */
export class Callers {
  readonly #identities = new WeakMap<Metadata, Identity>();

  set(metadata: Metadata, identity: Identity): void {
    this.#identities.set(metadata, identity);
  }

  /** Throws where nobody was verified. */
  readonly identityOf = (metadata: Metadata): Identity => {
    const identity = this.#identities.get(metadata);
    if (!identity) throw new AppError('unauthenticated', 'nobody has verified whose call this is');
    return identity;
  };
}

export function identityInterceptor(
  gate: Gate,
  callers: Callers,
  onInternal: (reference: string, error: unknown) => void,
): ServerInterceptor {
  return ({ path }, call) => {
    const peer = call.getPeer();
    let unwatch = (): void => undefined;
    let isOver = false;
    const refuse = (error: unknown): void => {
      if (isOver) return;
      isOver = true;
      unwatch();
      call.sendStatus(statusToSend(error, onInternal));
    };
    const onReceiveMetadata = async (metadata: Metadata, proceed: (metadata: Metadata) => void): Promise<void> => {
      try {
        const { identity, watch } = await gate.admit(path, { authorization: metadata.get('authorization'), peer });
        if (isOver) return;
        // No handler, and no log, needs it any more.
        metadata.remove('authorization');
        callers.set(metadata, identity);
        unwatch = watch((why) => {
          gate.denied({ identity, method: path, peer, reason: why.message });
          refuse(why);
        });
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
