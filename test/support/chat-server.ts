/** A small endpoint that speaks OpenAI's chat completions; a test says what it answers. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ChatCall {
  model: string;
  /** What the user says. */
  prompt: string;
  headers: IncomingHttpHeaders;
}

/** A completion, or an HTTP error with its body. */
export type ChatAnswer = string | { status: number; body: unknown };

export interface ChatServer {
  /** For `base_url`. */
  readonly url: string;
  readonly port: number;
  /** Calls so far. */
  readonly calls: ChatCall[];
  stop(): Promise<void>;
}

export async function startChatServer(answer: (call: ChatCall) => ChatAnswer, host = '127.0.0.1'): Promise<ChatServer> {
  const calls: ChatCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { model, messages } = JSON.parse(Buffer.concat(chunks).toString()) as { model: string; messages: { content: string }[] };
      const call = { model, prompt: messages.at(-1)!.content, headers: request.headers };
      calls.push(call);
      const answered = answer(call);
      const failed = typeof answered !== 'string';
      const usage = { prompt_tokens: 1, completion_tokens: 1 };
      const body = failed
        ? answered.body
        : { model, choices: [{ index: 0, message: { role: 'assistant', content: answered }, finish_reason: 'stop' }], usage };
      response.writeHead(failed ? answered.status : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/v1`,
    port,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
