/**
 * Multiple choice by log-likelihood: which continuation the model holds most likely. As lm-evaluation-harness judges:
 *
 *   acc              argmax llⱼ
 *   acc_norm         argmax llⱼ / characters of choice j (code points)
 *   acc_bytes        argmax llⱼ / bytes of choice j (UTF-8)
 *   acc_mutual_info  argmax llⱼ − ll of choice j without the question; only where that is known
 *
 * Each 1 or 0. Of equals the first counts; a right answer that is no choice makes all 0.
 */
import { AppError } from '../../domain/errors.ts';
import { argmax, charactersOf } from '../likelihoods.ts';

export interface ChoiceLikelihoods {
  choices: readonly string[];
  /** Of each choice, given the question. */
  logLikelihoods: readonly number[];
  /** Of each choice, given nothing. */
  unconditional?: readonly number[] | undefined;
  /** The place of the right choice. */
  gold: number;
}

export interface ChoiceAccuracy {
  acc: number;
  acc_norm: number;
  acc_bytes: number;
  acc_mutual_info?: number;
}

export function choiceAccuracy({ choices, logLikelihoods, unconditional, gold }: ChoiceLikelihoods): ChoiceAccuracy {
  for (const list of [logLikelihoods, unconditional ?? choices])
    if (list.length !== choices.length)
      throw new AppError('invalid', `there are ${choices.length} choices, but ${list.length} likelihoods`);
  const isRight = (score: (ll: number, i: number) => number): number => Number(argmax(logLikelihoods.map(score)) === gold);
  return {
    acc: isRight((ll) => ll),
    acc_norm: isRight((ll, i) => ll / charactersOf(choices[i]!)),
    acc_bytes: isRight((ll, i) => ll / Buffer.byteLength(choices[i]!)),
    ...(unconditional ? { acc_mutual_info: isRight((ll, i) => ll - unconditional[i]!) } : {}),
  };
}
