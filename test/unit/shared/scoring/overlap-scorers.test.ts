import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricFold } from '../../../../shared/scoring/metrics.ts';
import { reducerOf } from '../../../../shared/scoring/reducers.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { bleuCorpus } from '../../../../shared/scoring/text/bleu.ts';
import { CHRF2, chrfCorpus } from '../../../../shared/scoring/text/chrf.ts';
import { addStatistics, corpusValue, MAX_CHARS } from '../../../../shared/scoring/text/corpus.ts';
import { EditTable } from '../../../../shared/scoring/text/edit-table.ts';
import { tokenize13a, tokenizeTercom } from '../../../../shared/scoring/text/mt-tokenizers.ts';
import { commonNgrams } from '../../../../shared/scoring/text/ngrams.ts';
import { porterStem } from '../../../../shared/scoring/text/porter.ts';
import { rougeCorpus, rougeWords } from '../../../../shared/scoring/text/rouge.ts';
import { editsWithShifts } from '../../../../shared/scoring/text/ter-edits.ts';
import { terCorpus } from '../../../../shared/scoring/text/ter.ts';

const number = (name: string, args: Record<string, unknown>, output: string, ...targets: string[]): number =>
  createScorer({ name, args })(output, targets).value as number;

/** Few words, so that texts overlap. */
const wordList = fc.array(fc.constantFrom('a', 'b', 'c', 'dog', 'cat'), { maxLength: 12 });
const sentence = wordList.map((words) => words.join(' '));
const someSentence = fc
  .array(fc.constantFrom('a', 'b', 'c', 'dog', 'cat'), { minLength: 1, maxLength: 12 })
  .map((words) => words.join(' '));

describe('metrics of a corpus', () => {
  it('are those of all answers together, and not the mean', () => {
    const samples = fc.array(fc.tuple(sentence, someSentence, fc.nat(2)), { minLength: 1, maxLength: 8 });
    const corpora = { bleu: bleuCorpus(), chrf: chrfCorpus({ ...CHRF2, beta: 1 }), ter: terCorpus() };
    fc.assert(
      fc.property(samples, (all) => {
        for (const [name, corpus] of Object.entries(corpora)) {
          const fold = new MetricFold([name, 'mean'], reducerOf('mean'));
          const scorer = createScorer({ name, args: name === 'chrf' ? { beta: 1 } : {} });
          all.forEach(([output, target, more], i) => {
            for (let epoch = 0; epoch <= more; epoch++) {
              const verdict = scorer(output, [target]);
              fold.add(i, verdict.value as number, {}, undefined, { corpus: verdict.corpus });
            }
          });
          const answers = all.flatMap(([output, target, more]) => Array.from({ length: more + 1 }, () => ({ output, targets: [target] })));
          expect(fold.result()).toEqual({ [name]: corpusValue(corpus, answers), mean: expect.any(Number) });
        }
      }),
    );
  });

  it("are none of other scores, nor of NLTK's BLEU", () => {
    const fold = new MetricFold(['bleu', 'ter']);
    const verdict = createScorer({ name: 'bleu', args: { weights: [1] } })('a', ['a']);
    expect(verdict.corpus).toBeUndefined();
    fold.add(0, 1, {}, undefined, createScorer({ name: 'chrf', args: {} })('a', ['a']) as object);
    expect(fold.result()).toEqual({ bleu: null, ter: null });
  });
});

