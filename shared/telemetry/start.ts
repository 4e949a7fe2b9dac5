/**
 * Starts the OpenTelemetry SDK of a process, for traces only, when its standard variables ask for an export. Loaded
 * lazily: the SDK and its exporters take time and memory that a process without tracing keeps.
 */

type Environment = Readonly<Record<string, string | undefined>>;

export interface Telemetry {
  /** Sends what is left, for 3 s at most; then the process should exit by itself, as tries may still be under way. Never rejects. */
  shutdown(): Promise<void>;
}

const FLUSH_MS = 3_000;

/** Room for bursts (a sample is about three spans) at a short delay; the variables of the same names override them. */
const BATCH_DEFAULTS = {
  OTEL_BSP_MAX_QUEUE_SIZE: '32768',
  OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '2048',
  OTEL_BSP_SCHEDULE_DELAY: '1000',
};

/** Whether the variables ask for traces: an OTLP endpoint, or an exporter other than `none`; OTEL_SDK_DISABLED wins. */
export function tracesWanted(environment: Environment): boolean {
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return false;
  const exporter = environment.OTEL_TRACES_EXPORTER?.trim();
  if (exporter) return exporter !== 'none';
  return Boolean(environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim() || environment.OTEL_EXPORTER_OTLP_ENDPOINT?.trim());
}

/**
 * Called once by each `main.ts`, before the first span. `service` is the `service.name` unless OTEL_SERVICE_NAME or
 * OTEL_RESOURCE_ATTRIBUTES says otherwise. Protocol, endpoint, headers and sampler come from the standard variables.
 */
export async function startTelemetry(options: { service: string; version: string }): Promise<Telemetry> {
  if (!tracesWanted(process.env)) return { shutdown: async () => undefined };
  // The SDK reads its batch sizes from nowhere but the environment.
  for (const [name, value] of Object.entries(BATCH_DEFAULTS)) process.env[name] ??= value;
  const [{ NodeSDK }, resources] = await Promise.all([import('@opentelemetry/sdk-node'), import('@opentelemetry/resources')]);
  const { envDetector, hostDetector, serviceInstanceIdDetector, resourceFromAttributes } = resources;
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({ 'service.name': options.service, 'service.version': options.version, 'process.pid': process.pid }),
    // No process detector: command lines and paths of a host are nobody's business. The environment's word comes last.
    resourceDetectors: [hostDetector, serviceInstanceIdDetector, envDetector],
    metricReaders: [],
    logRecordProcessors: [],
  });
  sdk.start();
  let ended: Promise<void> | undefined;
  return {
    shutdown: () => {
      ended ??= bounded(sdk.shutdown());
      return ended;
    },
  };
}

/** A collector that is away or slow must not keep a process from ending. */
async function bounded(flush: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, FLUSH_MS);
  });
  await Promise.race([flush.catch(() => undefined), limit]);
  clearTimeout(timer);
}
