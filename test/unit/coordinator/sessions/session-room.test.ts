/** What the agents of one identity, and of one team, may take of a coordinator. */
import { describe, expect, test } from 'vitest';
import { cardBytes, MAX_CARD_BYTES, SessionRoom } from '../../../../coordinator/sessions/session-room.ts';
import { checkHello } from '../../../../coordinator/sessions/wire.ts';
import { LOCAL, type Identity } from '../../../../shared/domain/identity.ts';
import type { Hello } from '../../../../shared/rpc/messages.ts';

const identity = (tokenId: string, ...namespaces: string[]): Identity => ({
  ...{ name: 'hosts', kind: 'token', scopes: new Set(['agent']), tokenId, namespaces },
});
const hello = (n: number, more: Partial<Hello> = {}): Hello => ({
  ...{
    kind: 'hello',
    agentId: `ag_${String(n).padStart(16, '0')}`,
    instanceId: 'i',
    name: 'n',
    wireVersion: 1,
    wireMinor: 3,
    version: '1',
  },
  ...{ labels: {}, models: [], slots: 1, heldAttempts: [], capabilities: [], host: {}, canSpare: true, number: 1 },
  ...more,
});
/** One that says so many bytes of itself. */
const saying = (bytes: number, n = 0): Hello => hello(n, { capabilities: ['c'.repeat(bytes - cardBytes(hello(n)) - 2)] });
const NO_ROOM = expect.objectContaining({ code: 'resource_exhausted' });

describe('a Hello', () => {
  test(`says at most ${MAX_CARD_BYTES} bytes of its agent; what it holds is not counted`, () => {
    expect(cardBytes(saying(MAX_CARD_BYTES))).toBe(MAX_CARD_BYTES);
    const heldAttempts = Array.from({ length: 5_000 }, () => 'ab'.repeat(16));
    for (const bytes of [MAX_CARD_BYTES - 1, MAX_CARD_BYTES]) expect(() => checkHello({ ...saying(bytes), heldAttempts })).not.toThrow();
    expect(() => checkHello(saying(MAX_CARD_BYTES + 1))).toThrow(
      /labels, models, capabilities, host: have 32769 bytes together; at most 32768/,
    );
    // Bytes, not letters.
    expect(() => checkHello(hello(1, { capabilities: ['字'.repeat(MAX_CARD_BYTES / 2)] }))).toThrow(/at most 32768/);
  });
});

describe('the room', () => {
  test.each([
    ['of one identity', 3, 100, 'tk_a', 'tk_b'],
    ['of one set of namespaces', 100, 3, 'tk_a', 'tk_a2'],
  ])('%s: so many sessions, and others have theirs', (_, own, together, first, second) => {
    const bytes = 1e6;
    const room = new SessionRoom({ sessions: own, bytes }, { sessions: together, bytes });
    const ends = [1, 2, 3].map((n) => room.take(hello(n), identity(first, 'team-a')));
    expect(() => room.take(hello(4), identity(first, 'team-a'))).toThrow(NO_ROOM);
    const next = (): (() => void) => room.take(hello(4), identity(second, 'team-a'));
    if (own === 3) next()();
    else expect(next).toThrow(NO_ROOM);
    room.take(hello(5), identity('tk_c', 'team-b'));
    room.take(hello(5), LOCAL);
    ends[0]!();
    room.take(hello(4), identity(first, 'team-a'));
  });

  test('bytes at the limit, and one more', () => {
    const of = (limit: number): SessionRoom => new SessionRoom({ sessions: 9, bytes: limit }, { sessions: 9, bytes: 1e6 });
    const a = identity('tk_a', 'team-a');
    for (const [limit, fits] of [
      [1_199, false],
      [1_200, true],
      [1_201, true],
    ] as const) {
      const room = of(limit);
      room.take(saying(600, 1), a);
      if (fits) room.take(saying(600, 2), a);
      else expect(() => room.take(saying(600, 2), a)).toThrow(NO_ROOM);
    }
  });

  test('an agent that comes back is counted once, and the end of its stream before takes nothing from it', () => {
    const room = new SessionRoom({ sessions: 1, bytes: 1_000 }, { sessions: 1, bytes: 1_000 });
    const a = identity('tk_a', 'team-a');
    const before = room.take(saying(900, 1), a);
    const now = room.take(saying(900, 1), a);
    before();
    before();
    expect(() => room.take(hello(2), a)).toThrow(NO_ROOM);
    now();
    room.take(saying(1_000, 2), a);
  });

  test('the coordinator’s own token has no bound', () => {
    const room = new SessionRoom({ sessions: 1, bytes: 1 }, { sessions: 1, bytes: 1 });
    for (let n = 0; n < 5; n++) expect(() => room.take(hello(n), LOCAL)).not.toThrow();
  });
});
