/** A fleet of real processes on loopback: Redis, coordinators, agents, model servers; each can be killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { NODE_FLAGS } from '../../cli/embedded/programs.ts';
import { decodeRecord } from '../../agent/spool/record.ts';
import { connect } from '../../shared/client/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { readFrames } from '../../shared/runtime/frame-log.ts';
import { freePort } from './ports.ts';
import { programOf } from './programs.ts';
import { startRedis, type TestRedis, type TestRedisOptions } from './redis.ts';
import { waitFor } from './wait-for.ts';

const ROOT = join(import.meta.dirname, '../..');
export const SHARED = join(ROOT, '../shared');
/** Whether the data of the published evaluations is there; tests that need it say that they skip. */
export const hasShared = existsSync(join(SHARED, 'data/gsm8k/recorded.jsonl.gz')) && existsSync(join(SHARED, 'tools/replay-model.mjs'));

/** A process with its output, restartable under the same arguments. */
export class Process {
  readonly name: string;
  output = '';
  readonly #args: string[];
  readonly #env: Record<string, string>;
  readonly #ready: RegExp;
  readonly #prefix: readonly string[];
  #child: ChildProcess | undefined;
  #from = 0;

  /** `prefix`: a command that runs the rest of its arguments in its own place, such as `ip netns exec NAME`. */
  constructor(name: string, args: string[], ready: RegExp, env: Record<string, string> = {}, prefix: readonly string[] = []) {
    this.#prefix = prefix;
    this.name = name;
    this.#args = args;
    this.#ready = ready;
    this.#env = env;
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Starts it; resolves when its ready line is there. */
  async start(wait = true): Promise<void> {
    this.#from = this.output.length;
    const [command, ...args] = [...this.#prefix, process.execPath, ...this.#args];
    const child = spawn(command!, args, { cwd: ROOT, env: { ...process.env, ...this.#env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const keep = (chunk: Buffer): void => void (this.output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    if (wait) await this.ready();
  }

  async ready(): Promise<void> {
    await waitFor(() => !this.running || this.#ready.test(this.since()), {
      what: `${this.name} to be ready`,
      timeoutMs: 90_000,
      state: () => this.since().slice(-2_000),
    });
    if (!this.running) throw new Error(`${this.name} ended:\n${this.since().slice(-2_000)}`);
  }

  /** What it printed since its last start. */
  since(): string {
    return this.output.slice(this.#from);
  }

  /** Ends it as a power cut would. */
  async kill9(): Promise<void> {
    await this.signal('SIGKILL');
  }

  async signal(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.running) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => void child.once('exit', (code) => resolve(code)));
    child.kill(signal);
    const hard = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const code = await gone;
    clearTimeout(hard);
    return code;
  }
}

export interface ReplayStats {
  requests: number;
  ok: number;
  inFlight: number;
  byModel: Record<string, number>;
  repeatedKeys: number;
  distinctKeys: number;
}

export class Fleet {
  readonly dir: string;
  readonly redis: TestRedis;
  readonly #processes: Process[] = [];
  readonly #clients: AssayClient[] = [];

  private constructor(dir: string, redis: TestRedis) {
    this.dir = dir;
    this.redis = redis;
  }

  static async start(options: TestRedisOptions = {}): Promise<Fleet> {
    return Fleet.on(await startRedis(options));
  }

  /** On a Redis that was started before; it ends with the fleet. */
  static async on(redis: TestRedis): Promise<Fleet> {
    return new Fleet(await mkdtemp(join(tmpdir(), 'assay-fleet-')), redis);
  }

  get store(): string {
    return join(this.dir, 'store');
  }

  /** Starts a coordinator on a port of its own; lease times are short unless `args` say otherwise. */
  async coordinator(
    options: { args?: string[]; env?: Record<string, string>; port?: number } = {},
  ): Promise<Process & { address: string }> {
    const address = `127.0.0.1:${options.port ?? (await freePort())}`;
    const args = [
      ...NODE_FLAGS,
      programOf('coordinator'),
      '--listen',
      address,
      '--redis',
      this.redis.url,
      '--store',
      this.store,
      ...(options.args ?? ['--lease-ms', '3000', '--heartbeat-ms', '500']),
    ];
    const started = Object.assign(new Process(`coordinator ${address}`, args, /"msg":"listening"/, options.env), { address });
    this.#processes.push(started);
    await started.start();
    return started;
  }

  /** Starts an agent with the given configuration beside name, spool and addresses. */
  async agent(
    name: string,
    addresses: string[],
    config: Record<string, unknown>,
    options: { env?: Record<string, string>; wait?: boolean; prefix?: readonly string[] } = {},
  ): Promise<Process> {
    const file = join(this.dir, `${name}.yaml`);
    await writeFile(file, stringify({ name, addresses, spool: join(this.dir, `spool-${name}`), ...config }));
    const agent = new Process(
      `agent ${name}`,
      [...NODE_FLAGS, programOf('agent'), '--config', file],
      /"msg":"connected"/,
      options.env,
      options.prefix,
    );
    this.#processes.push(agent);
    await agent.start(options.wait ?? true);
    return agent;
  }

  /** Waits until an agent's spool holds this many results. */
  async spooled(name: string, results: number): Promise<void> {
    const dir = join(this.dir, `spool-${name}`);
    await waitFor(
      async () => {
        let found = 0;
        for (const file of await readdir(dir))
          for await (const { payload } of readFrames(join(dir, file), { maxFrameBytes: 1 << 28 })) if (decodeRecord(payload)) found++;
        return found >= results;
      },
      { what: `${results} results in the spool of ${name}`, everyMs: 50 },
    );
  }

  /** Starts the replay model server; `args` as its own. */
  async replay(...args: string[]): Promise<Process & { url: string; stats: () => Promise<ReplayStats> }> {
    const port = await freePort();
    const server = new Process(
      `model ${port}`,
      [join(SHARED, 'tools/replay-model.mjs'), '--port', String(port), '--records', join(SHARED, 'data/gsm8k/recorded.jsonl.gz'), ...args],
      /replaying \d+ records/,
    );
    this.#processes.push(server);
    await server.start();
    const stats = async (): Promise<ReplayStats> => (await (await fetch(`http://127.0.0.1:${port}/stats`)).json()) as ReplayStats;
    return Object.assign(server, { url: `http://127.0.0.1:${port}/v1`, stats });
  }

  client(...addresses: string[]): AssayClient {
    const client = connect({ addresses });
    this.#clients.push(client);
    return client;
  }

  /** Ends everything in the order in which an operator would, and removes the folder. */
  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    for (const process of this.#processes.toReversed()) await process.signal('SIGKILL');
    await this.redis.stop();
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The four published models on GSM8K, with their numbers of right answers of 1,319. */
export const GSM8K = {
  samples: 1319,
  correct: { 'openai/6b_finetuning': 286, 'openai/6b_verification': 515, 'openai/175b_finetuning': 458, 'openai/175b_verification': 742 },
};

/** The spec of the published evaluation; `digest` of the uploaded test split. */
export function gsm8kSpec(digest: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'gsm8k',
    benchmarks: [
      {
        benchmark: 'gsm8k',
        dataset: {
          uri: 'file:test.jsonl',
          digest,
          fields: { input: 'question', target: 'answer' },
          target_template: "{{ target | split: '#### ' | last }}",
        },
        prompt: { template: 'Question: {{ input }}\nAnswer:' },
        scorers: [{ name: 'match', args: { numeric: true } }],
      },
    ],
    models: Object.keys(GSM8K.correct).map((model) => ({ model, generate_config: { temperature: 0, max_tokens: 512 } })),
    retry: { max_retries: 20, attempt_timeout: 10 },
    ...more,
  };
}
