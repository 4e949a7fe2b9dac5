/** What judges have said of answers, read back beside them. */
import type { AssayClient } from '../../shared/client/client.ts';
import type { Evaluation } from '../../shared/client/types.ts';
import type { NamedScorer } from '../../shared/domain/spec-scorers.ts';
import { isJudged } from '../../shared/scoring/registry.ts';
import type { UnitGroup } from '../export/group.ts';

/** Of one answer and one of its scorers: each judge's words, in the judges' order; undefined where it has none. */
export interface Said {
  scorer: NamedScorer;
  words: (string | undefined)[];
}

/** Answers of which the calls are asked for at once. */
const CHUNK = 200;

/** Of the units of a group, asked for in rising order: it holds one chunk. */
export function saidOf(client: AssayClient, evaluation: Evaluation, group: UnitGroup): (unit: number) => Promise<Said[]> {
  const judges = judgeGroupsOf(evaluation, group);
  const scorers = group.scorers.filter(({ name }) => isJudged(name));
  let [first, end] = [0, 0];
  let words = new Map<number, string>();
  const read = async (from: number): Promise<void> => {
    [first, end] = [from, Math.min(from + CHUNK, group.firstUnit + group.units)];
    words = new Map();
    const units = judges.flatMap(({ offset }) => Array.from({ length: end - first }, (_, i) => first + i + offset));
    for await (const { unit, completion, errorClass } of client.results(evaluation.evaluationId, { filter: { units } }))
      if (errorClass === '') words.set(unit, completion);
  };
  return async (unit) => {
    if (judges.length === 0) return [];
    if (unit < first || unit >= end) await read(unit);
    return scorers.map((scorer) => ({
      scorer,
      words: judges.filter((judge) => judge.scorer === scorer.id).map(({ offset }) => words.get(unit + offset)),
    }));
  };
}

/** The groups of calls about a group's answers: for which scorer, and how far their units lie behind the answers'. */
function judgeGroupsOf(evaluation: Evaluation, group: UnitGroup): { scorer: string; offset: number }[] {
  let firstUnit = 0;
  return evaluation.groups.flatMap(({ benchmark, judgeOf, counts }) => {
    const offset = firstUnit - group.firstUnit;
    firstUnit += counts.total;
    const isOwn = judgeOf?.model === group.model.model && benchmark === group.benchmark.benchmark;
    return isOwn ? [{ scorer: judgeOf.scorer, offset }] : [];
  });
}
