/** Whether Redis answers now. A connection may stand for minutes while nothing comes back by it. */
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { SharedLook } from '../../shared/runtime/shared-look.ts';
import { isReady, type RedisClient } from './connect.ts';
import { everyPrimary, primariesOf } from './primaries.ts';

/** Whoever asks a balancer's question wants an answer soon; work itself has more patience. */
const PATIENCE_MS = 2_000;

/** Asks every primary at each call, and those who ask meanwhile share the answer; never rejects. */
export function redisAnswers(client: RedisClient, clock: Clock): () => Promise<boolean> {
  const primaries = primariesOf(client);
  const ask = async (): Promise<unknown> => Promise.all(everyPrimary(primaries).map((redis) => redis.ping()));
  const answer = new SharedLook(() =>
    withDeadline({ ms: PATIENCE_MS, what: 'an answer of Redis', clock }, ask).then(
      () => true,
      () => false,
    ),
  );
  return async () => isReady(client) && answer.look();
}
