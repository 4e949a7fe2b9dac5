/**
 * The only file that reads .proto files. The options are those with which the types in `gen/` are made
 * (`scripts/proto.ts`); change both or neither.
 */
import { fileURLToPath } from 'node:url';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition, type PackageDefinition } from '@grpc/proto-loader';
import type { AgentServiceDefinition } from './gen/assay/v1/AgentService.ts';
import type { AuditServiceDefinition } from './gen/assay/v1/AuditService.ts';
import type { EvaluationServiceDefinition } from './gen/assay/v1/EvaluationService.ts';
import type { IdentityServiceDefinition } from './gen/assay/v1/IdentityService.ts';
import type { OperatorServiceDefinition } from './gen/assay/v1/OperatorService.ts';

/** int64 as decimal strings, enums by name, every field present, `oneof` names the field that is set, names in camelCase. */
export const LOADER_OPTIONS = { longs: String, enums: String, defaults: true, oneofs: true, arrays: true } as const;

interface HealthCheck {
  status: string;
}
type HealthMethod<Answer> = MethodDefinition<{ service?: string }, Answer, { service: string }, Answer>;

export interface AssayProto {
  agent: AgentServiceDefinition;
  evaluation: EvaluationServiceDefinition;
  operator: OperatorServiceDefinition;
  identity: IdentityServiceDefinition;
  audit: AuditServiceDefinition;
  health: ServiceDefinition & {
    Check: HealthMethod<HealthCheck>;
    Watch: HealthMethod<HealthCheck>;
    List: HealthMethod<{ statuses: Record<string, HealthCheck> }>;
  };
}

const HEALTH = 'grpc/health/v1/health.proto';
const PROTO_ROOT = fileURLToPath(new URL('../../proto', import.meta.url));
/** A constant that is computed at its first use: parsing takes some 50 ms, and importing must not. */
const loaded: { proto?: AssayProto } = {};

/** The descriptors of everything that a coordinator serves. */
export function assayProto(): AssayProto {
  return (loaded.proto ??= load());
}

function load(): AssayProto {
  const ours = loadProtos('assay');
  return {
    agent: ours['assay.v1.AgentService'] as unknown as AgentServiceDefinition,
    evaluation: ours['assay.v1.EvaluationService'] as unknown as EvaluationServiceDefinition,
    operator: ours['assay.v1.OperatorService'] as unknown as OperatorServiceDefinition,
    identity: ours['assay.v1.IdentityService'] as unknown as IdentityServiceDefinition,
    audit: ours['assay.v1.AuditService'] as unknown as AuditServiceDefinition,
    health: loadProtos('health')['grpc.health.v1.Health'] as unknown as AssayProto['health'],
  };
}

/** Parses .proto files: ours, health, both with the names that stand in them, the details of statuses, or protobuf's own description of such files. */
export function loadProtos(which: 'assay' | 'health' | 'reflected' | 'details' | 'descriptor'): PackageDefinition {
  const ours = ['agent', 'evaluation', 'operator', 'identity', 'audit'].map((name) => `assay/v1/${name}.proto`);
  const read = (files: string | string[], keepCase = false): PackageDefinition =>
    loadSync(files, { ...LOADER_OPTIONS, keepCase, includeDirs: [PROTO_ROOT] });
  switch (which) {
    case 'assay':
      return read(ours);
    case 'health':
      return read(HEALTH);
    case 'reflected':
      return { ...read(HEALTH, true), ...read(ours, true) };
    case 'details':
      return read(['google/rpc/status.proto', 'google/rpc/error_details.proto']);
    case 'descriptor':
      // Comes with the loader. Defaults would set fields that mean something by being there.
      return loadSync('google/protobuf/descriptor.proto', { longs: String, enums: String, arrays: true });
  }
}

/** The full names of our services, as health checks and reflection know them. */
export const SERVICE_NAMES = {
  agent: 'assay.v1.AgentService',
  evaluation: 'assay.v1.EvaluationService',
  operator: 'assay.v1.OperatorService',
  identity: 'assay.v1.IdentityService',
  audit: 'assay.v1.AuditService',
} as const;

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
