import { describe, expect, test } from 'vitest';
import { changesOf, watchCluster } from '../../../../coordinator/cluster/watch.ts';
import { ClusterPictures, type ClusterPicture } from '../../../../coordinator/cluster/cluster-pictures.ts';
import { emptyStatus } from '../../../../coordinator/evaluations/retention/store-board.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import type { Clock } from '../../../../shared/runtime/clock.ts';
import type { ClusterChange } from '../../../../shared/client/types.ts';

const agent = (agentId: string, more: object = {}) =>
  ({ agentId, name: agentId, seenAtMs: 1, ...more }) as ClusterPicture['agents'][number];
const picture = (agents: ClusterPicture['agents'], timeMs = 1): ClusterPicture => ({
  timeMs,
  coordinators: [],
  agents,
  routes: [],
  store: emptyStatus(),
});
const nothingSent = () => ({ coordinators: new Map(), agents: new Map(), routes: new Map(), store: '', seen: new Map(), seenAtMs: 0 });

/** Time passes only in sleeps. */
function steppingClock(): Clock {
  let nowMs = 0;
  return {
    now: () => nowMs,
    monotonic: () => nowMs,
    soon: (work) => void setImmediate(work),
    sleep: async (ms, signal) => {
      await new Promise(setImmediate);
      signal?.throwIfAborted();
      nowMs += ms;
    },
  };
}

describe('changes', () => {
  test('first everything, then what differs, then what is gone; when it was seen is no difference', () => {
    const sent = nothingSent();
    expect([...changesOf(sent, picture([agent('a'), agent('b')]), true)]).toMatchObject([
      { snapshot: true, agents: [{ agentId: 'a' }, { agentId: 'b' }] },
    ]);
    expect([...changesOf(sent, picture([agent('a', { seenAtMs: 9 }), agent('b')]), false)]).toEqual([]);
    expect([...changesOf(sent, picture([agent('a', { samples: 3 }), agent('b')]), false)]).toMatchObject([
      { snapshot: false, agents: [{ samples: 3 }], removedAgentIds: [] },
    ]);
    expect([...changesOf(sent, picture([agent('b')]), false)]).toMatchObject([{ agents: [], removedAgentIds: ['a'] }]);
    expect([...changesOf(sent, picture([agent('b')]), false)]).toEqual([]);
  });

  test('when they were seen is told every five seconds, and only of those that were', () => {
    const sent = nothingSent();
    expect([...changesOf(sent, picture([agent('a'), agent('b')], 10_000), true)]).toHaveLength(1);
    const later = [agent('a', { seenAtMs: 9 }), agent('b')];
    expect([...changesOf(sent, picture(later, 14_000), false)]).toEqual([]);
    const [first] = [...changesOf(sent, picture(later, 15_000), false)];
    expect(first).toMatchObject({
      agents: [],
      seen: [
        { id: 'a', seenAtMs: 9 },
        { id: 'b', seenAtMs: 1 },
      ],
    });
    expect([...changesOf(sent, picture(later, 16_000), false)]).toEqual([]);
    expect([...changesOf(sent, picture([agent('a', { seenAtMs: 12 }), agent('b')], 20_000), false)]).toMatchObject([
      { seen: [{ id: 'a', seenAtMs: 12 }] },
    ]);
    expect([...changesOf(sent, picture([agent('a', { seenAtMs: 12 }), agent('b')], 25_000), false)]).toEqual([]);
  });

  test('Redis is told with every look at it, and not between', () => {
    const sent = nothingSent();
    const looked = (measuredAtMs: number): ClusterPicture => ({ ...picture([]), redis: { measuredAtMs, servers: [] } });
    expect([...changesOf(sent, looked(1), true)]).toMatchObject([{ redis: { measuredAtMs: 1 } }]);
    expect([...changesOf(sent, looked(1), false)]).toEqual([]);
    expect([...changesOf(sent, looked(6), false)]).toMatchObject([{ snapshot: false, redis: { measuredAtMs: 6 } }]);
    expect([...changesOf(sent, picture([]), false)]).toEqual([]);
  });

  test('an empty cluster is a snapshot too', () => {
    expect([...changesOf(nothingSent(), picture([]), true)]).toMatchObject([{ snapshot: true, agents: [] }]);
  });

  test('a large snapshot comes in several messages, of which the first says so', () => {
    const agents = Array.from({ length: 3000 }, (_, i) => agent(`ag_${i}`, { host: { system: 'x'.repeat(1000) } }));
    const messages = [...changesOf(nothingSent(), picture(agents), true)];
    expect(messages.map((message) => message.snapshot)).toEqual([true, false, false, false]);
    expect(messages.flatMap((message) => message.agents)).toEqual(agents);
    for (const message of messages) expect(JSON.stringify(message).length).toBeLessThan(1.1 * 2 ** 20);
  });
});

describe('a watcher', () => {
  test('that reads slowly skips pictures, and misses no change', async () => {
    let taken = 0;
    const clock = steppingClock();
    const pictures = new ClusterPictures(async () => picture([agent('a', { samples: ++taken })], taken), clock);
    const ends = new AbortController();
    const watching = watchCluster(pictures, clock, ends.signal);
    const first = (await watching.next()).value as ClusterChange;
    expect(first).toMatchObject({ snapshot: true, agents: [{ samples: first.timeMs }] });
    while (taken < first.timeMs + 5) await new Promise(setImmediate);
    const second = (await watching.next()).value as ClusterChange;
    expect(second.timeMs).toBeGreaterThanOrEqual(first.timeMs + 5);
    expect(second.agents).toMatchObject([{ samples: second.timeMs }]);
    ends.abort();
    expect((await watching.next()).done).toBe(true);
    await pictures.stop();
  });

  test('hears something every 15 seconds, and nothing is looked at when nobody watches', async () => {
    let taken = 0;
    const clock = steppingClock();
    const pictures = new ClusterPictures(async () => (taken++, picture([])), clock);
    const ends = new AbortController();
    const watching = watchCluster(pictures, clock, ends.signal);
    await watching.next();
    const { value } = await watching.next();
    expect(value).toMatchObject({ snapshot: false, agents: [], routes: [] });
    expect((value as ClusterChange).timeMs).toBeGreaterThanOrEqual(14_000);
    await watching.return(undefined);
    await pictures.stop();
    const before = taken;
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    expect(taken).toBe(before);
  });

  test('is told when there has never been a picture, and keeps the last one otherwise', async () => {
    let fails = true;
    const take = async () => {
      if (fails) throw new AppError('unavailable', 'Redis: no answer');
      return picture([agent('a')]);
    };
    const clock = steppingClock();
    const pictures = new ClusterPictures(take, clock);
    await expect(watchCluster(pictures, clock, new AbortController().signal).next()).rejects.toMatchObject({ code: 'unavailable' });
    await pictures.stop();
    fails = false;
    const others = new ClusterPictures(take, clock);
    const watching = watchCluster(others, clock, new AbortController().signal);
    expect((await watching.next()).value).toMatchObject({ agents: [{ agentId: 'a' }] });
    fails = true;
    expect((await watching.next()).value).toMatchObject({ snapshot: false, agents: [], removedAgentIds: [] });
    await watching.return(undefined);
    await others.stop();
  });
});
