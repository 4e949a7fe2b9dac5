/** HTTPS and HTTP servers of files on loopback, whose answers are given by path, and what they were asked. */
import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type { TestCertificate } from './certificate.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FileServer {
  /** `https://localhost:1234`, without a path. */
  readonly origin: string;
  readonly port: number;
  /** Answers by path (without query). */
  readonly answers: Map<string, Answer>;
  /** Paths with queries, as they were asked for. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** Without a certificate it speaks HTTP. */
export async function startFileServer(certificate?: TestCertificate): Promise<FileServer> {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request.url!);
    const answer = answers.get(request.url!.replace(/\?.*$/, ''));
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  };
  const server = certificate ? createHttps({ cert: certificate.cert, key: certificate.key }, listener) : createHttp(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = (server as Server).address() as AddressInfo;
  return {
    origin: `${certificate ? 'https' : 'http'}://localhost:${port}`,
    port,
    answers,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const file =
  (content: Uint8Array | string, headers: Record<string, string> = {}): Answer =>
  (_request, response) =>
    void response.writeHead(200, headers).end(content);

export const redirect =
  (location: string, status = 302): Answer =>
  (_request, response) =>
    void response.writeHead(status, { location }).end();
