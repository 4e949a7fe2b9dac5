/** A gRPC client that knows only an address: services, messages and codecs come from server reflection, details from google.rpc. */
import { join } from 'node:path';
import { Client, credentials, Metadata, status as Status, type MetadataValue } from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer, loadSync, type MethodDefinition, type PackageDefinition } from '@grpc/proto-loader';

const ROOT = join(import.meta.dirname, '../..');
const OPTIONS = { keepCase: true, longs: String, enums: String, defaults: true, oneofs: true, arrays: true } as const;

type AnyMethod = MethodDefinition<object, object>;
type ServiceMethods = Record<string, AnyMethod>;

/** What a call has come to. */
export interface Outcome {
  /** The status's name: OK, INVALID_ARGUMENT … */
  code: string;
  message: string;
  /** The answers, in order. */
  answers: Record<string, unknown>[];
  /** From the trailer, by the type's last word: ErrorInfo, BadRequest, RetryInfo. */
  details: Record<string, Record<string, unknown>>;
  trailerBytes: number;
}

export class ReflectingClient {
  readonly #client: Client;
  /** Methods by service. */
  readonly services: ReadonlyMap<string, ServiceMethods>;

  private constructor(client: Client, services: ReadonlyMap<string, ServiceMethods>) {
    this.#client = client;
    this.services = services;
  }

  static async connect(address: string): Promise<ReflectingClient> {
    const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
    const names = (await ask(client, [{ list_services: '' }]))[0]!.list_services_response!.service.map((service) => service.name);
    const own = names.filter((name) => !name.startsWith('grpc.'));
    const answers = await ask(
      client,
      own.map((name) => ({ file_containing_symbol: name })),
    );
    const files = new Map(answers.flatMap((a) => a.file_descriptor_response!.file_descriptor_proto).map((f) => [f.toString('base64'), f]));
    const loaded = loadFileDescriptorSetFromBuffer(setOf([...files.values()]), OPTIONS);
    return new ReflectingClient(client, new Map(own.map((name) => [name, loaded[name] as unknown as ServiceMethods])));
  }

  /** Calls a method with one message, or several for a stream of the client's. `metadata` of strings. */
  call(service: string, name: string, requests: readonly object[], metadata: Record<string, MetadataValue> = {}): Promise<Outcome> {
    const method = this.services.get(service)![name]!;
    const answers: Record<string, unknown>[] = [];
    const headers = new Metadata();
    for (const [key, value] of Object.entries(metadata)) headers.set(key, value);
    return new Promise((resolve) => {
      // Every kind of call is a stream on the wire.
      const call = this.#client.makeBidiStreamRequest(
        method.path,
        (bytes: Buffer) => bytes,
        (bytes: Buffer) => bytes,
        headers,
        { deadline: Date.now() + 20_000 },
      );
      call.on('data', (bytes: Buffer) => answers.push(method.responseDeserialize(bytes) as Record<string, unknown>));
      call.on('error', () => undefined);
      call.on('status', ({ code, details: message, metadata: trailer }: { code: number; details: string; metadata: Metadata }) => {
        const [bin] = trailer.get('grpc-status-details-bin');
        const trailerBytes = encodeURI(message).length + (Buffer.isBuffer(bin) ? Math.ceil((bin.length * 4) / 3) : 0);
        resolve({ code: Status[code]!, message, answers, details: detailsOf(bin), trailerBytes });
      });
      for (const request of requests) call.write(method.requestSerialize(request));
      call.end();
    });
  }

  close(): void {
    this.#client.close();
  }
}

interface ReflectionAnswer {
  list_services_response?: { service: { name: string }[] };
  file_descriptor_response?: { file_descriptor_proto: Buffer[] };
}

/** Asks the reflection service, one question after the other on one stream. */
async function ask(client: Client, questions: readonly object[]): Promise<ReflectionAnswer[]> {
  const proto = join(ROOT, 'node_modules/@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto');
  const service = loadSync(proto, OPTIONS)['grpc.reflection.v1.ServerReflection'] as unknown as ServiceMethods;
  const { path, requestSerialize, responseDeserialize } = service['ServerReflectionInfo']!;
  const call = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata(), { deadline: Date.now() + 20_000 });
  for (const question of questions) call.write(question);
  call.end();
  const answers: ReflectionAnswer[] = [];
  for await (const answer of call as AsyncIterable<ReflectionAnswer>) answers.push(answer);
  return answers;
}

/** A FileDescriptorSet: field 1, repeated. */
const setOf = (files: readonly Buffer[]): Buffer => Buffer.concat(files.flatMap((f) => [Buffer.from([0x0a]), varint(f.length), f]));

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 127) | 128);
  }
}

const rpc: { types?: PackageDefinition } = {};

function detailsOf(bytes: unknown): Outcome['details'] {
  if (!Buffer.isBuffer(bytes)) return {};
  rpc.types ??= loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto'], { ...OPTIONS, includeDirs: [join(ROOT, 'proto')] });
  const read = (type: string, content: Buffer): Record<string, unknown> =>
    (rpc.types![type] as unknown as { deserialize(b: Buffer): Record<string, unknown> }).deserialize(content);
  const { details } = read('google.rpc.Status', bytes) as unknown as { details: { type_url: string; value: Buffer }[] };
  return Object.fromEntries(
    details.map(({ type_url, value }) => {
      const type = type_url.split('/').at(-1)!;
      return [type.split('.').at(-1)!, read(type, value)];
    }),
  );
}
