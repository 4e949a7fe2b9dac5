/** Asks a method of the coordinator as gRPC would: the same request, the same checks, the same answer. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Route } from '../../shared/http/route.ts';
import type { BareMethod, CallInfo } from '../../shared/rpc/handler.ts';

/** `first`: the request; `rest`: what follows it in an upload. The messages of the answer, one or many. */
export async function* messagesOf(bare: BareMethod, first: object, rest: AsyncIterable<object>, info: CallInfo): AsyncGenerator<object> {
  const { method, kind } = bare;
  const handle = bare.handle as (request: unknown, info: CallInfo) => Promise<object> & AsyncIterable<object>;
  // By way of the wire, so that what is absent looks as it does there.
  const request = (message: object): object => method.requestDeserialize(method.requestSerialize(message));
  const answer = (message: object): object => method.responseDeserialize(method.responseSerialize(message));
  switch (kind) {
    case 'unary':
      yield answer(await handle(request(first), info));
      return;
    case 'serverStream':
      for await (const message of handle(request(first), info)) yield answer(message);
      return;
    case 'clientStream':
      yield answer(await handle(requests(request, first, rest), info));
  }
}

async function* requests(request: (message: object) => object, first: object, rest: AsyncIterable<object>): AsyncGenerator<object> {
  yield request(first);
  for await (const message of rest) yield message;
}

/** The row's method; a coordinator with a row of no method does not start. */
export function methodOf({ rpc }: Route, methods: ReadonlyMap<string, BareMethod>): BareMethod {
  const found = methods.get(rpc.path);
  if (!found) throw new AppError('failed_precondition', `nobody serves ${rpc.path}: take its row out of shared/http`);
  return found;
}
