/** A receiver of webhooks on loopback: keeps what it was sent, answers as it is told. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedCall {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export class AlertReceiver {
  readonly calls: ReceivedCall[] = [];
  /** What the next calls are answered; 200 when there is no more. */
  readonly answers: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.calls.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
        const { status, headers = {}, body = '' } = this.answers.shift() ?? { status: 200 };
        response.writeHead(status, headers).end(body);
      });
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** What it was told, as `status kind`, in order. */
  told(path = '/hook'): string[] {
    return this.calls
      .filter((call) => call.path === path)
      .map(({ body }) => {
        const { status, kind } = JSON.parse(body) as { status: string; kind: string };
        return `${status} ${kind}`;
      });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
