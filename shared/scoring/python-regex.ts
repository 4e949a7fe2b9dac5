/**
 * Regular expressions of users, in Python's syntax, on a linear engine. A backtracking engine can be made to run for
 * hours by one pattern and one completion, and would hold up an agent with all its samples; RE2's automata look at each
 * character once, whatever the pattern. The price: no backreferences and no look-around. They are refused by name.
 *
 * Translated here, because it differs from RE2's syntax or meaning:
 *   \d \w \s and their complements   Unicode, as in Python's `re` ((?a): ASCII); also inside [ ]
 *   \b \B                            edges of Unicode words, see `word-edges.ts`
 *   $                                the end, or before a line feed at the end
 *   \Z                               the very end
 *   (?x) (?a) (?u) (?#…)             verbose, ASCII, Unicode, comments
 *   {,n}, a { that starts no repeat, \u1234 \U00012345 \0 \x41, [\b]
 */
import { RE2JS } from 're2js';
import { AppError } from '../domain/errors.ts';
import { RegexTranslator } from './regex-translator.ts';
import { wordEdges } from './word-edges.ts';

export interface LinearRegex {
  /** How many capture groups the pattern has. */
  groups: number;
  /** The groups of the leftmost match (undefined: took no part), or undefined without a match. As `re.search(…).groups()`. */
  search(text: string): (string | undefined)[] | undefined;
}

/** Compiles, or throws AppError invalid that says what is wrong and where. */
export function compilePythonRegex(pattern: string, options: { ignoreCase?: boolean } = {}): LinearRegex {
  const ignoreCase = options.ignoreCase ?? false;
  const { source, userGroups, endGroups, mentions } = new RegexTranslator(pattern).translate();
  const plain = compile(source, ignoreCase);
  const edges = mentions.edge ? wordEdges(mentions, ignoreCase) : undefined;
  const translated =
    edges && edges.inPattern.size > 0 ? compile(new RegexTranslator(pattern, edges.inPattern).translate().source, ignoreCase) : plain;
  return {
    groups: userGroups.length,
    search(text) {
      const view = edges?.view(text);
      const matcher = (view ? translated : plain).matcher(view?.text ?? text);
      if (!matcher.find()) return undefined;
      const at = view?.at ?? ((place: number): number => place);
      // A `$` before the last line feed takes that in as a group of its own; Python's takes nothing, so groups end before it.
      const end = endGroups.some((group) => matcher.start(group) >= 0) ? text.length - 1 : text.length;
      return userGroups.map((group) => {
        const start = matcher.start(group);
        return start < 0 ? undefined : text.slice(at(start), Math.min(at(matcher.end(group)), end));
      });
    },
  };
}

function compile(source: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, '');
    const remedy = /repeat count|too large/.test(why)
      ? 'repetitions within each other make 1000 together at most'
      : 'see docs/spec.md for the syntax';
    throw new AppError('invalid', `is no valid regular expression (${why}); ${remedy}`, { cause: error });
  }
}
