/** Lines of evaluations and of agents. */
import { bad, E, ID, long, O, type Row } from './rows.ts';

export const LOG_ROWS: Record<string, Row[]> = {
  [`${E}/StreamLogs`]: [
    {
      name: 'of an evaluation, from a cursor on',
      send: { evaluation_id: ID, cursor: '1-4', follow: true },
      gives: {
        lines: [
          {
            ...{ time_ms: '5', level: 'LOG_LEVEL_WARN', text: '{"cursor":"1-4","follow":true}', task_id: `${ID}-3` },
            ...{ agent: 'gpu-1', attempt_id: 'a'.repeat(32), unit: 4 },
          },
        ],
        cursor: '2-7',
        left_out: true,
      },
    },
    {
      name: 'the last ones of a task that matter',
      send: { task_id: `${ID}-3`, tail: 5, filter: { since_ms: '9', min_level: 'LOG_LEVEL_ERROR', agent: 'gpu-1', text: 'Lost', unit: 0 } },
      gives: {
        lines: [
          {
            text: `{"sinceMs":9,"minLevel":"error","agent":"gpu-1","text":"Lost","unit":0,"taskId":"${ID}-3","tail":5,"cursor":"","follow":false}`,
          },
        ],
      },
    },
    bad('neither', {}, 'evaluation_id'),
    bad('both', { evaluation_id: ID, task_id: `${ID}-3` }, 'task_id'),
    bad(
      'everything wrong',
      { task_id: ID, cursor: 'x', tail: 1001, filter: { since_ms: '-1', min_level: 9, agent: long, text: long } },
      'task_id',
      'filter.since_ms',
      'filter.min_level',
      'filter.agent',
      'filter.text',
      'tail',
      'cursor',
      'tail',
    ),
  ],
  [`${O}/StreamAgentLogs`]: [
    {
      name: 'the last one',
      send: { agent: 'gpu-1', tail: 1 },
      gives: { lines: [{ text: '{"tail":1,"follow":false}', agent: 'gpu-1', attempt_id: '' }] },
    },
    bad('none, another one, and a sample', { filter: { agent: 'gpu-2', unit: 3 } }, 'agent', 'filter.agent', 'filter.unit'),
  ],
};
