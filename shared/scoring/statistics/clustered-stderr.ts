/**
 * The standard error of the mean where values of one cluster resemble each other:
 *
 *   √( C / (C − 1) · Σ over clusters (Σ in the cluster (v − m))² ) / n
 *
 * Miller 2024, arXiv:2411.00640, appendix A, with the correction C / (C − 1) for C clusters. 0 for fewer than two clusters, null for n = 0.
 */
import { byCluster, type ClusterId } from './clusters.ts';
import { mean, sum } from './moments.ts';

export function clusteredStderr(values: readonly number[], ids: readonly (ClusterId | null | undefined)[]): number | null {
  const clusters = byCluster(values, ids);
  const m = mean(values);
  if (m === null) return null;
  const count = clusters.size;
  if (count < 2) return 0;
  const squares = sum(Array.from(clusters.values(), (cluster) => sum(cluster.map((value) => value - m)) ** 2));
  return Math.sqrt((count / (count - 1)) * squares) / values.length;
}
