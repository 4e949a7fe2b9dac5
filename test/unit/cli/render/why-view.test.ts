import { expect, test } from 'vitest';
import type { Look } from '../../../../cli/render/look.ts';
import { noPaint } from '../../../../cli/render/paint.ts';
import { widthOf } from '../../../../cli/render/text.ts';
import { ago } from '../../../../cli/render/time.ts';
import { whyView } from '../../../../cli/render/why-view.ts';
import type { Reason, Why } from '../../../../shared/client/why.ts';
import { idOf, NOW_MS } from '../../../support/cli-samples.ts';

const look = (columns = Infinity): Look => ({ columns, paint: noPaint, time: (ms) => ago(ms, NOW_MS) });
const reason = (more: Partial<Reason>): Reason => ({
  ...{ code: 'x', effect: 'blocks', text: 'something', samples: 0, tasks: 0, sinceMs: 0, untilMs: 0, remedy: '', command: '' },
  ...{ route: '', requirement: '', agents: [], agentCount: 0, evaluationIds: [] },
  ...more,
});
const why: Why = {
  ...{ timeMs: NOW_MS, evaluationId: idOf('a'), taskId: '', state: 'running', open: 1200, inFlight: 8, rate: 2.5 },
  reasons: [
    reason({
      code: 'agents_drained',
      text: 'the agent north would fit, drained by an operator',
      ...{ samples: 1192, tasks: 12, sinceMs: NOW_MS - 180_000, remedy: 'give it work again', command: 'assay agent undrain north' },
      ...{ route: 'r_aaaaaaaaaaaaaaaa', requirement: 'model=openai/x zone=eu', agentCount: 22 },
      agents: [{ agentId: 'ag_1', name: 'north', text: 'was drained by an operator: new\u001b[31m disks', sinceMs: NOW_MS - 180_000 }],
    }),
    reason({ code: 'running', effect: 'runs', text: 'it runs: agents hold 8 samples', samples: 8 }),
    reason({ code: 'retry_at', effect: 'slows', text: '2 tasks put aside', untilMs: NOW_MS + 4_500, evaluationIds: [idOf('b')] }),
  ],
};

test('the first reason first, with what would change it', () => {
  expect(whyView(why, look())).toBe(`${idOf('a')}  running
1,200 samples open, 8 handed out, 2.5/s

stopped  the agent north would fit, drained by an operator (agents_drained)
         route         model=openai/x zone=eu  r_aaaaaaaaaaaaaaaa
         concerns      1,192 samples in 12 tasks
         since         3 min ago
         to change it  give it work again
         $ assay agent undrain north
           north  was drained by an operator: new disks, 3 min ago
           … and 21 more agents

runs     it runs: agents hold 8 samples (running)
         concerns  8 samples

slowed   2 tasks put aside (retry_at)
         until  in 5 s
         evaluations: ${idOf('b')}
`);
});

test('on a narrow terminal lines are broken, commands are not', () => {
  for (const columns of [80, 60, 48])
    for (const line of whyView(why, look(columns)).split('\n'))
      if (!line.includes('$ ')) expect(widthOf(line)).toBeLessThanOrEqual(columns);
  expect(whyView(why, look(44))).toContain('$ assay agent undrain north\n');
});

test('what is over, and of one task', () => {
  const over: Why = {
    ...why,
    taskId: `${idOf('a')}-3`,
    state: 'succeeded',
    open: 0,
    inFlight: 0,
    reasons: [reason({ code: 'succeeded', effect: 'over', text: 'it has finished' })],
  };
  expect(whyView(over, look())).toBe(`${idOf('a')}-3  succeeded\n\nover     it has finished (succeeded)\n`);
});
