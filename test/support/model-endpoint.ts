/**
 * An OpenAI-compatible endpoint inside the test that remembers every call: what was asked, when it came, when it was answered. It
 * answers by itself, or passes calls on to another server. So a test can tell which calls were repeated and whether they
 * had to be.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call; times in ms since the epoch. `endedAt` is undefined while it is under way, `ok` false if nobody took the answer. */
export interface ModelCall {
  model: string;
  prompt: string;
  startedAt: number;
  endedAt: number | undefined;
  ok: boolean;
}

export interface EndpointAnswer {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export class ModelEndpoint {
  readonly calls: ModelCall[] = [];
  readonly #answer: (call: ModelCall, body: Buffer, signal: AbortSignal) => Promise<EndpointAnswer>;
  #server: Server | undefined;

  constructor(answer: (call: ModelCall, body: Buffer, signal: AbortSignal) => Promise<EndpointAnswer>) {
    this.#answer = answer;
  }

  /** For `base_url`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}/v1`;
  }

  get inFlight(): number {
    return this.calls.filter((call) => call.endedAt === undefined).length;
  }

  /** The answered calls per model. */
  byModel(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { model, ok } of this.calls) if (ok) counts[model] = (counts[model] ?? 0) + 1;
    return counts;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => void this.#serve(Buffer.concat(chunks), response));
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    return this;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  async #serve(body: Buffer, response: ServerResponse): Promise<void> {
    const { model, messages } = JSON.parse(body.toString()) as { model: string; messages: { role: string; content: string }[] };
    const call: ModelCall = {
      model,
      prompt: messages.findLast((m) => m.role === 'user')?.content ?? '',
      startedAt: Date.now(),
      endedAt: undefined,
      ok: false,
    };
    this.calls.push(call);
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
      call.endedAt ??= Date.now();
    });
    try {
      const answer = await this.#answer(call, body, gone.signal);
      if (gone.signal.aborted) return;
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
      call.ok = answer.status === 200;
      call.endedAt = Date.now();
    } catch {
      response.destroy();
    }
  }
}

/** A chat completion as an endpoint sends it. */
export function chatAnswer(model: string, content: string): EndpointAnswer {
  const usage = { prompt_tokens: 8, completion_tokens: 2, total_tokens: 10 };
  return {
    status: 200,
    body: JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      created: 0,
      model,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
      usage,
    }),
  };
}

/** Passes every call on to another endpoint. */
export function passingOn(baseUrl: string): ModelEndpoint {
  return new ModelEndpoint(async (_call, body, signal) => {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array(body),
      signal,
    });
    const headers = [...response.headers].filter(([name]) => name === 'content-type' || name === 'retry-after');
    return { status: response.status, body: await response.text(), headers: Object.fromEntries(headers) };
  });
}

/** Sleeps, or ends at once when the caller is gone. */
export const latency = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
