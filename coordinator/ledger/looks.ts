/** What a sweep sees of each evaluation in Redis. */
import type { EvaluationState } from '../../shared/domain/states.ts';
import type { RedisClient } from '../redis/connect.ts';
import { isDamage, throwUnavailable } from '../redis/errors.ts';
import type { LedgerLook } from './types.ts';

/** By the keys of their `meta`; undefined where Redis knows nothing, or nothing that makes sense. Throws `unavailable`. */
export async function looksOf(redis: Pick<RedisClient, 'hmget'>, keys: readonly string[]): Promise<(LedgerLook | undefined)[]> {
  if (keys.length === 0) return [];
  // Not a pipeline: in a cluster they lie in many slots. Written in one tick, they leave together all the same.
  const rows = await Promise.all(
    keys.map((key) => redis.hmget(key, 'state', 'command', 'beat', 'updates', 'requeues', 'doomed').catch(noneIfDamaged)),
  ).catch(throwUnavailable);
  return rows.map(([state, command, beat, updates, requeues, doomed]) => {
    if (!state) return undefined;
    return {
      state: state as EvaluationState,
      command: command ? `${command}:${beat ?? 0}` : '',
      updates: Number(updates ?? 0),
      requeues: Number(requeues ?? 0),
      doomed: Number(doomed ?? 0),
    };
  });
}

/** One that is damaged is no trouble of the others. */
function noneIfDamaged(error: unknown): (string | null)[] {
  if (isDamage(error)) return [];
  throw error;
}
