/** What people see, word for word. */
import { describe, expect, test } from 'vitest';
import { agentView } from '../../../../cli/render/agent-view.ts';
import { applyChange, clusterLines, newClusterView } from '../../../../cli/render/cluster-view.ts';
import { evaluationColumns } from '../../../../cli/render/evaluation-columns.ts';
import { evaluationView } from '../../../../cli/render/evaluation-view.ts';
import { agentColumns, routeColumns } from '../../../../cli/render/fleet-columns.ts';
import { document, prettyDocument } from '../../../../cli/render/json.ts';
import type { Look } from '../../../../cli/render/look.ts';
import { noPaint } from '../../../../cli/render/paint.ts';
import { sampleColumns } from '../../../../cli/render/sample-columns.ts';
import { sampleView } from '../../../../cli/render/sample-view.ts';
import { tableLines } from '../../../../cli/render/table.ts';
import { widthOf } from '../../../../cli/render/text.ts';
import { ago, isoTime } from '../../../../cli/render/time.ts';
import { booksView } from '../../../../cli/render/books-view.ts';
import { about, dollars, validationView } from '../../../../cli/render/validation-view.ts';
import {
  agentOf,
  change,
  coordinatorOf,
  idOf,
  NOW_MS,
  routeStatus,
  sampleOf,
  summary,
  validationOf,
} from '../../../support/cli-samples.ts';
import { booksOf } from '../../../support/rpc-rows/books-answers.ts';
import { evaluation, result } from '../../../support/rpc.ts';

const look = (columns = Infinity): Look => ({ columns, paint: noPaint, time: (ms) => ago(ms, NOW_MS) });

const COST = {
  models: [
    { model: 'openai/dear', inputTokens: 96, outputTokens: 24, costUsd: 0.12, inputUsdPerMillion: 750, outputUsdPerMillion: 2000 },
    { model: 'vllm/own', inputTokens: 1_200, outputTokens: 300 },
  ],
  costUsd: 0.12,
  priceTableVersion: '2026-11-29',
};

test('evaluations in a list', () => {
  const row = { benchmark: 'b', model: 'm', scorer: 's', metrics: { accuracy: 0.5123 }, counts: summary().counts, reducer: 'mean' };
  const list = [
    summary({ tags: ['nightly'], cost: COST }),
    summary({
      evaluationId: idOf('b'),
      name: 'mmlu',
      state: 'succeeded',
      results: [row, row],
      counts: { ...summary().counts, scored: 9, errored: 1 },
    }),
  ];
  expect(tableLines(evaluationColumns(look(), false), list, look()).join('\n')).toBe(
    `id                             name   state       done  errors     score    cost  created    owner  tags
${idOf('a')}  gsm8k  running     3/10                    $0.12+  3 min ago  ada    nightly
${idOf('b')}  mmlu   succeeded  10/10       1  0.512 +1          3 min ago  ada`,
  );
  for (const width of [100, 60, 40, 20])
    for (const line of tableLines(evaluationColumns(look(), true), list, look(width))) expect(widthOf(line)).toBeLessThanOrEqual(width);
  expect(tableLines(evaluationColumns(look(), false), list, look(40))[1]).toMatch(/^ev_a{18}… {2}gsm8k {2}running$/);
});

test('one evaluation', () => {
  const shown = evaluationView(
    evaluation({
      createdAtMs: NOW_MS - 180_000,
      owner: 'ada',
      tags: ['nightly', 'x'],
      metadata: { ci: { branch: 'main' }, build: 7 },
      priority: 1,
      maxSamples: 8,
      limits: { time: 300 },
      reason: 'waits for its turn',
      ...{ namespace: 'default', finishedAtMs: 0, cost: COST },
      routes: [1200, 7].map((open, i) => ({ route: `r_${i}`, requirement: `model=${i}`, open })),
    }),
    look(),
  );
  expect(shown).toBe(`gsm8k  running  ${idOf('a')}
reason      waits for its turn
created     3 min ago by ada
tags        nightly, x
metadata    ci.branch=main, build=7
priority    1 (1 first … 10 last)
limits      300 s a sample, 8 samples in flight
handed out  2 samples to 1 agent
cost        $0.12+ (prices of 2026-11-29): openai/dear 96 tokens in, 24 out, $0.12; vllm/own 1,200 tokens in, 300 out, without a price
setbacks    1 crash of agents, 2 leases ran out, 3 tasks handed back
spec        sha256:${'0'.repeat(64)}

benchmark  model  done  scored  scorer  so far ± stderr  retries
─────────  ─────  ────  ──────  ──────  ───────────────  ───────
b          m      3/10       3  match     0.667 ± 0.333        1

open by route:
  1,200  model=0
      7  model=1
`);
});

