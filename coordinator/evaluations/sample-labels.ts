/** What the metadata of an evaluation's samples says for the fields that its metrics name, read from the store in sample order. */
import { AppError } from '../../shared/domain/errors.ts';
import { datasetDigestOf, type Group, type Manifest } from '../../shared/domain/manifest.ts';
import { compileBenchmark } from '../../shared/domain/sample.ts';
import { metadataOf, metricOf } from '../../shared/scoring/metrics/registry.ts';
import type { Labels } from '../../shared/scoring/metrics/metric.ts';
import { labelOf } from '../../shared/scoring/metrics/label-check.ts';
import { SampleReader, type RangeReader } from './sample-reader.ts';

const BATCH = 256;
const NONE: Labels = {};

/** The labels of a group's sample, from 0. Asked for in rising order: it holds the labels of one batch. */
export type LabelsOf = (sample: number) => Promise<Labels>;

/** Reads no dataset where no metric needs it. */
export function labelsOf(source: RangeReader, manifest: Manifest, group: Group): LabelsOf {
  const benchmark = manifest.spec.benchmarks[group.benchmarkIndex]!;
  const fields = metadataOf(benchmark.metrics.map(metricOf));
  if (fields.length === 0) return () => Promise.resolve(NONE);
  const reader = new SampleReader(source);
  const { map } = compileBenchmark(benchmark);
  const index = manifest.sampleIndexes[group.benchmarkIndex]!;
  const dataset = datasetDigestOf(manifest, group.benchmarkIndex);
  let [first, batch] = [0, [] as Labels[]];
  return async (sample) => {
    if (sample < first || sample >= first + batch.length) {
      first = sample;
      const lines = await reader.lines(index, dataset, sample, Math.min(BATCH, group.samples - sample));
      batch = lines.map(({ line, ordinal }) => {
        const { metadata } = map(line, ordinal);
        return Object.fromEntries(fields.map((field) => [field, labelOf(metadata, field) ?? missing(field, ordinal)]));
      });
    }
    return batch[sample - first]!;
  };
}

function missing(field: string, ordinal: number): never {
  throw new AppError('internal', `sample ${ordinal} of the dataset has no metadata ${field}, which it had when it was accepted`);
}
