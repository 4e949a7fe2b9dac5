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
  const parts = { logs, clock: new FakeClock() };
  expect(await allOf(agentLines(parts, 'ag_1', {}, never))).toEqual([]);
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
});
