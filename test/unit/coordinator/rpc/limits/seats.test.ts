import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Seats, type Seated } from '../../../../../coordinator/rpc/limits/seats.ts';

/** One who wants a seat, and whether it has one. */
class One implements Seated {
  readonly owners: readonly unknown[];
  state: 'has' | 'waits' | 'left' = 'waits';
  readonly peer: string;
  constructor(peer: string, connection: number) {
    this.peer = peer;
    this.owners = [peer, connection];
  }
  sit(): void {
    if (this.state !== 'waits') throw new Error(`a seat for one who ${this.state}`);
    this.state = 'has';
  }
}

test('never more than there are, of one address and of all; nobody waits where there is room', () => {
  const come = fc.record({ peer: fc.constantFrom('a', 'b', 'c', 'd'), connection: fc.nat(2), leaves: fc.nat(), comes: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(come, { maxLength: 150 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 6 }),
      (steps, perPeer, total) => {
        const seats = new Seats(perPeer, total);
        const there: One[] = [];
        const count = (state: string, peer?: string): number =>
          there.filter((one) => one.state === state && (peer === undefined || one.peer === peer)).length;
        const look = (): void => {
          expect(count('has')).toBeLessThanOrEqual(total);
          for (const peer of ['a', 'b', 'c', 'd']) {
            expect(count('has', peer)).toBeLessThanOrEqual(perPeer);
            if (count('waits', peer) > 0) expect(count('has', peer) === perPeer || count('has') === total).toBe(true);
          }
          for (const one of there.filter(({ state }) => state === 'has'))
            expect(seats.isWanted(one)).toBe(count('waits', one.peer) > 0 || (count('has') === total && count('waits') > 0));
        };
        const leave = (nth: number): void => {
          const [one] = there.splice(nth % there.length, 1);
          one!.state = 'left';
          seats.leave(one!, false);
        };
        for (const { peer, connection, leaves, comes } of steps) {
          if (comes || there.length === 0) {
            const one = new One(peer, connection);
            there.push(one);
            if (seats.take(one)) one.sit();
          } else leave(leaves);
          look();
        }
        while (there.length > 0) {
          leave(0);
          look();
        }
      },
    ),
  );
});

test('a seat rests whose message was never whole; its place in the line does not', () => {
  const rests: (() => void)[] = [];
  const seats = new Seats(1, 1, (done) => rests.push(done));
  const [first, second, third] = [new One('a', 1), new One('a', 2), new One('a', 3)];
  expect([first, second, third].map((one) => seats.take(one))).toEqual([true, false, false]);
  seats.leave(second, true);
  expect(rests).toHaveLength(0);
  seats.leave(first, true);
  expect([rests.length, third.state]).toEqual([1, 'waits']);
  rests[0]!();
  expect(third.state).toBe('has');
  seats.leave(third, false);
  expect(seats.take(new One('b', 1))).toBe(true);
});
