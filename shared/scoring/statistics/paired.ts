/**
 * How two models differ that answered the same samples, in the same order:
 *
 *   mean    Σ (aᵢ − bᵢ) / n
 *   stderr  std(aᵢ − bᵢ) / √n
 *
 * Miller 2024, arXiv:2411.00640: what makes a sample hard for both falls out. Null for n = 0; a stderr of 0 for n = 1.
 */
import { AppError } from '../../domain/errors.ts';
import { mean } from './moments.ts';
import { stderr } from './stderr.ts';

export interface Difference {
  mean: number;
  stderr: number;
}

export function differences(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new AppError('invalid', `${a.length} and ${b.length} values make no pairs`);
  return a.map((value, i) => value - b[i]!);
}

export function pairedDifference(a: readonly number[], b: readonly number[]): Difference | null {
  const between = differences(a, b);
  const m = mean(between);
  return m === null ? null : { mean: m, stderr: stderr(between)! };
}
