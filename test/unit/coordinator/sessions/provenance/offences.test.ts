/** What is held against agents, and when it is too much. */
import { expect, test } from 'vitest';
import {
  MOST_LINES,
  MOST_OF_IDENTITY,
  MOST_OFFENCES,
  Offences,
  type Offence,
} from '../../../../../coordinator/sessions/provenance/offences.ts';
import { LOCAL, type Identity } from '../../../../../shared/domain/identity.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const offence = (more: Partial<Offence> = {}): Offence => ({
  ...{ agentId: 'ag_1', agent: 'north', peer: 'here', identity: LOCAL, kind: 'unit', count: 1, why: 'a result of unit 9' },
  ...more,
});

function noted() {
  const clock = new FakeClock();
  const aside: string[] = [];
  let told = 0;
  const offences = new Offences({
    clock,
    onOffence: () => told++,
    onTooMany: ({ agentId }, reason) => aside.push(`${agentId}: ${reason}`),
  });
  return { clock, aside, offences, told: () => told };
}

test('one less than too many is borne; one more, and the agent is put aside', () => {
  const { offences, aside, told } = noted();
  for (let i = 1; i < MOST_OFFENCES; i++) offences.note(offence());
  expect(aside).toEqual([]);
  offences.note(offence({ agentId: 'ag_2' }));
  expect(aside).toEqual([]);
  offences.note(offence({ why: 'the last one' }));
  expect(aside).toEqual([`ag_1: ${MOST_OFFENCES} things were refused of it within 0 s, the last: the last one`]);
  expect([offences.of('ag_1'), offences.of('ag_2'), offences.of('ag_3'), told()]).toEqual([MOST_OFFENCES, 1, 0, MOST_OFFENCES + 1]);
});

test('what was long ago is no longer held against it, but counted', () => {
  const { offences, aside, clock } = noted();
  for (let i = 0; i < 10 * MOST_OFFENCES; i++) {
    offences.note(offence());
    clock.time += 40_000;
  }
  expect(aside).toEqual([]);
  expect(offences.of('ag_1')).toBe(10 * MOST_OFFENCES);
});

test('what may come about without ill will is counted only', () => {
  const { offences, aside } = noted();
  for (let i = 0; i < 10 * MOST_OFFENCES; i++) offences.note(offence({ isHonest: true }));
  expect(aside).toEqual([]);
});

test('of one agent the log gets so many lines in ten minutes, and all is counted', () => {
  const { offences, clock, told } = noted();
  const lines = (count: number) => Array.from({ length: count }, (_, i) => offences.note(offence({ isHonest: i % 2 === 0 })));
  expect(lines(MOST_LINES)).toEqual(Array(MOST_LINES).fill(true));
  expect(lines(100)).toEqual(Array(100).fill(false));
  expect(offences.note(offence({ agentId: 'ag_2' }))).toBe(true);
  clock.time += 10 * 60_000 + 1;
  expect([lines(1), told()]).toEqual([[true], MOST_LINES + 102]);
});

test('so many agents are remembered, and no more', () => {
  const { offences } = noted();
  for (let i = 0; i < 10_001; i++) offences.note(offence({ agentId: `ag_${i}` }));
  expect([offences.of('ag_0'), offences.of('ag_1'), offences.of('ag_10000')]).toEqual([0, 1, 1]);
});

test('whoever changes its id is known by its identity: the next ids are put aside at their first offence, until the time is over', () => {
  const { offences, aside, clock } = noted();
  const hosts: Identity = { name: 'hosts', kind: 'token', tokenId: 'tk_1', scopes: new Set(['agent']), namespaces: ['team-a'] };
  const by = (n: number, more: Partial<Offence> = {}): unknown => offences.note(offence({ agentId: `ag_${n}`, identity: hosts, ...more }));
  for (let n = 1; n < MOST_OF_IDENTITY; n++) by(n);
  // What a fault of a spec brings about counts against no others, and neither does what the operator's own agents, or others, send.
  by(0, { kind: 'malformed' });
  offences.note(offence({ agentId: 'ag_0' }));
  offences.note(offence({ agentId: 'ag_0', identity: { ...hosts, tokenId: 'tk_2' } }));
  expect(aside).toEqual([]);
  by(MOST_OF_IDENTITY);
  by(MOST_OF_IDENTITY + 1);
  const reason = (n: number): string => `${n} things were refused of agents of token hosts (tk_1) within 0 s, the last: a result of unit 9`;
  expect(aside).toEqual([
    `ag_${MOST_OF_IDENTITY}: ${reason(MOST_OF_IDENTITY)}`,
    `ag_${MOST_OF_IDENTITY + 1}: ${reason(MOST_OF_IDENTITY + 1)}`,
  ]);
  clock.time += 10 * 60_000 + 1;
  by(5_000);
  expect(aside).toHaveLength(2);
});
