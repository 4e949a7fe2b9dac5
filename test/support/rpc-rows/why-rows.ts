/** Why work does not run, and how it went over time. */
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
  [`${E}/GetCourse`]: [
    {
      name: 'without attempts',
      send: { evaluation_id: ID },
      gives: {
        from_ms: '2',
        width_ms: '2000',
        spans: 2,
        models: [{ model: 'm', samples: [2, 0], p50_ms: [1.5, 0] }],
        errors: [{ error_class: 'timeout', samples: [0, 1] }],
        scores: [{ scorer: 'match', n: [2, 2], half_width: [0.25, 0.25] }],
        attempts: [],
        attempts_left_out: 4,
      },
    },
    {
      name: 'with attempts',
      send: { evaluation_id: ID, attempts: 1 },
      gives: { attempts: [{ task_id: `${ID}-0`, agent: 'gpu-1', from_ms: '5', state: 'COURSE_ATTEMPT_STATE_RUNNING' }] },
    },
    bad('no evaluation', { evaluation_id: 'x' }, 'evaluation_id'),
    bad('too many attempts', { evaluation_id: ID, attempts: 501 }, 'attempts'),
  ],
};
