/** Scores stored answers once more, and what that adds up to beside what it was. No model is called. */
import type { Score } from '../../shared/domain/result.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { createChain } from '../../shared/scoring/filters/registry.ts';
import { MetricFold } from '../../shared/scoring/metrics.ts';
import { gradeOf } from '../../shared/domain/spec-judges.ts';
import type { NamedScorer } from '../../shared/domain/spec-scorers.ts';
import { majorityOf, type Vote } from '../../shared/scoring/judges/majority.ts';
import { createScorer, isComputed, isJudged, type Scorer } from '../../shared/scoring/registry.ts';
import { valueToNumber } from '../../shared/scoring/values.ts';
import { ScoreTable, type Samples } from '../compare/score-table.ts';
import type { LeftOut } from '../import/log-head.ts';
import type { Judging } from '../score-lines.ts';
import type { StoredAnswer } from './answers.ts';

export interface NamedJudging extends Judging {
  id: string;
}

export interface RescoredRow {
  benchmark: string;
  model: string;
  scorer: string;
  /** Of samples with a score, epochs reduced to their mean; absent without any. */
  mean?: number;
  stderr?: number;
  samples: number;
  /** Units. */
  counts: { scored: number; unscored: number; errored: number };
  /** What the scorer of this name had said, where there was one: its mean, and units whose number is another one now. */
  before?: { mean?: number; stderr?: number; changed: number };
}

/** More would be nobody's to read. */
const MAX_LEFT_OUT = 1000;

type Tally = RescoredRow['counts'] & { changed: number; hadOne: boolean };

export class Rescoring {
  readonly #fixed: readonly NamedJudging[] | undefined;
  readonly #own = new WeakMap<object, readonly NamedJudging[]>();
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #tallies = new Map<string, Tally>();
  readonly #now: ScoreTable;
  readonly #before: ScoreTable;

  /** `fixed`: judges every answer; absent: each is judged as its evaluation did. `name`: of the source. */
  constructor(name: string, fixed?: NamedJudging) {
    this.#fixed = fixed && [fixed];
    this.#now = new ScoreTable(name);
    this.#before = new ScoreTable(name);
  }

  /** The scores of one answer. Throws AppError invalid where it does not say how it is scored. */
  add(answer: StoredAnswer): Score[] {
    const scores = this.#scoresOf(answer);
    const names = { benchmark: answer.benchmark, model: answer.model, sampleId: answer.sampleId };
    const old = new Map(answer.scores.map(({ scorer, number }) => [scorer, number]));
    for (const { scorer, number, error } of scores) {
      const key = JSON.stringify([answer.benchmark, answer.model, scorer]);
      let tally = this.#tallies.get(key);
      if (!tally) this.#tallies.set(key, (tally = { scored: 0, unscored: 0, errored: 0, changed: 0, hadOne: false }));
      tally[error !== undefined ? 'errored' : number === null ? 'unscored' : 'scored']++;
      tally.hadOne ||= old.has(scorer);
      if (old.has(scorer) && old.get(scorer) !== number) tally.changed++;
      this.#now.add({ ...names, scores: [tabled(scorer, number)] });
      if (old.has(scorer)) this.#before.add({ ...names, scores: [tabled(scorer, old.get(scorer)!)] });
    }
    return scores;
  }

