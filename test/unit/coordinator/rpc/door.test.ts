import { describe, expect, test } from 'vitest';
import { Certificates } from '../../../../coordinator/rpc/door/certificates.ts';
import { ConnectionCounts } from '../../../../coordinator/rpc/door/peers.ts';
import { peerOf } from '../../../../shared/rpc/peer-address.ts';
import { Penalties } from '../../../../coordinator/rpc/door/penalties.ts';
import { delayOf, LoginBackoff } from '../../../../coordinator/rpc/limits/login-backoff.ts';
import { Pace } from '../../../../shared/runtime/pace.ts';
import { makeCertificate } from '../../../support/certificate.ts';
import { recordingLogger } from '../../../support/rpc.ts';

describe('peers', () => {
  test.each([
    [undefined, undefined],
    ['10.0.0.7', '10.0.0.7'],
    ['::ffff:10.0.0.7', '10.0.0.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (address, peer) => expect(peerOf(address)).toBe(peer));

  test('are counted, and forgotten when they have gone', () => {
    const counts = new ConnectionCounts({ total: 4, perPeer: 2 });
    expect(['a', 'a', 'a', 'b', undefined, 'c'].map((peer) => counts.enter(peer))).toEqual([
      undefined,
      undefined,
      'peer-full',
      undefined,
      undefined,
      'full',
    ]);
    counts.leave('a');
    expect(counts.enter('a')).toBeUndefined();
    expect(counts.total).toBe(4);
  });
  test('without a bound for each, that of all holds', () => {
    const counts = new ConnectionCounts({ total: 2, perPeer: 0 });
    expect([counts.enter('a'), counts.enter('a'), counts.enter('a')]).toEqual([undefined, undefined, 'full']);
  });
});

describe('failed logins', () => {
  test('wait twice as long each time, up to five seconds', () => {
    expect([1, 3, 4, 5, 6, 10, 11, 1e9].map(delayOf)).toEqual([0, 0, 100, 200, 400, 5000, 5000, 5000]);
  });
  test('are forgotten after a quiet minute; other peers are others', () => {
    const backoff = new LoginBackoff();
    const fail = (peer: string, ms: number) => {
      const turn = backoff.failed(peer, ms)!;
      turn.answered();
      return turn.delayMs;
    };
    expect([0, 1, 2, 3, 4].map((ms) => fail('a', ms))).toEqual([0, 0, 0, 100, 200]);
    expect(fail('b', 5)).toBe(0);
    expect(fail('a', 60_003)).toBe(400);
    expect(fail('a', 120_003)).toBe(0);
  });
  test('32 of a peer may wait; the table is bounded', () => {
    const backoff = new LoginBackoff();
    const turns = Array.from({ length: 33 }, (_, i) => backoff.failed('a', i));
    expect(turns.map(Boolean).indexOf(false)).toBe(32);
    turns[0]!.answered();
    expect(backoff.failed('a', 40)).toBeDefined();
    for (let i = 0; i < 11_000; i++) backoff.failed(`p${i}`, i);
    expect(backoff.size).toBe(10_000);
  });
});

test('who has abused a connection waits longer each time, for a minute after the last; the table is bounded', () => {
  const penalties = new Penalties();
  expect(penalties.delayMs('a', 0)).toBe(0);
  const delays = [0, 1, 2, 3, 4, 5, 6, 7].map((ms) => {
    penalties.punish('a', ms);
    return penalties.delayMs('a', ms);
  });
  expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 5000, 5000]);
  expect([penalties.delayMs('b', 7), penalties.delayMs(undefined, 7)]).toEqual([0, 0]);
  expect([penalties.delayMs('a', 60_006), penalties.delayMs('a', 60_007)]).toEqual([5000, 0]);
  for (let i = 0; i < 11_000; i++) penalties.punish(`p${i}`, i);
  expect(penalties.size).toBe(10_000);
});

test('a stream may send its second’s messages at once, then as many a second', () => {
  const pace = new Pace(10, 0);
  expect(Array.from({ length: 9 }, () => pace.next(0))).toEqual(Array(9).fill(0));
  expect(pace.next(0)).toBe(100);
  expect(pace.next(100)).toBe(100);
  expect(pace.next(1100)).toBe(0);
  expect(Array.from({ length: 8 }, () => pace.next(100_000)).at(-1)).toBe(0);
});

describe('the end of a certificate', () => {
  const DAY = 86_400_000;
  test('is told a fifth of its life before, once a day, and when it has come', async () => {
    const { cert, key } = await makeCertificate();
    const { logger, lines } = recordingLogger();
    let nowMs = Date.now();
    const tls = { cert: Buffer.from(cert), key: Buffer.from(key) };
    const certificates = new Certificates({ tls, logger, onChange: () => undefined, nowMs: () => nowMs });
    expect(certificates.untilMs - nowMs).toBeLessThanOrEqual(2 * DAY);
    const at = async (ms: number): Promise<string[]> => {
      nowMs = certificates.untilMs + ms;
      await certificates.look();
      return lines.splice(0).map(({ level }) => level);
    };
    expect(await at(-0.41 * DAY)).toEqual([]);
    expect(await at(-0.39 * DAY)).toEqual(['warn']);
    expect(await at(-0.1 * DAY)).toEqual([]);
    expect(await at(0.62 * DAY)).toEqual(['error']);
    expect(await at(1.5 * DAY)).toEqual([]);
  });
});
