/**
 * One large evaluation by the command line over a fleet, as users would run it: `node test/bench/million.ts [SAMPLES] [JUDGES]` (default
 * 1,000,000 lines of 200 bytes, no judges, a mock without latency; each judge is asked about every answer). Prints one line of JSON: peak memory of every process (MiB), Redis's bytes,
 * whether the report is right, and what `results` streamed.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Redis } from 'ioredis';
import { stringify } from 'yaml';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { Fleet } from '../support/fleet.ts';

const LINE_BYTES = 200;
const samples = Number(process.argv[2] ?? 1_000_000);
const judges = Array.from({ length: Number(process.argv[3] ?? 0) }, (_, i) => `mock/judge-${i + 1}`);

const spec = {
  name: 'large',
  benchmarks: [
    {
      benchmark: 'sums',
      dataset: { uri: 'file:large.jsonl' },
      scorers: [{ name: 'includes' }, ...(judges.length > 0 ? [{ name: 'model_graded_qa', args: { model: judges } }] : [])],
    },
  ],
  models: [{ model: 'mock/large' }],
  ...(judges.length > 0
    ? {
        model_roles: Object.fromEntries(
          judges.map((model, i) => [`judge-${i}`, { model, generate_config: { extra_body: { mock: { text: 'So be it.\nGRADE: C' } } } }]),
        ),
      }
    : {}),
};

const peakOf = (pid: number): number => {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
};

/** Runs a command of the CLI; hands its output to `take`, and returns its exit code, its peak memory and its time. */
async function command(args: string[], take: (chunk: Buffer) => void): Promise<{ code: number; peakMiB: number; seconds: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, ['cli/main.ts', ...args], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peakMiB = 0;
  const look = setInterval(() => (peakMiB = Math.max(peakMiB, peakOf(child.pid!))), 100);
  child.stdout.on('data', take);
  const code = await new Promise<number>((resolve) => void child.once('close', (status) => resolve(status ?? 1)));
  clearInterval(look);
  return { code, peakMiB, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

const fleet = await Fleet.start();
try {
  const file = join(fleet.dir, 'large.jsonl');
  const out = createWriteStream(file);
  for (let i = 0; i < samples; i++) {
    const head = `{"input":"What is ${i} + ${i}?","target":"${2 * i}","metadata":{"note":"`;
    const line = `${head}${'x'.repeat(LINE_BYTES - head.length - 4)}"}}\n`;
    if (!out.write(line)) await new Promise<void>((resolve) => void out.once('drain', () => resolve()));
  }
  out.end();
  await finished(out);
  await writeFile(join(fleet.dir, 'large-spec.yaml'), stringify(spec));
  const coordinator = await fleet.coordinator({ args: [] });
  const model = {
    match: 'mock/*',
    provider: 'mock',
    max_connections: 256,
    look_ahead: 256,
    options: { latency_ms: 0, accuracy: 0.5, seed: 1 },
  };
  const agent = await fleet.agent('large', [coordinator.address], { models: [model] });
  const redis = new Redis(redisOptions(fleet.redis.url));
  await new Promise<void>((resolve) => void redis.once('ready', () => resolve()));
  const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
  const empty = await used();
  let redisPeakBytes = 0;
  const look = setInterval(
    () =>
      void used().then(
        (bytes) => (redisPeakBytes = Math.max(redisPeakBytes, bytes - empty)),
        () => undefined,
      ),
    100,
  );

  let document = '';
  const run = await command(['run', join(fleet.dir, 'large-spec.yaml'), '--address', coordinator.address, '--json', '--quiet'], (chunk) => {
    document += chunk.toString();
  });
  clearInterval(look);
  redis.disconnect();
  const report = JSON.parse(document) as {
    evaluationId: string;
    results: { metrics: { accuracy: number }; counts: { scored: number } }[];
  };
  let lines = 0;
  const results = await command(['results', report.evaluationId, '--address', coordinator.address], (chunk) => {
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
  });
  const page = await command(
    ['samples', report.evaluationId, '--state', 'scored', '--limit', '20', '--address', coordinator.address],
    () => undefined,
  );
  process.stdout.write(
    `${JSON.stringify({
      samples,
      judges: judges.length,
      seconds: run.seconds,
      exit: [run.code, results.code, page.code],
      scored: report.results[0]!.counts.scored,
      accuracy: report.results[0]!.metrics.accuracy,
      ...(judges.length > 0 ? { judged: report.results[1]!.counts.scored } : {}),
      resultLines: lines,
      resultsSeconds: results.seconds,
      samplesSeconds: page.seconds,
      peakMiB: {
        coordinator: peakOf(coordinator.pid),
        agent: peakOf(agent.pid),
        redis: peakOf(fleet.redis.pid()),
        run: run.peakMiB,
        results: results.peakMiB,
        samples: page.peakMiB,
      },
      redisPeakBytes,
    })}\n`,
  );
} finally {
  await fleet.stop();
}
