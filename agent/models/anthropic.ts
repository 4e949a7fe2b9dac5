/** `anthropic`: the messages endpoint of Anthropic and of what imitates it. */
import { answerReader } from './answer-readers.ts';
import { anthropicAnswer, AnthropicStream } from './anthropic-answer.ts';
import { checkedUrl, joined } from './entry-checks.ts';
import { HttpEndpoint } from './http-endpoint.ts';
import type { GenerateRequest, Generation, ModelEntry, ModelProvider } from './provider.ts';

export const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';
const API_VERSION = '2023-06-01';
/** The endpoint demands a limit; this one stands in when the spec has none. */
export const DEFAULT_MAX_TOKENS = 4096;

export class AnthropicProvider implements ModelProvider {
  readonly #endpoint: HttpEndpoint;
  readonly #streams: boolean;

  /** Throws AppError `invalid` with all faults of the entry. `limits` are for tests. */
  constructor(entry: ModelEntry, limits: { maxAnswerBytes?: number } = {}) {
    const base = checkedUrl(entry, ANTHROPIC_BASE_URL, ['chat']);
    this.#streams = entry.stream ?? true;
    this.#endpoint = new HttpEndpoint({
      // The vendor's base URL has no version; users of gateways write one.
      url: joined(base, /\/v1\/*$/.test(base.pathname) ? '/messages' : '/v1/messages'),
      headers: { 'anthropic-version': API_VERSION, ...(entry.apiKey ? { 'x-api-key': entry.apiKey } : {}) },
      maxConnections: entry.maxConnections,
      idleTimeoutMs: entry.idleTimeoutMs ?? 60_000,
      key: entry.apiKey,
      ...limits,
    });
  }

  async generate(request: GenerateRequest): Promise<Generation> {
    const startedAt = performance.now();
    const readers = { json: anthropicAnswer, events: () => new AnthropicStream(startedAt) };
    return this.#endpoint.post(request, this.#body(request), (headers) => answerReader(headers, readers, this.#streams));
  }

  async close(): Promise<void> {
    await this.#endpoint.close();
  }

  /** The system message is a field of its own here; seed and penalties do not exist and are left out. */
  #body({ model, messages, config }: GenerateRequest): object {
    const system = messages.filter((message) => message.role === 'system').map((message) => message.content);
    return {
      model,
      messages: messages.filter((message) => message.role !== 'system'),
      system: system.length > 0 ? system.join('\n\n') : undefined,
      max_tokens: config.max_tokens ?? DEFAULT_MAX_TOKENS,
      temperature: config.temperature,
      top_p: config.top_p,
      stop_sequences: config.stop_seqs,
      stream: this.#streams ? true : undefined,
      ...config.extra_body,
    };
  }
}
