import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { fiveDigits, pythonFloat, pythonFloatText } from '../../../../shared/scoring/python/numbers.ts';
import { compilePythonRegex } from '../../../../shared/scoring/python/regex.ts';
import { casefold, strip, words } from '../../../../shared/scoring/python/text.ts';

describe('text as Python has it', () => {
  it('folds case', () => {
    expect(['ß', 'ẞ', 'ΑΣ', 'ı', 'İ', 'ﬁ', 'ꭰ', '\u0390'].map(casefold)).toEqual([
      'ss',
      'ss',
      'ας'.replace('ς', 'σ'),
      'ı',
      'i̇',
      'fi',
      'Ꭰ',
      '\u03b9\u0308\u0301',
    ]);
  });

  it('strips what str.isspace calls space', () => {
    expect(strip('\x1c\x85\u2003 a b\u3000\n')).toBe('a b');
    expect(strip('\ufeffa')).toBe('\ufeffa');
  });

  it('cuts words from both ends', () => {
    expect([...words(' a  b\u2003c ')]).toEqual(['a', 'b', 'c']);
    expect([...words(' a  b\u2003c ', true)]).toEqual(['c', 'b', 'a']);
  });
});

describe('numbers as Python has them', () => {
  it.each([
    [' 5 ', 5],
    ['1_000', 1000],
    ['１２.５', 12.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-1e3', -1000],
    ['٣', 3],
    ['𝟗', 9],
    ['', undefined],
    ['0x10', undefined],
    ['1__0', undefined],
    ['_1', undefined],
    ['1e', undefined],
    ['inf', undefined],
    ['nan', undefined],
    ['1e999', undefined],
    ['5,0', undefined],
  ])('float(%j) is %j', (text, value) => {
    expect(pythonFloat(text)).toBe(value);
  });

  it.each([
    [5, '5.0'],
    [1e16, '1e+16'],
    [1e15, '1000000000000000.0'],
    [1e-5, '1e-05'],
    [0.0001, '0.0001'],
    [-0, '-0.0'],
    [123.456, '123.456'],
    [1.5e300, '1.5e+300'],
  ])('str(%j) is %s', (value, text) => {
    expect(pythonFloatText(value)).toBe(text);
  });

  it.each([
    [123456.7, '1.2346e+05'],
    [0.5, '0.5'],
    [100000, '1e+05'],
    [12345, '12345'],
    [0.00001234, '1.234e-05'],
    [0.0001, '0.0001'],
    [12344.5, '12344'],
    [12345.5, '12346'],
    [-0, '-0'],
    [1 / 3, '0.33333'],
    [99999.5, '1e+05'],
    [2.5, '2.5'],
  ])("format(%j, '.5g') is %s", (value, text) => {
    expect(fiveDigits(value)).toBe(text);
  });
});

describe('regular expressions in Python syntax', () => {
  it.each<[string, string, (string | undefined)[] | undefined]>([
    ['(?i)answer:\\s*(\\w+)', 'ANSWER:\u00a0Zürich', ['Zürich']],
    ['(?P<n>\\d+) (?:x|y)(z)?', '٣٤ y', ['٣٤', undefined]],
    ['^(.*)$', 'abc\n', ['abc']],
    ['(abc$)', 'abc\n', ['abc']],
    ['([\\s\\S]*)$', 'abc\n', ['abc\n']],
    ['(.*)\\Z', 'abc\n', ['']],
    ['(?m)^(b)$', 'a\nb\nc', ['b']],
    ['(?s)a(.*)c', 'a\nc', ['\n']],
    ['(?x) ( a  b ) # both', 'ab', ['ab']],
    ['([]x-]+)', 'a]-x', [']-x']],
    ['([^\\W\\d]+)', '12é_', ['é_']],
    ['(a{,2}){1}', 'aaa', ['aa']],
    ['(a{x})', 'a{x}', ['a{x}']],
    ['(\\u00e9|\\x41|\\101\\0)', 'é', ['é']],
    ['(?a)(\\d+)', '٣4', ['4']],
    ['(?-i:(A))', 'aA', ['A']],
    ['(.)', '😀', ['😀']],
    ['(?#a note)(a+?)(a*)', 'aaa', ['a', 'aa']],
    ['\\bfoo\\b (x)', 'foo x', ['x']],
    ['#### (\\-?[0-9\\.\\,]+)', 'so #### -1,234.', ['-1,234.']],
    ['answer is ((?:\\d|,)+)*', 'answer is 1,000', ['1,000']],
    ['(?:(a)b*|c)+', 'abca', ['a']],
    ['(?:a*)*(b*)?(c){2,}', 'abcc', ['b', 'c']],
    ['(q)', 'p', undefined],
    ['answer: (\\w+)\\b', 'answer: café', ['café']],
    ['answer: (\\w+)\\b', 'answer: 𝐂𝐀fé!', ['𝐂𝐀fé']],
    ['\\b([A-D])\\b', 'Aéro, éB, (C)', ['C']],
    ['(?a)\\b([A-D])\\b', 'Aéro', ['A']],
    ['答案[是::]*\\b([A-D])\\b', '答案:B。', ['B']],
    ['答案(是)\\B([A-D])\\b', '答案是B', ['是', 'B']],
    ['\\b(é|É)\\b', 'qé é', ['é']],
    ['\\b(É+)(q?)', 'q éÉ É', ['É', '']],
    ['(?i)\\b(É+)\\b', 'q éÉ', ['éÉ']],
    ['(\\d+)\\b(.)', '12é ٣٤ x', ['٣٤', ' ']],
    ['\\b(.)\\b$', '😀 é\n', ['é']],
    ['(\\B.\\B)', 'aüé𝐀', ['ü']],
  ])('%s on %j', (pattern, text, groups) => {
    expect(compilePythonRegex(pattern).search(text)).toEqual(groups);
  });

  it.each([
    '(?=a)b',
    'a(?!b)',
    '(?:a(?=b))*',
    '(a(?=b)|c)d',
    'a(?=b(?=c))',
    'a(?=(b))',
    'a(?=b',
    '(?<=a*)b',
    '(?<=a|b)c',
    '(?<=(a))b',
    '(?<!\\b)b',
    '(?<=a)*b',
    `(?<=${'a'.repeat(101)})b`,
    '(a)\\1',
    '(?P<a>x)(?P=a)',
    '(?>a)',
    'a*+',
    '(a',
    'a)',
    '[a',
    '*a',
    'a**',
    '\\q',
    'a\\',
    '(?Z)',
    'a(?i)b',
    '[z-a]',
    'a{3,2}',
    'a{5000}',
    'answer is ((?:\\d|,)*)*',
    '(a*)+',
    '(?:(a)|b?)*c',
    '(?:(a)?|b){2,}',
    '(|a)*',
    '(\\b)*',
    '\\b[à-ü]+',
    '\\b[A-Za-z0-9_]+',
    '\\b\\w(?a:\\w)',
    '(?(1)a|b)',
    '(?P<1>a)',
    '(('.repeat(500),
  ])('refuses %s and says where', (pattern) => {
    expect(() => compilePythonRegex(pattern)).toThrow(AppError);
  });
});
