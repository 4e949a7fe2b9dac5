/** What published vectors ask of scorers, `assay score` answers as the library does (`vectors.test.ts` compares that with what is published). */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import type { ScoredSample, Verdict } from '../../../shared/scoring/index.ts';
import { runCommandIn } from '../../support/run-command.ts';
import { ADAPTERS as CHOICE } from '../shared/scoring/vectors/choice.ts';
import { ADAPTERS as OVERLAP } from '../shared/scoring/vectors/overlap.ts';
import { ADAPTERS as STATISTICS } from '../shared/scoring/vectors/statistics.ts';
import { ADAPTERS as TEXT } from '../shared/scoring/vectors/text.ts';
import type { Adapters, Vector } from '../shared/scoring/vectors/vector.ts';

const VECTORS = new URL('../../../../shared/data/vectors.json', import.meta.url);
const ADAPTERS: Adapters = { ...CHOICE, ...TEXT, ...OVERLAP, ...STATISTICS };

interface Call {
  spec: { name: string; args: Record<string, unknown> };
  output: string;
  target: readonly string[];
  sample: ScoredSample | undefined;
  verdict: Verdict;
}

const { calls } = vi.hoisted(() => ({ calls: [] as Call[] }));
vi.mock(import('../../../shared/scoring/index.ts'), async (original) => {
  const real = await original();
  return {
    ...real,
    createScorer: (spec) => {
      const scorer = real.createScorer(spec);
      return (output, target, sample) => {
        const verdict = scorer(output, target, sample);
        calls.push({ spec, output, target, sample, verdict });
        return verdict;
      };
    },
  };
});

test.skipIf(!existsSync(VECTORS))('the same verdicts (skipped where ../shared/data/vectors.json is absent)', async () => {
  const vectors = (JSON.parse(readFileSync(VECTORS, 'utf8')) as Vector[]).filter(({ params }) => params?.['anti_pattern'] !== true);
  for (const vector of vectors) ADAPTERS[(vector.scorer ?? vector.metric)!]?.(vector);
  const lines = calls.filter(({ target }) => target.length > 0);
  for (const { spec, output, target, sample, verdict } of lines) {
    const args = ['score', '-', '--scorer', spec.name, '--args', JSON.stringify(spec.args)];
    const { code, stdout, stderr } = await runCommandIn('.', args, { input: JSON.stringify({ output, target, ...sample }) });
    expect({ spec, output, code, stderr }).toMatchObject({ code: 0, stderr: '' });
    expect([spec, output, JSON.parse(stdout)]).toEqual([spec, output, JSON.parse(JSON.stringify(verdict))]);
  }
  console.log(JSON.stringify({ 'assay score': `${lines.length}/${calls.length}` }));
  expect(lines.length).toBeGreaterThan(150);
});
