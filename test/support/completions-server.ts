/**
 * An OpenAI-compatible completions endpoint inside the test that echoes prompts with log-probabilities. What it says of a token hangs on the
 * token and its place alone, so that a test can work out each figure by itself (`tokensOf`, `logprobOf`).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CompletionsOptions {
  /** No `logprobs` in the answer, as servers that ignore `echo` do. */
  blind?: boolean;
  /** `max_tokens: 0` is answered with 400. */
  refusesZero?: boolean;
  /** `max_tokens: 0` is taken for this many. */
  zeroIs?: number;
  /** A token in front of each prompt, which is no part of it. */
  begin?: string;
}

interface Body {
  model: string;
  prompt: string;
  max_tokens: number;
  logprobs?: number;
  echo?: boolean;
}

/** A word with the space before it, or any other single character. */
export const tokensOf = (text: string): string[] => text.match(/ ?\w+|[^]/gu) ?? [];

/** Between −0.1 and −3.1 by the token's characters: words with an e are likelier. */
export function logprobOf(token: string): number {
  const sum = Array.from(token).reduce((total, character) => total + character.codePointAt(0)!, 0);
  return -((sum % 30) + 1) / 10;
}

/** A token is the likeliest one where its log-probability is above −1. */
export const isLikeliest = (token: string): boolean => logprobOf(token) > -1;

export class CompletionsServer {
  readonly bodies: Body[] = [];
  readonly #options: CompletionsOptions;
  #server: Server | undefined;

  constructor(options: CompletionsOptions = {}) {
    this.#options = options;
  }

  /** For `base_url`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}/v1`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => void this.#serve(request, response));
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

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    this.bodies.push(body);
    const isRefused = this.#options.refusesZero === true && body.max_tokens === 0;
    const answer = isRefused ? { error: { message: 'max_tokens must be at least 1', type: 'invalid_request_error' } } : this.#answer(body);
    response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #answer({ model, prompt, max_tokens: asked }: Body): object {
    const { blind, begin, zeroIs = 0 } = this.#options;
    const most = asked === 0 ? zeroIs : asked;
    const generated = Array.from({ length: most }, () => ' and');
    const tokens = [...(begin === undefined ? [] : [begin]), ...tokensOf(prompt), ...generated];
    let offset = 0;
    const logprobs = {
      tokens,
      token_logprobs: tokens.map((token, i) => (i === 0 ? null : logprobOf(token))),
      top_logprobs: tokens.map((token, i) =>
        i === 0 ? null : { [token]: logprobOf(token), ...(isLikeliest(token) ? {} : { ' other': logprobOf(token) + 1 }) },
      ),
      text_offset: tokens.map((token) => (offset += token.length) - token.length),
    };
    return {
      model,
      choices: [{ index: 0, text: tokens.join(''), finish_reason: 'length', logprobs: blind === true ? null : logprobs }],
      usage: { prompt_tokens: tokens.length - most, completion_tokens: most },
    };
  }
}
