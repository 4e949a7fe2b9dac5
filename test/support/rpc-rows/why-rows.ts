/** Why work does not run. */
import { bad, E, ID, type Row } from './rows.ts';

export const WHY_ROWS: Record<string, Row[]> = {
  [`${E}/WhyPending`]: [
    {
      name: 'an evaluation',
      send: { evaluation_id: ID },
      gives: {
        evaluation_id: ID,
        task_id: '',
        rate: 2.5,
        state: 'EVALUATION_STATE_RUNNING',
        reasons: [
          {
            code: 'no_label',
            effect: 'REASON_EFFECT_BLOCKS',
            text: '{"namespaces":"*","operates":true}',
            until_ms: '6',
            agents: [{ name: 'gpu-1', since_ms: '7' }],
            agent_count: 1,
            evaluation_ids: [ID],
          },
        ],
      },
    },
    { name: 'a task', send: { task_id: `${ID}-1` }, gives: { evaluation_id: ID, task_id: `${ID}-1` } },
    {
      name: 'with what was before',
      send: { evaluation_id: ID, history: true },
      gives: {
        history: {
          since_ms: '1',
          periods: [
            { code: 'no_label', effect: 'REASON_EFFECT_BLOCKS', until_ms: '9', looks: 3, agents: [{ name: 'gpu-1', since_ms: '7' }] },
          ],
          totals: [{ code: 'no_label', total_ms: '8' }],
        },
      },
    },
    bad('neither', {}, 'evaluation_id'),
    bad('no task', { task_id: ID }, 'task_id'),
    bad('both', { evaluation_id: ID, task_id: `${ID}-1` }, 'task_id'),
  ],
};
