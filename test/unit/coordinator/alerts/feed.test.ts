/** What of incidents is shown, how large it may be, and to whom. */
import { expect, test } from 'vitest';
import { eventOf, shownOf } from '../../../../coordinator/alerts/event.ts';
import { Feed, type EventSight } from '../../../../coordinator/alerts/feed.ts';
import type { Incident, Ongoing } from '../../../../coordinator/alerts/incident.ts';
import type { EventFilter, IncidentEvent } from '../../../../shared/client/event-types.ts';

const incident = (key: string, more: Partial<Incident> = {}): Incident => ({
  ...{ key, kind: 'nothing_fits', namespace: 'a', summary: key, facts: {}, ...more },
});
const noted = (key: string, more: Partial<Incident> = {}): IncidentEvent =>
  eventOf('opened', { incident: incident(key, more), occurrence: key, startedMs: 1, atMs: 2 });
const EVERYTHING: EventSight = { namespaces: '*', fleet: true };

/** A book with these events, the newest first, that says how much was read of it. */
function bookOf(events: readonly IncidentEvent[], ongoing: readonly Ongoing[] = []) {
  const reads: number[] = [];
  const feed = new Feed({
    ongoing: async () => new Map(ongoing.map((value) => [value.incident.key, { value, text: '' }])),
    events: async (below = Infinity, most, isMeant) => {
      const places = events.map((event, i) => ({ place: events.length - i, event: isMeant(event.namespace) ? event : undefined }));
      const found = places.filter(({ place }) => place < below).slice(0, most);
      reads.push(found.length);
      return found;
    },
  });
  const list = (filter: EventFilter = {}, size = 10, token = '', sight = EVERYTHING) => feed.list(filter, { size, token }, sight);
  return { list, reads };
}

test('however large an incident is, an event of it is small, and one line', () => {
  const facts = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`fact ${i} ${'x'.repeat(100)}`, '😀'.repeat(1000)]));
  const event = noted('large', { summary: `two\nlines\u202e ${'y'.repeat(10_000)}`, facts: { ...facts, n: 5 } });
  expect(event).toMatchObject({ id: 'large:opened', incident: 'large', status: 'opened', severity: 'critical', startedMs: 1, atMs: 2 });
  expect(event.summary).toMatch(/^two lines {2}y{488}/);
  expect(event.summary).toHaveLength(500);
  expect(Object.keys(event.facts)).toHaveLength(20);
  expect(JSON.stringify(event).length).toBeLessThan(10_000);
  const odd = noted('odd', { facts: { n: `${'z'.repeat(299)}😀`, count: 5 } });
  expect(odd.facts).toEqual({ n: `${'z'.repeat(299)}\ufffd`, count: '5' });
});

test('what is open comes before what waits, of each the worst first; beyond 200 it is counted', async () => {
  const one = (key: string, kind: Incident['kind'], more: Partial<Ongoing> = {}): Ongoing => ({
    ...{ incident: incident(key, { kind }), state: 'open', sinceMs: 1, occurrence: key, ...more },
  });
  const few = [one('stuck', 'queue_stuck'), one('waits', 'nothing_fits', { state: 'waiting' }), one('old', 'nothing_fits')];
  const { list } = bookOf([], [...few, one('new', 'nothing_fits', { sinceMs: 2, absentMs: 5 })]);
  const page = await list();
  expect(page.ongoing.map(({ summary }) => summary)).toEqual(['new', 'old', 'stuck', 'waits']);
  expect(page.ongoing[0]).toEqual(shownOf(one('new', 'nothing_fits', { sinceMs: 2, absentMs: 5 })));
  expect([page.open, page.waiting]).toEqual([3, 1]);
  expect((await list({ kind: 'queue_stuck', status: 'resolved' })).ongoing.map(({ summary }) => summary)).toEqual(['stuck']);
  const many = bookOf(
    [],
    Array.from({ length: 300 }, (_, i) => one(`${i}`, 'dead_letters')),
  );
  for (const [size, told] of [
    [1, 1],
    [1000, 200],
  ] as const)
    expect(await many.list({}, size).then(({ ongoing, open }) => [ongoing.length, open])).toEqual([told, 300]);
});

test('pages of what is meant, each of their own filter; no more is read than is wanted', async () => {
  const events = Array.from({ length: 1200 }, (_, i) => noted(`${i}`, { namespace: ['', 'a', 'b'][i % 3]! }));
  const { list, reads } = bookOf(events);
  const first = await list({}, 3);
  expect(first.items.map(({ incident: name }) => name)).toEqual(['0', '1', '2']);
  expect(Math.max(...reads)).toBeLessThan(50);
  const second = await list({}, 3, first.nextToken);
  expect([second.items.map(({ incident: name }) => name), second.ongoing]).toEqual([['3', '4', '5'], []]);
  await expect(list({ namespace: 'a' }, 3, first.nextToken)).rejects.toThrow('belongs to another list or filter');
  const bound: EventSight = { namespaces: ['b'], fleet: false };
  const mine = await list({}, 400, '', bound);
  expect([mine.items.length, new Set(mine.items.map(({ namespace }) => namespace)), mine.nextToken]).toEqual([400, new Set(['b']), '']);
  expect((await list({ namespace: 'a' }, 10, '', bound)).items).toEqual([]);
  expect((await list({ kind: 'agent_lost' })).items).toEqual([]);
  expect((await list({}, 10, '', { namespaces: '*', fleet: false })).items.map(({ namespace }) => namespace)).not.toContain('');
});
