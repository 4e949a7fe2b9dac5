/** The operator's small HTTP server: `/metrics`, `/healthz` (the process lives), `/readyz` (it takes work). */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../shared/domain/errors.ts';
import type { Service } from '../../shared/runtime/service.ts';

export interface HttpServerOptions {
  /** Port 0: any free one. */
  listen: { host: string; port: number };
  /** Answers GET /metrics. */
  metrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** '' when this coordinator can do its work, else why it cannot. Asked for each /readyz. */
  notReady: () => string;
}

export interface HttpServer extends Service {
  /** Where it listens, with the port that was found. Known after `start`. */
  readonly address: string;
}

export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new OperatorServer(options);
}

class OperatorServer implements HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #started: Promise<void> | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    // Whoever scrapes sends a few short headers, at once.
    this.#server = createServer(
      { maxHeaderSize: 8192, headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000 },
      (request, response) => this.#answer(request, response),
    );
    this.#server.maxConnections = 100;
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  get address(): string {
    const { port } = (this.#server.address() ?? this.#options.listen) as AddressInfo;
    const { host } = this.#options.listen;
    return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  }

  start(): Promise<void> {
    return (this.#started ??= new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(
          new AppError(
            'failed_precondition',
            `http ${this.address}: cannot listen there (${error.message}); choose another address by --http`,
            { cause: error },
          ),
        ),
      );
      this.#server.listen(this.#options.listen.port, this.#options.listen.host, resolve);
    }));
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 405, 'only GET is answered here\n');
    switch (request.url?.split('?', 1)[0]) {
      case '/metrics':
        return this.#options.metrics(request, response);
      case '/healthz':
        return say(response, 200, 'ok\n');
      case '/readyz': {
        const why = this.#options.notReady();
        return why === '' ? say(response, 200, 'ok\n') : say(response, 503, `${why}\n`);
      }
      default:
        return say(response, 404, 'there are /metrics, /healthz and /readyz\n');
    }
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(text);
}
