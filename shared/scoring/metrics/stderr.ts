/**
 * The standard error of the mean (`running-moments.ts`); with `cluster`, a field of the samples' metadata, the clustered one
 * (`running-clusters.ts`). As Inspect's `stderr`.
 */
import { z } from 'zod';
import { clusterArg } from './arguments.ts';
import type { MetricKind } from './metric.ts';
import { RunningClusters } from './running-clusters.ts';
import { RunningMoments } from './running-moments.ts';

const args = z.strictObject({ cluster: clusterArg });

export const stderr: MetricKind<z.infer<typeof args>> = {
  args,
  names: ['stderr'],
  needs: ({ cluster }) => ({ cluster }),
  create: ({ cluster }) => {
    const moments = new RunningMoments();
    const clusters = new RunningClusters();
    return {
      add: (value, labels) => (cluster === undefined ? moments.add(value) : clusters.add(value, labels[cluster]!)),
      result: () => ({ metrics: { stderr: cluster === undefined ? moments.stderr : clusters.stderr } }),
    };
  },
};
