import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FaultList } from '../../../../coordinator/datasets/fault-list.ts';
import { FORMATS } from '../../../../coordinator/datasets/formats.ts';
import { indexDataset } from '../../../../coordinator/evaluations/intake/dataset.ts';
import { datasetSource, formatOf } from '../../../../shared/domain/dataset-uri.ts';
import { composeSpec, type SpecSource } from '../../../../shared/domain/spec-compose.ts';
import { warningsOf } from '../../../../shared/domain/spec-warnings.ts';
import { compileBenchmark } from '../../../../shared/domain/sample.ts';
import type { DatasetSpec, EvaluationSpec } from '../../../../shared/domain/spec.ts';

const EXAMPLES = new URL('../../../../examples/', import.meta.url);
const source = (name: string): SpecSource => ({ name, text: readFileSync(new URL(name, EXAMPLES), 'utf8') });
const compose = (name: string): Promise<EvaluationSpec> => composeSpec(source(name), { load: (base) => Promise.resolve(source(base)) });

/** The dataset as the coordinator makes JSONL of it. */
function jsonlOf(dataset: DatasetSpec): AsyncIterable<Uint8Array> {
  const from = datasetSource(dataset);
  const bytes =
    from.kind === 'inline' ? [Buffer.from(from.text)] : createReadStream(new URL(from.kind === 'file' ? from.path : '', EXAMPLES));
  const stream = (async function* (): AsyncGenerator<Uint8Array> {
    yield* bytes as AsyncIterable<Uint8Array>;
  })();
  return FORMATS[formatOf(dataset).format].toJsonl?.(stream, new FaultList('example', 20)) ?? stream;
}

describe('examples', () => {
  it.each([
    ['arithmetic.yaml', [100]],
    ['quick.yaml', [100]],
    ['few-shot.yaml', [20]],
    ['capitals.yaml', [12]],
    ['science.yaml', [9]],
    ['suite.yaml', [25, 12, 3]],
    ['humaneval.yaml', [5]],
    ['judged.yaml', [3]],
  ])('%s and its datasets are valid', async (name, samples) => {
    const spec = await compose(name);
    expect(warningsOf(spec)).toEqual([]);
    const indexed = spec.benchmarks.map((benchmark) => indexDataset({ stream: jsonlOf(benchmark.dataset), benchmark, maxFaults: 20 }));
    expect((await Promise.all(indexed)).map((one) => one.samples)).toEqual(samples);
  });

  it('science.yaml finds the right choice by its label, a letter or a number', async () => {
    const { map } = compileBenchmark((await compose('science.yaml')).benchmarks[0]!);
    const lines = readFileSync(new URL('science.jsonl', EXAMPLES), 'utf8').trim().split('\n');
    const right = [0, lines.length - 1].map((i) => {
      const { choices, target } = map(lines[i]!, i + 1);
      return choices![Number(target[0])];
    });
    expect(right).toEqual(['the roots', 'copper']);
  });

  it.each([
    ['gsm8k.yaml', 1, 200],
    ['gsm8k-lm-eval.yaml', 1, 200],
    ['gsm8k-inspect.yaml', 1, 200],
    ['mmlu.yaml', 1, 500],
    ['mmlu-lm-eval.yaml', 57, undefined],
    ['bbh.yaml', 27, undefined],
  ])('%s is valid', async (name, benchmarks, limit) => {
    const spec = await compose(name);
    expect(warningsOf(spec)).toEqual([]);
    expect(spec.benchmarks).toHaveLength(benchmarks);
    expect(spec.benchmarks[0]!.dataset.limit).toBe(limit);
  });
});
