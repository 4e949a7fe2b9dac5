/** OperatorService and AgentService, row by row. */
import { bad, long, map, O, type Row } from './rows.ts';
import { agent } from './answers.ts';

const hello = { agent_id: 'ag_0000000000000001', name: 'a', wire_version: 1, wire_minor: 2, version: '0', models: [], instance_id: 'i' };

export const OPERATOR_ROWS: Record<string, Row[]> = {
  [`${O}/ListAgents`]: [
    {
      name: 'all',
      send: {},
      gives: {
        agents: [
          {
            agent_id: agent.agentId,
            state: 'AGENT_STATE_DRAINING',
            drained_by_operator: true,
            labels: map({ zone: 'eu' }),
            models: [{ room: '3' }],
          },
        ],
      },
    },
    bad(
      'everything wrong',
      { states: [0], model: long, labels: map({ '': 'x' }), page_size: 1001 },
      'states[0]',
      'model',
      'labels: a key',
      'page_size',
    ),
  ],
  [`${O}/GetAgent`]: [
    { name: 'with attempts', send: { agent_id: 'gpu-1' }, gives: { agent: { name: 'gpu-1' }, attempts: [{ samples: 4, since_ms: '5' }] } },
    bad('none', {}, 'agent_id'),
  ],
  [`${O}/DrainAgent`]: [
    { name: 'good', send: { agent_id: 'gpu-1', reason: 'new disks' }, gives: { agent: { reason: 'new disks' } } },
    bad('none, long', { reason: long }, 'agent_id', 'reason'),
  ],
  [`${O}/ListRoutes`]: [
    {
      name: 'later',
      send: { without_agent: true },
      code: 'UNAVAILABLE',
      reason: 'UNAVAILABLE',
      retry: { seconds: '2', nanos: 500_000_000 },
    },
    bad('a page too large', { page_size: 5000 }, 'page_size'),
  ],
  [`${O}/WhyRoute`]: [
    {
      name: 'with what was before',
      send: { route: 'model=m zone=eu', history: true },
      gives: {
        route: { open: '3' },
        reasons: [{ code: 'no_label', effect: 'REASON_EFFECT_BLOCKS' }],
        agents: [{ name: 'gpu-1', fits: false, room: '0', text: 'label zone=eu is missing', state: 'AGENT_STATE_READY' }],
        agent_count: 1,
        waiting: { tasks: 2, p50_ms: '5', max_ms: '9' },
        waited: { tasks: 0 },
        history: {
          since_ms: '1',
          periods: [{ code: 'no_label', since_ms: '1', until_ms: '9', looks: 3 }],
          totals: [{ code: 'no_label', times: 1, total_ms: '8' }],
        },
      },
    },
    bad('none', {}, 'route'),
  ],
  [`${O}/ListEvents`]: [
    {
      name: 'what goes on, and what was',
      send: { namespace: 'team-a', kind: 'dead_letters', severity: 'warning', status: 'opened' },
      gives: {
        ongoing: [
          { incident: 'i1', open: true, kind: 'dead_letters', namespace: 'team-a', facts: map({ deadLetters: '2' }), since_ms: '3' },
        ],
        open: 1,
        events: [{ id: 'i1:opened', status: 'opened', severity: 'warning', summary: 'two', started_ms: '3', at_ms: '3' }],
        next_page_token: 'more',
      },
    },
    bad(
      'everything wrong',
      { namespace: 'a b', kind: 'x', severity: 'bad', status: 'over', page_size: 1001 },
      ...['namespace', 'kind', 'severity', 'status', 'page_size'],
    ),
  ],
  [`${O}/PauseRoute`]: [
    {
      name: 'good',
      send: { route: 'model=m zone=eu' },
      gives: { route: { paused: true, open: '3', misfits: ['gpu-2: label zone=eu is missing'] } },
    },
    bad('none', {}, 'route'),
  ],
  [`${O}/WatchCluster`]: [
    { name: 'a snapshot', send: {}, gives: { snapshot: true, agents: [{ name: 'gpu-1' }], routes: [{ paused: true }] }, answers: 1 },
  ],
  [`${O}/CollectGarbage`]: [
    {
      name: 'how far it is, then all, with a grace of a day',
      send: { dry_run: true },
      gives: { collected: [{ kind: 'content', count: '1', bytes: '86400000' }], contents: '3', done: false },
      answers: 2,
    },
    bad('a grace of ages', { grace_ms: '999999999999999' }, 'grace_ms'),
  ],
  'assay.v1.AgentService/Connect': [
    { name: 'leaves again', send: [{ hello }], gives: {}, answers: 0 },
    {
      name: 'another wire version',
      send: [{ hello: { ...hello, wire_minor: 9 } }],
      code: 'FAILED_PRECONDITION',
      reason: 'WIRE_VERSION',
      metadata: { got: '1.9', spoken: '1.0, 1.1, 1.2' },
    },
    { name: 'no message', send: [{}], code: 'INVALID_ARGUMENT', reason: 'INVALID' },
  ],
};
