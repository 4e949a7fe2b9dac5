import { beforeEach, expect, test } from 'vitest';
import { AgentLogs } from '../../../../coordinator/sessions/agent-logs.ts';
import { ToldLines } from '../../../../coordinator/sessions/told-lines.ts';
import { evaluationIdOf, taskIdOf } from '../../../../shared/domain/ids.ts';
import type { AgentLine, LogLine } from '../../../../shared/domain/log-line.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const AGENT = 'ag_0000000000000001';
const [ONE, TWO] = [evaluationIdOf('', 'one'), evaluationIdOf('', 'two')];
const attempt = (n: number): string => String(n).padStart(32, '0');
const line = (attemptId: string, text: string): AgentLine => ({ attemptId, timeMs: 1, level: 'info', text });

let clock: FakeClock;
let held: Map<string, { taskId: string }>;
let kept: [string, LogLine[]][];
let agents: AgentLogs;
let isQuarantined: boolean;
let told: ToldLines;
beforeEach(() => {
  [clock, held, kept, agents, isQuarantined] = [new FakeClock(), new Map(), [], new AgentLogs(), false];
  const sinks = { evaluations: { add: (id: string, lines: readonly LogLine[]) => void kept.push([id, [...lines]]) }, agents };
  told = new ToldLines({ agentId: AGENT, agent: 'gpu-1', held, isQuarantined: () => isQuarantined, sinks, clock });
});
const textsOf = (id: string): string[] => kept.flatMap(([of, lines]) => (of === id ? lines.map(({ text }) => text) : []));
const ownTexts = (agentId = AGENT): string[] => (agents.after(agentId, 0) ?? []).map((entry) => entry.line.text);

test('lines go to the evaluations of the attempts that the agent has, or had on this stream', () => {
  held.set(attempt(1), { taskId: taskIdOf(ONE, 4) });
  told.given(attempt(2), taskIdOf(TWO, 5));
  told.take([line(attempt(1), 'a'), line(attempt(2), 'b'), line(attempt(1), 'c'), line('', 'of itself'), line(attempt(3), 'of others')]);
  expect(textsOf(ONE)).toEqual(['a', 'c']);
  expect(kept[0]![1][0]).toMatchObject({ agentId: AGENT, agent: 'gpu-1', taskId: taskIdOf(ONE, 4), attemptId: attempt(1) });
  expect(textsOf(TWO)).toEqual(['b']);
  expect(ownTexts()).toEqual(['of itself', expect.stringMatching(/^1 line was left out here/)]);
});

test('of attempts that are over the last ones are remembered', () => {
  for (let n = 0; n < 600; n++) told.given(attempt(n), taskIdOf(ONE, n));
  told.take([line(attempt(0), 'too old'), line(attempt(599), 'the last')]);
  expect(textsOf(ONE)).toEqual(['the last']);
});

test('an agent says so much a second, and no more; one that was put aside says nothing', () => {
  held.set(attempt(1), { taskId: taskIdOf(ONE, 4) });
  const flood = Array.from({ length: 500 }, () => line(attempt(1), 'x'.repeat(1024)));
  told.take(flood);
  expect(textsOf(ONE)).toHaveLength(256);
  clock.time += 2_000;
  told.take(flood);
  expect(textsOf(ONE)).toHaveLength(256 + 32);
  clock.time += 10_000;
  told.take([]);
  expect(ownTexts().map((text) => Number.parseInt(text, 10))).toEqual([500 - 256, 500 - 32]);
  clock.time += 1e9;
  isQuarantined = true;
  told.take(flood);
  expect(textsOf(ONE)).toHaveLength(256 + 32);
});

test('of an agent the last lines are kept, and of many agents those that have spoken last', () => {
  const own = (text: string): LogLine => ({ ...line('', text), agentId: AGENT, agent: 'gpu-1', taskId: '' });
  for (let n = 0; n < 600; n++) agents.add(AGENT, [own(String(n))]);
  expect(ownTexts()).toHaveLength(500);
  expect(ownTexts().at(-1)).toBe('599');
  expect(agents.after(AGENT, 598)).toMatchObject([{ number: 599 }, { number: 600 }]);
  agents.add(
    AGENT,
    Array.from({ length: 100 }, () => own('x'.repeat(2000))),
  );
  expect(ownTexts().reduce((sum, text) => sum + text.length, 0)).toBeLessThanOrEqual(64 << 10);
  for (let n = 0; n < 1000; n++) agents.add(`ag_${n}`, [own('here')]);
  expect(agents.after(AGENT, 0)).toBeUndefined();
  expect(agents.after('ag_999', 0)).toHaveLength(1);
});
