/** Where the vendors' own endpoints are: what stands in for a `base_url` that is not written. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1';
export const ANTHROPIC_BASE_URL = 'https://api.anthropic.com';

const BASE_URLS: Readonly<Record<string, string>> = { openai: OPENAI_BASE_URL, anthropic: ANTHROPIC_BASE_URL };

/** The endpoint of an entry; undefined: its provider calls none, or the URL is none, which its driver says. */
export function endpointOf({ provider, baseUrl }: { provider: string; baseUrl?: string }): URL | undefined {
  const text = Object.hasOwn(BASE_URLS, provider) ? (baseUrl ?? BASE_URLS[provider]!) : undefined;
  return text === undefined ? undefined : (URL.parse(text) ?? undefined);
}
