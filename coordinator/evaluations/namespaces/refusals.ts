/** What is said where a bound of a namespace is reached. */
import { NAMESPACE_LIMITS, usdOf, type NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { CostReached } from './costs.ts';

/** Nobody knows what an evaluation will cost: what is refused is any that begins after. */
export function spent(namespace: string, { limit, used, untilMs }: CostReached): AppError {
  const until = new Date(untilMs).toISOString();
  const { word, says } = NAMESPACE_LIMITS.find(({ name }) => name === 'maxCostPerDayMicroUsd')!;
  return new AppError(
    'resource_exhausted',
    `the namespace ${JSON.stringify(namespace)} has a bound on ${says} (${word}): it is $${usdOf(limit)}, and $${usdOf(used)} are taken. ` +
      `Nothing was kept of it; wait until the day ends (${until}), or ask an administrator for more (assay namespace set)`,
    { reason: 'NAMESPACE_QUOTA', details: { namespace, quota: word, limit: usdOf(limit), used: usdOf(used), until } },
  );
}

export const LESS = 'wait until some are done, cancel some, or evaluate fewer';
export const FEWER_BYTES =
  'delete evaluations that nobody needs, or use a dataset that is there; what no evaluation names goes after a day';

export function checkPriority(namespace: string, { firstPriority = 1 }: NamespaceLimits, priority: number): void {
  if (priority < firstPriority)
    throw over(
      namespace,
      'firstPriority',
      { limit: firstPriority, used: 0, needed: priority },
      `write a priority from ${firstPriority} to 10`,
    );
}

export function over(
  namespace: string,
  quota: keyof NamespaceLimits,
  { limit, used, needed }: { limit: number; used: number; needed: number },
  remedy: string,
): AppError {
  const { word, says } = NAMESPACE_LIMITS.find(({ name }) => name === quota)!;
  const taken = used > 0 ? `, ${used} are taken` : '';
  return new AppError(
    'resource_exhausted',
    `the namespace ${JSON.stringify(namespace)} has a bound on ${says} (${word}): it is ${limit}${taken}, and this wants ${needed}. ` +
      `Nothing was kept of it; ${remedy}, or ask an administrator for more (assay namespace set)`,
    {
      reason: 'NAMESPACE_QUOTA',
      details: { namespace, quota: word, limit: String(limit), used: String(used), needed: String(needed) },
    },
  );
}
