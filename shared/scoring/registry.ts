/** All scorers by name. `{name, args}` travels; whoever runs a sample makes the scorer again from it. */
import { AppError } from '../domain/errors.ts';
import { accBytes } from './scorers/acc-bytes.ts';
import { accMutualInfo } from './scorers/acc-mutual-info.ts';
import { accNorm } from './scorers/acc-norm.ts';
import { acc } from './scorers/acc.ts';
import { answer } from './scorers/answer.ts';
import { bleu } from './scorers/bleu.ts';
import { brierScore } from './scorers/brier-score.ts';
import { choice } from './scorers/choice.ts';
import { chrf } from './scorers/chrf.ts';
import { codeExecution } from './scorers/code-execution.ts';
import { drop } from './scorers/drop.ts';
import { exactMatch } from './scorers/exact-match.ts';
import { exact } from './scorers/exact.ts';
import { f1Multiset } from './scorers/f1-multiset.ts';
import { f1Set } from './scorers/f1-set.ts';
import { f1 } from './scorers/f1.ts';
import { finalNumberExactMatch } from './scorers/final-number-exact-match.ts';
import { fuzzyMatch } from './scorers/fuzzy-match.ts';
import { gpqaLetter } from './scorers/gpqa-letter.ts';
import { grade } from './scorers/grade.ts';
import { greedy } from './scorers/greedy.ts';
import { helmExactMatch } from './scorers/helm-exact-match.ts';
import { includes } from './scorers/includes.ts';
import { jsonDiff } from './scorers/json-diff.ts';
import { jsonMatch } from './scorers/json-match.ts';
import { jsonSchema } from './scorers/json-schema.ts';
import { levenshtein } from './scorers/levenshtein.ts';
import { loglikelihood } from './scorers/loglikelihood.ts';
import { match } from './scorers/match.ts';
import { mathEquiv } from './scorers/math-equiv.ts';
import { mgsm } from './scorers/mgsm.ts';
import { modelGradedFact, modelGradedQa } from './scorers/model-graded.ts';
import { numericDiff } from './scorers/numeric-diff.ts';
import { openaiIncludes } from './scorers/openai-includes.ts';
import { openaiMatch } from './scorers/openai-match.ts';
import { pattern } from './scorers/pattern.ts';
import { prefixExactMatch } from './scorers/prefix-exact-match.ts';
import { quasiExactMatch } from './scorers/quasi-exact-match.ts';
import { quasiPrefixExactMatch } from './scorers/quasi-prefix-exact-match.ts';
import { command, http } from './scorers/remote.ts';
import { rouge } from './scorers/rouge.ts';
import { squadExact } from './scorers/squad-exact.ts';
import { ter } from './scorers/ter.ts';
import type { Scorer, ScorerKind } from './scorer.ts';

export type { ScoredSample, Scorer, Verdict } from './scorer.ts';

// Each kind is created with what its own schema made of the arguments, so that the type parameter may be forgotten here.
const KINDS = new Map<string, ScorerKind<never>>(
  Object.entries({
    match,
    includes,
    exact,
    pattern,
    choice,
    answer,
    f1,
    f1_multiset: f1Multiset,
    f1_set: f1Set,
    drop,
    squad_exact: squadExact,
    exact_match: exactMatch,
    helm_exact_match: helmExactMatch,
    quasi_exact_match: quasiExactMatch,
    prefix_exact_match: prefixExactMatch,
    quasi_prefix_exact_match: quasiPrefixExactMatch,
    final_number_exact_match: finalNumberExactMatch,
    openai_match: openaiMatch,
    openai_includes: openaiIncludes,
    fuzzy_match: fuzzyMatch,
    levenshtein,
    numeric_diff: numericDiff,
    mgsm,
    gpqa_letter: gpqaLetter,
    math_equiv: mathEquiv,
    bleu,
    chrf,
    ter,
    rouge,
    json_match: jsonMatch,
    json_schema: jsonSchema,
    json_diff: jsonDiff,
    code_execution: codeExecution,
    model_graded_qa: modelGradedQa,
    model_graded_fact: modelGradedFact,
    grade,
    acc,
    acc_norm: accNorm,
    acc_bytes: accBytes,
    acc_mutual_info: accMutualInfo,
    brier_score: brierScore,
    greedy,
    loglikelihood,
    command,
    http,
  }) as [string, ScorerKind<never>][],
);

/** Whether only an agent can run it, with its operator's leave. */
export const isRemote = (name: string): boolean => name === 'command' || name === 'http' || name === 'code_execution';

/** Whether models judge: their calls are units of their own, and no scorer of this name is ever made. */
export const isJudged = (name: string): boolean => name === 'model_graded_qa' || name === 'model_graded_fact';

/** Whether a score is computed from a completion wherever it is, without an agent and without a call. */
export const isComputed = (name: string): boolean => !isRemote(name) && !isJudged(name);

export const scorerNames = (): string[] => [...KINDS.keys()];

/** Whether its verdicts name what it took for the model's answer, such that answers can be counted. */
export const hasAnswer = (name: string): boolean => !isJudged(name) && KINDS.get(name)?.hasNoAnswer !== true;

/** Of a scorer by its name in results, `ter,chain` or `ter#2`; false for one that is not known here. */
export const isLessBetter = (id: string): boolean => KINDS.get(id.split(/[,#]/, 1)[0]!)?.lessIsBetter === true;

/** The zod schema of a scorer's arguments, or undefined for a name that is no scorer. */
export const scorerArgs = (name: string): ScorerKind<never>['args'] | undefined => KINDS.get(name)?.args;

/** Makes a scorer. Throws AppError invalid for an unknown name or wrong arguments (a parsed spec has neither). */
export function createScorer(spec: { name: string; args: Record<string, unknown> }): Scorer {
  const kind = KINDS.get(spec.name);
  if (!kind) throw new AppError('invalid', `no scorer is named "${spec.name}"; there are ${scorerNames().join(', ')}`);
  const parsed = kind.args.safeParse(spec.args);
  if (!parsed.success)
    throw new AppError('invalid', `scorer ${spec.name}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
  return kind.create(parsed.data);
}
