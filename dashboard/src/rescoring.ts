/** Scores answers again, in the browser: no model is called, and nothing is kept. Loaded only where it is wanted, for it brings all scorers. */
import type { Sample } from '../../shared/client/types.ts';
import { isByLikelihoods } from '../../shared/domain/likelihood-checks.ts';
import type { NamedScorer } from '../../shared/domain/spec-scorers.ts';
import { createChain } from '../../shared/scoring/filters/registry.ts';
import { createScorer, isComputed, scorerNames } from '../../shared/scoring/registry.ts';
import { valueToNumber } from '../../shared/scoring/values.ts';

/** Whether it needs nothing but an answer and its targets. */
export const isHere = (name: string): boolean => isComputed(name) && !isByLikelihoods(name);

export const scorersHere = (): string[] => scorerNames().filter(isHere).toSorted();

/** One scorer, made. */
export interface Judging {
  id: string;
  /** Null: no verdict. Throws where it cannot judge. */
  numberOf: (output: string, sample: Pick<Sample, 'target' | 'choices'>) => number | null;
}

/** Throws, in words for people, where name or arguments are wrong. */
export function judgingOf({ id, name, args, filters }: NamedScorer): Judging {
  const scorer = createScorer({ name, args });
  const chain = filters.length > 0 ? createChain(filters) : undefined;
  return {
    id,
    numberOf: (output, { target, choices }) => {
      const more = choices.length > 0 ? { choices } : {};
      return valueToNumber(scorer(chain ? chain([output], more)[0]! : output, target, more).value);
    },
  };
}

/** An answer whose number is another one now. */
export interface Changed {
  unit: number;
  sampleId: string;
  before: number | null;
  now: number | null;
}

/** What one scorer says of the answers of one model to one benchmark; means are over answers with a verdict. */
export interface RescoredRow {
  benchmark: string;
  model: string;
  scorer: string;
  scored: number;
  /** Without a verdict, or without an answer. */
  unscored: number;
  now: number | undefined;
  /** What the scorer of this name had said; undefined where there was none. */
  before: number | undefined;
  changed: Changed[];
}

interface Tally extends Omit<RescoredRow, 'now' | 'before'> {
  sum: number;
  hadOne: number;
  sumBefore: number;
}

export class Rescoring {
  readonly #tallies = new Map<string, Tally>();

  add({ result, target, choices }: Sample, judgings: readonly Judging[]): void {
    const { benchmark, model, unit, sampleId, completion, errorClass, scores } = result;
    const output = errorClass === '' || errorClass === 'scorer_error' ? completion : undefined;
    for (const { id, numberOf } of judgings) {
      const key = JSON.stringify([benchmark, model, id]);
      const tally = this.#tallies.get(key) ?? {
        ...{ benchmark, model, scorer: id, scored: 0, unscored: 0, sum: 0, hadOne: 0, sumBefore: 0 },
        changed: [],
      };
      this.#tallies.set(key, tally);
      const now = output === undefined ? null : attempted(() => numberOf(output, { target, choices }));
      if (now === null) tally.unscored++;
      else {
        tally.scored++;
        tally.sum += now;
      }
      const old = scores.find(({ scorer }) => scorer === id);
      if (!old) continue;
      if (old.number !== null) {
        tally.hadOne++;
        tally.sumBefore += old.number;
      }
      if (old.number !== now) tally.changed.push({ unit, sampleId, before: old.number, now });
    }
  }

  rows(): RescoredRow[] {
    return Array.from(this.#tallies.values(), ({ sum, hadOne, sumBefore, ...row }) => ({
      ...row,
      now: row.scored > 0 ? sum / row.scored : undefined,
      before: hadOne > 0 ? sumBefore / hadOne : undefined,
    }));
  }
}

/** One that cannot judge gives no verdict. */
function attempted(judge: () => number | null): number | null {
  try {
    return judge();
  } catch {
    return null;
  }
}
