/** A span and a measurement around each model call. Neither prompts nor completions are in them. */
import { attributeNames as names, SpanKind, spanNames, withSpan } from '../../shared/telemetry/tracing.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { ModelError, type Generation, type GenerateRequest, type ModelEntry, type ModelProvider } from '../models/provider.ts';

export interface TracedProviderOptions {
  provider: ModelProvider;
  entry: Pick<ModelEntry, 'provider' | 'endpoint'>;
  /** The model's name in the spec. */
  model: string;
  /** The execute span. */
  parent: string;
  clock: Clock;
  instruments: Pick<Instruments, 'modelCallSeconds'>;
  /** Called before the failed call gives its connection back. */
  onFailure: (error: ModelError) => void;
}

/** The provider, one attempt's calls traced; it does not own the connections. */
export function tracedProvider(options: TracedProviderOptions): ModelProvider {
  const { provider, entry, model, parent, clock, instruments, onFailure } = options;
  const record = (outcome: string, startedAt: number): void =>
    instruments.modelCallSeconds.record((clock.monotonic() - startedAt) / 1000, { model, outcome });
  const isChat = entry.endpoint !== 'completions';
  return {
    close: () => Promise.resolve(),
    generate: (request) => {
      const attributes = {
        ...requestAttributes(request),
        [names.genAiOperation]: isChat ? 'chat' : 'text_completion',
        [names.genAiProvider]: entry.provider,
      };
      const name = isChat ? spanNames.chat(request.model) : spanNames.textCompletion(request.model);
      return withSpan(name, { kind: SpanKind.CLIENT, parent, attributes }, async (span) => {
        const startedAt = clock.monotonic();
        try {
          const generation = await provider.generate(request);
          record('ok', startedAt);
          span.setAttributes(generationAttributes(generation));
          return generation;
        } catch (error) {
          if (error instanceof ModelError) {
            record(error.errorClass, startedAt);
            span.setAttribute(names.outcome, error.errorClass);
            onFailure(error);
            if (error.httpStatus !== undefined) span.setAttribute(names.httpStatus, error.httpStatus);
          }
          throw error;
        }
      });
    },
  };
}

const requestAttributes = ({ model, config }: GenerateRequest): Record<string, string | number> => ({
  [names.genAiRequestModel]: model,
  ...(config.temperature === undefined ? {} : { [names.genAiTemperature]: config.temperature }),
  ...(config.max_tokens === undefined ? {} : { [names.genAiMaxTokens]: config.max_tokens }),
});

const generationAttributes = (generation: Generation): Record<string, string | number | string[]> => ({
  [names.genAiInputTokens]: generation.usage.inputTokens,
  [names.genAiOutputTokens]: generation.usage.outputTokens,
  ...(generation.model === undefined ? {} : { [names.genAiResponseModel]: generation.model }),
  ...(generation.stopReason === undefined ? {} : { [names.genAiFinishReasons]: [generation.stopReason] }),
});
