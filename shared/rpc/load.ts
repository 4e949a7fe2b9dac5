/**
 * The only file that reads .proto files. The options are those with which the types in `gen/` are made
 * (`scripts/proto.ts`); change both or neither.
 */
import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type PackageDefinition } from '@grpc/proto-loader';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import type { AgentServiceDefinition } from './gen/assay/v1/AgentService.ts';
import type { EvaluationServiceDefinition } from './gen/assay/v1/EvaluationService.ts';

/** int64 as decimal strings, enums by name, every field present, `oneof` names the field that is set, names in camelCase. */
export const LOADER_OPTIONS = { longs: String, enums: String, defaults: true, oneofs: true, arrays: true } as const;

export interface AssayProto {
  agent: AgentServiceDefinition;
  evaluation: EvaluationServiceDefinition;
  health: ServiceDefinition & { Check: MethodDefinition<{ service?: string }, object, { service: string }, { status: string }> };
  /** Every message and service above, for reflection. */
  everything: PackageDefinition;
}

const PROTO_ROOT = fileURLToPath(new URL('../../proto', import.meta.url));
/** A constant that is computed at its first use: parsing takes some 50 ms, and importing must not. */
const loaded: { proto?: AssayProto } = {};

/** The descriptors of everything that a coordinator serves. */
export function assayProto(): AssayProto {
  return (loaded.proto ??= load());
}

function load(): AssayProto {
  const ours = loadSync(['assay/v1/agent.proto', 'assay/v1/evaluation.proto'], { ...LOADER_OPTIONS, includeDirs: [PROTO_ROOT] });
  const health = loadSync(healthProtoPath, LOADER_OPTIONS);
  return {
    agent: ours['assay.v1.AgentService'] as unknown as AgentServiceDefinition,
    evaluation: ours['assay.v1.EvaluationService'] as unknown as EvaluationServiceDefinition,
    health: health['grpc.health.v1.Health'] as unknown as AssayProto['health'],
    everything: { ...health, ...ours },
  };
}

/** The full names of our services, as health checks and reflection know them. */
export const SERVICE_NAMES = { agent: 'assay.v1.AgentService', evaluation: 'assay.v1.EvaluationService' } as const;

const same = (bytes: Buffer): Buffer => bytes;

/**
 * The same service with messages left as bytes. We encode and decode ourselves: so a malformed message is the caller's
 * fault (INVALID_ARGUMENT, not INTERNAL), and sizes are known where buffers are bounded.
 */
export function asBytes<Service extends object>(service: Service): ServiceDefinition {
  const methods = Object.entries(service as unknown as ServiceDefinition).map(([name, method]) => [
    name,
    { ...method, requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same },
  ]);
  return Object.fromEntries(methods) as ServiceDefinition;
}
