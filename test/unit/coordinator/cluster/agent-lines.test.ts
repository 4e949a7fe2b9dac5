import { expect, test } from 'vitest';
import { agentLines } from '../../../../coordinator/cluster/agent-lines.ts';
import { AgentLogs } from '../../../../coordinator/sessions/agent-logs.ts';
import type { LogLine } from '../../../../shared/domain/log-line.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { allOf } from '../../../support/mock-evaluation.ts';

const lineOf = (text: string): LogLine => ({ timeMs: 1, level: 'info', text, agentId: 'ag_1', agent: 'gpu-1', taskId: '', attemptId: '' });
const never = new AbortController().signal;

test('the lines of an agent: the last ones, those that match, those that come', async () => {
  const logs = new AgentLogs();
  // It goes elsewhere and comes back: what was read here is not told again.
  const elsewhere = new AgentLogs();
  let where = 'here';
  const parts = {
    ...{ logs, clock: new FakeClock(), where: async () => where },
    after: async (at: string, number: number) => (at === 'here' ? logs : elsewhere).after('ag_1', number) ?? [],
  };
  expect(await allOf(agentLines(parts, 'ag_1', {}, never))).toEqual([]);
  // Whoever follows is told so.
  const listened = agentLines(parts, 'ag_1', { follow: true }, never);
  expect((await listened.next()).value).toEqual([]);
  await listened.return(undefined);
  logs.add('ag_1', ['a', 'b', 'c'].map(lineOf));
  logs.add('ag_2', [lineOf('another')]);
  const textsOf = async (request: object): Promise<string[]> =>
    (await allOf(agentLines(parts, 'ag_1', request, never))).flat().map(({ text }) => text);
  expect(await textsOf({})).toEqual(['a', 'b', 'c']);
  expect(await textsOf({ tail: 2 })).toEqual(['b', 'c']);
  expect(await textsOf({ text: 'B' })).toEqual(['b']);
  const over = new AbortController();
  const got: string[] = [];
  const following = (async () => {
    for await (const lines of agentLines(parts, 'ag_1', { follow: true, tail: 1 }, over.signal)) {
      got.push(...lines.map(({ text }) => text));
      if (got.length < 4) logs.add('ag_1', [lineOf(String(got.length))]);
      else over.abort(new Error('gone'));
    }
  })();
  await expect(following).rejects.toThrow('gone');
  expect(got).toEqual(['c', '1', '2', '3']);
  elsewhere.add('ag_1', ['x', 'y'].map(lineOf));
  const again = new AbortController();
  const told: string[] = [];
  const moved = (async () => {
    for await (const lines of agentLines(parts, 'ag_1', { follow: true, tail: 1 }, again.signal)) {
      told.push(...lines.map(({ text }) => text));
      where = told.length < 2 ? 'there' : 'here';
      if (told.includes('end')) again.abort(new Error('gone'));
      else logs.add('ag_1', [lineOf(where === 'here' ? 'end' : 'back')]);
    }
  })();
  await expect(moved).rejects.toThrow('gone');
  expect(told).toEqual(['3', 'x', 'y', 'back', 'end']);
});

test('one that never stops talking does not keep what it has said from those who listen', async () => {
  let said = 0;
  const after = async (): Promise<{ number: number; line: LogLine }[]> => {
    said += 1;
    return [{ number: said, line: lineOf(String(said)) }];
  };
  const parts = { logs: new AgentLogs(), clock: new FakeClock(), where: async () => 'elsewhere', after };
  const told = (await allOf(agentLines(parts, 'ag_1', {}, never))).flat();
  expect(told.length).toBeGreaterThan(0);
  expect(said).toBe(told.length);
});
