/**
 * A failover by sentinels while what is written does not reach the replica: what becomes of all that was acknowledged with a replica, of what was not,
 * and of what nobody has waited for. Tests and the proof hold it against what is promised.
 */
import { Redis } from 'ioredis';
import { connect } from '../../shared/client/connect.ts';
import { parseDurability } from '../../shared/domain/durability.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { Fleet } from './fleet.ts';
import { mockSpec, sums } from './mock-evaluation.ts';
import type { RedisSentinels } from './redis-sentinel.ts';
import { waitFor } from './wait-for.ts';

const TIMES = ['--lease-ms', '3000', '--heartbeat-ms', '500', '--sweep-ms', '200'];
/** Submits of each kind. */
const SUBMITS = 30;

export interface PartitionFacts {
  /** With a replica, before the partition: submits and a pause. */
  acknowledged: number;
  /** Of these, those that the replica does not have after the failover. */
  lost: number;
  /** Asked for with a replica during the partition: submits and a pause. */
  asked: number;
  /** Of these, those that were answered as not known. */
  refused: number;
  /** Submits without a demand during the partition, all answered with the class that they have. */
  unwaited: number;
  /** Of these, those that Redis does not have after the failover. */
  lostUnwaited: number;
  /** By the replica: of the one that was paused before the partition, and of the one whose pause was refused. */
  states: (string | undefined)[];
  /** Evaluations that are there when the coordinator is back: the store has them all. */
  broughtBack: number;
  /** Whether a submit that was refused, sent again, finds its evaluation. */
  existed: boolean;
  /** The answer to a demand for a replica when there is none any more. */
  without: AppError | undefined;
}

export const failedOver = (sentinels: RedisSentinels): Promise<unknown> =>
  waitFor(async () => (await sentinels.primaryPort()) === sentinels.replica.port, { what: 'the failover', timeoutMs: 30_000, everyMs: 50 });

export const WANTED: Omit<PartitionFacts, 'without'> = {
  acknowledged: SUBMITS + 1,
  lost: 0,
  asked: SUBMITS + 1,
  refused: SUBMITS + 1,
  unwaited: SUBMITS,
  // It was a partition: what nobody waited for is gone from Redis; the store brings all of it back.
  lostUnwaited: SUBMITS,
  states: ['paused', 'running'],
  broughtBack: 3 * SUBMITS,
  existed: true,
};

export async function failOverPartitioned(sentinels: RedisSentinels): Promise<PartitionFacts> {
  const fleet = await Fleet.on({ ...sentinels.primary, url: sentinels.url, stop: sentinels.stop });
  const coordinator = await fleet.coordinator({ args: TIMES });
  const client = connect({ addresses: [coordinator.address], patienceMs: 500, durability: parseDurability('replicated:1')! });
  const plain = fleet.client(coordinator.address);
  const replica = new Redis({ port: sentinels.replica.port });
  replica.on('error', () => undefined);
  try {
    const spec = mockSpec(await client.uploadBytes(sums(4)));
    const submit = async (key: string): Promise<string> => (await client.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
    const names = (prefix: string): string[] => Array.from({ length: SUBMITS }, (_, i) => `${prefix}-${i}`);
    const acknowledged = await Promise.all(names('before').map(submit));
    const [toPause, toPauseLater] = acknowledged as [string, string];
    await client.pause({ evaluationId: toPause });

    sentinels.link.stall('down');
    const during = await Promise.allSettled([...names('during').map(submit), client.pause({ evaluationId: toPauseLater })]);
    const refused = during.filter((answer) => answer.status === 'rejected' && isUnknown(answer.reason)).length;
    const unwaited = await Promise.all(names('unwaited').map((key) => plain.submit({ spec, idempotencyKey: key })));

    // No coordinator brings anything back before we have looked at what the replica has.
    await coordinator.kill9();
    await sentinels.primary.kill9();
    await failedOver(sentinels);
    await waitFor(async () => (await replica.role())[0] === 'master', { what: 'the replica to be primary' });
    const stateOf = async (evaluationId: string): Promise<string | undefined> =>
      (await replica.hget(`assay:{${evaluationId}}:meta`, 'state')) ?? undefined;
    const kept = await Promise.all(acknowledged.map(stateOf));
    const keptUnwaited = await Promise.all(unwaited.map(({ evaluation }) => stateOf(evaluation.evaluationId)));

    // The store brings all of it back: also what was written and not acknowledged.
    await coordinator.start();
    let broughtBack = 0;
    await waitFor(async () => (broughtBack = (await plain.list({}, { size: 1000 })).items.length) >= WANTED.broughtBack, {
      what: 'all evaluations',
      state: () => broughtBack,
    });
    await waitFor(async () => (await plain.get(toPauseLater)).state === 'paused', {
      what: 'the journaled command',
      timeoutMs: 60_000,
      everyMs: 100,
    });
    const gone = (states: (string | undefined)[]): number => states.filter((state) => state === undefined).length;
    return {
      // The pause is there as the state of its evaluation.
      acknowledged: kept.length + 1,
      lost: gone(kept) + (kept[0] === undefined || kept[0] === 'paused' ? 0 : 1),
      asked: during.length,
      refused,
      unwaited: unwaited.filter(({ durability }) => durability?.class === 'buffered').length,
      lostUnwaited: gone(keptUnwaited),
      states: kept.slice(0, 2),
      broughtBack,
      existed: (await plain.submit({ spec, idempotencyKey: 'during-0' })).existed,
      without: await submit('after').then(
        () => undefined,
        (error: unknown) => AppError.from(error),
      ),
    };
  } finally {
    replica.disconnect();
    client.close();
    await fleet.stop();
  }
}

/** Written and not acknowledged: nobody knows. */
function isUnknown(reason: unknown): boolean {
  const { code, details } = AppError.from(reason);
  return code === 'unavailable' && details['indeterminate'] === 'true';
}
