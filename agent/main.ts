/**
 * `node agent/main.ts --config FILE [--exit-with-parent]`: one agent, until it is told to end. `--check` only reads its settings; `--join` joins the fleet first.
 *
 * Exit codes: 0 drained or stopped; 1 refused by the coordinator, or a failure; 2 a fault of the configuration.
 */
import { text as readText } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { AppError } from '../shared/domain/errors.ts';
import { Redactor } from '../shared/domain/redactor.ts';
import { VERSION } from '../shared/domain/version.ts';
import { TlsFiles } from '../shared/rpc/tls-files.ts';
import { processSignals } from '../shared/runtime/abort.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { readConfigFile } from '../shared/runtime/config-file.ts';
import { watchParent } from '../shared/runtime/parent.ts';
import { readPrivateFile } from '../shared/runtime/private-file.ts';
import { createLogger, type Logger } from '../shared/telemetry/logger.ts';
import { createMetrics } from '../shared/telemetry/metrics.ts';
import { measureProcess } from '../shared/telemetry/process-metrics.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { buildAgent, checkSandbox, secretsOf, type Agent } from './build.ts';
import { readAgentConfig, type AgentConfig } from './config.ts';
import { HELP } from './help.ts';
import { checkModels } from './open-models.ts';
import { joinOnce } from './keys/join.ts';
import { NO_POLICY } from './policy-config.ts';

const REMEDY = 'write `assay agent --config agent.yaml`; --help says what stands in that file';
/** Between the parent's end and the abort. */
const ORPHAN_MS = 2000;

/** Knows the secrets once the settings are read. */
let redactor = new Redactor([]);
/** From ASSAY_JOIN_TOKEN. */
let joinToken: string | undefined;

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const config = readAgentConfig({ file: await readConfigFile(flags.config), environment: process.env });
  forget(config);
  if (flags.check) {
    await checkModels(config);
    const without = await checkSandbox(config);
    process.stdout.write(`${JSON.stringify({ ...summaryOf(config), ...sandboxSummary(config, without) })}\n`);
    return 0;
  }
  const telemetry = await startTelemetry({ service: 'assay-agent', version: VERSION });
  const metrics = createMetrics();
  measureProcess(metrics.instruments);
  let heard: ((line: string) => void) | undefined;
  redactor = new Redactor(secretsOf(config));
  const logger = createLogger({ name: 'agent', level: config.logLevel, redactor, onLine: (line) => heard?.(line) });
  // The last words of what nobody has caught: Node's own have the error as it is, whatever is in it.
  const crash = (error: unknown): void => {
    logger.fatal({ err: error }, 'the agent crashes');
    process.exit(1);
  };
  process.on('uncaughtException', crash).on('unhandledRejection', crash);
  try {
    if (flags.join) await joined(config, flags.joinTokenFile, logger);
    const agent = await buildAgent(config, {
      logger,
      clock: systemClock,
      metrics,
      redactor,
      version: VERSION,
      onLogLine: (listener) => (heard = listener),
    });
    const refusal = await untilEnded(agent, flags.exitWithParent);
    return refusal ? 1 : 0;
  } finally {
    await metrics.shutdown();
    await telemetry.shutdown();
  }
}

/** The first signal drains, the second aborts; so does the parent's end, two seconds apart. */
async function untilEnded(agent: Agent, exitWithParent: boolean): Promise<AppError | undefined> {
  const signals = processSignals();
  signals.stop.addEventListener('abort', () => void agent.drain());
  signals.abort.addEventListener('abort', () => void agent.abort());
  if (exitWithParent) {
    watchParent(() => {
      void agent.drain();
      void systemClock.sleep(ORPHAN_MS).then(() => agent.abort());
    });
  }
  try {
    await agent.start();
  } catch (error) {
    await agent.stop();
    throw error;
  }
  const refusal = await agent.ended;
  signals.dispose();
  return refusal;
}

