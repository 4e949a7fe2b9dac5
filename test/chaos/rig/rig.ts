/**
 * A cluster of real processes for a run: Redis behind a proxy for each coordinator, agents behind a proxy for each coordinator, a model's
 * endpoint, a store in a folder or in S3. Everybody writes a log, which together are the history.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { NODE_FLAGS } from '../../../cli/embedded/programs.ts';
import { seededRandom } from '../../../coordinator/evaluations/intake/seeded-random.ts';
import { LedgerReader } from '../../support/books.ts';
import { Process } from '../../support/fleet.ts';
import { chatAnswer, latency, ModelEndpoint } from '../../support/model-endpoint.ts';
import { freePorts } from '../../support/ports.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { startSentinels, type RedisSentinels } from '../../support/redis-sentinel.ts';
import { TestS3 } from '../../support/s3-server.ts';
import { TcpProxy } from '../../support/tcp-proxy.ts';
import { waitFor } from '../../support/wait-for.ts';
import { now, Recorder, type History } from '../history/history.ts';
import { noteSleep } from './busy.ts';
import { Clients } from './clients.ts';
import { answerOf, unitOf } from './sums.ts';

export const LEASE_MS = 1_500;
export const HEARTBEAT_MS = 500;
export const SWEEP_MS = 200;
/** Each sweep asks the one S3 server of the test several times. */
const S3_SWEEP_MS = 1_000;
const PROCESS = 'test/chaos/process';

export interface RigOptions {
  seed: number;
  coordinators?: number;
  agents?: number;
  store?: 'directory' | 's3';
  /** A primary with a replica and three sentinels, which coordinators reach without proxies between; it bears one failover. */
  sentinels?: boolean;
  /** Of every agent. */
  connections?: number;
  /** Of the model's answers. */
  latencyMs?: readonly [least: number, most: number];
  /** Changes of the programs' code, for planted bugs. */
  bug?: readonly { file: string; from: string; to: string }[];
  /** Whether `arm` will be called. */
  failpoints?: boolean;
  leaseMs?: number;
}

export interface Coordinator extends Process {
  readonly address: string;
}

export class Rig {
  readonly options: Required<RigOptions>;
  readonly dir: string;
  /** Of the run that is under way; a rig may serve one run after the other. */
  recorder = new Recorder();
  random: (bound: number) => number;
  #beganAt = 0;
  #clock: NodeJS.Timeout | undefined;
  redis!: TestRedis;
  sentinels: RedisSentinels | undefined;
  s3: TestS3 | undefined;
  endpoint!: ModelEndpoint;
  clients!: Clients;
  readonly coordinators: Coordinator[] = [];
  readonly agents: Process[] = [];
  /** Of each coordinator to Redis. */
  readonly redisLinks: TcpProxy[] = [];
  /** Of each agent to each coordinator. */
  readonly links: TcpProxy[][] = [];
  /** The evaluation of a prompt's tag, as soon as its id is known. */
  readonly evaluations = new Map<string, string>();
  /** Calls that are held back. */
  isHeld: (tag: string, unit: number) => boolean = () => false;
  /** Every process that ran, for counts of what is left. */
  #logs = 0;

  private constructor(options: RigOptions, dir: string) {
    this.options = {
      coordinators: 3,
      agents: 4,
      store: 'directory',
      sentinels: false,
      connections: 4,
      latencyMs: [60, 240],
      bug: [],
      failpoints: false,
      leaseMs: LEASE_MS,
      ...options,
    };
    this.dir = dir;
    this.random = seededRandom(options.seed);
  }