  rows(): RescoredRow[] {
    return Array.from(this.#now.rows.entries(), ([key, { benchmark, model, scorer, samples }]) => {
      const { changed, hadOne, ...counts } = this.#tallies.get(key)!;
      const before = hadOne ? { before: { ...momentsOf(this.#before.rows.get(key)?.samples), changed } } : {};
      return { benchmark, model, scorer, ...momentsOf(samples), samples: samples?.size ?? 0, counts, ...before };
    });
  }

  /** Scorers by which nothing is scored again, each with its benchmark and model, and why. */
  get leftOut(): LeftOut[] {
    return [...this.#leftOut.values()];
  }

  #leave({ benchmark, model }: StoredAnswer, { id, why }: LeftOut): void {
    const key = JSON.stringify([benchmark, model, id]);
    if (this.#leftOut.size < MAX_LEFT_OUT) this.#leftOut.set(key, { id: `${benchmark} · ${model} · ${id}`, why });
  }

  #scoresOf(answer: StoredAnswer): Score[] {
    const { said = [] } = answer;
    const [fixed] = this.#fixed ?? [];
    // What judges said of an answer, and not the answer itself, is what has a grade.
    if (fixed?.id === GRADE && said.length > 0) return said.map(({ scorer, words }) => gradedOf(scorer.id, words, fixed));
    const judged = fixed
      ? []
      : said.map(({ scorer, words }) => gradedOf(scorer.id, words, { scorer: gradeFor(scorer), chain: undefined, id: GRADE }));
    return [...this.#judgingsOf(answer).map((judging) => scoreOf(judging, answer)), ...judged];
  }

  /** Those that are computed here; the others are left out, unless what judges said is at hand. */
  #judgingsOf(answer: StoredAnswer): readonly NamedJudging[] {
    if (this.#fixed) return this.#fixed;
    const { scorers, leftOut = [], said = [], place } = answer;
    if (!scorers) throw new AppError('invalid', `${place}: the file does not say by what it is scored; name a scorer with --scorer`);
    let own = this.#own.get(scorers);
    if (own) return own;
    for (const one of leftOut) this.#leave(answer, one);
    for (const { id, name } of scorers)
      if (!isComputed(name) && !said.some(({ scorer }) => scorer.id === id))
        this.#leave(answer, { id, why: isJudged(name) ? `${name} asks a model` : `${name} is run by an agent` });
    own = scorers
      .filter(({ name }) => isComputed(name))
      .map(({ id, name, args, filters }) => ({
        id,
        scorer: createScorer({ name, args }),
        chain: filters.length > 0 ? createChain(filters) : undefined,
      }));
    this.#own.set(scorers, own);
    return own;
  }
}

/** As an agent does it: a scorer that fails says why, and an answer that is not there is an error, whatever the scorer. */
function scoreOf(
  { id, scorer, chain }: NamedJudging,
  { output, target, choices, facts }: Pick<StoredAnswer, 'output' | 'target' | 'choices' | 'facts'>,
): Score {
  if (output === undefined) return { scorer: id, value: null, number: null, error: 'the model gave no answer' };
  try {
    const { likelihoods, input } = facts;
    const sample = {
      ...(choices ? { choices } : {}),
      ...(likelihoods ? { likelihoods } : {}),
      ...(input === undefined ? {} : { inputText: input }),
    };
    const verdict = scorer(chain ? chain([output], sample)[0]! : output, target, sample);
    return { scorer: id, ...verdict, number: valueToNumber(verdict.value) };
  } catch (error) {
    return { scorer: id, value: null, number: null, error: AppError.from(error).message };
  }
}

/** Reads what a judge has written. */
const GRADE = 'grade';
const gradeFor = (scorer: NamedScorer): Scorer => createScorer(gradeOf(scorer));

/** The majority of judges, as coordinators find it. */
function gradedOf(id: string, words: readonly (string | undefined)[], judging: NamedJudging): Score {
  const answer = { target: [], choices: undefined, facts: {} };
  const scores = words.map((output) => scoreOf({ ...judging, id }, { output, ...answer }));
  const { state, value = null } = majorityOf(
    scores.map((score): Vote => ({
      state: score.error !== undefined ? 'errored' : score.value === null ? 'unscored' : 'scored',
      value: score.value ?? undefined,
    })),
  );
  const explanation = scores.map((score) => score.explanation ?? score.error ?? '').join('\n\n');
  return {
    scorer: id,
    value,
    number: valueToNumber(value),
    ...(state === 'errored' ? { error: 'no judge said anything' } : { explanation }),
  };
}

const tabled = (scorer: string, number: number | null) => ({ scorer, number, value: '', answer: '', explanation: '', error: '' });

function momentsOf(samples: Samples | undefined): { mean?: number; stderr?: number } {
  const fold = new MetricFold(['mean', 'stderr']);
  let index = 0;
  for (const [, value] of samples?.entries() ?? []) fold.add(index++, value);
  const { mean, stderr } = fold.result();
  return { ...(typeof mean === 'number' ? { mean } : {}), ...(typeof stderr === 'number' ? { stderr } : {}) };
}
