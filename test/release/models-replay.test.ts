/** Both drivers with retries against the project's replay server with its faults on: every sample gets its recorded answer. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createProvider } from '../../agent/models/registry.ts';
import { callWithRetry } from '../../agent/models/retry.ts';
import { Secret } from '../../agent/secrets/secret.ts';
import { systemClock } from '../../shared/runtime/clock.ts';

const SERVER = resolve(import.meta.dirname, '../../../shared/tools/replay-model.mjs');
const skip = !existsSync(SERVER);
if (skip) console.log('skipped: the replay server is not beside the project');

const dir = mkdtempSync(join(tmpdir(), 'assay-models-'));
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
  }
  rmSync(dir, { recursive: true, force: true });
});

const SAMPLES = 300;
const question = (i: number): string => `Question number ${String(i).padStart(5, '0')} of the set`;
const recorded = (i: number): string => `The recorded answer ${i} – grüße\n`.repeat(1 + (i % 5));

/** Starts the server on a free port and gives its base URL. */
async function replay(args: readonly string[]): Promise<string> {
  const records = join(dir, 'records.jsonl');
  writeFileSync(
    records,
    Array.from({ length: SAMPLES }, (_, i) => JSON.stringify({ key: question(i), completion: recorded(i) })).join('\n'),
  );
  const child = spawn(process.execPath, [SERVER, '--records', records, '--port', '0', '--latency-ms', '10', '--sigma', '0.5', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const url = /http:\S+/.exec(said)?.[0];
    if (url) {
      child.stdout.resume();
      return url;
    }
  }
  throw new Error('the replay server ended without an address');
}

test.skipIf(skip).each([
  ['openai', 'chat', true],
  ['openai', 'chat', false],
  ['openai', 'completions', true],
  ['anthropic', 'chat', true],
] as const)('%s %s, streamed: %s', { timeout: 120_000 }, async (providerName, endpoint, stream) => {
  const faults = [
    '--rate-429',
    '0.03',
    '--rate-500',
    '0.03',
    '--rate-hang',
    '0.01',
    '--rate-garbage',
    '0.02',
    '--rate-stall',
    '0.01',
    '--api-key',
    'sk-replay',
  ];
  const baseUrl = await replay(faults);
  const provider = await createProvider({
    match: '*',
    provider: providerName,
    baseUrl,
    apiKey: new Secret('sk-replay'),
    maxConnections: 32,
    lookAhead: 0,
    endpoint,
    stream,
    idleTimeoutMs: 2000,
    options: {},
  });
  const retried = new Map<string, number>();
  let held = 0;
  const waiters: (() => void)[] = [];
  const acquire = async (): Promise<() => void> => {
    if (held >= 32) await new Promise<void>((wake) => waiters.push(wake));
    else held++;
    return () => {
      const next = waiters.shift();
      if (next) next();
      else held--;
    };
  };
  const answers = await Promise.all(
    Array.from({ length: SAMPLES }, async (_, i) =>
      callWithRetry({
        provider,
        request: {
          model: 'replay',
          messages: [{ role: 'user', content: question(i) }],
          config: {},
          sample: { id: i, epoch: 1, target: [] },
        },
        retry: { max_retries: 10, attempt_timeout: 4 },
        clock: systemClock,
        random: Math.random,
        signal: new AbortController().signal,
        acquire,
        onRetry: (errorClass) => retried.set(errorClass, (retried.get(errorClass) ?? 0) + 1),
      }),
    ),
  );
  await provider.close();
  expect(answers.map((answer) => answer.generation.completion)).toEqual(Array.from({ length: SAMPLES }, (_, i) => recorded(i)));
  expect(answers.every((answer) => answer.generation.usage.outputTokens > 0)).toBe(true);
  expect(held).toBe(0);

  const stats = (await (await fetch(baseUrl.replace(/v1$/, 'stats'))).json()) as Record<string, number>;
  const calls = answers.reduce((sum, answer) => sum + answer.calls, 0);
  expect(calls).toBe(stats['requests']);
  expect(retried.get('rate_limit') ?? 0).toBe(stats['s429']);
  expect(retried.get('server_error') ?? 0).toBe(stats['s500']);
  expect(retried.get('bad_response') ?? 0).toBe(stats['garbage']);
  expect(retried.get('timeout') ?? 0).toBe(stats['hung']! + stats['stalled']!);
  // The server sees an ended call a little later than its place is taken again.
  expect(stats['maxInFlight']).toBeLessThanOrEqual(40);
});
