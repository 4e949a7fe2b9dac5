/**
 * What a judge model wrote: its grade, or that it gave none. Semantics of Inspect's `model_graded_qa` with its own instructions, in which the
 * judge must end with `GRADE: X`:
 *
 *   - The last `GRADE:` binds. What stands earlier may be thought aloud, or come from the answer that is judged.
 *   - The word behind it is C, I or, where partial credit is offered, P; or correct, incorrect, partial; in any case. Another word, or one
 *     that was not offered, is no grade, and then no earlier one is taken in its place.
 *   - No grade: the sample is unscored. That the judge failed says nothing about the answer.
 */
import { SPACES } from '../python/text.ts';
import { shortAnswer, type Verdict } from '../scorer.ts';

export type Grade = 'C' | 'P' | 'I';

export interface GradeOptions {
  /** Whether the judge was offered P, for answers that are right in part. */
  partialCredit?: boolean;
}

/** White space, and marks without width that come along with pasted text. */
const GAP = `[${SPACES}\\u200b-\\u200f\\u2060\\u2063\\ufeff]`;
const KEYWORD = new RegExp(`(?<![\\p{L}\\p{N}_])grade${GAP}*:${GAP}*`, 'giu');
const WORD = /[\p{L}\p{N}_]*/uy;
const GRADES = new Map<string, Grade>([
  ['c', 'C'],
  ['correct', 'C'],
  ['i', 'I'],
  ['incorrect', 'I'],
  ['p', 'P'],
  ['partial', 'P'],
]);

/** The grade that a judge's completion ends with, or undefined. */
export function gradeOf(completion: string, { partialCredit = false }: GradeOptions = {}): Grade | undefined {
  let behind: number | undefined;
  for (const { index, 0: keyword } of completion.matchAll(KEYWORD)) behind = index + keyword.length;
  if (behind === undefined) return undefined;
  WORD.lastIndex = behind;
  const grade = GRADES.get(WORD.exec(completion)![0].toLowerCase());
  return grade === 'P' && !partialCredit ? undefined : grade;
}

/** The verdict over an answer, which is kept if it is given; without a value if the judge gave no grade. */
export function judgeVerdict(completion: string, answer: string | undefined, options: GradeOptions = {}): Verdict {
  const value = gradeOf(completion, options);
  const kept = answer === undefined ? {} : { answer: shortAnswer(answer) };
  if (value) return { value, ...kept, explanation: shortAnswer(completion) };
  return { value: null, ...kept, explanation: `grade_parse_failure: the judge gave no grade: ${shortAnswer(completion)}` };
}

/** The letter I in BEGIN has two more forms, which some take for it when case is ignored. */
const MARKERS = new RegExp(`\\[${GAP}*(beg[i\\u0130\\u0131]n|end)${GAP}+(data)${GAP}*\\]`, 'giu');

/**
 * Takes the power from `[BEGIN DATA]` and `[END DATA]` in a text that goes between these markers of a judge's prompt: an answer must not be able
 * to end its data and go on with instructions. They become `[BEGIN-DATA]` and `[END-DATA]`.
 */
export const neutralizeMarkers = (text: string): string => text.replace(MARKERS, '[$1-$2]');
