/**
 * A coordinator like that of `coordinator/main.ts`, with something between its core and what it stands on: a log, and a fault if the
 * environment names one.
 */
import { readFileSync, unlinkSync } from 'node:fs';
import { buildCoordinator } from '../../../coordinator/build.ts';
import { parseCoordinatorConfig } from '../../../coordinator/config.ts';
import { processSignals } from '../../../shared/runtime/abort.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { createLogger } from '../../../shared/telemetry/logger.ts';
import { createMetrics } from '../../../shared/telemetry/metrics.ts';
import { collectOnSignal } from './collecting.ts';
import { logging } from './coordinator-log.ts';
import { failing, failpointOf } from './failpoint.ts';
import { openLog } from './log.ts';
import { groundAround, type Around } from './ports.ts';

const note = openLog();
const { CHAOS_FAILPOINT: failpointFile } = process.env;
/** Undefined: it was taken away. */
function ofFile<T>(work: (path: string) => T): T | undefined {
  try {
    return work(failpointFile!);
  } catch {
    return undefined;
  }
}
// Whoever takes the file away is the one that fails.
const failpoints = failing(note, () => ofFile((path) => (unlinkSync(path), true)) ?? false);
// The signal says that the file names a failpoint, from now on.
if (failpointFile)
  process.on('SIGUSR2', () => {
    const text = ofFile((path) => readFileSync(path, 'utf8'));
    if (text !== undefined) failpoints.arm(failpointOf(text));
  });
else collectOnSignal();
/** Answers that are no promises stay what they are; one that is not named here ends the process, before it misleads the coordinator. */
const lasting =
  (around: Around): Around =>
  (place, args, call) =>
    AT_ONCE.test(place) ? call() : around(place, args, () => promised(place, call()));
const AT_ONCE = /\.(?:key|open|opened|notice|streamContent|evaluations|channel|routes)$/;

function promised(place: string, answer: unknown): unknown {
  if (answer instanceof Promise) return answer;
  process.stderr.write(`${place} answers at once: name it in ${import.meta.filename}\n`);
  process.exit(1);
}

const config = await parseCoordinatorConfig(process.argv.slice(2), process.env);
const logger = createLogger({ name: 'coordinator', level: config.logLevel });
const signals = processSignals(process, () => process.exit(1));
const coordinator = await buildCoordinator(config, { logger, clock: systemClock, metrics: createMetrics() }, (ground) => {
  const logged = groundAround(ground, lasting(logging(note)));
  return failpointFile ? groundAround(logged, lasting(failpoints.around)) : logged;
});
await coordinator.start();
logger.info({ address: coordinator.address, coordinatorId: coordinator.coordinatorId }, 'listening');
if (!signals.stop.aborted) await new Promise((resolve) => signals.stop.addEventListener('abort', resolve, { once: true }));
await coordinator.stop();
process.exit(0);
