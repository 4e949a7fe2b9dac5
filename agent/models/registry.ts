/** The model providers by name. A new one is a file of its own and a line here; a driver is loaded when an entry uses it. */
import { invalid } from '../../shared/domain/errors.ts';
import type { EndpointSettings } from './http-endpoint.ts';
import type { ModelEntry, ModelProvider } from './provider.ts';

const PROVIDERS: Readonly<Record<string, (entry: ModelEntry, settings: EndpointSettings) => Promise<ModelProvider>>> = {
  openai: async (entry, settings) => new (await import('./openai.ts')).OpenAiProvider(entry, settings),
  anthropic: async (entry, settings) => new (await import('./anthropic.ts')).AnthropicProvider(entry, settings),
  mock: async (entry) => new (await import('./mock.ts')).MockProvider(entry),
  none: async () => new (await import('./none.ts')).NoProvider(),
};

export const PROVIDER_NAMES: readonly string[] = Object.keys(PROVIDERS);

/** The driver of one entry. Throws AppError `invalid` for an unknown name and for every fault of the entry. */
export async function createProvider(entry: ModelEntry, settings: EndpointSettings = {}): Promise<ModelProvider> {
  const create = Object.hasOwn(PROVIDERS, entry.provider) ? PROVIDERS[entry.provider] : undefined;
  if (!create) {
    throw invalid(`model entry ${JSON.stringify(entry.match)}`, [
      { place: 'provider', problem: `${JSON.stringify(entry.provider)} is not known; use ${PROVIDER_NAMES.join(', ')}` },
    ]);
  }
  return create(entry, settings);
}