describe('bleu', () => {
  it('is the geometric mean of the precisions', () => {
    // 5/6, 3/5, 2/4, 1/3, and as long as the target.
    expect(number('bleu', {}, 'the cat sat on the mat', 'the cat sat on a mat')).toBeCloseTo(100 * (1 / 12) ** 0.25, 9);
    // 2/4, then nothing: 1/(2 · 3), 1/(4 · 2), 1/(8 · 1).
    expect(number('bleu', {}, 'a b c d', 'a x c y')).toBeCloseTo(100 * (0.5 / 6 / 8 / 8) ** 0.25, 9);
    expect(number('bleu', {}, 'a b', 'c d')).toBe(0);
    expect(number('bleu', {}, '', 'c d')).toBe(0);
  });

  it('judges a short sentence by the orders it has, a corpus by all four', () => {
    expect(number('bleu', {}, 'a b', 'a b')).toBeCloseTo(100, 9);
    expect(corpusValue(bleuCorpus(), [{ output: 'a b', targets: ['a b'] }])).toBe(0);
    expect(corpusValue(bleuCorpus(), [])).toBeNull();
  });

  it('takes the nearest length of several references, and n-grams of all of them', () => {
    expect(number('bleu', {}, 'a b c d', 'a b', 'c d x y z')).toBeCloseTo(100 * Math.exp(1 - 5 / 4) * (2 / 3 / 4 / 4) ** 0.25, 9);
    // The shorter of two that are equally near: no penalty.
    expect(number('bleu', { weights: [1] }, 'a b c', 'a b', 'b c d e')).toBe(1);
    expect(number('bleu', { weights: [1] }, 'a b', '', 'a b c d')).toBeCloseTo(Math.exp(-1), 12);
  });

  it("with weights is NLTK's", () => {
    // The famous example: clipped to the two that the target has.
    expect(number('bleu', { weights: [1] }, 'the the the the the the the', 'the cat is on the mat')).toBeCloseTo(2 / 7, 12);
    expect(number('bleu', { weights: [0.5, 0.5] }, 'a b c', 'a b d')).toBeCloseTo(Math.sqrt((2 / 3) * (1 / 2)), 12);
    expect(number('bleu', { weights: [0.5, 0.5] }, 'a b', 'b a')).toBeCloseTo(Math.sqrt(2 ** -1022), 160);
  });

  it("gives the value of sacrebleu's manual", () => {
    const samples = [
      { output: 'The dog bit the man.', targets: ['The dog bit the man.', 'The dog had bit the man.'] },
      { output: "It wasn't surprising.", targets: ['It was not unexpected.', 'No one was surprised.'] },
      { output: 'The man had just bitten him.', targets: ['The man bit him first.', 'The man had bitten the dog.'] },
    ];
    expect(corpusValue(bleuCorpus(), samples)).toBeCloseTo(48.530827, 6);
    expect(corpusValue(bleuCorpus({ tokenize: 'none', lowercase: false }), samples)).toBeCloseTo(49.1919566, 6);
  });

  it.each([
    ['Hello, world (again).', 'Hello , world ( again ) .'],
    ['1,000.5 a.b 3-4 x-y', '1,000.5 a . b 3 - 4 x-y'],
    ['&quot;a&quot; &amp;lt; <skipped>b', '" a " < b'],
    ['re-\ndo\nit-', 'redo it-'],
    ['😀. é,', '😀 . é ,'],
  ])('13a cuts %j into %j', (text, expected) => {
    expect(tokenize13a(text)).toEqual(expected.split(' '));
  });

  it('counts n-grams as a table of texts would', () => {
    fc.assert(
      fc.property(wordList, fc.array(wordList, { minLength: 1, maxLength: 3 }), (output, references) => {
        const grams = (words: string[], n: number): string[] => words.slice(n - 1).map((_, i) => words.slice(i, i + n).join(' '));
        const count = (list: string[], gram: string): number => list.filter((one) => one === gram).length;
        const expected = [1, 2, 3, 4].map((n) => {
          const own = grams(output, n);
          const most = (gram: string): number => Math.max(...references.map((words) => count(grams(words, n), gram)));
          return [...new Set(own)].reduce((sum, gram) => sum + Math.min(count(own, gram), most(gram)), 0);
        });
        expect(commonNgrams(output, references, 4)).toEqual(expected);
      }),
    );
  });
});

describe('chrf', () => {
  it('is the F2 of the mean precision and recall', () => {
    // P = (1 + 1)/2, R = (2/3 + 1/2)/2; of 3-grams the output has none.
    expect(number('chrf', {}, 'ab', 'abc')).toBeCloseTo((100 * 7) / 11, 9);
    expect(number('chrf', { beta: 3 }, 'aa', 'ab')).toBe(25);
    expect(number('chrf', {}, 'a b\u3000c', 'abc')).toBe(100);
    expect(number('chrf', { whitespace: true }, 'a b', 'ab')).toBeLessThan(100);
    expect(number('chrf', { lowercase: true }, 'ÄB', 'äb')).toBe(100);
    expect(number('chrf', {}, '😀', '😁')).toBe(0);
    expect(number('chrf', {}, '', '')).toBe(0);
  });

  it('takes the best of several targets', () => {
    expect(number('chrf', {}, 'abc', 'xyz', 'abc')).toBe(100);
  });

  it('is symmetric where precision and recall count the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(number('chrf', { beta: 1 }, a, b)).toBeCloseTo(number('chrf', { beta: 1 }, b, a), 9);
      }),
    );
  });
});

