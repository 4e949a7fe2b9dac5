/** `anthropic`: the messages endpoint of Anthropic and of what imitates it. */
import { textOf } from '../../shared/domain/chat.ts';
import { answerReader } from './answer-readers.ts';
import { anthropicAnswer, AnthropicStream } from './anthropic-answer.ts';
import { ANTHROPIC_BASE_URL } from './base-urls.ts';
import { checkedUrl, joined } from './entry-checks.ts';
import { HttpEndpoint, type EndpointSettings } from './http-endpoint.ts';
import { anthropicMessages } from './message-parts.ts';
import { ModelError, type ChatMessage, type GenerateRequest, type Generation, type ModelEntry, type ModelProvider } from './provider.ts';

const API_VERSION = '2023-06-01';
/** The endpoint demands a limit; this one stands in when the spec has none. */
export const DEFAULT_MAX_TOKENS = 4096;

export class AnthropicProvider implements ModelProvider {
  readonly #endpoint: HttpEndpoint;
  readonly #streams: boolean;

  /** Throws AppError `invalid` with all faults of the entry. */
  constructor(entry: ModelEntry, settings: EndpointSettings = {}) {
    const base = checkedUrl(entry, ANTHROPIC_BASE_URL, ['chat']);
    this.#streams = entry.stream ?? true;
    this.#endpoint = new HttpEndpoint({
      // The vendor's base URL has no version; users of gateways write one.
      url: joined(base, /\/v1\/*$/.test(base.pathname) ? '/messages' : '/v1/messages'),
      headers: { 'anthropic-version': API_VERSION },
      authorize: (key) => ({ 'x-api-key': key }),
      maxConnections: entry.maxConnections,
      idleTimeoutMs: entry.idleTimeoutMs ?? 60_000,
      key: entry.apiKey,
      ...settings,
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

  /** The system message is a field of its own here; seed and penalties do not exist and are left out. Throws ModelError `request`. */
  #body(request: GenerateRequest): object {
    const { model, messages, prefill, config } = request;
    refuseUnknown(config);
    const system = messages.filter((message) => message.role === 'system').map(textOf);
    // White space at the end of the last message is refused.
    const beginning: ChatMessage[] = prefill?.trimEnd() ? [{ role: 'assistant', content: prefill.trimEnd() }] : [];
    return {
      model,
      messages: anthropicMessages([...messages.filter((message) => message.role !== 'system'), ...beginning]),
      system: system.length > 0 ? system.join('\n\n') : undefined,
      max_tokens: config.max_tokens ?? DEFAULT_MAX_TOKENS,
      temperature: config.temperature,
      top_p: config.top_p,
      stop_sequences: config.stop_seqs,
      output_config: schemaOf(config),
      stream: this.#streams ? true : undefined,
      ...config.extra_body,
    };
  }
}

const schemaOf = ({ response_schema: schema }: GenerateRequest['config']): object | undefined =>
  schema && { format: { type: 'json_schema', schema: schema.json_schema } };

/** What would change the meaning of the answers if it were left out. */
function refuseUnknown(config: GenerateRequest['config']): void {
  const wanted = (['logprobs', 'top_logprobs', 'reasoning_effort'] as const).filter(
    (name) => config[name] !== undefined && config[name] !== false,
  );
  if (wanted.length > 0)
    throw new ModelError(
      'request',
      `anthropic has no ${wanted.join(' and no ')}; take it out, or write what the endpoint has into extra_body`,
    );
}
