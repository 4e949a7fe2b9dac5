/** `openai`: any endpoint that speaks OpenAI's chat completions (default) or completions: the vendor, vLLM, SGLang, llama.cpp, gateways. */
import { answerReader, JsonReader } from './answer-readers.ts';
import { OPENAI_BASE_URL } from './base-urls.ts';
import { echoedRating, UNABLE } from './echo-answer.ts';
import { checkedUrl, joined } from './entry-checks.ts';
import { HttpEndpoint, type EndpointSettings } from './http-endpoint.ts';
import { openAiAnswer, OpenAiStream } from './openai-answer.ts';
import { onlyText, openAiMessages } from './message-parts.ts';
import {
  ModelError,
  type ChatMessage,
  type GenerateRequest,
  type Generation,
  type ModelEntry,
  type ModelProvider,
  type RateRequest,
  type Rating,
} from './provider.ts';

/** Names of models that are remembered. */
const MAX_UNABLE = 256;

export class OpenAiProvider implements ModelProvider {
  readonly #endpoint: HttpEndpoint;
  readonly #isChat: boolean;
  readonly #streams: boolean;
  /** Tokens to generate beside an echo: 0, or 1 once the server has refused that. */
  #leastTokens = 0;
  /** Models of which the server has shown that it cannot rate with them, and in which words. */
  readonly #unable = new Map<string, string>();

  /** Throws AppError `invalid` with all faults of the entry. */
  constructor(entry: ModelEntry, settings: EndpointSettings = {}) {
    const base = checkedUrl(entry, OPENAI_BASE_URL, ['chat', 'completions']);
    this.#isChat = entry.endpoint !== 'completions';
    this.#streams = entry.stream ?? true;
    this.#endpoint = new HttpEndpoint({
      url: joined(base, this.#isChat ? '/chat/completions' : '/completions'),
      headers: {},
      authorize: (key) => ({ authorization: `Bearer ${key}` }),
      maxConnections: entry.maxConnections,
      idleTimeoutMs: entry.idleTimeoutMs ?? 60_000,
      key: entry.apiKey,
      ...settings,
    });
  }

  async generate(request: GenerateRequest): Promise<Generation> {
    const startedAt = performance.now();
    const readers = { json: openAiAnswer, events: () => new OpenAiStream(startedAt) };
    return this.#endpoint.post(request, this.#body(request), (headers) => answerReader(headers, readers, this.#streams));
  }

  /** By an echo of the prompt with its log-probabilities. A server that gives none is asked once. */
  async rate(request: RateRequest): Promise<Rating> {
    if (!this.#isChat) {
      const known = this.#unable.get(request.model);
      if (known !== undefined) throw new ModelError('request', known);
      try {
        return await this.#echo(request);
      } catch (error) {
        if (error instanceof ModelError && error.message.startsWith(UNABLE)) this.#isUnable(request.model, error.message);
        throw error;
      }
    }
    throw new ModelError('request', `${UNABLE}: a chat endpoint gives none of its prompt; set endpoint: completions in the agent's entry`);
  }

  async #echo(request: RateRequest): Promise<Rating> {
    const least = this.#leastTokens;
    try {
      return await this.#endpoint.post(
        request,
        echoBody(request, least),
        () => new JsonReader((value) => echoedRating(value, request, least)),
      );
    } catch (error) {
      // By its status, or in that it does not keep to it.
      const isRefused =
        error instanceof ModelError &&
        (error.httpStatus !== undefined || error.message.startsWith(UNABLE)) &&
        /max_tokens|max_new_tokens/.test(error.message);
      if (!isRefused || error.errorClass !== 'request' || least > 0) throw error;
      this.#leastTokens = 1;
      return this.#echo(request);
    }
  }

  #isUnable(model: string, message: string): void {
    if (this.#unable.size >= MAX_UNABLE) this.#unable.clear();
    this.#unable.set(model, message);
  }

  async close(): Promise<void> {
    await this.#endpoint.close();
  }

  /** JSON leaves out what is undefined; extra_body is last, so that it can replace anything. Throws ModelError `request`. */
  #body(request: GenerateRequest): object {
    const { model, config } = request;
    return {
      model,
      ...(this.#isChat ? chatFields(request) : completionFields(request)),
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

/** As lm-evaluation-harness asks. `extra_body` is last, as in every call. */
const echoBody = ({ model, context, continuation, config }: RateRequest, maxTokens: number): object => ({
  model,
  prompt: context + continuation,
  max_tokens: maxTokens,
  temperature: 0,
  logprobs: 1,
  echo: true,
  seed: config.seed,
  ...config.extra_body,
});

function chatFields({ messages, prefill, config }: GenerateRequest): object {
  const { logprobs, top_logprobs, response_schema: schema, reasoning_effort } = config;
  const beginning: ChatMessage[] = prefill === undefined ? [] : [{ role: 'assistant', content: prefill }];
  return {
    messages: openAiMessages([...messages, ...beginning]),
    // Alternatives are only given beside the tokens' own.
    logprobs: top_logprobs === undefined ? logprobs : (logprobs ?? true),
    top_logprobs,
    response_format: schema && {
      type: 'json_schema',
      json_schema: { name: schema.name, description: schema.description, schema: schema.json_schema, strict: schema.strict },
    },
    reasoning_effort,
  };
}

function completionFields({ messages, prefill = '', config }: GenerateRequest): object {
  const { logprobs, top_logprobs, response_schema, reasoning_effort } = config;
  const missing = [
    ...(response_schema === undefined ? [] : ['response_schema']),
    ...(reasoning_effort === undefined ? [] : ['reasoning_effort']),
  ];
  if (missing.length > 0)
    throw new ModelError(
      'request',
      `the endpoint completions has no ${missing.join(' and no ')}; what a server has beyond it goes into extra_body`,
    );
  const texts = messages.map(onlyText);
  if (texts.includes(undefined))
    throw new ModelError('request', 'the endpoint completions takes text only; use the endpoint chat for images and sound');
  return { prompt: texts.join('\n\n') + prefill, logprobs: (logprobs ?? top_logprobs !== undefined) ? (top_logprobs ?? 0) : undefined };
}
