import { expect, test } from 'vitest';
import { joined } from '../../../../agent/models/entry-checks.ts';
import type { ModelEntry } from '../../../../agent/models/provider.ts';
import { createProvider, PROVIDER_NAMES } from '../../../../agent/models/registry.ts';
import { Secret } from '../../../../agent/secrets/secret.ts';

const entry = (more: Partial<ModelEntry>): ModelEntry => ({
  match: 'openai/*',
  provider: 'openai',
  maxConnections: 4,
  lookAhead: 1,
  options: {},
  ...more,
});

test('every known provider can be made and closed', async () => {
  expect(PROVIDER_NAMES).toEqual(['openai', 'anthropic', 'mock', 'none']);
  for (const provider of PROVIDER_NAMES) await (await createProvider(entry({ provider }))).close();
});

test('an unknown provider is refused with the known ones', async () => {
  for (const provider of ['opnai', 'toString', '']) {
    await expect(createProvider(entry({ provider }))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('use openai, anthropic, mock') as string,
    });
  }
});

test('all faults of an entry come at once, and the key is in none of them', async () => {
  const wrong = entry({ baseUrl: 'ftp://host', apiKey: new Secret('secret\nkey'), maxConnections: 0, options: { speed: 1 } });
  const error = (await createProvider(wrong).catch((e: unknown) => e)) as Error;
  expect(error).toMatchObject({ code: 'invalid' });
  for (const place of ['base_url', 'api_key', 'max_connections', 'options.speed']) expect(error.message).toContain(place);
  expect(error.message).not.toContain('secret');
  await expect(createProvider(entry({ baseUrl: 'http://me:pw@host/v1' }))).rejects.toMatchObject({
    message: expect.not.stringContaining('pw') as string,
  });
  await expect(createProvider(entry({ provider: 'anthropic', endpoint: 'completions' }))).rejects.toMatchObject({
    message: expect.stringContaining('use chat') as string,
  });
});

test.each([
  ['http://h:1', 'http://h:1/chat/completions'],
  ['http://h:1/', 'http://h:1/chat/completions'],
  ['http://h:1/v1', 'http://h:1/v1/chat/completions'],
  ['http://h:1/v1//', 'http://h:1/v1/chat/completions'],
  ['https://h/a/b/?api-version=7', 'https://h/a/b/chat/completions?api-version=7'],
])('%s joins to %s', (base, url) => {
  expect(joined(new URL(base), '/chat/completions').href).toBe(url);
});
