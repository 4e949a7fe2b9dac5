/** A coordinator's HTTP server in front of its methods, with use-cases that a test writes. */
import { createHttpServer, type HttpServer, type HttpServerOptions } from '../../coordinator/http/server.ts';
import type { Sessions } from '../../coordinator/http/session/redis-sessions.ts';
import type { RpcServer, RpcServerOptions } from '../../coordinator/rpc/server.ts';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import { recordingLogger, startServer, useCases } from './rpc.ts';

export interface TestHttp {
  readonly rpc: RpcServer;
  readonly http: HttpServer;
  /** `http://HOST:PORT`. */
  readonly url: string;
  stop(): Promise<void>;
}

export const NO_SESSIONS: Sessions = {
  open: async () => Promise.reject(new Error('there are no sessions in this test')),
  find: async () => undefined,
  close: async () => undefined,
};

export async function startHttp(
  some: Partial<EvaluationUseCases> = {},
  rpcOptions: Partial<RpcServerOptions> = {},
  httpOptions: Partial<HttpServerOptions> = {},
): Promise<TestHttp> {
  const rpc = await startServer(some, rpcOptions);
  const own = await httpOf(rpc, httpOptions);
  return {
    ...own,
    stop: async () => {
      await own.stop();
      await rpc.stop();
    },
  };
}

/** In front of a server that there is; `stop` leaves that one alone. */
export async function httpOf(rpc: RpcServer, options: Partial<HttpServerOptions> = {}): Promise<TestHttp> {
  const http = createHttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    metrics: (_request, response) => response.end('assay_units_total 1\n'),
    notReady: async () => '',
    inside: rpc.inside,
    sessions: NO_SESSIONS,
    logger: recordingLogger().logger,
    ...options,
  });
  await http.start();
  return { rpc, http, url: `${options.tls ? 'https' : 'http'}://${http.address}`, stop: () => http.stop() };
}

/** Use-cases that are others for each test of one server. */
export const changing = (cases: () => Partial<EvaluationUseCases>): Partial<EvaluationUseCases> =>
  Object.fromEntries(
    Object.entries(useCases())
      .filter(([, work]) => typeof work === 'function')
      .map(([name]) => [
        name,
        (...args: unknown[]) => (useCases(cases()) as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args),
      ]),
  );

export interface ServerEvent {
  event: string;
  id?: string;
  data: unknown;
}

/** The events of a stream as they come; comments and `retry` fall away. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  let text = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = new Map(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      text = text.slice(end + 2);
      const id = fields.get('id');
      if (fields.has('event'))
        yield { event: fields.get('event')!, ...(id !== undefined && { id }), data: JSON.parse(fields.get('data')!) as unknown };
    }
  }
}

/** Lines of JSON. */
export const linesOf = async (response: Response): Promise<unknown[]> =>
  (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
