/**
 * GSM8K's 4 × 1,319 recorded completions, which lie beside the project and not in it: by Inspect's `match` against the published verdicts,
 * and by lm-evaluation-harness's two filters against the same in JavaScript's own regular expressions. Absent: skipped, and says so.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { scorersOf } from '../../../../shared/domain/spec-scorers.ts';
import { parseSpecText } from '../../../../shared/domain/spec-text.ts';
import { createChain } from '../../../../shared/scoring/filters/registry.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';

const GSM8K = new URL('../../../../../shared/data/gsm8k/', import.meta.url);
const EXAMPLE = new URL('../../../../examples/gsm8k-lm-eval.yaml', import.meta.url);

const RESULTS = join(import.meta.dirname, '../../../../test-results');

interface Recorded {
  model: string;
  /** From 1. */
  sample: number;
  completion: string;
  /** The published verdict. */
  is_correct: boolean;
  /** As the dataset has it: the reasoning, then #### and the number. */
  answer: string;
}

const linesOf = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

function recordedOf(folder: URL): Recorded[] {
  const tests = linesOf<{ question: string; answer: string }>(readFileSync(new URL('test.jsonl', folder), 'utf8'));
  const answers = new Map(tests.map(({ question, answer }, i) => [question, { answer, sample: i + 1 }]));
  const records = linesOf<Recorded & { key: string }>(gunzipSync(readFileSync(new URL('recorded.jsonl.gz', folder))).toString());
  return records.map((record) => ({ ...record, ...answers.get(record.key)! }));
}

const numberOf = (answer: string): string => answer.split('#### ')[1]!;

/** What lm-evaluation-harness does, told a second time. */
const INDEPENDENT: Readonly<Record<string, (completion: string) => string>> = {
  'strict-match': (text) => /#### (-?[0-9.,]+)/.exec(text)?.[1]?.trim() ?? '[invalid]',
  'flexible-extract': (text) => {
    const last = [...text.matchAll(/(-?[$0-9.,]{2,})|(-?[0-9]+)/g)].at(-1);
    return (last?.[1] || last?.[2])?.trim() ?? '[invalid]';
  },
};
const clean = (text: string): string =>
  text
    .replaceAll(',', '')
    .replaceAll('$', '')
    .replace(/[^]*#### /, '')
    .replace(/\.$/, '')
    .toLowerCase();
const isRight = (filter: string, { completion, answer }: Recorded): boolean => clean(INDEPENDENT[filter]!(completion)) === clean(answer);

describe.skipIf(!existsSync(GSM8K))('recorded GSM8K completions (skipped where ../shared/data/gsm8k is absent)', () => {
  const recorded = existsSync(GSM8K) ? recordedOf(GSM8K) : [];
  const numeric = createScorer({ name: 'match', args: { numeric: true } });
  const matches = ({ completion, answer }: Recorded): boolean => numeric(completion, [numberOf(answer)]).value === 'C';

  it('match numeric gives the published verdict for each', () => {
    const correct: Record<string, number> = {};
    for (const record of recorded) correct[record.model] = (correct[record.model] ?? 0) + Number(matches(record));
    expect(recorded.filter((record) => matches(record) !== record.is_correct)).toEqual([]);
    expect(correct).toEqual({ '6b_finetuning': 286, '175b_finetuning': 458, '6b_verification': 515, '175b_verification': 742 });
  });

  /** By the name that the example's scorers have in results. */
  const scorers = new Map(
    scorersOf(parseSpecText(readFileSync(EXAMPLE, 'utf8'), 'gsm8k-lm-eval.yaml').benchmarks[0]!).map(({ id, filters, ...scorer }) => {
      const [chain, score] = [createChain(filters), createScorer(scorer)];
      return [id.replace('exact_match,', ''), ({ completion, answer }: Recorded) => score(chain([completion])[0]!, [answer]).value === 1];
    }),
  );

  // The recorded ones end in "A: 26"; after examples of the dataset a model ends in "#### 26".
  const asExamples = recorded.map((record) => ({ ...record, completion: record.completion.replace(/^A: /m, '#### ') }));
  it.each([
    ['as they are', recorded],
    ['with #### before the answer', asExamples],
  ])("lm-eval's two filters give what an independent computation gives, %s", (form, records) => {
    const counts: Record<string, Record<string, number>> = {};
    const differing: unknown[] = [];
    /** Samples that the three do not judge alike. */
    const lines: string[] = [];
    const apart = { 'strict/flexible': 0, 'strict/match': 0, 'flexible/match': 0 };
    for (const record of records) {
      const own = (counts[record.model] ??= { 'strict-match': 0, 'flexible-extract': 0, match: 0 });
      const [strict, flexible] = ['strict-match', 'flexible-extract'].map((filter) => {
        const right = scorers.get(filter)!(record);
        own[filter]! += Number(right);
        if (right !== isRight(filter, record)) differing.push({ filter, ...record });
        return right;
      });
      const match = matches(record);
      own['match']! += Number(match);
      if (strict !== flexible || flexible !== match) {
        const { model, sample, completion, answer } = record;
        lines.push(JSON.stringify({ form, model, sample, strict, flexible, match, target: numberOf(answer), end: completion.slice(-80) }));
      }
      apart['strict/flexible'] += Number(strict !== flexible);
      apart['strict/match'] += Number(strict !== match);
      apart['flexible/match'] += Number(flexible !== match);
    }
    const list = join(RESULTS, `gsm8k-${form.split(' ')[0]}.jsonl`);
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(list, lines.map((line) => `${line}\n`).join(''));
    console.log(JSON.stringify({ gsm8k: form, correct: counts, apart, differing: lines.length, list: relative(process.cwd(), list) }));
    expect(differing).toEqual([]);
    expect(records).toHaveLength(5276);
  });
});