test('samples in a list', () => {
  const list = [
    result(0),
    result(1, { state: 'errored', scores: [], errorClass: 'timeout', errorMessage: 'no answer\nwithin 600 s' }),
    result(2, { state: 'pending', scores: [] }),
  ];
  expect(tableLines(sampleColumns(false), list, look()).join('\n')).toBe(`unit  sample  benchmark  model  state    score  answer  error
   0  0       b          m      scored   C      4
   1  1       b          m      errored                 timeout: no answer within 600 s
   2  2       b          m      open`);
  expect(tableLines(sampleColumns(false), list, look(46)).join('\n')).toBe(`unit  sample  state    score  error
   0  0       scored   C
   1  1       errored         timeout: no ans…
   2  2       open`);
});

describe('one sample', () => {
  test('in full', () => {
    expect(sampleView(sampleOf(), look())).toBe(`q-3 · b · m · epoch 1 · unit 3
scored

system
  Be brief.

user
  What is 2 + 2?
  [image: data:image/png;base64,${'A'.repeat(78)}… (522 characters)]

target
  4

completion
  It is 4.
  Surely.

score match
  value   C (1)
  answer  4

failed attempts
  rate_limit (HTTP 429): slow down; after 1.2 s; waited 0.5 s; 1 min ago

details
  stop reason  stop
  tokens       10 in, 20 out
  calls        1 (0 retried)
  started      1 min ago
  took         0.0 s (the model call 0.0 s, working 1.5 s)
  agent        ag_0000000000000001
  trace        ${'f'.repeat(32)}
  metadata     level.grade=3
`);
  });

  test('wrapped, and harmless whatever the model wrote', () => {
    const evil = sampleOf({ result: result(3, { completion: `\u001b[2J\u001b]0;x\u0007 ${'word '.repeat(40)}数学\u202e` }) });
    const lines = sampleView(evil, look(40)).split('\n');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(40);
    // oxlint-disable-next-line no-control-regex -- that is what is looked for
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(lines.join('\n')).toContain('  word word word word word word word\n');
  });
});

test('a validation', () => {
  expect(
    validationView(
      validationOf({
        warnings: [{ place: 'benchmarks[0]', problem: 'has no seed' }],
        routesWithoutAgent: [{ route: 'r', requirement: 'model=openai/x', open: 5276 }],
      }),
      'a.yaml',
      look(),
    ),
  ).toBe(
    `a.yaml is valid: 5,276 units

1 warning:
  benchmarks[0]: has no seed

benchmark  model       samples  tokens in  tokens out     cost
─────────  ────────  ─────────  ─────────  ──────────  ───────
gsm8k      openai/x  1,319 × 4   ~610,000  ~1,200,000  ~$12.35

in all 5,276 units, ~610,000 tokens in, ~1,200,000 out, ~$12.35 (prices of 2026-11-22)

no connected agent could work on:
  model=openai/x  (5,276 units)
`,
  );
  expect(validationView(validationOf({ faults: [{ place: 'a.jsonl line 3', problem: 'is no JSON' }] }), 'a.yaml', look())).toBe(
    'a.yaml has 1 fault:\n  a.jsonl line 3: is no JSON\n',
  );
  const older = [{ route: 'r', requirement: 'model=openai/x wire:1.2', open: 1 }];
  expect(validationView(validationOf({ routesWithoutAgent: older }), 'a.yaml', look())).toContain(
    '  model=openai/x wire:1.2  (1 unit)\n  wire:1.2: agents that speak version 1.2 of the protocol or a later one; update older agents. Where all do',
  );
  expect([about(7), about(99), about(1234), about(987_654)]).toEqual(['7', '99', '~1,200', '~990,000']);
  expect([dollars(undefined), dollars(0), dollars(0.001), dollars(1.234), dollars(1234.5)]).toEqual([
    '?',
    '$0',
    '< $0.01',
    '~$1.23',
    '~$1,235',
  ]);
});

test('the books say why results are written twice', () => {
  expect(booksView(booksOf(idOf('a')), look())).toMatch(
    /^results +2 in 1 frame: 8 written twice, as nobody knew whether they had been \(counted once\), 5 set/m,
  );
});

test('agents and routes', () => {
  const agents = [agentOf(), agentOf({ name: 'south', state: 'draining', drainedByOperator: true, errored: 3, labels: {} })];
  expect(tableLines(agentColumns(look(), false), agents, look()).join('\n'))
    .toBe(`name   state    samples  room  counted  errors  models    seen      labels
north  ready         12     4    1,300          openai/*  just now  zone=eu
south  drained       12     4    1,300       3  openai/*  just now`);
  const routes = [
    routeStatus(),
    routeStatus({ requirement: 'model=y gpu=8', agents: 0, inFlight: 0, room: 0, misfits: ['north: has no label gpu'] }),
  ];
  expect(tableLines(routeColumns(false), routes, look()).join('\n'))
    .toBe(`requirement     state     open  in flight  agents  room  tasks  waits  why
model=openai/x  ok          40         12       1     4      3  1 min
model=y gpu=8   no agent    40          0       0     0      3  1 min  north: has no label gpu`);
});

