/** What is said of the store as a whole, between wire and `types.ts`. */
import type { StoreStatus as WireStatus, StoreStatus__Output } from '../rpc/gen/assay/v1/StoreStatus.ts';
import { int64, toInt64 } from './codec-words.ts';
import type { StoreStatus } from './types.ts';

export const storeToWire = (status: StoreStatus): WireStatus => {
  const { policy, lastRemoved, freeBytes, totalBytes, ...counted } = status;
  return {
    measuredAtMs: toInt64(counted.measuredAtMs),
    finished: toInt64(counted.finished),
    finishedBytes: toInt64(counted.finishedBytes),
    kept: toInt64(counted.kept),
    keptBytes: toInt64(counted.keptBytes),
    policy: {
      ...(policy.keepMs === undefined ? {} : { keepMs: toInt64(policy.keepMs) }),
      ...(policy.keepEvaluations === undefined ? {} : { keepEvaluations: toInt64(policy.keepEvaluations) }),
      ...(policy.keepBytes === undefined ? {} : { keepBytes: toInt64(policy.keepBytes) }),
    },
    ...(lastRemoved ? { lastRemoved: { ...lastRemoved, atMs: toInt64(lastRemoved.atMs) } } : {}),
    ...(freeBytes === undefined ? {} : { freeBytes: toInt64(freeBytes) }),
    ...(totalBytes === undefined ? {} : { totalBytes: toInt64(totalBytes) }),
  };
};

export const storeFromWire = (wire: StoreStatus__Output): StoreStatus => ({
  measuredAtMs: int64(wire.measuredAtMs),
  finished: int64(wire.finished),
  finishedBytes: int64(wire.finishedBytes),
  kept: int64(wire.kept),
  keptBytes: int64(wire.keptBytes),
  policy: {
    ...(wire.policy?.keepMs === undefined ? {} : { keepMs: int64(wire.policy.keepMs) }),
    ...(wire.policy?.keepEvaluations === undefined ? {} : { keepEvaluations: int64(wire.policy.keepEvaluations) }),
    ...(wire.policy?.keepBytes === undefined ? {} : { keepBytes: int64(wire.policy.keepBytes) }),
  },
  ...(wire.lastRemoved ? { lastRemoved: { ...wire.lastRemoved, atMs: int64(wire.lastRemoved.atMs) } } : {}),
  ...(wire.freeBytes === undefined ? {} : { freeBytes: int64(wire.freeBytes) }),
  ...(wire.totalBytes === undefined ? {} : { totalBytes: int64(wire.totalBytes) }),
});
