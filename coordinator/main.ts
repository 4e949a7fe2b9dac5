/** The coordinator's process: configuration, composition root, start, a signal, stop. */
import { AppError } from '../shared/domain/errors.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { processSignals } from '../shared/runtime/abort.ts';
import { watchParent } from '../shared/runtime/parent.ts';
import { createLogger } from '../shared/telemetry/logger.ts';
import { createMetrics } from '../shared/telemetry/metrics.ts';
import { measureProcess } from '../shared/telemetry/process-metrics.ts';
import { startTelemetry } from '../shared/telemetry/start.ts';
import { VERSION } from '../shared/domain/version.ts';
import { buildCoordinator } from './build.ts';
import { parseCoordinatorConfig } from './config.ts';
import { HELP } from './help.ts';

async function main(): Promise<number> {
  if (process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  const config = await parseCoordinatorConfig(process.argv.slice(2), process.env);
  const logger = createLogger({ name: 'coordinator', level: config.logLevel });
  const telemetry = await startTelemetry({ service: 'assay-coordinator', version: VERSION });
  const metrics = createMetrics();
  measureProcess(metrics.instruments);
  const signals = processSignals(process, () => process.exit(1));
  const parentGone = new AbortController();
  if (config.exitWithParent) watchParent(() => parentGone.abort());
  const coordinator = await buildCoordinator(config, { logger, clock: systemClock, metrics });
  await coordinator.start();
  logger.info(
    { address: coordinator.address, http: coordinator.httpAddress, coordinatorId: coordinator.coordinatorId, version: VERSION },
    'listening',
  );
  const ending = AbortSignal.any([signals.stop, parentGone.signal]);
  if (!ending.aborted) await new Promise((resolve) => ending.addEventListener('abort', resolve, { once: true }));
  logger.info({ signal: signals.received() }, 'stopping');
  await coordinator.stop();
  await telemetry.shutdown();
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const problem = AppError.from(error);
    process.stderr.write(`assay coordinator: ${process.env.ASSAY_DEBUG === '1' ? (problem.stack ?? problem.message) : problem.message}\n`);
    process.exit(problem.code === 'invalid' ? 2 : 1);
  },
);
