/** A fleet for tests of judges at work: an agent that answers, two that judge, and an endpoint whose judges wait when they are told to. */
import { expect } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Evaluation, Report } from '../../shared/client/types.ts';
import { Fleet, type Process } from './fleet.ts';
import { mockSpec, sums, watchAll } from './mock-evaluation.ts';
import { chatAnswer, ModelEndpoint, type EndpointAnswer } from './model-endpoint.ts';
import { waitFor } from './wait-for.ts';

export const WRITER = 'openai/writer';
export const JUDGE = 'openai/judge';
/** Calls that each of the agents has under way at most. */
const CONNECTIONS = 2;

type Reply = EndpointAnswer | undefined;

export class JudgedFleet {
  readonly fleet: Fleet;
  readonly address: string;
  readonly client: AssayClient;
  readonly endpoint: ModelEndpoint;
  /** The agents `judge-a` and `judge-b`. */
  readonly judges = new Map<string, Process>();
  /** What the endpoint answers instead of a grade, or of the answer. */
  instead: ((model: string, prompt: string) => Promise<Reply> | Reply) | undefined;
  #release: (() => void) | undefined;
  #isHeld: Promise<void> | undefined;

  private constructor(fleet: Fleet, address: string) {
    this.fleet = fleet;
    this.address = address;
    this.client = fleet.client(address);
    this.endpoint = new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
      const own = await this.instead?.(model, prompt);
      if (model !== 'writer') {
        const gone = new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
        await Promise.race([this.#isHeld, ...(this.#isHeld ? [gone] : [])]);
      }
      return own ?? chatAnswer(model, model !== 'writer' ? `So be it.\nGRADE: ${/wrong/.test(prompt) ? 'I' : 'C'}` : answerTo(prompt));
    });
  }

  static async start(args = ['--lease-ms', '30000', '--heartbeat-ms', '300', '--sweep-ms', '200']): Promise<JudgedFleet> {
    const fleet = await Fleet.start();
    const { address } = await fleet.coordinator({ args });
    const self = new JudgedFleet(fleet, address);
    await self.endpoint.start();
    await self.agent('writer', WRITER);
    for (const name of ['judge-a', 'judge-b']) self.judges.set(name, await self.agent(name, JUDGE));
    return self;
  }

  async agent(name: string, match: string): Promise<Process> {
    const entry = { match, provider: 'openai', base_url: this.endpoint.url, max_connections: CONNECTIONS };
    return this.fleet.agent(name, [this.address], { models: [entry] });
  }

  /** Calls of the judge wait, until `letGo`. */
  hold(): void {
    this.#isHeld = new Promise((resolve) => (this.#release = resolve));
  }
  letGo(): void {
    this.#isHeld = undefined;
    this.#release?.();
  }

  /** `samples` answers, of which every third is wrong, and as many verdicts of the role `grader`. */
  async submit(
    key: string,
    samples: number,
    { scorers = ['model_graded_qa'], ...more }: { scorers?: unknown[]; [field: string]: unknown } = {},
  ): Promise<string> {
    this.endpoint.calls.length = 0;
    const digest = await this.client.uploadBytes(sums(samples));
    const spec = mockSpec(digest, {
      benchmarks: [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } }, scorers }],
      models: [{ model: WRITER }],
      model_roles: { grader: JUDGE },
      max_task_samples: 4,
      retry: { max_retries: 0 },
      ...more,
    });
    return (await this.client.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
  }

  /** Calls that came, by model. */
  get asked(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { model } of this.endpoint.calls) counts[model] = (counts[model] ?? 0) + 1;
    return counts;
  }

  async until(id: string, what: string, test: (evaluation: Evaluation) => boolean | Promise<boolean>): Promise<Evaluation> {
    let last = await this.client.get(id);
    await waitFor(async () => test((last = await this.client.get(id))), {
      what,
      everyMs: 50,
      timeoutMs: 60_000,
      state: () => JSON.stringify(last),
    });
    return last;
  }

  /** All is answered, and so many calls of the judge wait. */
  async between(id: string, calls: number): Promise<void> {
    await this.until(
      id,
      'all answers, and calls of the judge',
      ({ groups: [answers] }) => openIn(answers!.counts) === 0 && this.endpoint.inFlight === calls,
    );
  }

  ended(id: string, state = 'succeeded'): Promise<Report> {
    return endedIn(this.client, id, state);
  }

  async stop(): Promise<void> {
    await this.fleet.stop();
    await this.endpoint.stop();
  }
}

/** Its report, once it is over; its books balance. */
async function endedIn(client: AssayClient, id: string, state: string): Promise<Report> {
  expect((await watchAll(client, id)).at(-1)).toMatchObject({ kind: 'state', state });
  expect(await client.verify(id)).toMatchObject({ balanced: true, differences: [] });
  return client.report(id);
}

export const numberIn = (prompt: string): number => Number(/What is (\d+)/.exec(prompt)?.[1]);
const answerTo = (prompt: string): string => (numberIn(prompt) % 3 === 0 ? 'wrong' : 'right');
const openIn = ({ total, scored, unscored, errored, cancelled, dead }: Evaluation['counts']): number =>
  total - scored - unscored - errored - cancelled - dead;
