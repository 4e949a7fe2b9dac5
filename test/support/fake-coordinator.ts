/** A coordinator's side of the agent stream, for tests of agents: it welcomes, acknowledges, and remembers all it was told. */
import { digestOf, newAttemptId, taskIdOf, evaluationIdOf } from '../../shared/domain/ids.ts';
import { unitResultSchema, type UnitResult } from '../../shared/domain/result.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import type { AgentMessage, Assignment, CoordinatorMessage, Hello } from '../../shared/rpc/messages.ts';
import { duplexPair } from './duplex-pair.ts';
import { waitFor } from './wait-for.ts';

export type CoordinatorEnd = Duplex<AgentMessage, CoordinatorMessage>;
type Told<K extends AgentMessage['kind']> = Extract<AgentMessage, { kind: K }>;

export interface FakeBehaviour {
  heartbeatMs: number;
  leaseMs: number;
  /** Lines for people that it takes; absent: it is too old to know them. */
  logBytesPerSecond?: number;
  /** Acknowledge heartbeats, results. */
  ackHeartbeats: boolean;
  ackReports: boolean;
  /** Attempts that a Hello names and that are no longer the agent's. */
  lost: Set<string>;
  /** Ends each new stream with this instead of a Welcome. */
  refusal: Error | undefined;
}

/** One stream. */
export class FakeConnection {
  readonly told: AgentMessage[] = [];
  readonly end: CoordinatorEnd;
  readonly cut: () => void;
  readonly mute: () => void;
  readonly #behaviour: FakeBehaviour;
  closed = false;

  constructor(end: CoordinatorEnd, behaviour: FakeBehaviour, faults: { cut?: () => void; mute?: () => void } = {}) {
    this.end = end;
    this.#behaviour = behaviour;
    this.cut = faults.cut ?? ((): void => end.abort(new Error('the connection broke')));
    this.mute = faults.mute ?? ((): void => undefined);
  }

  /** Serves until the stream is over. */
  async serve(): Promise<void> {
    try {
      for await (const message of this.end.messages) {
        this.told.push(message);
        this.#answer(message);
      }
    } catch {
      // A test sees what was told; how the stream ended is the agent's business.
    }
    this.closed = true;
    this.end.end();
  }

  all<K extends AgentMessage['kind']>(kind: K): Told<K>[] {
    return this.told.filter((message): message is Told<K> => message.kind === kind);
  }

  hello(): Hello {
    return this.all('hello')[0]!;
  }

  /** The last total that was announced for an entry. */
  credit(modelIndex = 0): number {
    return this.all('credit').at(-1)?.samplesTotal[modelIndex] ?? 0;
  }

  results(): { attemptId: string; result: UnitResult }[] {
    return this.all('report').flatMap(({ reports }) =>
      reports.flatMap(({ attemptId, results }) =>
        results.map(({ content }) => ({ attemptId, result: unitResultSchema.parse(JSON.parse(content.toString())) })),
      ),
    );
  }

  send(message: CoordinatorMessage): void {
    this.end.send(message).catch(() => undefined);
  }

  assign(...assignments: Assignment[]): void {
    this.send({ kind: 'assign', assignments });
  }

  #answer(message: AgentMessage): void {
    const { heartbeatMs, leaseMs, logBytesPerSecond, lost, refusal, ackHeartbeats, ackReports } = this.#behaviour;
    if (message.kind === 'hello') {
      if (refusal) return this.end.abort(refusal);
      const [lostAttempts, resumedAttempts] = [
        message.heldAttempts.filter((a) => lost.has(a)),
        message.heldAttempts.filter((a) => !lost.has(a)),
      ];
      const lines = logBytesPerSecond === undefined ? {} : { logBytesPerSecond };
      const ids = { sessionId: 'se_1', coordinatorId: 'co_1' };
      this.send({ kind: 'welcome', ...ids, heartbeatMs, leaseMs, resumedAttempts, lostAttempts, ...lines });
    }
    if (message.kind === 'heartbeat' && ackHeartbeats) this.send({ kind: 'heartbeatAck', sequence: message.sequence, lostAttempts: [] });
    if (message.kind === 'report' && ackReports) this.acknowledge(message);
  }

  acknowledge(report: Told<'report'>): void {
    this.send({
      kind: 'reportAck',
      acks: report.reports.map(({ attemptId, results }) => ({ attemptId, units: results.map((r) => r.unit), lost: false })),
    });
  }
}

/** Any number of streams in memory: give `dial` to a session. */
export class FakeCoordinator {
  readonly connections: FakeConnection[] = [];
  readonly behaviour: FakeBehaviour;
  /** Addresses in the order in which they were dialled. */
  readonly dialled: string[] = [];

  constructor(behaviour: Partial<FakeBehaviour> = {}) {
    this.behaviour = {
      heartbeatMs: 20,
      leaseMs: 60_000,
      ackHeartbeats: true,
      ackReports: true,
      lost: new Set(),
      refusal: undefined,
      ...behaviour,
    };
  }

  readonly dial = (address: string): Promise<Duplex<CoordinatorMessage, AgentMessage>> => {
    this.dialled.push(address);
    const { left, right, cut, mute } = duplexPair<CoordinatorMessage, AgentMessage>();
    this.add(new FakeConnection(right, this.behaviour, { cut, mute }));
    return Promise.resolve(left);
  };

  add(connection: FakeConnection): void {
    this.connections.push(connection);
    void connection.serve();
  }

  /** The n-th stream (from 1), when the agent has said Hello on it. */
  async connection(n: number): Promise<FakeConnection> {
    return waitFor(() => (this.connections[n - 1]?.hello() ? this.connections[n - 1] : undefined), { what: `connection ${n}` });
  }
}

let tasks = 0;

/** A task of `count` samples: "q1" with target "a1" and so on, units from `firstUnit` on. */
export function assignmentOf(options: {
  count: number;
  firstUnit?: number;
  model?: string;
  attemptId?: string;
  generate_config?: object;
  sendContext?: boolean;
  retry?: object;
  modelIndex?: number;
  /** Beside its name, dataset and prompt. */
  benchmark?: object;
  traceparent?: string;
}): Assignment {
  const { count, firstUnit = 0, model = 'mock/m', attemptId = newAttemptId() } = options;
  const evaluationId = evaluationIdOf('default', 'agent-test');
  const context = Buffer.from(
    JSON.stringify({
      evaluationId,
      benchmark: {
        benchmark: 'b',
        dataset: { uri: 'file:x.jsonl' },
        prompt: { template: 'Q: {{ input }}' },
        scorers: [{ name: 'exact' }],
        ...options.benchmark,
      },
      model: { model, generate_config: options.generate_config ?? {} },
      retry: options.retry ?? {},
    }),
  );
  return {
    attemptId,
    evaluationId,
    taskId: taskIdOf(evaluationId, tasks++),
    modelIndex: options.modelIndex ?? 0,
    contextDigest: digestOf(context),
    contextJson: options.sendContext === false ? Buffer.alloc(0) : context,
    traceparent: options.traceparent ?? '',
    samples: Array.from({ length: count }, (_, i) => ({
      unit: firstUnit + i,
      epoch: 1,
      ordinal: i + 1,
      line: Buffer.from(JSON.stringify({ input: `q${i + 1}`, target: `a${i + 1}` })),
    })),
  };
}
