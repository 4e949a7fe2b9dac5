/** What went wrong on the way to a report: units by the class of their failure, refused answers, and whether units that needed retries score otherwise. */
import type { RetryBias } from '../../shared/client/types.ts';
import type { Group } from '../../shared/domain/manifest.ts';
import type { UnitResult } from '../../shared/domain/result.ts';

interface Sum {
  units: number;
  sum: number;
}
const none = (): Sum => ({ units: 0, sum: 0 });
const meanOf = ({ units, sum }: Sum): RetryBias['retried'] => ({ units, mean: sum / units });

/** Per scorer of a group: the scores of units that were tried again, and of the rest. */
export class Failures {
  readonly #classes = new Map<string, number>();
  readonly #answers = { refused: 0, filtered: 0 };
  readonly #groups = new Map<Group, { retried: Sum; rest: Sum }[]>();

  /** In unit order, so that the last bit of a sum does not depend on who finished first. */
  add(group: Group, { outcome, error, scores, retries, stopReason }: UnitResult): void {
    // A scorer's failure stands with its score.
    const failure = error?.class ?? 'scorer_error';
    if (outcome === 'errored') this.#classes.set(failure, (this.#classes.get(failure) ?? 0) + 1);
    if (group.judge) return;
    if (stopReason === 'refusal') this.#answers.refused++;
    if (stopReason === 'content_filter') this.#answers.filtered++;
    let sums = this.#groups.get(group);
    if (!sums) this.#groups.set(group, (sums = group.scorers.map(() => ({ retried: none(), rest: none() }))));
    for (const [i, { number, error: failed }] of scores.entries()) {
      if (number === null || failed !== undefined) continue;
      const sum = sums[i]![retries > 0 ? 'retried' : 'rest'];
      sum.units++;
      sum.sum += number;
    }
  }

  /** Of errored units, in the order of their names; undefined without any. */
  get errors(): Record<string, number> | undefined {
    if (this.#classes.size === 0) return undefined;
    return Object.fromEntries([...this.#classes].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Undefined where every answer is one. */
  get answers(): { refused: number; filtered: number } | undefined {
    const { refused, filtered } = this.#answers;
    return refused + filtered > 0 ? { refused, filtered } : undefined;
  }

  /** Of each scorer with units of both kinds; undefined where there is none. */
  get retryBias(): RetryBias[] | undefined {
    const found = [...this.#groups].flatMap(([{ benchmark, model, scorers }, sums]) =>
      sums.flatMap(({ retried, rest }, i) =>
        retried.units > 0 && rest.units > 0
          ? [{ benchmark, model, scorer: scorers[i]!, retried: meanOf(retried), rest: meanOf(rest) }]
          : [],
      ),
    );
    return found.length > 0 ? found : undefined;
  }
}
