/** One evaluation of mock samples over a fresh fleet, measured from submit to the last count. */
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { Fleet, type Process } from '../support/fleet.ts';

export interface Measured {
  samples: number;
  /** Units in one task at most. */
  perTask: number;
  seconds: number;
  perSecond: number;
  /** Peak resident memory of each process, MiB. */
  peakMiB: Record<string, number>;
  /** CPU per sample of each process, microseconds. */
  cpuMicros: Record<string, number>;
  /** Highest use of Redis beyond its empty state, bytes. */
  redisPeakBytes: number;
}

const peakOf = (pid: number): number => Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);

/** User and system time of a process, seconds. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function* lines(samples: number): Generator<string> {
  for (let i = 0; i < samples; i++)
    yield `${JSON.stringify({ input: `What is ${i} + ${i}? Think, then answer with the number.`, target: String(2 * i) })}\n`;
}

/** Runs it. Leases, commits, fsync and AOF are on, as in production. */
export async function measure(options: {
  samples: number;
  perTask: number;
  coordinators?: number;
  connections?: number;
}): Promise<Measured> {
  const profiled: Record<string, string> = process.env.PROFILE ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env.PROFILE}` } : {};
  const fleet = await Fleet.start();
  try {
    const coordinators: (Process & { address: string })[] = [];
    for (let i = 0; i < (options.coordinators ?? 1); i++) coordinators.push(await fleet.coordinator({ args: [], env: profiled }));
    const agent = await fleet.agent(
      'bench',
      [coordinators.at(-1)!.address],
      {
        models: [
          {
            match: 'mock/*',
            provider: 'mock',
            max_connections: options.connections ?? 256,
            look_ahead: 256,
            options: { latency_ms: 0, accuracy: 0.5 },
          },
        ],
      },
      { env: profiled },
    );
    const client = fleet.client(coordinators[0]!.address);
    const digest = await client.uploadBytes(Buffer.concat([...lines(options.samples)].map((l) => Buffer.from(l))));
    const redis = new Redis(redisOptions(fleet.redis.url));
    const used = async (): Promise<number> => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
    await new Promise<void>((resolve) => void redis.once('ready', () => resolve()));
    const empty = await used();
    let redisPeak = 0;
    const sampler = setInterval(
      () =>
        void used().then(
          (bytes) => (redisPeak = Math.max(redisPeak, bytes - empty)),
          () => undefined,
        ),
      50,
    );
    const processes: [string, number][] = [
      ...coordinators.map((c, i): [string, number] => [`coordinator${i || ''}`, c.pid]),
      ['agent', agent.pid],
      ['redis', fleet.redis.pid()],
    ];
    const before = processes.map(([, pid]) => cpuOf(pid));
    const spec = {
      name: 'bench',
      benchmarks: [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', digest }, scorers: [{ name: 'includes' }] }],
      models: [{ model: 'mock/bench' }],
      max_task_samples: options.perTask,
    };
    const started = performance.now();
    const { evaluation } = await client.submit({ spec, idempotencyKey: 'bench' });
    let counted = 0;
    for await (const event of client.watch(evaluation.evaluationId)) {
      if (event.kind === 'state' && event.state === 'finalizing') counted = performance.now();
    }
    const seconds = ((counted || performance.now()) - started) / 1000;
    clearInterval(sampler);
    redis.disconnect();
    const report = await client.report(evaluation.evaluationId);
    if (report.units.scored !== options.samples) throw new Error(`not everything was scored: ${JSON.stringify(report.units)}`);
    const cpu = processes.map(([name, pid], i): [string, number] => [
      name,
      Math.round(((cpuOf(pid) - before[i]!) * 1e6) / options.samples),
    ]);
    const peaks = processes.map(([name, pid]): [string, number] => [name, peakOf(pid)]);
    if (process.env.PROFILE) for (const p of [agent, ...coordinators]) await p.signal('SIGTERM');
    return {
      samples: options.samples,
      perTask: options.perTask,
      seconds: Number(seconds.toFixed(2)),
      perSecond: Math.round(options.samples / seconds),
      peakMiB: Object.fromEntries(peaks),
      cpuMicros: Object.fromEntries(cpu),
      redisPeakBytes: redisPeak,
    };
  } finally {
    await fleet.stop();
  }
}
