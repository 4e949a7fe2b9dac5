/** Why a route does not run, and what it was before, for people. */
import { expect, test } from 'vitest';
import type { Look } from '../../../../cli/render/look.ts';
import { noPaint } from '../../../../cli/render/paint.ts';
import { widthOf } from '../../../../cli/render/text.ts';
import { ago } from '../../../../cli/render/time.ts';
import { historyLines } from '../../../../cli/render/why-history.ts';
import { whyRouteView } from '../../../../cli/render/why-route-view.ts';
import { reason } from '../../../../coordinator/dispatch/why/reason.ts';
import { noted } from '../../../../coordinator/dispatch/why/history.ts';
import { routeOf } from '../../../../shared/domain/routing.ts';
import type { WhyHistory, WhyRoute } from '../../../../shared/client/why.ts';
import { NOW_MS, routeStatus } from '../../../support/cli-samples.ts';

const look = (columns = Infinity): Look => ({ columns, paint: noPaint, time: (ms) => ago(ms, NOW_MS) });
const on = routeOf('openai/x', { zone: 'eu' });
const agents = [{ agentId: 'ag_1', name: 'gpu-1', text: 'label zone=eu is missing', sinceMs: 0 }];
const nobody = reason({
  code: 'no_label',
  effect: 'blocks',
  text: 'no agent bears the label',
  samples: 40,
  tasks: 4,
  remedy: 'add it',
  on,
  agents,
});
const HOUR = 3_600_000;
const history: WhyHistory = {
  sinceMs: NOW_MS - 9 * HOUR,
  periods: [
    { ...noted(undefined, nobody, NOW_MS).current, sinceMs: NOW_MS - 8 * HOUR, looks: 5_000 },
    {
      ...noted(undefined, reason({ code: 'running', effect: 'runs', text: 'it runs \u001b[31m' }), NOW_MS - 8 * HOUR).current,
      sinceMs: NOW_MS - 9 * HOUR,
    },
  ],
  totals: [
    { code: 'no_label', effect: 'blocks', route: on.id, times: 3, totalMs: 8 * HOUR },
    { code: 'running', effect: 'runs', route: '', times: 1, totalMs: 500 },
  ],
};
const why: WhyRoute = {
  timeMs: NOW_MS,
  route: routeStatus({ route: on.id, requirement: 'model=openai/x zone=eu', agents: 0, open: 40, inFlight: 0 }),
  reasons: [nobody],
  agents: [
    { agentId: 'ag_2', name: 'near', state: 'ready', fits: true, room: 4, samples: 2, text: 'room for 4 samples, 8 calls at a time' },
    { agentId: 'ag_1', name: 'gpu-1', state: 'draining', fits: false, room: 0, samples: 0, text: 'label zone=eu is missing' },
  ],
  agentCount: 3,
  waiting: { tasks: 4, p50Ms: 500, p90Ms: 90_000, p99Ms: 90_000, maxMs: 2 * HOUR },
  waited: { tasks: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 },
};

test('a route: how it stands, why, and every agent', () => {
  expect(whyRouteView(why, look())).toBe(`model=openai/x zone=eu  ${on.id}  no agent
40 samples open, 0 handed out; 0 of 3 agents fit
tasks wait  4: half at most 500 ms, 90 % 1 min, 99 % 1 min, the longest 2 h

stopped  no agent bears the label (no_label)
         route         model=openai/x zone=eu  ${on.id}
         concerns      40 samples in 4 tasks
         to change it  add it
           gpu-1  label zone=eu is missing

agent  state     fits  room  in hand  why
─────  ────────  ────  ────  ───────  ─────────────────────────────────────
near   ready     yes      4        2  room for 4 samples, 8 calls at a time
gpu-1  draining  no                0  label zone=eu is missing
… and 1 more agent
`);
});

test('what it was: the newest first, then all of it; nothing that does harm to a terminal', () => {
  expect(historyLines(history, look())).toEqual([
    'what it was, since 9 h ago',
    '8 h ago  8 h  stopped  no agent bears the label (no_label) – model=openai/x zone=eu – gpu-1: label zone=eu is missing',
    '9 h ago  1 h  runs     it runs  (running)',
    'in all: no_label 8 h in 3 periods, running a moment',
  ]);
  expect(historyLines({ sinceMs: 0, periods: [], totals: [] }, look())[1]).toMatch(/^nobody has looked yet/);
});

test.each([80, 40])('at %i columns nothing is wider than the terminal', (columns) => {
  const lines = whyRouteView({ ...why, history }, look(columns)).split('\n');
  expect(lines.filter((line) => widthOf(line) > columns)).toEqual([]);
});
