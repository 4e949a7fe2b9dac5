/** The library's server, and what it keeps to itself that we must know: the methods it serves, and headers that came twice. */
import type { Http2Server, IncomingHttpHeaders } from 'node:http2';
import { Server, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';

export class KnownServer extends Server {
  /** Of all methods that it serves, whoever has added them. */
  readonly paths: string[] = [];

  override addService(service: ServiceDefinition, implementation: UntypedServiceImplementation): void {
    this.paths.push(...Object.values(service).map(({ path }) => path));
    super.addService(service, implementation);
  }

  /**
   * To be called once it has where its connections come from. Node drops all but the first of several `authorization` headers without a word,
   * while a proxy before us may have looked at another one: they are joined here, and so refused.
   */
  tellDuplicates(): void {
    // Private, and the only way to the headers as they came; access-spoofing.test.ts would notice its end.
    const { http2Servers } = this as unknown as { http2Servers: ReadonlyMap<Http2Server, unknown> };
    for (const server of http2Servers.keys())
      server.prependListener('stream', (_stream, headers: IncomingHttpHeaders, _flags: number, raw?: readonly string[]) => {
        const given = raw?.filter((_, i) => raw[i - 1] === 'authorization' && i % 2 === 1) ?? [];
        if (given.length > 1) headers.authorization = given.join(', ');
      });
  }
}
