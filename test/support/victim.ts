/**
 * A small evaluation that is made to be killed: two models of ~100 samples, answered in 100 to 200 ms by an endpoint that remembers
 * every call. Every third answer is wrong, so a unit that is counted twice or not at all shows in the numbers.
 */
import { expect } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { callKey, checkBooks, correctByModel, LedgerReader, repeatsOf, type Blow, type Repeats } from './books.ts';
import { Fleet, type Process } from './fleet.ts';
import { Gate, gatedEndpoint } from './gate.ts';
import { mockSpec, sums, watchAll } from './mock-evaluation.ts';
import { chatAnswer, latency, type ModelEndpoint } from './model-endpoint.ts';
import type { TestRedis } from './redis.ts';
import { waitFor } from './wait-for.ts';

const SAMPLES = 99;
const MODELS = ['openai/alpha', 'openai/beta'];
const UNITS = SAMPLES * MODELS.length;
const TIMES = ['--lease-ms', '3000', '--heartbeat-ms', '500'];

/** The call of unit n: models are the outer order of units. */
const keyOf = (unit: number): string =>
  callKey(MODELS[Math.floor(unit / SAMPLES)]!.slice('openai/'.length), `What is ${unit % SAMPLES} + ${unit % SAMPLES}?`);

/** Calls beyond those that were there when a share was reached that are answered before the next one is waited for: work goes on meanwhile. */
const SLACK = 30;
/** Calls that one look at the books lets through. */
const STEP = 16;
/** Answers that may wait to be counted before more are let through. */
const LAG = 48;

async function answer({ model, prompt }: { model: string; prompt: string }, _body: Buffer, signal: AbortSignal) {
  await latency(100 + Math.random() * 100, signal);
  const n = Number(/(\d+) \+/.exec(prompt)![1]);
  return chatAnswer(model, `The answer is ${n % 3 === 0 ? 2 * n + 1 : 2 * n}`);
}

export class Victim {
  readonly fleet: Fleet;
  readonly endpoint: ModelEndpoint;
  readonly ledger: LedgerReader;
  readonly coordinator: Process & { address: string };
  readonly #gate: Gate;
  client: AssayClient;

  private constructor(fleet: Fleet, endpoint: ModelEndpoint, gate: Gate, coordinator: Process & { address: string }) {
    this.fleet = fleet;
    this.#gate = gate;
    this.endpoint = endpoint;
    this.ledger = new LedgerReader(fleet.redis.url);
    this.coordinator = coordinator;
    this.client = fleet.client(coordinator.address);
  }

  /** `args`: of the coordinators, besides short times. `redis`: one that was started before. */
  static async start({ args = [], redis }: { args?: string[]; redis?: TestRedis } = {}): Promise<Victim> {
    const gate = new Gate();
    const endpoint = gatedEndpoint(gate, answer);
    const [fleet] = await Promise.all([redis ? Fleet.on(redis) : Fleet.start(), endpoint.start()]);
    return new Victim(fleet, endpoint, gate, await fleet.coordinator({ args: [...TIMES, ...args] }));
  }

  async stop(): Promise<void> {
    this.ledger.disconnect();
    await this.fleet.stop();
    await this.endpoint.stop();
  }

  anotherCoordinator(): Promise<Process & { address: string }> {
    return this.fleet.coordinator({ args: TIMES });
  }

  agent(name: string, addresses = [this.coordinator.address]): Promise<Process> {
    return this.fleet.agent(name, addresses, {
      models: [{ match: 'openai/*', provider: 'openai', base_url: this.endpoint.url, max_connections: 8 }],
    });
  }

  agents(...names: string[]): Promise<Process[]> {
    return Promise.all(names.map((name) => this.agent(name)));
  }

  async submit(key = 'killed'): Promise<string> {
    const digest = await this.client.uploadBytes(sums(SAMPLES));
    const spec = mockSpec(digest, { models: MODELS.map((model) => ({ model })), max_task_samples: 6 });
    return (await this.client.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
  }

  /** Waits until a share of the units is counted and calls are under way; few more are answered until somebody waits again. */
  async until(evaluationId: string, share: number): Promise<void> {
    let closed = 0;
    /** Answers whose results are not counted: where the store takes its time, all would be answered before the share is counted. */
    let behind: number | undefined;
    const isSo = async (): Promise<boolean> => {
      closed = (await this.ledger.closedUnits(evaluationId)).length;
      if (closed >= share * UNITS && this.endpoint.inFlight > 0) return true;
      const now = this.endpoint.calls.length - this.endpoint.inFlight - closed;
      behind ??= now;
      if (now - behind <= LAG) this.#gate.set(this.endpoint.calls.length + STEP);
      return false;
    };
    await waitFor(isSo, {
      what: `${share} of the units`,
      timeoutMs: 40_000,
      state: () => ({ closed, of: UNITS, inFlight: this.endpoint.inFlight, calls: this.endpoint.calls.length }),
    });
    this.#gate.set(this.endpoint.calls.length + SLACK);
  }

  /** All calls are answered from here on. */
  release(): void {
    this.#gate.set(Infinity);
  }
}

/** As `exact`, and prints what the blows cost. */
export async function finished(victim: Victim, evaluationId: string, blows: readonly Blow[]): Promise<Repeats> {
  const repeats = await exact(victim, evaluationId, blows);
  console.log(JSON.stringify({ test: expect.getState().currentTestName, ...repeats }));
  return repeats;
}

/** Watches to the end: every unit counted once, the right numbers. Returns what the blows cost; counted units must not have been called again. */
export async function exact(victim: Victim, evaluationId: string, blows: readonly Blow[]): Promise<Repeats> {
  const {
    client,
    endpoint: { calls },
  } = victim;
  victim.release();
  expect((await watchAll(client, evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const report = await checkBooks(client, evaluationId);
  expect(report.units).toMatchObject({ total: UNITS, scored: UNITS });
  expect(correctByModel(report)).toEqual(Object.fromEntries(MODELS.map((model) => [model, SAMPLES - Math.ceil(SAMPLES / 3)])));
  const repeats = repeatsOf(calls, blows, keyOf);
  expect(new Set(calls.map((call) => callKey(call.model, call.prompt))).size).toBe(UNITS);
  expect(repeats.calls).toBe(UNITS + repeats.repeats);
  expect(repeats.ofCounted, 'calls of samples that had been counted').toBe(0);
  return repeats;
}