describe('ter', () => {
  it.each([
    ['a b c d', 'a b c d', 0],
    ['c d a b', 'a b c d', 25],
    ['d e f g h a b c', 'a b c d e f g h', 12.5],
    ['x y z', 'a b c', 100],
    ['', 'a', 100],
    ['a b c', 'a', 200],
    ['', '', 0],
    ['a', ' ', 100],
    ['A B', 'a b', 0],
  ])('%j against %j: %d', (output, target, expected) => {
    expect(number('ter', {}, output, target)).toBe(expected);
  });

  it('takes the least edits and the mean length of several targets', () => {
    expect(number('ter', {}, 'a b', 'a b c d', 'a x')).toBeCloseTo(100 / 3, 9);
  });

  it('cuts words as Tercom does', () => {
    const options = { normalized: false, no_punct: false, case_sensitive: false };
    expect(tokenizeTercom('A B c.', options)).toEqual(['a', 'b', 'c.']);
    expect(tokenizeTercom("Ann's (4.2) car.", { ...options, normalized: true })).toEqual(['ann', "'s", '(', '4.2', ')', 'car', '.']);
    expect(tokenizeTercom('A ; B ) C : D.', { ...options, no_punct: true })).toEqual(['a', 'b', 'c', 'd']);
    expect(tokenizeTercom('A', { ...options, case_sensitive: true })).toEqual(['A']);
  });

  it('fills its table as the plain edit distance has it', () => {
    const code = (words: string[]): Int32Array => Int32Array.from(words, (word) => word.length * 100 + word.charCodeAt(0));
    fc.assert(
      fc.property(wordList, wordList, (a, b) => {
        const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : i)));
        for (let i = 1; i <= a.length; i++)
          for (let j = 1; j <= b.length; j++)
            table[i]![j] = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, table[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
        const distance = table[a.length]![b.length]!;
        expect(new EditTable(code(a), code(b)).distance).toBe(distance);
        expect(editsWithShifts(a, b)).toBeLessThanOrEqual(distance);
        expect(editsWithShifts(a, b)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});

describe('rouge', () => {
  it.each([
    ['rouge1', 'precision', 1],
    ['rouge1', 'recall', 2 / 3],
    ['rouge1', 'fmeasure', 4 / 5],
    ['rouge2', 'precision', 0],
    ['rouge2', 'recall', 0],
    ['rouge2', 'fmeasure', 0],
    ['rougeL', 'precision', 1],
    ['rougeL', 'recall', 2 / 3],
    ['rougeL', 'fmeasure', 4 / 5],
  ])('%s %s', (type, measure, expected) => {
    expect(number('rouge', { type, measure }, 'Testing, two!', 'testing one two')).toBeCloseTo(expected, 12);
  });

  it('counts the order of words, repeated words, and no others than a–z and 0–9', () => {
    expect(number('rouge', {}, 'b a', 'a b')).toBe(0.5);
    expect(number('rouge', { type: 'rouge1' }, 'b a', 'a b')).toBe(1);
    expect(number('rouge', { type: 'rouge1', measure: 'precision' }, 'a a a a', 'a a b')).toBe(0.5);
    expect(rougeWords('Naïve café №5, x_y', false)).toEqual(['na', 've', 'caf', '5', 'x', 'y']);
    expect(number('rouge', {}, 'é', 'é')).toBe(0);
  });

  it('takes the target with the best fmeasure, whatever the measure', () => {
    expect(number('rouge', { measure: 'recall' }, 'a b c d', 'a', 'a b c')).toBe(1);
    expect(number('rouge', { measure: 'precision' }, 'a b', 'a b c', 'a b d e f')).toBe(1);
    expect(number('rouge', { measure: 'recall', type: 'rouge1' }, 'a b c d', 'a', 'a b c x')).toBe(0.75);
  });

  it('stems words of more than three letters', () => {
    expect(rougeWords('The runners were running, dies, spied', true)).toEqual(['the', 'runner', 'were', 'run', 'die', 'spi']);
    expect(number('rouge', { use_stemmer: true }, 'jumping foxes', 'jumped fox')).toBe(1);
  });

  it.each(
    Object.entries({
      caresses: 'caress',
      ponies: 'poni',
      ties: 'tie',
      cats: 'cat',
      feed: 'feed',
      agreed: 'agre',
      plastered: 'plaster',
      bled: 'bled',
      motoring: 'motor',
      sing: 'sing',
      conflated: 'conflat',
      troubled: 'troubl',
      sized: 'size',
      hopping: 'hop',
      falling: 'fall',
      hissing: 'hiss',
      filing: 'file',
      happy: 'happi',
      enjoy: 'enjoy',
      fly: 'fli',
      relational: 'relat',
      radically: 'radic',
      hopefully: 'hope',
      archaeology: 'archaeolog',
      geology: 'geolog',
      formality: 'formal',
      electrical: 'electr',
      goodness: 'good',
      adoption: 'adopt',
      onion: 'onion',
      rate: 'rate',
      cease: 'ceas',
      controlling: 'control',
      roll: 'roll',
      skies: 'sky',
      dying: 'die',
      by: 'by',
    }),
  )('stem of %s: %s', (word, stem) => {
    expect(porterStem(word)).toBe(stem);
  });

  it('has an fmeasure that is symmetric, and a precision that is the recall of the other way', () => {
    fc.assert(
      fc.property(sentence, sentence, fc.constantFrom('rouge1', 'rouge2', 'rougeL'), (a, b, type) => {
        expect(number('rouge', { type }, a, b)).toBeCloseTo(number('rouge', { type }, b, a), 12);
        expect(number('rouge', { type, measure: 'precision' }, a, b)).toBe(number('rouge', { type, measure: 'recall' }, b, a));
      }),
    );
  });
});

describe('corpus metrics', () => {
  const RANGES: [string, Record<string, unknown>, number, number][] = [
    ['bleu', {}, 100, 100],
    ['bleu', { weights: [0.5, 0.5] }, 1, 1],
    ['chrf', {}, 100, 100],
    ['ter', {}, 0, Infinity],
    ['rouge', { type: 'rouge1', use_stemmer: true }, 1, 1],
    ['rouge', {}, 1, 1],
  ];

  it.each(RANGES)('%s %j gives identical texts the best value, and others no better one', (name, args, best, most) => {
    fc.assert(
      fc.property(someSentence, sentence, (a, b) => {
        if (a.includes(' ')) expect(number(name, args, a, a)).toBeCloseTo(best, 9);
        const value = number(name, args, b, a);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(most + 1e-9);
      }),
    );
  });

  const METRICS = {
    bleu: bleuCorpus(),
    chrf: chrfCorpus(),
    ter: terCorpus(),
    rouge: rougeCorpus({ type: 'rougeL', measure: 'fmeasure', use_stemmer: false }),
  };
  const samples = fc.array(fc.record({ output: sentence, targets: fc.array(sentence, { minLength: 1, maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 6,
  });

  it.each(Object.entries(METRICS))('%s adds up in parts', (_, metric) => {
    fc.assert(
      fc.property(samples, samples, (first, second) => {
        const sum = (list: typeof first) => list.map(({ output, targets }) => metric.statistics(output, targets)).reduce(addStatistics);
        expect(metric.value(addStatistics(sum(first), sum(second)))).toBeCloseTo(corpusValue(metric, [...first, ...second])!, 9);
      }),
    );
  });

  it.each(['chrf', 'ter', 'rouge'] as const)('%s of a single sample is the value of its scorer', (name) => {
    fc.assert(
      fc.property(sentence, fc.array(sentence, { minLength: 1, maxLength: 3 }), (output, targets) => {
        expect(corpusValue(METRICS[name], [{ output, targets }])).toBeCloseTo(number(name, {}, output, ...targets), 9);
      }),
    );
  });

  it('sums counts before the formula', () => {
    const samples = [
      { output: 'a', targets: ['a b c d e f g h i j'] },
      { output: 'x y', targets: ['y x'] },
    ];
    expect(corpusValue(terCorpus(), samples)).toBeCloseTo((100 * 10) / 12, 9);
  });

  it('refuse texts that would take too long', () => {
    const long = 'a'.repeat(MAX_CHARS + 1);
    for (const name of ['bleu', 'chrf', 'ter', 'rouge']) {
      expect(() => number(name, {}, long, 'a')).toThrow(/too long/);
      expect(() => number(name, {}, 'a', long)).toThrow(/too long/);
    }
    expect(() => number('ter', {}, 'a '.repeat(20_000), 'b '.repeat(20_000))).toThrow(/too long/);
    expect(() => number('rouge', {}, 'a '.repeat(30_000), 'b '.repeat(30_000))).toThrow(/too long/);
  });
});
