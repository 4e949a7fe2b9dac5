/** Values that belong together: questions about one text, epochs of one sample. */
import { AppError } from '../../domain/errors.ts';

export type ClusterId = string | number;

/** The values of each cluster, clusters in the order of their first value. Throws AppError invalid for a value without a cluster. */
export function byCluster(values: readonly number[], ids: readonly (ClusterId | null | undefined)[]): Map<ClusterId, number[]> {
  if (ids.length !== values.length) throw new AppError('invalid', `there are ${values.length} values, but ${ids.length} clusters for them`);
  const clusters = new Map<ClusterId, number[]>();
  values.forEach((value, i) => {
    const id = ids[i];
    if (id === null || id === undefined || Number.isNaN(id)) throw new AppError('invalid', `value ${i + 1} has no cluster`);
    const cluster = clusters.get(id);
    if (cluster) cluster.push(value);
    else clusters.set(id, [value]);
  });
  return clusters;
}
