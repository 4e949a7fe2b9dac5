/** EvaluationService, row by row. */
import { bad, DIGEST, E, filterRows, ID, json, long, map, type Row } from './rows.ts';
import { report } from './answers.ts';
import { SAMPLE_ROWS } from './sample-rows.ts';

const REPLICATED = { kind: 'DURABILITY_CLASS_REPLICATED', replicas: 2 };
export const EVALUATION_ROWS: Record<string, Row[]> = {
  [`${E}/UploadContent`]: [
    {
      name: 'a header and data',
      send: [{ header: { digest: DIGEST, size_bytes: 3 } }, { data: Buffer.from('abc') }],
      gives: { digest: DIGEST },
    },
    { name: 'no header', send: [{ data: Buffer.from('abc') }], code: 'INVALID_ARGUMENT', says: /first message must be a header/ },
    bad('a bad header', [{ header: { digest: 'md5:1', size_bytes: -1 } }], 'header.digest', 'header.size_bytes'),
  ],
  [`${E}/SubmitEvaluation`]: [
    {
      name: 'good',
      send: { spec_json: json({ name: 'x' }), idempotency_key: 'k', owner: 'me' },
      gives: {
        existed: true,
        evaluation: { state: 'EVALUATION_STATE_RUNNING' },
        durability: { kind: 'DURABILITY_CLASS_REPLICATED', replicas: 2 },
      },
    },
    bad('all at once', { spec_json: Buffer.from('{'), namespace: '/', owner: long }, 'idempotency_key', 'namespace', 'owner', 'spec_json'),
    {
      name: 'more faults than fit',
      send: { spec_json: json({ name: 'many faults' }), idempotency_key: 'k' },
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID',
    },
  ],
  [`${E}/ValidateEvaluation`]: [
    {
      name: 'faults are an answer',
      send: { spec_json: json({}) },
      gives: { faults: [{ place: 'epochs', problem: 'is 0' }], total: { units: 2 }, price_table_version: '2026-11-01' },
    },
    bad('no JSON', { spec_json: Buffer.from('nope'), namespace: 'a b' }, 'namespace', 'spec_json'),
  ],
  [`${E}/ListEvaluations`]: [
    { name: 'without a filter', send: {}, gives: { evaluations: [{ evaluation_id: ID, name: '{}' }], next_page_token: 'next' } },
    {
      name: 'with every condition',
      send: {
        filter: {
          states: ['EVALUATION_STATE_RUNNING'],
          name: 'n',
          tags: ['t'],
          metadata: map({ 'ci.branch': 'main' }),
          owner: 'o',
          created_from_ms: 1,
          created_to_ms: 2,
          namespace: 'ns',
        },
        page_size: 1000,
      },
      gives: {
        evaluations: [
          {
            name: JSON.stringify({
              states: ['running'],
              name: 'n',
              tags: ['t'],
              metadata: { 'ci.branch': 'main' },
              owner: 'o',
              createdFromMs: 1,
              createdToMs: 2,
              namespace: 'ns',
            }),
          },
        ],
      },
    },
    bad(
      'everything wrong',
      {
        filter: {
          states: [0, 99],
          name: long,
          tags: [''],
          metadata: map({ '': 'x' }),
          created_from_ms: 5,
          created_to_ms: 4,
          namespace: 'a b',
        },
        page_size: 1001,
        page_token: long,
      },
      'filter.states[0]',
      'filter.states[1]',
      'filter.name',
      'filter.tags[0]',
      'filter.metadata: a key',
      'filter.created_to_ms',
      'filter.namespace',
      'page_size',
      'page_token',
    ),
  ],
  [`${E}/UpdateEvaluation`]: [
    {
      name: 'priority and no bound',
      send: { evaluation_id: ID, priority: 1, max_samples: 0, tags: { tags: [] } },
      gives: { evaluation: { metadata_json: json({ priority: 1, maxSamples: 0, tags: [] }) } },
    },
    {
      name: 'limits and metadata',
      send: { evaluation_id: ID, limits: { time: 2.5, tokens: 7 }, metadata_json: json({ a: 1 }) },
      gives: { evaluation: { metadata_json: json({ limits: { time: 2.5, tokens: 7 }, metadata: { a: 1 } }) } },
    },
    bad('nothing to change', { evaluation_id: ID }, ''),
    bad(
      'out of bounds',
      {
        evaluation_id: 'x',
        priority: 11,
        max_samples: 2_000_000,
        limits: { time: 0, working: -1, tokens: 0 },
        tags: { tags: [long] },
        metadata_json: json([1]),
      },
      'evaluation_id',
      'priority',
      'max_samples',
      'limits.time',
      'limits.working',
      'limits.tokens',
      'tags.tags[0]',
      'metadata_json',
    ),
    bad(
      'priority 0, metadata no UTF-8',
      { evaluation_id: ID, priority: 0, metadata_json: Buffer.from([0xff]) },
      'priority',
      'metadata_json',
    ),
  ],
  [`${E}/PauseEvaluation`]: [
    { name: 'one', send: { evaluation_id: ID }, gives: { outcomes: [{ evaluation_id: ID, changed: true }] } },
    { name: 'all', send: { filter: {} }, gives: { outcomes: [{ evaluation_id: ID }] } },
    {
      name: 'a durability class is demanded',
      send: { evaluation_id: ID, required_durability: { kind: 'DURABILITY_CLASS_REPLICATED', replicas: 3 } },
      gives: { outcomes: [{ durability: { kind: 'DURABILITY_CLASS_REPLICATED', replicas: 3 } }] },
    },
    bad('no such class', { evaluation_id: ID, required_durability: { kind: 77 } }, 'required_durability.kind'),
    bad(
      'replicas of a class that has none',
      { evaluation_id: ID, required_durability: { kind: 'DURABILITY_CLASS_FSYNCED', replicas: 1 } },
      'required_durability.replicas',
    ),
    bad(
      'no replicas of a class that needs some',
      { evaluation_id: ID, required_durability: { kind: 'DURABILITY_CLASS_REPLICATED' } },
      'required_durability.replicas',
    ),
    ...filterRows(),
  ],
  [`${E}/ResumeEvaluation`]: [
    { name: 'one', send: { evaluation_id: ID }, gives: { outcomes: [{ state: 'EVALUATION_STATE_RUNNING', changed: false }] } },
    ...filterRows(),
  ],
  [`${E}/CancelEvaluation`]: [
    {
      name: 'one, as before filters',
      send: { evaluation_id: ID, reason: 'enough' },
      gives: { state: 'EVALUATION_STATE_CANCELLED', outcomes: [{ problem: 'abort' }] },
    },
    {
      name: 'several, draining',
      send: { filter: { name: 'x' }, mode: 'CANCEL_MODE_DRAIN' },
      gives: { state: 'EVALUATION_STATE_UNSPECIFIED', outcomes: [{ problem: 'drain' }] },
    },
    bad('an unknown mode', { evaluation_id: ID, mode: 9 }, 'mode'),
    ...filterRows(),
  ],
  [`${E}/DeleteEvaluation`]: [
    { name: 'one', send: { evaluation_id: ID }, gives: { outcomes: [{ changed: true }] } },
    bad('an empty filter', { filter: {} }, 'filter'),
    bad('neither', {}, 'evaluation_id'),
  ],
  [`${E}/GetEvaluation`]: [
    { name: 'none', send: { evaluation_id: ID }, code: 'NOT_FOUND', reason: 'NOT_FOUND', says: /there is no evaluation/ },
    bad('a bad id', { evaluation_id: 'x' }, 'evaluation_id'),
  ],
  [`${E}/WatchEvaluation`]: [
    {
      name: 'to its end',
      send: { evaluation_id: ID },
      gives: { cursor: '7', state_change: { state: 'EVALUATION_STATE_SUCCEEDED' } },
      answers: 1,
    },
    bad('bad id and cursor', { evaluation_id: '', cursor: long }, 'evaluation_id', 'cursor'),
  ],
  [`${E}/StreamResults`]: [
    {
      name: 'filtered',
      send: { evaluation_id: ID, filter: { states: ['UNIT_STATE_ERRORED'], units: [1, 2], error_classes: ['timeout'] } },
      gives: { result: { unit: 1, completion: JSON.stringify({ states: ['errored'], errorClasses: ['timeout'], units: [1, 2] }) } },
      answers: 1,
    },
    bad('open units have none', { evaluation_id: ID, filter: { states: ['UNIT_STATE_OPEN'] } }, 'filter.states'),
    bad(
      'unknown words',
      { evaluation_id: ID, filter: { states: [0], error_classes: ['time_out'], epochs: [0], text: long } },
      'filter.states[0]',
      'filter.epochs[0]',
      'filter.error_classes[0]',
      'filter.text',
    ),
  ],
  [`${E}/GetReport`]: [
    { name: 'good', send: { evaluation_id: ID }, gives: { usage: { reasoning_tokens: '5' }, report_json: json(report) } },
    bad('a bad id', {}, 'evaluation_id'),
  ],
  ...SAMPLE_ROWS,
  [`${E}/VerifyEvaluation`]: [
    { name: 'progress, then books', send: { evaluation_id: ID }, gives: { progress: { phase: 'frames', done: '5' } }, answers: 2 },
    bad('a bad id', { evaluation_id: 'x' }, 'evaluation_id'),
  ],
  [`${E}/RecordEvaluation`]: [
    { name: 'progress, then the record', send: { evaluation_id: ID }, gives: { progress: { done: '5', total: '10' } }, answers: 2 },
    { name: 'with samples', send: { evaluation_id: ID, samples: true }, gives: { progress: { done: '5' } }, answers: 3 },
    bad('a bad id', { evaluation_id: 'x' }, 'evaluation_id'),
  ],
  [`${E}/RecoverEvaluation`]: [
    { name: 'one', send: { evaluation_id: ID }, gives: { state: 'EVALUATION_STATE_PAUSED', generation: 2, after: { total: 10 } } },
    { name: 'replicated', send: { evaluation_id: ID, required_durability: REPLICATED }, gives: { durability: REPLICATED } },
    bad('a bad id, a long reason', { evaluation_id: 'x', reason: long }, 'evaluation_id', 'reason'),
  ],
  [`${E}/ListDeadLetters`]: [
    {
      name: 'with every condition',
      send: {
        filter: { namespace: 'n', task_ids: [`${ID}-1`], benchmark: 'b', model: 'm', agent: 'a', route: 'r', from_ms: 1, to_ms: 2 },
        with_dropped: true,
      },
      gives: {
        next_page_token: 'next',
        letters: [
          {
            benchmark: JSON.stringify({
              namespace: 'n',
              taskIds: [`${ID}-1`],
              benchmark: 'b',
              model: 'm',
              agent: 'a',
              route: 'r',
              fromMs: 1,
              toMs: 2,
              withDropped: true,
            }),
          },
        ],
      },
    },
    bad(
      'what no filter is',
      { filter: { evaluation_id: 'x', namespace: '/', task_ids: ['t'], model: long }, page_size: 1001 },
      'filter.evaluation_id',
      'filter.namespace',
      'namespace',
      'filter.task_ids[0]',
      'filter.model',
      'page_size',
    ),
  ],
  [`${E}/GetDeadLetter`]: [
    {
      name: 'one',
      send: { task_id: `${ID}-1` },
      gives: { letter: { crashes: 3, attempts: [{ end: 'crash', last_output: 'the last line' }] } },
    },
    bad('no id of a task', { task_id: ID }, 'task_id'),
  ],
  [`${E}/ReplayDeadLetters`]: [
    { name: 'of an evaluation', send: { filter: { evaluation_id: ID } }, gives: { letters: 1, units: '2', failed: 1 } },
    {
      name: 'replicated',
      send: { filter: { evaluation_id: ID }, required_durability: REPLICATED },
      gives: { durability: REPLICATED, evaluations: [{ letters: 1, units: '2' }, { problem: 'it is busy' }] },
    },
    bad('all there are', { filter: {}, reason: long }, 'filter', 'reason'),
    bad('no filter', {}, 'filter'),
  ],
  [`${E}/DropDeadLetters`]: [
    { name: 'of an evaluation', send: { filter: { evaluation_id: ID } }, gives: { letters: 1, failed: 1 } },
    {
      name: 'replicated',
      send: { filter: { evaluation_id: ID }, required_durability: REPLICATED },
      gives: { durability: REPLICATED, evaluations: [{ letters: 1 }, { problem: 'it is busy' }] },
    },
    bad('all there are', { filter: {} }, 'filter'),
  ],
};
