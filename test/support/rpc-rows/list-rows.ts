/** Lists that are told as they change, row by row. */
import { bad, E, ID, type Row } from './rows.ts';

export const LIST_ROWS: Record<string, Row[]> = {
  [`${E}/WatchEvaluations`]: [
    {
      name: 'of a filter, so many',
      send: { filter: { states: ['EVALUATION_STATE_RUNNING'], namespace: 'ns' }, size: 200 },
      gives: {
        snapshot: true,
        evaluations: [{ summary: { evaluation_id: ID, name: '{"states":["running"],"namespace":"ns","size":200}' }, group_count: 7 }],
        removed_evaluation_ids: ['ev_gone'],
        next_page_token: 'next',
      },
    },
    { name: 'without anything', send: {}, gives: { evaluations: [{ summary: { name: '{"size":50}' } }] } },
    bad('too many, and a state that is none', { filter: { states: [99] }, size: 201 }, 'filter.states[0]', 'size'),
  ],
};
