/** The last look at a run, when its faults are healed: waits for the ends of all evaluations and for quiet, and writes down what is there. */
import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { openStore } from '../../../coordinator/store/open-store.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { s3LocationOf } from '../../../coordinator/store/s3/location.ts';
import { redisOptions } from '../../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../../shared/client/client.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { silentLogger } from '../../../shared/telemetry/logger.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { FinalResult } from '../history/history.ts';
import { WATCHED_MS } from '../checker/watches.ts';
import { keyIn } from './clients.ts';
import type { Rig } from './rig.ts';

/** L1: all evaluations are over within this after the last fault was healed; L2: and nothing is held. */
const END_MS = 45_000;
const REDIS_MS = 30_000;
const QUIET_MS = 10_000;
/** More than the checker gives to watchers to hear of an end. */
const WATCH_MS = WATCHED_MS + 2_000;

/** `isLast`: nothing comes after it on this rig, so that stale jobs are swept as well. */
export async function lookAtEnd(rig: Rig, { endMs = END_MS, isLast = true }: { endMs?: number; isLast?: boolean } = {}): Promise<void> {
  const { storeUrl, recorder, clients, redis } = rig;
  const store = await openStore(
    { store: storeUrl, s3: storeUrl.startsWith('s3:') ? s3LocationOf(storeUrl, 'store', []) : undefined },
    { coordinatorId: 'the-test', clock: systemClock, logger: silentLogger() },
  );
  const connection = new Redis(redisOptions(redis.url));
  connection.on('error', () => undefined);
  const client = clients.client();
  try {
    const ids: string[] = [];
    const own = new Set(rig.evaluations.values());
    for await (const id of store.evaluations()) if (own.has(id) && (await store.isAccepted(id))) ids.push(id);
    let open = ids;
    await waitFor(
      async () => {
        const states = await Promise.all(open.map(async (id) => [id, (await client.get(id)).state] as const));
        open = states.filter(([, state]) => !isFinal(state)).map(([id]) => id);
        return open.length === 0;
      },
      { what: 'all evaluations to end', timeoutMs: endMs, everyMs: 50 },
    ).catch(() => undefined);
    recorder.note('final', { what: 'over', evaluations: ids.filter((id) => !open.includes(id)) });
    await clients.settle(open.length > 0 ? 0 : Math.min(WATCH_MS, endMs));
    if (open.length === 0 && isLast) {
      const { evaluation, isOver } = await sweep(rig, client);
      ids.push(evaluation);
      if (!isOver) open = [evaluation];
    }
    const look = async () => ({ ...(await leftIn(connection)), ...(isLast ? {} : { jobs: 0 }) });
    // It may be down at this moment, or our connection not there yet.
    let left = await waitFor(look, { what: 'Redis', timeoutMs: REDIS_MS });
    await waitFor(
      async () => {
        left = await look();
        return left.leases + left.jobs + left.tasks === 0;
      },
      { what: 'nothing to be held', timeoutMs: open.length > 0 ? 100 : Math.min(QUIET_MS, endMs), everyMs: 100 },
    ).catch(() => undefined);
    recorder.note('final', { what: 'left', ...left, open });
    // One that is not known any more is missed by the checker.
    for (const id of ids)
      if (!open.includes(id))
        await lookAt(id, { rig, store, client }).catch((error: unknown) => {
          if (AppError.from(error).code !== 'not_found') throw error;
        });
  } finally {
    connection.disconnect();
    await store.close();
  }
}

/** Jobs of what is over are completed when they are fetched next: one more evaluation on their route fetches them. */
async function sweep({ clients, evaluations }: Rig, client: AssayClient): Promise<{ evaluation: string; isOver: boolean }> {
  const name = ['broom', ...evaluations.keys()].join('');
  const evaluation = evaluationIdOf('default', name);
  evaluations.set(name, evaluation);
  await clients.submit(client, { key: name, tag: name, samples: 4 });
  const isOver = await waitFor(async () => isFinal((await client.get(evaluation)).state), {
    what: 'the last evaluation to end',
    // Agents that lost their streams may only be on their way back.
    timeoutMs: END_MS,
    everyMs: 50,
  }).then(
    () => true,
    () => false,
  );
  return { evaluation, isOver };
}

async function lookAt(evaluation: string, { rig, store, client }: { rig: Rig; store: Store; client: AssayClient }): Promise<void> {
  const { state, counts } = await client.get(evaluation);
  const served = [];
  for await (const { unit, state: unitState, scores } of client.results(evaluation))
    served.push({ unit, state: unitState, value: scores[0]?.number ?? null });
  const stored: FinalResult[] = [];
  const index = await store.openResults(evaluation);
  try {
    for await (const { unit, content, agentId: agent, attemptId: attempt, grant } of index.results())
      stored.push({ unit, attempt, agent, grant, digest: createHash('sha256').update(content).digest('hex').slice(0, 16) });
  } finally {
    await index.close();
  }
  const report = await client.report(evaluation);
  const correct = report.results.reduce((sum, row) => sum + Math.round((row.metrics.accuracy ?? 0) * row.counts.scored), 0);
  const { idempotencyKey, namespace } = (await store.manifest(evaluation))!;
  const key = keyIn(namespace, idempotencyKey);
  rig.recorder.note('final', { what: 'evaluation', evaluation, key, state, counts, served, stored, correct });
}

/**
 * What Redis holds of work: leases, jobs that wait, tasks in windows. A job that was fetched by a coordinator that died then is nobody's: it
 * waits for the stalled check, minutes later, and is stale by then.
 */
async function leftIn(redis: Redis): Promise<{ leases: number; jobs: number; tasks: number }> {
  let [jobs, tasks] = [0, 0];
  for (const key of await redis.keys('assay:*')) {
    if (key.endsWith('}:tasks')) tasks += await redis.hlen(key);
    else if (/\}:(prioritized|delayed|waiting-children)$/.test(key)) jobs += await redis.zcard(key);
    else if (/\}:(wait|paused)$/.test(key)) jobs += await redis.llen(key);
  }
  return { leases: await redis.zcard('assay:leases'), jobs, tasks };
}
