/**
 * Everything inside: a private Redis, a coordinator, agents — started in this order, stopped in the other. One stack at a
 * time owns a home. What a crashed one has left is ended or taken over first, so the same command simply goes on.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { isRunning, waitForEnd, type ProcessIdentity } from '../../shared/runtime/process-identity.ts';
import { lockOwner } from '../../shared/runtime/process-lock.ts';
import { Duty } from '../../shared/runtime/service.ts';
import { plainText } from '../render/text.ts';
import type { Shell } from '../shell.ts';
import { rotateLog, type Child } from './child.ts';
import { lockHome, prepareHome, readStackRecord, removeOutsideSockets, writeStackRecord, type Home, type StackRecord } from './home.ts';
import { agentConnected, startLocalAgent, type AgentPlan } from './local-agent.ts';
import { startLocalCoordinator } from './local-coordinator.ts';
import { environmentOf } from './programs.ts';
import { startPrivateRedis, stopProcess, type PrivateRedis } from './redis.ts';

/** A drain hands back what runs, so nothing is lost by not waiting longer. */
const AGENT_GRACE_MS = 5_000;
const COORDINATOR_GRACE_MS = 10_000;
/** With a part dead the others cannot finish what they do; what is not kept yet is run again. */
const FAILED_GRACE_MS = 2_000;
const HOUSEKEEPING_MS = 5_000;

export interface StackOptions {
  home: Home;
  shell: Shell;
  /** For the lock's message: `assay run`. */
  command: string;
  /** `host:port` (port 0: any) or undefined for a unix socket in the home. */
  listen?: string;
  /** `host:port` (port 0: any) of the page; without it there is none. */
  http?: string | undefined;
  agents: readonly AgentPlan[];
}

export class Stack {
  readonly #options: StackOptions;
  readonly #failure = new AbortController();
  readonly #agents: Child[] = [];
  #release: (() => Promise<void>) | undefined;
  #redis: PrivateRedis | undefined;
  #coordinator: Child | undefined;
  #record: StackRecord = { address: '', processes: [] };
  #housekeeping: Duty | undefined;
  address = '';
  /** `host:port` of the page; '' without one. */
  http = '';

  private constructor(options: StackOptions) {
    this.#options = options;
  }

