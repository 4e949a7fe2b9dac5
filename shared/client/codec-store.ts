/** What is said of the store as a whole, between wire and `types.ts`. */
import type { StoreStatus as WireStatus, StoreStatus__Output } from '../rpc/gen/assay/v1/StoreStatus.ts';
import type { CollectGarbageResponse, CollectGarbageResponse__Output } from '../rpc/gen/assay/v1/CollectGarbageResponse.ts';
import { int64, toInt64 } from './codec-words.ts';
import { COLLECTED_KINDS, type Collection, type StoreStatus } from './types.ts';

export const storeToWire = (status: StoreStatus): WireStatus => {
  const { policy, lastRemoved, lastCollection, freeBytes, totalBytes, contents, contentBytes, kind, place, ...counted } = status;
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
    ...(kind === undefined ? {} : { kind }),
    ...(place === undefined ? {} : { place }),
    ...(freeBytes === undefined ? {} : { freeBytes: toInt64(freeBytes) }),
    ...(totalBytes === undefined ? {} : { totalBytes: toInt64(totalBytes) }),
    ...(contents === undefined ? {} : { contents: toInt64(contents) }),
    ...(contentBytes === undefined ? {} : { contentBytes: toInt64(contentBytes) }),
    ...(lastCollection
      ? {
          lastCollection: {
            atMs: toInt64(lastCollection.atMs),
            count: toInt64(lastCollection.count),
            bytes: toInt64(lastCollection.bytes),
          },
        }
      : {}),
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
  ...(wire.kind === '' ? {} : { kind: wire.kind }),
  ...(wire.place === '' ? {} : { place: wire.place }),
  ...(wire.freeBytes === undefined ? {} : { freeBytes: int64(wire.freeBytes) }),
  ...(wire.totalBytes === undefined ? {} : { totalBytes: int64(wire.totalBytes) }),
  ...(wire.contents === undefined ? {} : { contents: int64(wire.contents) }),
  ...(wire.contentBytes === undefined ? {} : { contentBytes: int64(wire.contentBytes) }),
  ...(wire.lastCollection
    ? {
        lastCollection: {
          atMs: int64(wire.lastCollection.atMs),
          count: int64(wire.lastCollection.count),
          bytes: int64(wire.lastCollection.bytes),
        },
      }
    : {}),
});

export const collectionToWire = ({ collected, contents, contentBytes }: Collection, done: boolean): CollectGarbageResponse => ({
  collected: collected.map(({ kind, count, bytes }) => ({ kind, count: toInt64(count), bytes: toInt64(bytes) })),
  contents: toInt64(contents),
  contentBytes: toInt64(contentBytes),
  done,
});

/** Kinds that this client is too old to know are passed over. */
export const collectionFromWire = (wire: CollectGarbageResponse__Output): Collection => ({
  collected: wire.collected.flatMap(({ kind, count, bytes }) => {
    const known = COLLECTED_KINDS.find((name) => name === kind);
    return known ? [{ kind: known, count: int64(count), bytes: int64(bytes) }] : [];
  }),
  contents: int64(wire.contents),
  contentBytes: int64(wire.contentBytes),
});
