/** An agent's stream to one coordinator. */
import { Client } from '@grpc/grpc-js';
import { authorization, channelOptions, credentialsOf, quietLibrary, targetOf, type DialOptions } from './channel.ts';
import { agentCodec } from './codec-agent.ts';
import { duplexOf, type Duplex } from './duplex.ts';
import { asBytes, assayProto } from './load.ts';
import type { AgentMessage, CoordinatorMessage } from './messages.ts';

/**
 * Dials and opens the stream; returns at once. A coordinator that cannot be reached (within some 20 s) shows as
 * `unavailable` from `messages`, a refused token as `unauthenticated`. One connection per stream: dial again after `closed`.
 */
export function connectAgent(options: DialOptions): Duplex<CoordinatorMessage, AgentMessage> {
  quietLibrary();
  const client = new Client(targetOf(options.address), credentialsOf(options), channelOptions(options));
  const method = asBytes(assayProto().agent)['Connect']!;
  const call = client.makeBidiStreamRequest<Buffer, Buffer>(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    authorization(options.token),
    {},
  );
  return duplexOf(call, { codec: agentCodec(), onClosed: () => client.close() });
}
