/**
 * Which examples lm-evaluation-harness draws for each sample: one generator, Python's `Random(seed)`, goes through the dataset, and the n-th
 * sample gets the n-th `rnd.sample(docs, k)`.
 */
import { SeededDraws } from './seeded-draws.ts';

export class ShotDraws extends SeededDraws {
  /** Of `pool` examples `count` are drawn, at most as many as there are, in the order in which they were drawn. */
  constructor(seed: number, pool: number, count: number) {
    const places = Array.from({ length: pool }, (_, i) => i);
    super(seed, count, (random) => random.sample(places, count));
  }
}
