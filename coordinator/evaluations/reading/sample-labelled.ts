/** Units by the metadata of their samples, as groups of scores have it: read from the datasets, a few samples at a time. */
import { groupOfUnit, placeOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import type { Sample } from '../../../shared/domain/sample.ts';
import { labelOf } from '../../../shared/scoring/metrics/label-check.ts';
import type { SampleLines } from './sample-lines.ts';
import type { Labelled } from './sample-scan.ts';

/** Samples read at a time: their lines may be long. */
const BATCH = 64;

/** wanted: by fields, all of them. */
export function labelledBy(
  lines: Pick<SampleLines, 'samples'>,
  manifest: Manifest,
  wanted: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Labelled {
  const conditions = Object.entries(wanted);
  const fits = ({ metadata }: Sample): boolean => conditions.every(([field, value]) => labelOf(metadata, field) === value);
  return async (units) => {
    const found = new Set<number>();
    let [samples, bytes] = [0, 0];
    for (let at = 0; at < units.length && !signal?.aborted;) {
      const group = groupOfUnit(manifest.groups, units[at]!);
      const { sample: first } = placeOf(group, units[at]!);
      const near = units.slice(at).findIndex((unit) => !isNear(group, unit, first));
      const batch = units.slice(at, near < 0 ? units.length : at + near);
      at += batch.length;
      const count = placeOf(group, batch.at(-1)!).sample - first + 1;
      const read = await lines.samples(manifest, group, first, count);
      samples += read.length;
      for (const one of read) bytes += one.bytes;
      for (const unit of batch) if (fits(read[placeOf(group, unit).sample - first]!.sample)) found.add(unit);
    }
    return { units: found, samples, bytes };
  };
}

const isNear = (group: Group, unit: number, first: number): boolean => {
  const { sample } = placeOf(group, unit);
  return sample < group.samples && sample < first + BATCH;
};
