/**
 * Regular expressions of users, in Python's syntax, on a linear engine. A backtracking engine can be made to run for
 * hours by one pattern and one completion, and would hold up an agent with all its samples; RE2's automata look at each
 * character once, whatever the pattern. The price: no backreferences, and look-around in simple forms alone. The rest is refused by name.
 *
 * Translated here, because it differs from RE2's syntax or meaning:
 *   \d \w \s and their complements   Unicode, as in Python's `re` ((?a): ASCII); also inside [ ]
 *   \b \B                            edges of Unicode words, see `word-edges.ts`
 *   $                                the end, or before a line feed at the end
 *   \Z                               the very end
 *   (?= ) at the end                 taken in, and cut off the match
 *   I i İ ı                          one letter where case is ignored
 *   (?x) (?a) (?u) (?#…)             verbose, ASCII, Unicode, comments
 *   {,n}, a { that starts no repeat, \u1234 \U00012345 \0 \x41, [\b]
 */
import { RE2JS, type Matcher } from 're2js';
import { AppError } from '../../domain/errors.ts';
import { CountedText } from './counted-text.ts';
import { RegexTranslator, type TranslatorOptions } from './regex-translator.ts';
import { wordEdges } from './word-edges.ts';

export interface RegexHit {
  start: number;
  end: number;
  /** By group; undefined: took no part. */
  groups: (string | undefined)[];
}

export interface LinearRegex {
  /** How many capture groups the pattern has. */
  groups: number;
  /** The groups of the leftmost match (undefined: took no part), or undefined without a match. As `re.search(…).groups()`. */
  search(text: string): (string | undefined)[] | undefined;
  /** All matches from left to right, as `re.finditer`. Throws AppError invalid where that takes more than linear time (`counted-text.ts`). */
  matches(text: string): Iterable<RegexHit>;
  /** The text without any of the matches, as `re.sub(pattern, '', text)`. */
  remove(text: string): string;
}

/** Such a pattern can look at all that follows for every one of its matches. In RE2's source, in which a character that means itself is never one of these. */
const OPEN_REPETITION = /[*+]|,\}/;

/** Only such a pattern can prefer to match nothing where it could match something: `|a`, `a*?`. Greedy ones match nothing last. */
const PREFERS_LESS = /[*+?}]\?|\|/;

/** Compiles, or throws AppError invalid that says what is wrong and where. */
export function compilePythonRegex(pattern: string, options: { ignoreCase?: boolean } = {}): LinearRegex {
  const ignoreCase = options.ignoreCase ?? false;
  const translate = (more?: TranslatorOptions) => new RegexTranslator(pattern, { ignoreCase, ...more }).translate();
  const { source, userGroups, aheadGroups, reach, mentions } = translate();
  const plain = compileBoth((atEnd) => translate({ atEnd }).source, reach, ignoreCase);
  const edges = mentions.edge ? wordEdges(mentions, ignoreCase) : undefined;
  const translated =
    edges && edges.inPattern.size > 0
      ? compileBoth((atEnd) => translate({ atEnd, standIns: edges.inPattern }).source, reach, ignoreCase)
      : plain;
  const looksFar = OPEN_REPETITION.test(source);
  function* matches(text: string): Generator<RegexHit> {
    const view = edges?.view(text);
    const searched = view?.text ?? text;
    const at = view?.at ?? ((place: number): number => place);
    const { regex, longer } = view ? translated : plain;
    const found = (matcher: Matcher, offset: number): { end: number; hit: RegexHit } => {
      // What only follows the match was taken in, as groups of its own; in Python it is not, so all ends before them.
      const ahead = aheadGroups.map((group) => matcher.start(group)).filter((start) => start >= 0);
      const limit = Math.min(searched.length, ...ahead.map((start) => start + offset));
      const end = Math.min(matcher.end() + offset, limit);
      const groups = userGroups.map((group) => {
        const start = matcher.start(group);
        return start < 0 ? undefined : text.slice(at(start + offset), at(Math.min(matcher.end(group) + offset, limit)));
      });
      return { end, hit: { start: at(matcher.start() + offset), end: at(end), groups } };
    };
    let matcher = regex.matcher(searched);
    let counted: CountedText | undefined;
    let from = 0;
    while (from <= searched.length && matcher.find(from)) {
      const start = matcher.start();
      const { end, hit } = found(matcher, 0);
      yield hit;
      // The first search is linear by itself.
      if (counted === undefined && (looksFar || longer)) {
        counted = new CountedText(searched);
        if (looksFar) matcher = regex.matcher(counted as unknown as string);
      }
      from = end;
      if (end > start) continue;
      // Behind an empty match, Python looks for one at the same place that is not.
      const next = longer && counted && longer(counted, end);
      const more = next && found(next.matcher, next.offset);
      if (more && more.end > end) {
        yield { ...more.hit, start: at(end) };
        from = more.end;
      } else from = end + lengthAt(searched, end);
    }
  }

  return {
    groups: userGroups.length,
    search(text) {
      for (const { groups } of matches(text)) return groups;
      return undefined;
    },
    matches,
    remove(text) {
      let kept = '';
      let from = 0;
      for (const { start, end } of matches(text)) {
        kept += text.slice(from, start);
        from = end;
      }
      return kept + text.slice(from);
    },
  };
}

interface Compiled {
  regex: RE2JS;
  /** The match at this place that is not empty, and how far the matcher's places are off; absent where an empty one says that there is none. */
  longer?: (text: CountedText, place: number) => { matcher: Matcher; offset: number } | undefined;
}

/** `translate`: the source, with what must hold where a match ends. */
function compileBoth(translate: (atEnd: string) => string, reach: number, ignoreCase: boolean): Compiled {
  const source = translate('');
  const regex = compile(source, ignoreCase);
  if (!PREFERS_LESS.test(source)) return { regex };
  // The characters before the place stay, for ^, \b and look-behinds. That something was taken is asked by a look-behind, too.
  const behind = (count: number): RE2JS => {
    const taken = `(?<=(?s:.){${count + 1}})`;
    return compile(`\\A(?s:.){${count}}(?:${translate(taken)})${taken}`, ignoreCase);
  };
  const regexes = new Map([[reach, behind(reach)]]);
  return {
    regex,
    longer(text, place) {
      let [offset, count] = [place, 0];
      for (; count < reach && offset > 0; count++) offset -= lengthBefore(text, offset);
      const own = regexes.get(count) ?? behind(count);
      regexes.set(count, own);
      const matcher = own.matcher(text.from(offset) as unknown as string);
      return matcher.find(0) ? { matcher, offset } : undefined;
    },
  };
}

/** How many places the character at, or before, a place takes. */
const lengthAt = (text: string, place: number): number => ((text.codePointAt(place) ?? 0) > 0xffff ? 2 : 1);
const lengthBefore = (text: Pick<string, 'codePointAt'>, place: number): number =>
  place > 1 && (text.codePointAt(place - 2) ?? 0) > 0xffff ? 2 : 1;

function compile(source: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.LOOKBEHINDS | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, '');
    const remedy = /repeat count|too large/.test(why)
      ? 'repetitions within each other make 1000 together at most'
      : 'see docs/spec.md for the syntax';
    throw new AppError('invalid', `is no valid regular expression (${why}); ${remedy}`, { cause: error });
  }
}
