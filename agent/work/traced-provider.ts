/** A span and a measurement around each model call. Neither prompts nor completions are in them. */
import { attributeNames as names, SpanKind, spanNames, withSpan } from '../../shared/telemetry/tracing.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { ModelError, type Generation, type GenerateRequest, type ModelEntry, type ModelProvider } from '../models/provider.ts';
import type { Caller } from '../solvers/solver.ts';

export interface TracedProviderOptions {
  provider: Caller;
  /** The solver's, where it is no call of the entry's endpoint. */
  operation: string | undefined;
  entry: Pick<ModelEntry, 'provider' | 'endpoint'>;
  /** The model's name in the spec. */
  model: string;
  /** The execute span. */
  parent: string;
  clock: Clock;
  instruments: Pick<Instruments, 'modelCallSeconds' | 'modelFirstChunkSeconds' | 'modelTokensTotal'>;
  /** Called before the failed call gives its connection back. */
  onFailure: (error: ModelError) => void;
}

/** The provider, one attempt's calls traced; it does not own the connections. */
export function tracedProvider(options: TracedProviderOptions): ModelProvider {
  const { provider, entry, model, parent, clock, instruments, onFailure } = options;
  const record = (outcome: string, startedAt: number): void =>
    instruments.modelCallSeconds.record((clock.monotonic() - startedAt) / 1000, { model, outcome });
  const measure = ({ usage, timeToFirstChunkMs }: Generation): void => {
    instruments.modelTokensTotal.add(usage.inputTokens, { model, direction: 'input' });
    instruments.modelTokensTotal.add(usage.outputTokens, { model, direction: 'output' });
    if (timeToFirstChunkMs !== undefined) instruments.modelFirstChunkSeconds.record(timeToFirstChunkMs / 1000, { model });
  };
  const operation = options.operation ?? (entry.endpoint === 'completions' ? 'text_completion' : 'chat');
  return {
    close: () => Promise.resolve(),
    generate: (request) => {
      const attributes = {
        ...requestAttributes(request),
        [names.genAiOperation]: operation,
        [names.genAiProvider]: entry.provider,
      };
      return withSpan(spanNames.call(operation, request.model), { kind: SpanKind.CLIENT, parent, attributes }, async (span) => {
        const startedAt = clock.monotonic();
        try {
          const generation = await provider.generate(request);
          record('ok', startedAt);
          measure(generation);
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
