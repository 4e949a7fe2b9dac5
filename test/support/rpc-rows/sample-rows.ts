/** What EvaluationService says and does of samples, row by row. */
import { bad, E, ID, json, long, type Row } from './rows.ts';

export const SAMPLE_ROWS: Record<string, Row[]> = {
  [`${E}/ListSamples`]: [
    { name: 'without texts', send: { evaluation_id: ID }, gives: { samples: [{ unit: 1, completion: '' }, { unit: 2 }] } },
    bad(
      'too many ids',
      { evaluation_id: ID, filter: { units: Array.from({ length: 10_001 }, (_, i) => i), sample_ids: [''] }, page_size: 1001 },
      'filter.sample_ids[0]',
      'filter.units',
      'page_size',
    ),
    bad(
      'an agent by its name, and a time that ends before it begins',
      { evaluation_id: ID, filter: { agents: ['ag_0123456789abcdef', 'gpu-1'], started_from_ms: 5, started_to_ms: 5 } },
      'filter.agents[1]',
      'filter.started_to_ms',
    ),
    bad('a place and a token', { evaluation_id: ID, from_unit: 0, page_token: 'x' }, 'from_unit'),
    bad(
      'metadata of no name',
      { evaluation_id: ID, filter: { metadata: [{ value: 'x' }, { key: 'topic', value: long }] } },
      'filter.metadata: a key',
      'filter.metadata.topic',
    ),
  ],
  [`${E}/GetSample`]: [
    {
      name: 'by unit',
      send: { evaluation_id: ID, unit: 0 },
      gives: {
        sample: {
          result: { unit: 3 },
          messages: [{ role: 'user', parts: [{ text: 'What?' }, { image_url: 'https://x/y.png' }] }],
          target: ['4'],
          metadata_json: json({ source: 'x' }),
        },
      },
    },
    { name: 'by name', send: { evaluation_id: ID, sample_id: 's', epoch: 2 }, gives: { sample: { started_at_ms: '5' } } },
    bad('neither', { evaluation_id: ID }, 'unit'),
    bad('both', { evaluation_id: ID, unit: 1, sample_id: 's', epoch: 1 }, 'sample_id', 'epoch'),
  ],
  [`${E}/SkipSamples`]: [
    { name: 'some', send: { evaluation_id: ID, filter: { units: [1, 2] } }, gives: { skipped: 2, state: 'EVALUATION_STATE_RUNNING' } },
    bad('an empty filter', { evaluation_id: ID, filter: {} }, 'filter'),
    bad('no filter, a long reason', { evaluation_id: ID, reason: long }, 'filter', 'reason'),
    bad(
      'what open samples do not have',
      {
        evaluation_id: ID,
        filter: {
          states: ['UNIT_STATE_OPEN'],
          score_values: ['C'],
          scorer: 's',
          text: 't',
          error_classes: ['timeout'],
          started_to_ms: 5,
          metadata: [{ key: 'topic', value: 'a' }],
        },
      },
      'filter.states',
      'filter.error_classes',
      'filter.score_values',
      'filter.scorer',
      'filter.text',
      'filter.started_to_ms',
      'filter.metadata',
    ),
  ],
  [`${E}/RequeueSamples`]: [
    bad(
      'what is for lists and results alone',
      { evaluation_id: ID, filter: { agents: ['ag_0123456789abcdef'], started_from_ms: 5, metadata: [{ key: 'topic', value: 'a' }] } },
      'filter.agents',
      'filter.started_from_ms',
      'filter.metadata',
    ),
    { name: 'all that failed', send: { evaluation_id: ID }, gives: { requeued: 3, state: 'EVALUATION_STATE_RUNNING' } },
    bad(
      'scored and open ones',
      { evaluation_id: ID, filter: { states: ['UNIT_STATE_ERRORED', 'UNIT_STATE_SCORED', 'UNIT_STATE_OPEN'] } },
      'filter.states[1]',
      'filter.states[2]',
    ),
  ],
};