  static async start(options: RigOptions): Promise<Rig> {
    const rig = new Rig(options, await mkdtemp(join(tmpdir(), 'assay-chaos-')));
    try {
      await rig.#start();
      return rig;
    } catch (error) {
      await rig.stop();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { coordinators, agents, store } = this.options;
    [this.redis, this.endpoint, this.s3] = await Promise.all([
      this.#redis(),
      this.#model().start(),
      store === 's3' ? TestS3.start() : undefined,
    ]);
    const ports = await freePorts(coordinators);
    for (const port of ports) {
      if (!this.sentinels) this.redisLinks.push(await TcpProxy.start({ target: { port: this.redis.port }, seed: this.options.seed }));
      this.coordinators.push(this.#coordinator(this.coordinators.length, port));
    }
    for (let n = 0; n < agents; n++) {
      this.links.push(await Promise.all(ports.map((port) => TcpProxy.start({ target: { port }, seed: this.options.seed + n }))));
      this.agents.push(await this.#agent(n));
    }
    // The first makes the store, as the first of an installation does.
    await this.coordinators[0]!.start();
    // One after the other: what all do at once takes long where processors are few.
    for (const process of [...this.coordinators.slice(1), ...this.agents]) await process.start();
    this.begin(this.options.seed);
  }

  async #redis(): Promise<TestRedis> {
    if (!this.options.sentinels) return await startRedis({ tcp: true });
    this.sentinels = await startSentinels();
    return { ...this.sentinels.primary, url: this.sentinels.url, stop: this.sentinels.stop };
  }

  /** Begins a run: what is written down from here on is its history. */
  begin(seed: number): void {
    this.random = seededRandom(seed);
    this.recorder = new Recorder();
    this.#beganAt = now();
    this.recorder.note('rig', { what: 'began', leaseMs: this.options.leaseMs });
    clearInterval(this.#clock);
    this.#clock = noteSleep(this.recorder);
    this.clients?.close();
    this.clients = new Clients(
      this.recorder,
      this.coordinators.map(({ address }) => address),
    );
    this.evaluations.clear();
  }

  /** For `--store`. */
  get storeUrl(): string {
    return this.s3 ? this.s3.url('chaos') : join(this.dir, 'store');
  }

  /** Arms a failpoint in all coordinators that run; it strikes the first that comes there. */
  async arm(failpoint: string): Promise<void> {
    await writeFile(this.#failpointFile, failpoint);
    for (const coordinator of this.coordinators) if (coordinator.running) process.kill(coordinator.pid, 'SIGUSR2');
  }

  /** Whether the failpoint has struck nobody so far: who is struck takes the file away. */
  get isArmed(): boolean {
    return existsSync(this.#failpointFile);
  }

  get #failpointFile(): string {
    return join(this.dir, 'failpoint');
  }

  #environment(name: string): Record<string, string> {
    const { bug } = this.options;
    return {
      CHAOS_LOG: join(this.dir, `log-${++this.#logs}.jsonl`),
      CHAOS_NAME: name,
      ...(bug.length > 0 ? { CHAOS_BUG: JSON.stringify(bug) } : {}),
    };
  }

  #flags(): string[] {
    return [...NODE_FLAGS, ...(this.options.bug.length > 0 ? ['--import', `./${PROCESS}/mutate.ts`] : [])];
  }

  #coordinator(n: number, port: number): Coordinator {
    const address = `127.0.0.1:${port}`;
    const { failpoints, leaseMs, store } = this.options;
    const args = [
      ...['--listen', address, '--redis', this.sentinels?.url ?? `redis://${this.redisLinks[n]!.address}`, '--store', this.storeUrl],
      ...[
        '--lease-ms',
        String(leaseMs),
        '--heartbeat-ms',
        String(HEARTBEAT_MS),
        '--sweep-ms',
        String(store === 's3' ? S3_SWEEP_MS : SWEEP_MS),
        '--drain-ms',
        '2000',
      ],
    ];
    const env = { ...this.#environment(`coordinator ${n}`), ...(failpoints ? { CHAOS_FAILPOINT: this.#failpointFile } : {}) };
    const made = new Process(`coordinator ${n}`, [...this.#flags(), `${PROCESS}/coordinator.ts`, ...args], /"msg":"listening"/, env);
    return Object.assign(made, { address });
  }

  async #agent(n: number): Promise<Process> {
    const name = `agent${n}`;
    const file = join(this.dir, `${name}.yaml`);
    // Each begins with another coordinator.
    const addresses = this.links[n]!.map((_, i, all) => all[(i + n) % all.length]!.address);
    const models = [{ match: 'openai/*', provider: 'openai', base_url: this.endpoint.url, max_connections: this.options.connections }];
    await writeFile(file, stringify({ name, addresses, spool: join(this.dir, `spool-${name}`), drain_ms: 5000, models }));
    const args = [...this.#flags(), '--import', `./${PROCESS}/agent.ts`, 'agent/main.ts', '--config', file];
    return new Process(name, args, /"msg":"connected"/, this.#environment(name));
  }

  #model(): ModelEndpoint {
    const [least, most] = this.options.latencyMs;
    const random = seededRandom(this.options.seed + 1);
    return new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
      const { tag, unit } = unitOf(prompt)!;
      const evaluation = this.evaluations.get(tag) ?? tag;
      this.recorder.note('model', { what: 'called', evaluation, unit });
      try {
        await latency(least + random(most - least + 1), signal);
        while (this.isHeld(tag, unit)) await latency(10, signal);
        this.recorder.note('model', { what: 'answered', evaluation, unit, ok: true });
        return chatAnswer(model, answerOf(unit));
      } catch (error) {
        this.recorder.note('model', { what: 'answered', evaluation, unit, ok: false });
        throw error;
      }
    });
  }

  /** Faults are over: all processes run, all lines are open. */
  async heal(): Promise<void> {
    for (const proxy of [...this.redisLinks, ...this.links.flat()]) proxy.heal();
    await Promise.all([...this.coordinators, ...this.agents].map((process) => this.#rise(process)));
  }

  /** One that was started while Redis or its coordinators were away may have given up. */
  async #rise(process: Process): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await (process.running ? process.ready() : process.start());
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  /** Redis forgets everything. */
  async wipe(): Promise<void> {
    const ledger = new LedgerReader(this.redis.url);
    await waitFor(async () => (await ledger.closedUnits('none'), true), { what: 'Redis', timeoutMs: 30_000 });
    this.recorder.note('nemesis', { what: 'fault', kind: 'redis-wipe', target: 'redis', phase: 'begin' });
    await ledger.flushAll();
    this.recorder.note('nemesis', { what: 'fault', kind: 'redis-wipe', target: 'redis', phase: 'end' });
    ledger.disconnect();
  }

  /** The history of the run so far, with the logs of all processes. */
  history(): Promise<History> {
    const logs = Array.from({ length: this.#logs }, (_, i) => join(this.dir, `log-${i + 1}.jsonl`));
    return this.recorder.history(logs, this.#beganAt);
  }

  /** What all processes have printed, one after the other. */
  get output(): string {
    return [...this.coordinators, ...this.agents].map(({ name, output }) => `== ${name}\n${output}`).join('\n');
  }

  async stop(): Promise<void> {
    clearInterval(this.#clock);
    this.clients?.close();
    await Promise.all([...this.agents, ...this.coordinators].map((process) => process.signal('SIGKILL')));
    await Promise.all([...this.redisLinks, ...this.links.flat()].map((proxy) => proxy.close()));
    await Promise.all([this.redis?.stop(), this.s3?.stop(), this.endpoint?.stop()]);
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
