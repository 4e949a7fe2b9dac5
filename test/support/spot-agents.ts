/** What only pictures show of a fleet: an agent that was lost with what it held, those that went on with it, and a second coordinator. */
import type { AssayClient } from '../../shared/client/client.ts';
import type { Fleet } from './fleet.ts';
import { Gate } from './gate.ts';
import { chatAnswer, type EndpointAnswer, type ModelCall } from './model-endpoint.ts';
import { waitFor } from './wait-for.ts';

export const SPOT = 'spot';
/** Calls that are answered before the agent is lost, and those that it waits for then. */
const ANSWERED = 6;
const HELD = 8;
const ZONE = 'us-1';

/** The evaluation whose agent was lost, and a sample that was in its hands. */
export interface Lost {
  evaluationId: string;
  unit: number;
}

export interface SpotParts {
  fleet: Fleet;
  client: AssayClient;
  address: string;
  env: Record<string, string>;
  /** Of the endpoint. */
  url: string;
  /** An evaluation of the model, with more in its spec. */
  submit: (more: Record<string, unknown>) => Promise<string>;
  /** Of the coordinator that there is, and of another one. */
  args: string[];
}

export class SpotAgents {
  readonly #gate = new Gate();
  readonly #asked = new Map<number, number>();
  #came = 0;

  constructor() {
    this.#gate.set(ANSWERED);
  }

  /** What was asked before is refused once, for a moment. */
  async answer({ model }: ModelCall, n: number, signal: AbortSignal): Promise<EndpointAnswer> {
    const before = this.#asked.get(n) ?? 0;
    this.#asked.set(n, before + 1);
    await this.#gate.pass(++this.#came, signal);
    if (before === 1)
      return { status: 529, headers: { 'retry-after': '2' }, body: JSON.stringify({ error: { message: 'overloaded; try again' } }) };
    return chatAnswer(model, `${n} and ${n} make ${2 * n}.\n\nThe answer is ${2 * n}`);
  }

  async start({ fleet, client, address, env, url, submit, args }: SpotParts): Promise<Lost> {
    const models = [{ match: `openai/${SPOT}`, provider: 'openai', base_url: url, max_connections: HELD }];
    const config = (gpu: string) => ({ models, labels: { fleet: 'nightly', zone: ZONE, gpu } });
    const other = await fleet.coordinator({ args, env });
    const lost = await fleet.agent('gpu-us-1', [address], config('l40s'), { env });
    const evaluationId = await submit({ route: { labels: { zone: ZONE } }, retry: { max_retries: 3 } });
    await waitFor(() => this.#came === ANSWERED + HELD, { what: 'the calls of the agent that is to be lost', timeoutMs: 60_000 });
    await lost.kill9();
    const unit = [...this.#asked.keys()].at(-1)!;
    this.#gate.set(Infinity);
    await fleet.agent('gpu-us-2', [other.address], config('h100'), { env });
    await waitFor(async () => (await client.get(evaluationId)).state === 'succeeded', {
      what: 'another to do its work',
      timeoutMs: 90_000,
    });
    return { evaluationId, unit };
  }
}
