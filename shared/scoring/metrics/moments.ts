/** Metrics that are a number of the moments alone: `accuracy` and `mean` (the same; the first says that scores are 0 to 1), `std`, `var`. */
import { z } from 'zod';
import type { MetricKind } from './metric.ts';
import { RunningMoments } from './running-moments.ts';

/** What groups can be given as well. */
export const OF_MOMENTS = {
  accuracy: (moments: RunningMoments) => moments.mean,
  mean: (moments: RunningMoments) => moments.mean,
  stderr: (moments: RunningMoments) => moments.stderr,
  std: (moments: RunningMoments) => moments.std,
  var: (moments: RunningMoments) => moments.variance,
};
export type MomentName = keyof typeof OF_MOMENTS;
export const MOMENT_NAMES = Object.keys(OF_MOMENTS) as [MomentName, ...MomentName[]];

const ofMoments = (name: MomentName): MetricKind<object> => ({
  args: z.strictObject({}),
  names: [name],
  create: () => {
    const moments = new RunningMoments();
    return { add: (value) => moments.add(value), result: () => ({ metrics: { [name]: OF_MOMENTS[name](moments) } }) };
  },
});

export const accuracy = ofMoments('accuracy');
export const mean = ofMoments('mean');
export const std = ofMoments('std');
export const variance = ofMoments('var');
