/** A watcher that reads its first event, and the others only when it is told to, over a connection of its own; and events in numbers that no evaluation makes in a test's time. */
import { Client, type ClientReadableStream } from '@grpc/grpc-js';
import type { Redis } from 'ioredis';
import { eventFromWire } from '../../shared/client/codec-evaluation.ts';
import type { WatchEvent } from '../../shared/client/types.ts';
import { channelOptions, credentialsOf, targetOf } from '../../shared/rpc/channel.ts';
import type { WatchEvaluationResponse__Output } from '../../shared/rpc/gen/assay/v1/WatchEvaluationResponse.ts';
import { assayProto } from '../../shared/rpc/load.ts';

export class StalledWatcher {
  readonly events: WatchEvent[] = [];
  ended = false;
  readonly #client: Client;
  readonly #call: ClientReadableStream<WatchEvaluationResponse__Output>;

  constructor(address: string, evaluationId: string) {
    // With the window that other clients have: 64 KiB.
    const { 'grpc-node.flow_control_window': _window, ...options } = channelOptions({ address });
    this.#client = new Client(targetOf(address), credentialsOf({ address }), options);
    const { path, requestSerialize, responseDeserialize } = assayProto().evaluation.WatchEvaluation;
    this.#call = this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, { evaluationId, cursor: '' });
    this.#call.on('error', () => undefined);
    this.#call.on('end', () => (this.ended = true));
    // A call that was never read takes everything in; one that was, and is paused, takes what its window holds.
    this.#call.once('data', () => this.#call.pause());
    this.#call.on('data', (message: WatchEvaluationResponse__Output) => {
      const event = eventFromWire(message);
      if (event) this.events.push(event);
    });
  }

  /** Reads from now on. */
  read(): void {
    this.#call.resume();
  }

  close(): void {
    this.#call.cancel();
    this.#client.close();
  }
}

const FLOOD = `
local generation, sequence = redis.call('HGET', KEYS[1], 'generation')
for i = 1, ARGV[3] do
  sequence = redis.call('HINCRBY', KEYS[1], 'event_seq', 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', 2000, generation .. '-' .. sequence, 'd', ARGV[4])
end
redis.call('PUBLISH', ARGV[1], 'e:' .. ARGV[2])
return generation .. '-' .. sequence`;

/** Appends progress events as the ledger's scripts do, but as many as wanted at once; returns the last one's cursor. */
export async function floodEvents(redis: Redis, evaluationId: string, count: number): Promise<string> {
  // As long as one of ten groups.
  const g = Array.from({ length: 10 }, () => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  const event = JSON.stringify({ k: 'p', t: Date.now(), c: [1, 0, 0, 0, 0, 0], g, f: 0, a: 1 });
  const key = (name: string): string => `assay:{${evaluationId}}:${name}`;
  return (await redis.eval(FLOOD, 2, key('meta'), key('events'), 'assay:notices', evaluationId, count, event)) as string;
}
