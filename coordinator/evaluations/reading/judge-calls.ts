/** The calls of judges about answers that are read, and the scores that they come to. */
import type { SampleJudgeCall } from '../../../shared/client/types.ts';
import { groupOfUnit, judgeGroupsOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import type { Score, UnitResult } from '../../../shared/domain/result.ts';
import { scorersOf } from '../../../shared/domain/spec-scorers.ts';
import { isOpenCode, unitCode } from '../../../shared/domain/states.ts';
import { judgedScore, type JudgeCall } from '../judging/judged-score.ts';
import { readResult } from '../reported.ts';
import { UNREAD } from './sample-matcher.ts';
import type { UnitView } from './unit-views.ts';

const CANCELLED = unitCode('cancelled');

/** Judges of one answer whose times are told. */
const MOST_TIMES = 16;

/** By unit of an answer: what each of its judges said, in the order of `judgeGroupsOf`; undefined while it has not. */
export type CallsAbout = ReadonlyMap<number, readonly (JudgeCall | undefined)[]>;

/** Of these units, ascending. Their judges' verdicts are held, without their completions. */
export async function judgeCallsAbout(view: UnitView, units: readonly number[]): Promise<CallsAbout> {
  const { groups } = view.manifest;
  const found = new Map<number, (JudgeCall | undefined)[]>();
  for (const [index, own] of Map.groupBy(units, (unit) => groupOfUnit(groups, unit).index)) {
    const group = groups[index]!;
    const judges = judgeGroupsOf(groups, group);
    if (judges.length === 0) continue;
    for (const unit of own) found.set(unit, []);
    for (const [at, judge] of judges.entries())
      for (const [unit, call] of await callsOf(view, judge, own, judge.firstUnit - group.firstUnit)) found.get(unit)![at] = call;
  }
  return found;
}

/** `offset`: from the answer's unit to the judge's. */
async function callsOf(view: UnitView, judge: Group, units: readonly number[], offset: number): Promise<Map<number, JudgeCall>> {
  const calls = new Map<number, JudgeCall>();
  const first = units[0]! + offset;
  const codes = await view.codes(first, units.at(-1)! + offset - first + 1);
  const wanted = new Map<number, number>();
  for (const unit of units) {
    const code = codes[unit + offset - first]!;
    if (code !== UNREAD && code >= CANCELLED) calls.set(unit, { model: judge.model, code, result: undefined });
    else if (!isOpenCode(code) && view.results.has(unit + offset)) wanted.set(unit + offset, unit);
  }
  if (wanted.size === 0) return calls;
  for await (const { unit, content } of view.results.results(first, (u) => wanted.has(u))) {
    const result = readResult(view.manifest, unit, content);
    if (!result) continue;
    const { completion: _said, reasoning: _reasoning, logprobs: _logprobs, ...verdict } = result;
    calls.set(wanted.get(unit)!, { model: judge.model, code: unitCode(result.outcome), result: verdict });
  }
  return calls;
}

/** A result with the scores of its judges among its own, in the order of the spec; those that are not there yet are left out. */
export function withJudgedScores(manifest: Manifest, result: UnitResult, calls: CallsAbout): UnitResult {
  const about = calls.get(result.unit);
  if (!about || result.completion === undefined) return result;
  const group = groupOfUnit(manifest.groups, result.unit);
  const judges = judgeGroupsOf(manifest.groups, group);
  const scores = scorersOf(manifest.spec.benchmarks[group.benchmarkIndex]!).flatMap(({ id, filters }): Score[] => {
    const at = group.scorers.indexOf(id);
    if (at >= 0) return [result.scores[at]!];
    const own = judges.flatMap(({ judge }, i) => (judge!.scorer === id ? [about[i]] : []));
    // What its filters have left of the answer stands with the judge's call.
    return [judgedScore(id, filters.length > 0 ? undefined : result.completion, own)?.score].filter((score) => score !== undefined);
  });
  return { ...result, scores };
}

/** Of one answer: when its judges were called, those that have ended. */
export async function judgeTimes(view: UnitView, group: Group, unit: number): Promise<SampleJudgeCall[]> {
  const { groups } = view.manifest;
  const calls: SampleJudgeCall[] = [];
  for (const judge of judgeGroupsOf(groups, group).slice(0, MOST_TIMES)) {
    const own = judge.firstUnit + unit - group.firstUnit;
    if (!view.results.has(own)) continue;
    for await (const { content, agentId } of view.results.results(own, (u) => u === own)) {
      const result = readResult(view.manifest, own, content);
      if (!result) break;
      const { startedAt, modelMs, totalMs } = result.timing;
      calls.push({
        ...{ unit: own, model: judge.model, scorer: judge.judge!.scorer, agentId },
        ...{ state: result.outcome, startedAtMs: startedAt, modelMs, totalMs },
      });
      break;
    }
  }
  return calls;
}