  /** Starts everything, or nothing: what was started is stopped again when a part fails or the shell is interrupted. */
  static async start(options: StackOptions): Promise<Stack> {
    const stack = new Stack(options);
    try {
      await stack.#start();
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** Aborted, with the reason as an AppError, when a part dies that should live. */
  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  /** The last error in our agents' logs, for people: an endpoint that refuses the key, say. */
  async agentError(): Promise<string | undefined> {
    for (const agent of this.#agents) {
      const error = lastError(await agent.log());
      if (error) return `the ${agent.name} says: ${plainText(error)}`;
    }
    return undefined;
  }

  /** Where to look when nothing happens. */
  get hint(): string {
    return this.#agents.length > 0 ? `What the agents do stands in ${this.#agents.map((a) => a.logFile).join(', ')}` : '';
  }

  /** Agents, then the coordinator, then Redis; a second Ctrl-C hurries all but Redis, which must sync its file. */
  async stop(): Promise<void> {
    const { home, shell } = this.#options;
    await this.#housekeeping?.stop();
    const graceMs = (usual: number): number => (this.failure.aborted ? FAILED_GRACE_MS : usual);
    await Promise.all(this.#agents.map((a) => a.stop(graceMs(AGENT_GRACE_MS), shell.hurried)));
    await this.#coordinator?.stop(graceMs(COORDINATOR_GRACE_MS), shell.hurried);
    await this.#redis?.stop();
    if (!this.#release) return;
    await rm(home.stackFile, { force: true });
    await removeOutsideSockets(home);
    await this.#release();
    this.#release = undefined;
  }

  async #start(): Promise<void> {
    const { home, shell, agents } = this.#options;
    await prepareHome(home);
    this.#release = (await lockHome(home, this.#options.command)).release;
    await this.#endLeftovers();

    const redisUrl = shell.env['ASSAY_REDIS_URL'] || (await this.#startRedis());
    throwIfAborted(shell.interrupted);
    const coordinator = await startLocalCoordinator({
      home,
      redisUrl,
      signal: shell.interrupted,
      env: environmentOf(shell.env, { secrets: false }),
      // Named after us: a predecessor that is slow to end cannot remove our socket.
      listen: this.#options.listen ?? `unix:${join(home.sockets, `co-${process.pid}.sock`)}`,
      http: this.#options.http,
      onChild: async (child) => {
        this.#coordinator = child;
        await this.#remember('coordinator', child.identity);
      },
    });
    this.#watch(coordinator.child);
    this.address = this.#record.address = coordinator.address;
    this.http = coordinator.http;

    for (const plan of agents) {
      throwIfAborted(shell.interrupted);
      const agent = await startLocalAgent(home, plan, this.address, environmentOf(shell.env, { secrets: true }));
      this.#agents.push(agent);
      this.#watch(agent);
      await this.#remember(agent.name, agent.identity);
    }
    await Promise.all(this.#agents.map((agent) => agentConnected(agent, shell.interrupted)));
    await writeStackRecord(home, this.#record);
    this.#housekeeping = new Duty({
      periodMs: HOUSEKEEPING_MS,
      clock: systemClock,
      onError: () => undefined,
      run: () => this.#keepHouse(),
    });
    await this.#housekeeping.start();
  }

  async #startRedis(): Promise<string> {
    const { home, shell } = this.#options;
    this.#redis = await startPrivateRedis(home, shell.env, shell.interrupted, this.#record.processes[0]?.identity);
    if (this.#redis.child) this.#watch(this.#redis.child);
    await this.#remember('redis', this.#redis.identity);
    return `unix:${this.#redis.socket}`;
  }

  /** Ends what a crashed stack has left, except a Redis that answers: that one is adopted. */
  async #endLeftovers(): Promise<void> {
    const { home } = this.#options;
    const left = (await readStackRecord(home))?.processes ?? [];
    for (const { identity } of left.filter((p) => p.name !== 'redis')) {
      // They see that their parent is gone and are about to end by themselves.
      if (!(await waitForEnd(identity, 5_000))) await stopProcess(identity);
    }
    for (const name of await readdir(home.sockets)) if (name.startsWith('co-')) await rm(join(home.sockets, name), { force: true });
    this.#record = { address: '', processes: left.filter((p) => p.name === 'redis') };
  }

  async #remember(name: string, identity: ProcessIdentity): Promise<void> {
    this.#record.processes = [...this.#record.processes.filter((p) => p.name !== name), { name, identity }];
    await writeStackRecord(this.#options.home, this.#record);
  }

  #watch(child: Child): void {
    void child.ended.then(async () => {
      if (child.diedEarly) this.#failure.abort(await child.obituary());
    });
  }

  async #keepHouse(): Promise<void> {
    const redis = this.#redis;
    if (redis?.adopted && !(await isRunning(redis.identity)))
      this.#failure.abort(new AppError('unavailable', 'the private Redis has ended. The same command starts it again and goes on'));
    for (const child of [redis?.child, this.#coordinator, ...this.#agents]) if (child) await rotateLog(child.logFile);
  }
}

/** The address of a stack that another process runs in this home (`assay dev`, say), or undefined. */
export async function liveStackAddress(home: Home): Promise<string | undefined> {
  if (!(await lockOwner(home.lock))) return undefined;
  return (await readStackRecord(home))?.address || undefined;
}

/** The message of the last line of level error or above in a log of JSON lines. */
export function lastError(log: string): string | undefined {
  for (const line of log.split('\n').toReversed()) {
    if (!line.startsWith('{')) continue;
    try {
      const entry = JSON.parse(line) as { level?: number | string; msg?: string };
      if (typeof entry.level === 'number' ? entry.level >= 50 : /^(error|fatal)$/i.test(entry.level ?? '')) return entry.msg;
    } catch {
      // The first line may be cut.
    }
  }
  return undefined;
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason as Error;
}
