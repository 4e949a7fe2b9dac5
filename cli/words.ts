/** A command line in one text, split into its words: no shell, no variables, only quotes and backslashes. Pure. */
import { AppError } from '../shared/domain/errors.ts';

/** Splits at spaces; 'single' and "double" quotes keep them, a backslash (not within single quotes) keeps what follows. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote && c === quote) quote = '';
    else if (!quote && (c === '"' || c === "'")) [quote, word] = [c, word ?? ''];
    else if (c === '\\' && quote !== "'") {
      if (++i >= text.length) throw new AppError('invalid', 'ends with a backslash; write it twice, or leave it out');
      word = (word ?? '') + text[i]!;
    } else if (!quote && /\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + c;
  }
  if (quote) throw new AppError('invalid', `has a ${quote} without its end`);
  return word === undefined ? words : [...words, word];
}
