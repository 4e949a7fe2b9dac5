import { expect, test } from 'vitest';
import { whyWaiting } from '../../../cli/follow.ts';
import { evaluation } from '../../support/rpc.ts';

const requirement = 'model=openai/x wire:1.2';
const waits = evaluation({ inFlight: 0, routes: [{ route: 'r_1', requirement, open: 1200 }] });

test('agents that do not fit are named with their reasons, and no old ones are invented', () => {
  const why = new Map([['r_1', ['ag-b: model openai/x is suspended: auth', 'ag-c: label zone=eu is missing', 'd', 'e']]]);
  expect(whyWaiting(waits, 'Do it.', why)).toBe(
    [
      'waiting: no connected agent works on',
      `  ${requirement}  (1,200 open)`,
      '    ag-b: model openai/x is suspended: auth',
      '    ag-c: label zone=eu is missing',
      '    d',
      'Do it.',
    ].join('\n'),
  );
});

test('what a version in a requirement means is said where an agent is too old, or nothing is known of them', () => {
  const old = new Map([['r_1', ['ag-b: its release is too old: the work needs wire version 1.2']]]);
  for (const why of [old, undefined]) expect(whyWaiting(waits, 'Do it.', why)).toMatch(/update older agents/);
});

test('nothing is said while something runs', () => {
  expect(whyWaiting(evaluation({ inFlight: 2 }))).toBeUndefined();
});
