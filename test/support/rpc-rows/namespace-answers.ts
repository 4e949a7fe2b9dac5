/** What namespaces answer in the tables of methods. */
import type { NamespaceUseCases } from '../../../coordinator/rpc/use-cases.ts';

const namespaceRecord = { namespace: 'team-a', limits: { maxTasks: 5, keepMs: 1000 }, updatedAtMs: 3, updatedBy: 'local' };
const namespaceUsage = { queuedSamples: 7, tasks: 2, contentBytes: 9, costMicroUsd: 4 };
export const namespaces: NamespaceUseCases = {
  list: async () => [namespaceRecord],
  get: async (_by, namespace) => ({ record: { ...namespaceRecord, namespace }, usage: namespaceUsage }),
  set: async (by, namespace, { limits, clear }, before) => {
    await before({ namespace, target: '' });
    return { record: { ...namespaceRecord, namespace, limits, updatedBy: `${by.name} ${clear.join(',')}` }, usage: namespaceUsage };
  },
};
