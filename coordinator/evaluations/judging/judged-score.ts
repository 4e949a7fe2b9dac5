/** What the judges' calls about an answer come to as its score. Pure. */
import { judgeGroupsOf, type Group } from '../../../shared/domain/manifest.ts';
import type { Score, UnitResult } from '../../../shared/domain/result.ts';
import { UNIT_STATES, isOpenCode } from '../../../shared/domain/states.ts';
import { majorityOf, type Vote } from '../../../shared/scoring/judges/majority.ts';
import { shortAnswer } from '../../../shared/scoring/scorer.ts';
import { valueToNumber } from '../../../shared/scoring/values.ts';

/** One judge's call, as far as it is known. */
export interface JudgeCall {
  model: string;
  code: number;
  result: UnitResult | undefined;
}

export interface JudgedScore {
  state: Vote['state'];
  score: Score;
}

/** The judge groups about a group's answers, by scorer. */
export function judgesByScorer(groups: readonly Group[], group: Group): Map<string, Group[]> {
  return Map.groupBy(judgeGroupsOf(groups, group), ({ judge }) => judge!.scorer);
}

/** In the judges' order; undefined while one of them is not done. */
export function judgedScore(
  scorer: string,
  completion: string | undefined,
  calls: readonly (JudgeCall | undefined)[],
): JudgedScore | undefined {
  const done = calls.filter((call): call is JudgeCall => call !== undefined && !isOpenCode(call.code));
  if (done.length < calls.length) return undefined;
  const votes = done.map(({ code, result }): Vote => {
    return { state: UNIT_STATES[code] as Vote['state'], value: result?.scores[0]?.value ?? undefined };
  });
  const { state, value = null } = majorityOf(votes);
  const score: Score = {
    ...{ scorer, value, number: valueToNumber(value) },
    ...(completion === undefined ? {} : { answer: shortAnswer(completion) }),
  };
  const words = wordsOf(done);
  return {
    state,
    score: state === 'scored' || state === 'unscored' ? { ...score, explanation: words } : { ...score, error: words || state },
  };
}

/** What the judges said; each with its name where there are several. */
function wordsOf(calls: readonly JudgeCall[]): string {
  const said = calls.map(({ code, result }) => result?.scores[0]?.explanation ?? result?.error?.message ?? UNIT_STATES[code]!);
  if (calls.length === 1) return said[0]!;
  return calls.map(({ model, result }, i) => `${model} (${result?.scores[0]?.value ?? 'no grade'}): ${said[i]}`).join('\n\n');
}