/** Nothing that is started from here on, and no dump of the environment by a library, has the keys in it. */
function forget({ models }: AgentConfig): void {
  for (const { apiKey } of models) if (apiKey) delete process.env[apiKey.source];
  delete process.env['ASSAY_TOKEN'];
  joinToken = process.env['ASSAY_JOIN_TOKEN'];
  delete process.env['ASSAY_JOIN_TOKEN'];
}

/** Joins the fleet, where it has not before. The token comes from a file, a variable or standard input: nobody sees it among the processes. */
async function joined(config: AgentConfig, file: string | undefined, logger: Logger): Promise<void> {
  const secret = async (): Promise<string> => {
    const text = file === undefined ? (joinToken ?? (await readText(process.stdin))) : joinTokenOf(file);
    redactor.learn(text.trim());
    return text.trim();
  };
  const { addresses, tls, tlsFiles, spool: dir, name } = config;
  const connection = { addresses: [...addresses], tls, ...(tls && tlsFiles ? { tlsFiles: new TlsFiles({ paths: tlsFiles }) } : {}) };
  const onRefused = (why: string): void => logger.warn({ addresses, reason: why }, 'no coordinator yet; waiting for half a minute');
  const { key, isNew } = await joinOnce({ dir, connection, name, secret, onRefused });
  logger.info({ agentId: key.agentId, agent: key.name }, isNew ? 'joined' : 'has joined before; the join token was not used');
}

/** What is in the file of a join token. */
function joinTokenOf(path: string): string {
  try {
    return readPrivateFile(path).toString('utf8');
  } catch (error) {
    throw new AppError(
      'invalid',
      `--join-token-file: ${path} ${error instanceof AppError ? error.message : `cannot be read (${String(error)})`}`,
    );
  }
}

/** What a check of the settings tells: whom it would dial, as what, for which models. No key, no token. */
const summaryOf = (config: AgentConfig): object => ({
  name: config.name,
  addresses: config.addresses,
  tls: config.tls,
  models: config.models.map(({ match }) => match),
  ...(config.policy === NO_POLICY
    ? {}
    : { policy: { ...config.policy, prices: config.policy.prices.version, signers: config.policy.signers?.length } }),
  spool: config.spool,
});

/** Whether it holds, and if not, why: without it, the agent still serves its models. */
const sandboxSummary = ({ sandbox }: AgentConfig, without: string | undefined): object =>
  sandbox ? { sandbox: { kind: sandbox.kind, holds: without === undefined, ...(without === undefined ? {} : { why: without }) } } : {};

type Flags =
  | { help: true }
  | { help: false; config: string; check: boolean; exitWithParent: boolean; join: boolean; joinTokenFile: string | undefined };

function readFlags(): Flags {
  let values: {
    config?: string;
    join?: boolean;
    'join-token-file'?: string;
    check?: boolean;
    'exit-with-parent'?: boolean;
    help?: boolean;
  };
  try {
    values = parseArgs({
      options: {
        config: { type: 'string' },
        check: { type: 'boolean' },
        join: { type: 'boolean' },
        'join-token-file': { type: 'string' },
        'exit-with-parent': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new AppError('invalid', `${(error as Error).message.split('. ')[0]}; ${REMEDY}`);
  }
  if (values.help) return { help: true };
  if (!values.config) throw new AppError('invalid', `--config is missing; ${REMEDY}`);
  const { config, check = false, 'exit-with-parent': exitWithParent = false } = values;
  return { help: false, config, check, exitWithParent, join: values.join ?? false, joinTokenFile: values['join-token-file'] };
}

try {
  process.exitCode = await main();
} catch (error) {
  const { code, message } = AppError.from(error);
  process.stderr.write(`assay agent: ${redactor.redact(message)}\n`);
  process.exitCode = code === 'invalid' ? 2 : 1;
}
// A stdin that is watched, or a timer of a library, must not keep an ended agent alive.
process.exit();
