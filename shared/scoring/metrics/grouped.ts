/**
 * Metrics of each group of samples, by a field of their metadata, and what the groups add up to: their mean (macro), their mean weighed by
 * size, and its pooled standard error. As Inspect's `grouped` (all: groups, all: samples) and lm-evaluation-harness's groups
 * (`weight_by_size` false and true); formulas in `statistics/group-mean.ts` and `pooled-stderr.ts`. Keeps sums for each group.
 */
import { z } from 'zod';
import { groupMean } from '../statistics/group-mean.ts';
import { pooledStderr } from '../statistics/pooled-stderr.ts';
import type { MetricKind } from './metric.ts';
import { MOMENT_NAMES, OF_MOMENTS } from './moments.ts';
import { RunningMoments } from './running-moments.ts';

const args = z.strictObject({
  group_key: z.string().min(1).max(200).describe('The metadata field whose values are the groups'),
  metrics: z
    .array(z.enum(MOMENT_NAMES))
    .min(1)
    .max(MOMENT_NAMES.length)
    .default(['mean', 'stderr'])
    .describe('What is computed of each group'),
});

export const grouped: MetricKind<z.infer<typeof args>> = {
  args,
  names: [],
  needs: ({ group_key: group }) => ({ group }),
  create: ({ group_key: key, metrics }) => {
    const groups = new Map<string, RunningMoments>();
    return {
      add: (value, labels) => {
        const group = labels[key]!;
        let moments = groups.get(group);
        if (!moments) groups.set(group, (moments = new RunningMoments()));
        moments.add(value);
      },
      result: () => {
        const all = [...groups.values()];
        const means = all.map((moments) => moments.mean);
        const sizes = all.map((moments) => moments.n);
        return {
          groups: {
            key,
            groups: Array.from(groups, ([group, moments]) => ({
              group,
              samples: moments.n,
              metrics: Object.fromEntries(metrics.map((name) => [name, OF_MOMENTS[name](moments)])),
            })),
            macro: groupMean(means, sizes, false)!,
            weighted: groupMean(means, sizes)!,
            pooledStderr: pooledStderr(
              all.map((moments) => moments.stderr),
              sizes,
            )!,
          },
        };
      },
    };
  },
};
