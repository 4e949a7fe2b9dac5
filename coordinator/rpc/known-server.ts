/** The library's server, and what it keeps to itself that we must know: the methods it serves, calls as they come, headers that came twice. */
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { Server, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';

/** A call that has come, and for which nothing is built yet. */
export interface ArrivedCall {
  readonly stream: ServerHttp2Stream;
  readonly path: string;
  /** Hands it to the library. */
  readonly begin: () => void;
}

type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, raw?: readonly string[]) => void;

export class KnownServer extends Server {
  /** Of all methods that it serves, whoever has added them. */
  readonly paths: string[] = [];

  override addService(service: ServiceDefinition, implementation: UntypedServiceImplementation): void {
    this.paths.push(...Object.values(service).map(({ path }) => path));
    super.addService(service, implementation);
  }

  /** Has every call told first, and begun by who is told. To be called once it has where its connections come from. */
  tellArrivals(onArrival: (call: ArrivedCall) => void): void {
    // Private, and the only way to calls before the library builds for them; access-spoofing.test.ts would notice its end.
    const { http2Servers } = this as unknown as { http2Servers: ReadonlyMap<Http2Server, unknown> };
    for (const server of http2Servers.keys()) {
      const library = server.listeners('stream') as OnStream[];
      server.removeAllListeners('stream');
      server.on('stream', ((stream, headers, flags, raw) => {
        joinDuplicates(headers, raw);
        const begin = (): void => library.forEach((listener) => listener.call(server, stream, headers, flags, raw));
        onArrival({ stream, path: headers[':path'] ?? '', begin });
      }) satisfies OnStream);
    }
  }
}

/**
 * Node drops all but the first of several `authorization` headers without a word, while a proxy before us may have looked at another one: they are
 * joined here, and so refused.
 */
function joinDuplicates(headers: IncomingHttpHeaders, raw: readonly string[] = []): void {
  const given = raw.filter((_, i) => raw[i - 1] === 'authorization' && i % 2 === 1);
  if (given.length > 1) headers.authorization = given.join(', ');
}
