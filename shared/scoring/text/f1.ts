/**
 * F1 of a prediction's words P against a target's G: the harmonic mean 2pr/(p + r) of p = common/|P| and r = common/|G|. Peers
 * differ in what counts as common, in what they do with no words, and in the order of the operations, which decides the last bit.
 */

const harmonic = (p: number, r: number): number => (2 * p * r) / (p + r);

function commonOf<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  let common = 0;
  for (const item of a) if (b.has(item)) common++;
  return common;
}

/** Of sets; p = 1 without predicted words, r = 1 without target words. As in DROP's script and Inspect. */
export function setF1(predicted: ReadonlySet<string>, gold: ReadonlySet<string>): number {
  const common = commonOf(gold, predicted);
  const p = predicted.size === 0 ? 1 : common / predicted.size;
  const r = gold.size === 0 ? 1 : common / gold.size;
  return p === 0 && r === 0 ? 0 : harmonic(p, r);
}

/** Of sets, 1/(½/p + ½/r); 0 if one of them is empty. As NLTK's `f_measure`, which HELM and LightEval call. */
export function fMeasure(predicted: ReadonlySet<string>, gold: ReadonlySet<string>): number {
  const common = commonOf(gold, predicted);
  return common === 0 ? 0 : 1 / (0.5 / (common / predicted.size) + 0.5 / (common / gold.size));
}

/** Of multisets: a word counts as often as both have it; 0 if nothing is common. As in SQuAD's script and OpenAI evals. */
export function multisetF1(predicted: readonly string[], gold: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of gold) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of predicted) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    common++;
  }
  return common === 0 ? 0 : harmonic(common / predicted.length, common / gold.length);
}
