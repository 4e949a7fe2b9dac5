/** `openai`: any endpoint that speaks OpenAI's chat completions (default) or completions: the vendor, vLLM, SGLang, llama.cpp, gateways. */
import { answerReader } from './answer-readers.ts';
import { checkedUrl, joined } from './entry-checks.ts';
import { HttpEndpoint } from './http-endpoint.ts';
import { openAiAnswer, OpenAiStream } from './openai-answer.ts';
import type { GenerateRequest, Generation, ModelEntry, ModelProvider } from './provider.ts';

export const OPENAI_BASE_URL = 'https://api.openai.com/v1';

export class OpenAiProvider implements ModelProvider {
  readonly #endpoint: HttpEndpoint;
  readonly #isChat: boolean;
  readonly #streams: boolean;

  /** Throws AppError `invalid` with all faults of the entry. `limits` are for tests. */
  constructor(entry: ModelEntry, limits: { maxAnswerBytes?: number } = {}) {
    const base = checkedUrl(entry, OPENAI_BASE_URL, ['chat', 'completions']);
    this.#isChat = entry.endpoint !== 'completions';
    this.#streams = entry.stream ?? true;
    this.#endpoint = new HttpEndpoint({
      url: joined(base, this.#isChat ? '/chat/completions' : '/completions'),
      headers: entry.apiKey ? { authorization: `Bearer ${entry.apiKey}` } : {},
      maxConnections: entry.maxConnections,
      idleTimeoutMs: entry.idleTimeoutMs ?? 60_000,
      key: entry.apiKey,
      ...limits,
    });
  }

  async generate(request: GenerateRequest): Promise<Generation> {
    const startedAt = performance.now();
    const readers = { json: openAiAnswer, events: () => new OpenAiStream(startedAt) };
    return this.#endpoint.post(request, this.#body(request), (headers) => answerReader(headers, readers, this.#streams));
  }

  async close(): Promise<void> {
    await this.#endpoint.close();
  }

  /** JSON leaves out what is undefined; extra_body is last, so that it can replace anything. */
  #body({ model, messages, config }: GenerateRequest): object {
    return {
      model,
      ...(this.#isChat ? { messages } : { prompt: messages.map((message) => message.content).join('\n\n') }),
      max_tokens: config.max_tokens,
      temperature: config.temperature,
      top_p: config.top_p,
      stop: config.stop_seqs,
      seed: config.seed,
      frequency_penalty: config.frequency_penalty,
      presence_penalty: config.presence_penalty,
      ...(this.#streams ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...config.extra_body,
    };
  }
}
