import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { indexDataset } from '../../../../coordinator/evaluations/dataset.ts';
import { parseSpecText } from '../../../../shared/domain/spec-text.ts';

const EXAMPLES = new URL('../../../../examples/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, EXAMPLES), 'utf8');

describe('examples', () => {
  it('arithmetic.yaml and its dataset are valid', async () => {
    const spec = parseSpecText(read('arithmetic.yaml'), 'arithmetic.yaml');
    const indexed = await indexDataset({
      stream: createReadStream(new URL('arithmetic.jsonl', EXAMPLES)),
      benchmark: spec.benchmarks[0]!,
      maxFaults: 20,
    });
    expect(indexed.samples).toBe(100);
  });

  it('gsm8k.yaml is valid', () => {
    expect(parseSpecText(read('gsm8k.yaml'), 'gsm8k.yaml').benchmarks[0]!.dataset.limit).toBe(200);
  });

  it('the spec in docs/spec.md is valid', () => {
    const manual = readFileSync(new URL('../docs/spec.md', EXAMPLES), 'utf8');
    expect(parseSpecText(/```yaml\n(name: [\s\S]*?)```/.exec(manual)![1]!, 'spec.md').name).toBe('gsm8k');
  });
});
