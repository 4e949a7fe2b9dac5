/** An agent's spool, work and session against a fake coordinator, in one process. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogBook } from '../../agent/logs/log-book.ts';
import type { ModelEntry } from '../../agent/models/provider.ts';
import { Session, type SessionOptions } from '../../agent/session/session.ts';
import { Spool, type SpoolOptions } from '../../agent/spool/spool.ts';
import { Work } from '../../agent/work/work.ts';
import { Redactor } from '../../shared/domain/redactor.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { WIRE_MINOR, WIRE_VERSION } from '../../shared/rpc/messages.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { createMetrics } from '../../shared/telemetry/metrics.ts';
import type { ScorerTools } from '../../agent/scorers/scorer.ts';
import { noTools } from './scorer-tools.ts';
import type { FakeCoordinator } from './fake-coordinator.ts';
import { ScriptedProvider } from './scripted-provider.ts';

export interface TestAgentOptions {
  coordinator: FakeCoordinator;
  provider?: ScriptedProvider;
  entry?: Partial<ModelEntry>;
  dir?: string;
  spool?: Partial<SpoolOptions>;
  session?: Partial<SessionOptions>;
  firstProbeMs?: number;
  tools?: ScorerTools;
}

export class TestAgent {
  readonly provider: ScriptedProvider;
  readonly dir: string;
  readonly spool: Spool;
  readonly work: Work;
  readonly session: Session;

  private constructor(parts: { provider: ScriptedProvider; dir: string; spool: Spool; work: Work; session: Session }) {
    this.provider = parts.provider;
    this.dir = parts.dir;
    this.spool = parts.spool;
    this.work = parts.work;
    this.session = parts.session;
  }

  static async start(options: TestAgentOptions): Promise<TestAgent> {
    const provider = options.provider ?? new ScriptedProvider();
    const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'assay-agent-')));
    const entry: ModelEntry = { match: 'mock/*', provider: 'mock', maxConnections: 2, lookAhead: 2, options: {}, ...options.entry };
    let work: Work | undefined;
    let session: Session | undefined;
    const logger = silentLogger();
    const spool = await Spool.open({
      dir,
      maxBytes: 1 << 30,
      clock: systemClock,
      onFull: (full, why) => work?.spoolFull(full, why),
      ...options.spool,
    });
    const { instruments } = createMetrics();
    const logs = new LogBook({ clock: systemClock, redactor: new Redactor([]) });
    const probe = options.firstProbeMs === undefined ? {} : { firstProbeMs: options.firstProbeMs };
    work = new Work({
      models: [{ entry, provider }],
      tools: options.tools ?? noTools(),
      spool,
      clock: systemClock,
      random: () => 0,
      logger,
      instruments,
      onChange: () => session?.wake(),
      lines: logs,
      ...probe,
    });
    const models = [{ match: entry.match, maxConnections: entry.maxConnections, lookAhead: entry.lookAhead }];
    session = new Session({
      addresses: ['one:1'],
      dial: options.coordinator.dial,
      work,
      logs,
      clock: systemClock,
      sinceBootMs: () => systemClock.monotonic(),
      random: () => 0.5,
      logger,
      backoff: { baseMs: 5, maxMs: 20 },
      hello: {
        agentId: spool.agentId,
        instanceId: 'one',
        name: 'test',
        wireVersion: WIRE_VERSION,
        version: '0',
        labels: {},
        models,
        wireMinor: WIRE_MINOR,
        capabilities: [],
        host: {},
        canSpare: true,
        slots: 0,
      },
      ...options.session,
    });
    await session.start();
    return new TestAgent({ provider, dir, spool, work, session });
  }

  /** As if killed, as far as this is possible within a process: nothing is handed back or flushed any more. */
  async crash(): Promise<void> {
    await this.session.stop();
    await this.work.close();
    await this.spool.close(0);
  }

  async stop(): Promise<void> {
    this.work.abort();
    await this.crash();
    await rm(this.dir, { recursive: true, force: true });
  }
}
