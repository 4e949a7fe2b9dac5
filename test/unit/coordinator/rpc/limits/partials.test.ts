import { expect, test } from 'vitest';
import { Partials } from '../../../../../coordinator/rpc/limits/partials.ts';

/** Streams of some addresses, by their names, and those that were ended. */
function streams(limitBytes: number) {
  const partials = new Partials(limitBytes);
  const ended: string[] = [];
  const of = (name: string) => partials.of(name[0]!, ({ code }) => void ended.push(`${name} ${code}`));
  return { partials, ended, of };
}

test('within the bound nobody is ended; what is over counts no more', () => {
  const { partials, ended, of } = streams(100);
  const [a, b] = [of('a1'), of('b1')];
  a(60);
  a(70);
  b(30);
  expect(partials.bytes).toBe(100);
  a(0);
  b(90);
  expect(partials.bytes).toBe(90);
  expect(ended).toEqual([]);
});

test('beyond it the largest of the address that holds most is ended', () => {
  const { partials, ended, of } = streams(100);
  const [a1, a2, b1] = [of('a1'), of('a2'), of('b1')];
  a1(30);
  a2(20);
  b1(45);
  a2(40);
  expect(ended).toEqual(['a2 resource_exhausted']);
  expect(partials.bytes).toBe(75);
});

test('one message alone may be as large as messages may be', () => {
  const { ended, of } = streams(100);
  of('a1')(120);
  expect(ended).toEqual([]);
});
