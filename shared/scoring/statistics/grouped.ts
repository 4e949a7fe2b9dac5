/**
 * A metric of each group of values, and one of all: of all samples, or the mean of the groups' (every group then weighs the same, however
 * large it is). As Inspect's `grouped`.
 */
import { byCluster, type ClusterId } from './clusters.ts';
import { mean } from './moments.ts';

export interface Grouped {
  /** In the order of the groups' first values. */
  groups: Map<ClusterId, number | null>;
  all: number | null;
}

export function grouped(
  values: readonly number[],
  groupIds: readonly (ClusterId | null | undefined)[],
  metric: (values: readonly number[]) => number | null,
  all: 'samples' | 'groups' = 'samples',
): Grouped {
  const groups = new Map(Array.from(byCluster(values, groupIds), ([id, members]) => [id, metric(members)]));
  if (all === 'samples') return { groups, all: metric(values) };
  return { groups, all: mean([...groups.values()].filter((value) => value !== null)) };
}
