/** Many agents in one process, each with its own spool, session and connection, as agents of their own have them. */
import type { FakeCoordinator } from './fake-coordinator.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { ScriptedProvider } from './scripted-provider.ts';
import { TestAgent } from './test-agent.ts';
import { waitFor } from './wait-for.ts';

export class Herd {
  readonly agents: readonly TestAgent[];
  /** Answers for all of them. */
  readonly provider: ScriptedProvider;
  readonly #seen: { connections: number };

  private constructor(agents: readonly TestAgent[], provider: ScriptedProvider, seen: { connections: number }) {
    this.agents = agents;
    this.provider = provider;
    this.#seen = seen;
  }

  /** Starts them without waiting for their Welcomes. */
  static async start(address: string, size: number): Promise<Herd> {
    const provider = new ScriptedProvider();
    const seen = { connections: 0 };
    // Only its way in is taken.
    const dial = (async () => {
      seen.connections++;
      return connectAgent({ address });
    }) as unknown as FakeCoordinator['dial'];
    const agents: TestAgent[] = [];
    for (let i = 0; i < size; i++) {
      const session = { random: Math.random, backoff: { baseMs: 200, maxMs: 10_000 } };
      agents.push(
        await TestAgent.start({
          coordinator: { dial } as FakeCoordinator,
          provider,
          entry: { maxConnections: 1, lookAhead: 1 },
          session,
        }),
      );
    }
    return new Herd(agents, provider, seen);
  }

  /** Those that have their Welcome. */
  get open(): number {
    return this.agents.filter(({ session }) => session.state.kind === 'open').length;
  }

  /** Connections that were dialled. */
  get dialled(): number {
    return this.#seen.connections;
  }

  async allOpen(timeoutMs = 60_000): Promise<void> {
    await waitFor(() => this.open === this.agents.length, {
      what: 'all agents to be connected',
      timeoutMs,
      state: () => ({ open: this.open, dialled: this.dialled }),
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.agents.map((agent) => agent.stop()));
  }
}
