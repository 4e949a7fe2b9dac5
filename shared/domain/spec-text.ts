/** A spec from the text of one file. Every fault is named with file, line and column. */
import { invalid, type Fault } from './errors.ts';
import { readDocument } from './spec-document.ts';
import { firstFaults, readSpec, type EvaluationSpec } from './spec.ts';

/** Throws AppError invalid with every fault, as `gsm8k.yaml:12:5 benchmarks[0].dataset.limit: …`. */
export function parseSpecText(text: string, fileName: string): EvaluationSpec {
  const document = readDocument(text, fileName);
  const read = readSpec(document.value);
  if ('spec' in read) return read.spec;
  const placed = read.faults
    .map((fault) => ({ ...fault, offset: document.offset(fault.path) }))
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ path, place, problem }): Fault => ({ place: `${document.place(path)} ${place}`.trimEnd(), problem }));
  throw invalid('spec', firstFaults(placed));
}
