/**
 * The Porter stemmer (M. Porter, "An algorithm for suffix stripping", Program 14:3, 1980) with the extensions that NLTK has by default, on
 * lower-case words: what rouge-score stems with. A rule takes a suffix off and puts another one on if its condition holds for what stands
 * before the suffix; of each step the first rule whose suffix fits decides.
 *
 * NLTK's own: irregular forms; words of at most two letters stay; 4-letter -ies and -ied become -ie; every other -ied becomes -i; y becomes
 * i behind any consonant that is not the first letter; -alli is tried before all of step 2; -bli for -abli; -fulli and -logi.
 */

type Condition = (stem: string, word: string) => boolean;
type Rule = readonly [suffix: string, replacement: string, condition?: Condition];

const IRREGULAR = new Map([
  ['skies', 'sky'],
  ['sky', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['news', 'news'],
  ['innings', 'inning'],
  ['inning', 'inning'],
  ['outings', 'outing'],
  ['outing', 'outing'],
  ['cannings', 'canning'],
  ['canning', 'canning'],
  ['howe', 'howe'],
  ['proceed', 'proceed'],
  ['exceed', 'exceed'],
  ['succeed', 'succeed'],
]);

export function porterStem(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return word;
  return STEPS.reduce((stem, step) => step(stem), word);
}

/** c for each consonant, v for each vowel: a, e, i, o, u, and y behind a consonant. */
function shape(text: string): string {
  let letters = '';
  let isConsonant = false;
  for (const char of text) {
    isConsonant = !('aeiou'.includes(char) || (char === 'y' && isConsonant));
    letters += isConsonant ? 'c' : 'v';
  }
  return letters;
}

/** The m of the paper: how often a consonant follows upon a vowel. */
const measure = (stem: string): number => shape(stem).split('vc').length - 1;
const some: Condition = (stem) => measure(stem) > 0;
const many: Condition = (stem) => measure(stem) > 1;
const hasVowel = (stem: string): boolean => shape(stem).includes('v');
const endsInConsonant = (stem: string): boolean => shape(stem).endsWith('c');

/** *o of the paper; also two letters, a vowel and a consonant. */
function isShort(stem: string): boolean {
  const letters = shape(stem);
  return (letters.endsWith('cvc') && !/[wxy]$/.test(stem)) || letters === 'vc';
}

function apply(word: string, rules: readonly Rule[]): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (!rule) return word;
  const [suffix, replacement, condition] = rule;
  const stem = word.slice(0, word.length - suffix.length);
  return !condition || condition(stem, word) ? stem + replacement : word;
}

const step1a = (word: string): string =>
  word.length === 4 && word.endsWith('ies')
    ? word.slice(0, -1)
    : apply(word, [
        ['sses', 'ss'],
        ['ies', 'i'],
        ['ss', 'ss'],
        ['s', ''],
      ]);

function step1b(word: string): string {
  if (word.endsWith('ied')) return word.slice(0, word.length === 4 ? -1 : -2);
  if (word.endsWith('eed')) return some(word.slice(0, -3), word) ? word.slice(0, -1) : word;
  const suffix = ['ed', 'ing'].find((end) => word.endsWith(end) && hasVowel(word.slice(0, -end.length)));
  if (suffix === undefined) return word;
  const stem = word.slice(0, -suffix.length);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (stem.length > 1 && stem.at(-1) === stem.at(-2) && endsInConsonant(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && isShort(stem) ? `${stem}e` : stem;
}

const step1c = (word: string): string => apply(word, [['y', 'i', (stem) => stem.length > 1 && endsInConsonant(stem)]]);

const STEP_2: readonly Rule[] = [
  ['ational', 'ate', some],
  ['tional', 'tion', some],
  ['enci', 'ence', some],
  ['anci', 'ance', some],
  ['izer', 'ize', some],
  ['bli', 'ble', some],
  ['alli', 'al', some],
  ['entli', 'ent', some],
  ['eli', 'e', some],
  ['ousli', 'ous', some],
  ['ization', 'ize', some],
  ['ation', 'ate', some],
  ['ator', 'ate', some],
  ['alism', 'al', some],
  ['iveness', 'ive', some],
  ['fulness', 'ful', some],
  ['ousness', 'ous', some],
  ['aliti', 'al', some],
  ['iviti', 'ive', some],
  ['biliti', 'ble', some],
  ['fulli', 'ful', some],
  // The l counts to the stem, so that geo-logi is shortened as archaeo-logi is.
  ['logi', 'log', (stem) => some(`${stem}l`, stem)],
];

const step2 = (word: string): string =>
  word.endsWith('alli') && some(word.slice(0, -4), word) ? apply(word.slice(0, -2), STEP_2) : apply(word, STEP_2);

const STEP_3: readonly Rule[] = [
  ['icate', 'ic', some],
  ['ative', '', some],
  ['alize', 'al', some],
  ['iciti', 'ic', some],
  ['ical', 'ic', some],
  ['ful', '', some],
  ['ness', '', some],
];

const BEFORE_ION = ['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'];
const AFTER_ION = ['ou', 'ism', 'ate', 'iti', 'ous', 'ive', 'ize'];
const drop = (suffix: string): Rule => [suffix, '', many];
const STEP_4: readonly Rule[] = [
  ...BEFORE_ION.map(drop),
  ['ion', '', (stem, word) => many(stem, word) && /[st]$/.test(stem)],
  ...AFTER_ION.map(drop),
];

const step5a = (word: string): string => apply(word, [['e', '', (stem) => measure(stem) > 1 || (measure(stem) === 1 && !isShort(stem))]]);

const step5b = (word: string): string => apply(word, [['ll', 'l', (_, whole) => many(whole.slice(0, -1), whole)]]);

const STEPS: readonly ((word: string) => string)[] = [
  step1a,
  step1b,
  step1c,
  step2,
  (word) => apply(word, STEP_3),
  (word) => apply(word, STEP_4),
  step5a,
  step5b,
];