test('one agent', () => {
  const held = [
    { attemptId: 'a'.repeat(32), evaluationId: idOf('a'), taskId: `${idOf('a')}-7`, route: 'r_1', samples: 6, sinceMs: NOW_MS - 4000 },
  ];
  expect(agentView(agentOf({ reason: 'GPU is replaced' }), held, look())).toBe(`north  ready
id           ag_0000000000000001
reason       GPU is replaced
version      0.2.0 (protocol 1.1)
namespaces   *
labels       zone=eu
can          command:grader
host         cpus=8
coordinator  co_1 from 10.0.0.7:4711
known by     local
connected    1 h ago
seen         just now
holds        12 samples in 2 attempts
counted      1,300 units since it connected

model     connections  room
────────  ───────────  ────
openai/*           16     4

task                             samples  since    route  attempt
───────────────────────────────  ───────  ───────  ─────  ────────────────────────────────
${idOf('a')}-7        6  4 s ago  r_1    ${'a'.repeat(32)}
`);
});

describe('the cluster', () => {
  const first = change({ snapshot: true, coordinators: [coordinatorOf()], agents: [agentOf()], routes: [routeStatus()] });

  test('tells who came and went, and new states only', () => {
    const view = newClusterView();
    expect(applyChange(view, first)).toEqual([
      'coordinator co_1 there (127.0.0.1:4510)',
      'agent north ready (openai/*)',
      'route model=openai/x ok (40 open, 1 agent)',
    ]);
    expect(applyChange(view, change({ agents: [agentOf({ samples: 3 })] }))).toEqual([]);
    expect(applyChange(view, change({ agents: [agentOf({ state: 'gone' })], routes: [routeStatus({ agents: 0, open: 30 })] }))).toEqual([
      'agent north gone (openai/*)',
      'route model=openai/x no agent (30 open, 0 agents)',
    ]);
    expect(
      applyChange(
        view,
        change({
          removedRoutes: ['r_aaaaaaaaaaaaaaaa', 'r_unknown'],
          removedAgentIds: ['ag_0000000000000001'],
          removedCoordinatorIds: ['co_1'],
        }),
      ),
    ).toEqual(['coordinator co_1 gone', 'agent north forgotten', 'route model=openai/x done']);
    expect([view.agents.size, view.routes.size, view.coordinators.size]).toEqual([0, 0, 0]);
  });

  test('a new snapshot forgets what was seen before', () => {
    const view = newClusterView();
    applyChange(view, first);
    applyChange(view, change({ snapshot: true, coordinators: [coordinatorOf({ coordinatorId: 'co_2' })] }));
    expect([[...view.coordinators.keys()], view.agents.size, view.routes.size]).toEqual([['co_2'], 0, 0]);
  });

  test('as a picture', () => {
    const view = newClusterView();
    applyChange(view, first);
    expect(clusterLines(view, look(), 11).join('\n')).toBe(`1 coordinator  1 agent connected  12 samples in flight  40 open

requirement     state  open  in flight  agents  room  tasks  waits
model=openai/x  ok       40         12       1     4      3  1 min

name   state  samples  room  counted  models    seen      labels
north  ready       12     4    1,300  openai/*  just now  zone=eu

coordinator  address         agents  in flight  version  durability    started
co_1         127.0.0.1:4510       1         12  0.2.0    replicated:1  2 h ago`);
  });

  test('fits every window', () => {
    const view = newClusterView();
    const agents = Array.from({ length: 40 }, (_, i) => agentOf({ agentId: `ag_${i}`, name: `agent-${i}` }));
    const routes = Array.from({ length: 30 }, (_, i) => routeStatus({ route: `r_${i}`, requirement: `model=m/${i}` }));
    applyChange(view, change({ snapshot: true, coordinators: [coordinatorOf()], agents, routes }));
    for (const [columns, rows] of [
      [120, 40],
      [80, 24],
      [40, 10],
      [10, 3],
    ] as const) {
      const lines = clusterLines(view, look(columns), rows);
      expect(lines.length).toBeLessThanOrEqual(rows);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    }
    expect(clusterLines(view, look(80), 24).filter((line) => line.includes('more'))).toHaveLength(2);
    expect(clusterLines(view, look(80), Infinity)).toHaveLength(1 + 3 * 2 + 71 + 2);
  });
});

test('documents have times in ISO 8601, and leave what users wrote alone', () => {
  const value = { createdAtMs: NOW_MS, finishedAtMs: 0, metadata: { createdAtMs: 5 }, agents: [{ seenAtMs: NOW_MS }] };
  expect(JSON.parse(document(value))).toEqual({
    createdAt: '2026-11-22T12:00:00.000Z',
    finishedAt: null,
    metadata: { createdAtMs: 5 },
    agents: [{ seenAt: '2026-11-22T12:00:00.000Z' }],
  });
  expect(document(value).split('\n')).toHaveLength(2);
  expect(prettyDocument(value).split('\n').length).toBeGreaterThan(8);
  expect(isoTime(NOW_MS)).toBe('2026-11-22T12:00:00Z');
});
