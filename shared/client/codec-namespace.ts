/** Namespaces between the wire and the client library's types. */
import { NAMESPACE_LIMITS, type NamespaceLimits } from '../domain/namespace-limits.ts';
import type { Namespace as NamespaceWire, Namespace__Output } from '../rpc/gen/assay/v1/Namespace.ts';
import type { NamespaceLimits as LimitsWire } from '../rpc/gen/assay/v1/NamespaceLimits.ts';
import type { NamespaceInfo, NamespaceUsage } from './identity-types.ts';

/** As the coordinator keeps it. */
interface KeptNamespace {
  namespace: string;
  limits: NamespaceLimits;
  updatedAtMs: number;
  updatedBy: string;
}

export function limitsToWire(limits: NamespaceLimits): LimitsWire {
  const wire: LimitsWire = {};
  for (const { name } of NAMESPACE_LIMITS) if (limits[name] !== undefined) wire[name] = limits[name];
  return wire;
}

export const namespaceToWire = ({ namespace, limits, updatedAtMs, updatedBy }: KeptNamespace, usage?: NamespaceUsage): NamespaceWire => ({
  ...{ name: namespace, limits: limitsToWire(limits), updatedAtMs, updatedBy },
  ...(usage && { usage }),
});

export function namespaceFromWire(wire: Namespace__Output | null): NamespaceInfo {
  const { name, limits: given, usage, updatedAtMs, updatedBy } = wire!;
  const limits: NamespaceLimits = {};
  for (const limit of NAMESPACE_LIMITS) {
    const value = given?.[limit.name];
    if (value !== undefined && value !== null) limits[limit.name] = Number(value);
  }
  return {
    ...{ name, limits, updatedAtMs: Number(updatedAtMs), updatedBy },
    ...(usage && {
      usage: {
        ...{ queuedSamples: Number(usage.queuedSamples), tasks: Number(usage.tasks), contentBytes: Number(usage.contentBytes) },
        costMicroUsd: Number(usage.costMicroUsd),
      },
    }),
  };
}
