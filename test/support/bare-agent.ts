/** An agent's stream in the hand of a test: it does what the test says, also what no agent should do. */
import { randomBytes } from 'node:crypto';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import {
  WIRE_MINOR,
  WIRE_VERSION,
  type AgentMessage,
  type Assignment,
  type CoordinatorMessage,
  type Hello,
} from '../../shared/rpc/messages.ts';
import { waitFor } from './wait-for.ts';

type Told<K extends CoordinatorMessage['kind']> = Extract<CoordinatorMessage, { kind: K }>;

export class BareAgent {
  readonly agentId: string;
  readonly told: CoordinatorMessage[] = [];
  readonly #stream: Duplex<CoordinatorMessage, AgentMessage>;
  #sequence = 0;
  /** The stream is over. */
  over = false;
  /** What broke it. */
  #broken: unknown;

  private constructor(address: string, agentId: string, token: string | undefined) {
    this.agentId = agentId;
    this.#stream = connectAgent({ address, ...(token === undefined ? {} : { token }) });
    void this.#read();
  }

  /** Says Hello and waits for the Welcome; throws the refusal. */
  static async connect(
    address: string,
    { agentId = `ag_${randomBytes(8).toString('hex')}`, token, ...more }: Partial<Omit<Hello, 'kind'>> & { token?: string } = {},
  ): Promise<BareAgent> {
    const agent = new BareAgent(address, agentId, token);
    const hello = agent.send({
      kind: 'hello',
      agentId,
      instanceId: 'bare',
      name: 'bare',
      wireVersion: WIRE_VERSION,
      wireMinor: WIRE_MINOR,
      version: '0',
      labels: {},
      models: [{ match: 'openai/*', maxConnections: 100, lookAhead: 0 }],
      slots: 0,
      heldAttempts: [],
      capabilities: [],
      host: {},
      canSpare: true,
      number: 0,
      ...more,
    });
    hello.catch(() => undefined); // what is read says why
    await waitFor(() => agent.over || agent.all('welcome').length === 1, { what: 'the Welcome' });
    if (agent.all('welcome').length === 0) throw agent.#broken;
    return agent;
  }

  async send(message: AgentMessage): Promise<void> {
    await this.#stream.send(message);
  }

  /** A heartbeat that names, and so renews, these attempts only. */
  beat(heldAttempts: string[] = []): Promise<void> {
    return this.send({ kind: 'heartbeat', sequence: ++this.#sequence, heldAttempts });
  }

  all<K extends CoordinatorMessage['kind']>(kind: K): Told<K>[] {
    return this.told.filter((message): message is Told<K> => message.kind === kind);
  }

  /** Announces room, and accepts what is assigned until there are so many samples. */
  async take(samples: number): Promise<Assignment[]> {
    await this.send({ kind: 'credit', samplesTotal: [samples] });
    const assigned = (): Assignment[] => this.all('assign').flatMap((m) => m.assignments);
    await waitFor(() => assigned().reduce((sum, a) => sum + a.samples.length, 0) >= samples, { what: `${samples} samples` });
    await this.send({ kind: 'accept', attemptIds: assigned().map((a) => a.attemptId) });
    return assigned();
  }

  /** Reports the same answer for every sample of an assignment, or for these units of it. */
  async report(
    { attemptId, evaluationId, taskId, samples, lease }: Assignment,
    completion: string,
    units?: readonly number[],
  ): Promise<void> {
    const results = samples
      .filter(({ unit }) => units?.includes(unit) ?? true)
      .map(({ unit, epoch, ordinal }) => ({
        unit,
        content: Buffer.from(
          JSON.stringify({
            unit,
            sampleId: ordinal,
            epoch,
            outcome: 'scored',
            completion,
            scores: [{ scorer: 'match', value: 'I', number: 0 }],
            usage: { inputTokens: 1, outputTokens: 1 },
            timing: { startedAt: Date.now(), modelMs: 1, totalMs: 1, workingMs: 1 },
            calls: 1,
            retries: 0,
          }),
        ),
      }));
    const names = { attemptId, evaluationId, taskId, ...(lease ? { lease } : {}) };
    await this.send({ kind: 'report', reports: [{ ...names, results, traceparent: '' }] });
  }

  /** Takes its leave: it was not lost. */
  async leave(): Promise<void> {
    this.#stream.end();
    await this.#stream.closed;
  }

  close(): void {
    this.#stream.abort(new Error('the test is over'));
  }

  async #read(): Promise<void> {
    try {
      for await (const message of this.#stream.messages) this.told.push(message);
    } catch (error) {
      this.#broken = error; // a test sees that it is over
    }
    this.over = true;
  }
}
