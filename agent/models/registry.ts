/** The model providers by name. A new one is a file of its own and a line here; a driver is loaded when an entry uses it. */
import { invalid } from '../../shared/domain/errors.ts';
import type { ModelEntry, ModelProvider } from './provider.ts';

const PROVIDERS: Readonly<Record<string, (entry: ModelEntry) => Promise<ModelProvider>>> = {
  openai: async (entry) => new (await import('./openai.ts')).OpenAiProvider(entry),
  anthropic: async (entry) => new (await import('./anthropic.ts')).AnthropicProvider(entry),
  mock: async (entry) => new (await import('./mock.ts')).MockProvider(entry),
  none: async () => new (await import('./none.ts')).NoProvider(),
};

export const PROVIDER_NAMES: readonly string[] = Object.keys(PROVIDERS);

/** The driver of one entry. Throws AppError `invalid` for an unknown name and for every fault of the entry. */
export async function createProvider(entry: ModelEntry): Promise<ModelProvider> {
  const create = Object.hasOwn(PROVIDERS, entry.provider) ? PROVIDERS[entry.provider] : undefined;
  if (!create) {
    throw invalid(`model entry ${JSON.stringify(entry.match)}`, [
      { place: 'provider', problem: `${JSON.stringify(entry.provider)} is not known; use ${PROVIDER_NAMES.join(', ')}` },
    ]);
  }
  return create(entry);
}
