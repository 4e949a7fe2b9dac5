/** What one namespace may take of what is told. */
import { expect, test } from 'vitest';
import type { Incident, Kind, Ongoing } from '../../../../coordinator/alerts/incident.ts';
import type { Message } from '../../../../coordinator/alerts/message.ts';
import { Rooms, WAITING, withinShares } from '../../../../coordinator/alerts/shares.ts';

const many = (n: number, namespace: string, kind: Kind = 'evaluation_failed'): Incident[] =>
  Array.from({ length: n }, (_, i) => ({ key: `${kind}:${namespace}:${i}`, kind, namespace, summary: `${namespace} ${i}`, facts: {} }));
const goingOn = (incidents: readonly Incident[]): Map<string, { value: Ongoing }> =>
  new Map(incidents.map((incident) => [incident.key, { value: { incident, state: 'open', sinceMs: 0 } }]));

test('beyond its share what a namespace has is told as one, and ends as one; others and the fleet have theirs', () => {
  const own = many(3_000, 'team-a');
  const seen = withinShares(new Map(), own);
  expect(seen).toHaveLength(501);
  expect(seen.at(-1)).toMatchObject({
    key: 'more:evaluation_failed:team-a',
    kind: 'evaluation_failed',
    namespace: 'team-a',
    facts: { more: 2_500 },
  });
  const known = goingOn(seen);
  const lost = many(30, '', 'agent_lost');
  const again = withinShares(known, [...own, ...lost, ...many(30, 'team-b')]);
  for (const incident of [...lost, ...many(30, 'team-b')]) expect(again).toContainEqual(incident);
  expect(withinShares(known, own.slice(0, 500)).map(({ key }) => key)).not.toContain('more:evaluation_failed:team-a');
});

test('when all namespaces together have their share, each new one has a few nevertheless', () => {
  const known = goingOn(['a', 'b', 'c', 'd'].flatMap((namespace) => many(500, namespace)));
  const seen = withinShares(known, many(50, 'late'));
  expect(seen).toHaveLength(21);
  expect(seen.at(-1)).toMatchObject({ facts: { more: 30 } });
});

test('a channel: of one namespace so many wait, of information fewer; the last places are for the fleet', () => {
  const rooms = new Rooms([]);
  const fill = (incidents: readonly Incident[], channel = 'ops'): number => {
    const free = incidents.filter((incident) => {
      const isFree = rooms.has(channel, incident);
      if (isFree) rooms.take(channel, incident);
      return isFree;
    });
    return free.length;
  };
  expect(fill(many(1_000, 'team-a', 'evaluation_finished'))).toBe(WAITING.info);
  expect(fill(many(1_000, 'team-a'))).toBe(WAITING.one - WAITING.info);
  for (const namespace of ['b', 'c', 'd']) expect(fill(many(1_000, namespace))).toBe(WAITING.one);
  expect(fill(many(1, 'e'))).toBe(0);
  expect(fill(many(1_000, '', 'agent_lost'))).toBe(WAITING.channel - WAITING.all);
  expect(fill(many(1, 'e'), 'another')).toBe(1);
  expect(new Rooms([{ value: { channel: 'ops', incident: many(1, 'a')[0]! } as Message }]).has('ops', many(1, 'a')[0]!)).toBe(true);
});
