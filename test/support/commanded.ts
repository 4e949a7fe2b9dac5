/** A fleet for tests of commands: an endpoint that holds its answers back, or refuses some samples, as it is told. */
import { connect } from '../../shared/client/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Evaluation } from '../../shared/client/types.ts';
import { EVALUATION_STATES, isFinal } from '../../shared/domain/states.ts';
import { LedgerReader } from './books.ts';
import { Fleet, type Process } from './fleet.ts';
import { mockSpec, sums } from './mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from './model-endpoint.ts';
import type { TestRedisOptions } from './redis.ts';
import { waitFor } from './wait-for.ts';

/** No lease ends in these tests, also where a busy machine lets a process stand still for seconds: each call is counted. */
export const QUICK = ['--lease-ms', '20000', '--heartbeat-ms', '300', '--sweep-ms', '200'];

const FINAL = EVALUATION_STATES.filter(isFinal);
const OPEN = EVALUATION_STATES.filter((state) => !isFinal(state));

/** The number of the sample in a prompt of `sums`. */
const sampleOf = (prompt: string): number => Number(/(\d+) \+/.exec(prompt)![1]);

export class Commanded {
  readonly fleet: Fleet;
  readonly ledger: LedgerReader;
  readonly endpoint: ModelEndpoint;
  readonly coordinator: Process & { address: string };
  readonly client: AssayClient;
  /** Repeats nothing that failed. */
  readonly hasty: AssayClient;
  /** Samples whose answers are held back. */
  held: (sample: number) => boolean = () => false;
  /** In front of each answer. */
  preamble = '';
  /** Samples that the endpoint refuses. */
  refused: (sample: number) => boolean = () => false;

  #submits = 0;

  private constructor(fleet: Fleet, coordinator: Process & { address: string }) {
    this.fleet = fleet;
    this.coordinator = coordinator;
    this.client = fleet.client(coordinator.address);
    this.hasty = connect({ addresses: [coordinator.address], patienceMs: 0 });
    this.ledger = new LedgerReader(fleet.redis.url);
    this.endpoint = new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
      const sample = sampleOf(prompt);
      await waitFor(() => !this.held(sample) || signal.aborted, { what: 'the answer', timeoutMs: 120_000, everyMs: 20 });
      if (this.refused(sample))
        return { status: 400, body: '{"error":{"message":"this request is refused","type":"invalid_request_error"}}' };
      return chatAnswer(model, `${this.preamble}The answer is ${2 * sample}`);
    });
  }

  /** prepare: before the coordinator starts, so that it finds something in its store. */
  static async start(
    options: { prepare?: (fleet: Fleet) => Promise<void>; redis?: TestRedisOptions; args?: () => string[] } = {},
  ): Promise<Commanded> {
    const { prepare, redis, args = () => QUICK } = options;
    const fleet = await Fleet.start(redis);
    await prepare?.(fleet);
    const commanded = new Commanded(fleet, await fleet.coordinator({ args: args() }));
    await commanded.endpoint.start();
    return commanded;
  }

  /** What a test has left ends and is deleted, so that the next one finds the fleet as if it were new. */
  async reset(): Promise<void> {
    this.held = this.refused = () => false;
    const rest = async (): Promise<number> => (await this.client.list()).items.length;
    await waitFor(
      async () => {
        if ((await rest()) === 0) return true;
        await this.client.cancelAll({ filter: { states: OPEN } }, { reason: 'the test is over' });
        await this.client.delete({ filter: { states: FINAL } });
        return (await rest()) === 0;
      },
      { what: 'nothing to be left of the test', timeoutMs: 40_000, everyMs: 100 },
    );
    await waitFor(() => this.endpoint.inFlight === 0, { what: 'the last answer', timeoutMs: 40_000 });
    this.endpoint.calls.length = 0;
  }

  /** The first samples that are asked for are answered, whichever they are, for tasks come in any order; the others are held. */
  holdAllBut(first: number): (sample: number) => boolean {
    const passed = new Set<number>();
    this.held = (sample) => !passed.has(sample) && (passed.size >= first || !passed.add(sample));
    return (sample) => passed.has(sample);
  }

  agent(name = 'one', addresses = [this.coordinator.address], connections = 4, match = 'openai/*'): Promise<Process> {
    return this.fleet.agent(name, addresses, {
      models: [{ match, provider: 'openai', base_url: this.endpoint.url, max_connections: connections }],
    });
  }

  async submit(samples: number, more: Record<string, unknown> = {}, key = `k${++this.#submits}`): Promise<string> {
    const digest = await this.client.uploadBytes(sums(samples));
    const spec = mockSpec(digest, { models: [{ model: 'openai/one' }], max_task_samples: 3, ...more });
    return (await this.client.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
  }

  /** Waits until the evaluation is as it should be. */
  async until(evaluationId: string, what: string, isSo: (evaluation: Evaluation) => boolean): Promise<Evaluation> {
    let evaluation: Evaluation | undefined;
    await waitFor(
      async () => {
        evaluation = await this.client.get(evaluationId);
        return isSo(evaluation);
      },
      {
        what,
        timeoutMs: 40_000,
        everyMs: 50,
        state: () =>
          JSON.stringify(
            evaluation && { state: evaluation.state, counts: evaluation.counts, reason: evaluation.reason, inFlight: evaluation.inFlight },
          ),
      },
    );
    return evaluation!;
  }

  /** Wipes Redis. */
  async flush(): Promise<void> {
    await this.ledger.closedUnits('none'); // connects
    await this.ledger.flushAll();
  }

  /** Wipes Redis, and waits until the evaluation is what it was before. */
  async wipe(evaluationId: string): Promise<Evaluation> {
    const before = await this.client.get(evaluationId);
    await this.flush();
    return this.until(evaluationId, 'the evaluation to be recovered', (e) => e.state === before.state);
  }

  /** Calls that the endpoint got, per sample. */
  callsOf(): Map<number, number> {
    const calls = new Map<number, number>();
    for (const { prompt } of this.endpoint.calls) calls.set(sampleOf(prompt), (calls.get(sampleOf(prompt)) ?? 0) + 1);
    return calls;
  }

  async stop(): Promise<void> {
    this.held = () => false;
    this.ledger.disconnect();
    this.hasty.close();
    await this.fleet.stop();
    await this.endpoint.stop();
  }
}
