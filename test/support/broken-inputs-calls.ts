/** Arguments of RPCs that are wrong, as a foreign client sends them to a coordinator that holds finished evaluations. */
import { json, map } from './rpc-rows/rows.ts';

/** What a caller knows: a finished evaluation, a right spec, the content that it names, and tokens of second pages. */
export interface Known {
  id: string;
  good: Record<string, unknown>;
  digest: string;
  pageOfEvaluations: string;
  pageOfSamples: string;
}

export interface Call {
  /** `EvaluationService/GetEvaluation`. */
  method: string;
  what: string;
  send: (known: Known) => object | object[];
  code: string;
  pieces: (string | RegExp)[];
}

export const call = (method: string, what: string, send: Call['send'], code: string, ...pieces: (string | RegExp)[]): Call => ({
  method: `${method.startsWith('+') ? 'OperatorService' : 'EvaluationService'}/${method.replace('+', '')}`,
  what,
  send,
  code,
  pieces,
});
export const BAD = 'INVALID_ARGUMENT';
export const NONE = 'NOT_FOUND';
export const ABSENT = `ev_${'a'.repeat(26)}`;
export const LONG = 'x'.repeat(5000);
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const dataset = (known: Known, changes: object): Record<string, unknown> => {
  const [benchmark] = known.good['benchmarks'] as { dataset: object }[];
  return { ...known.good, benchmarks: [{ ...benchmark, dataset: { ...benchmark!.dataset, ...changes } }] };
};

/** Calls that bring, read and follow evaluations. */
export const READ_CALLS: readonly Call[] = [
  call('UploadContent', 'no header', () => [{ data: Buffer.from('x') }], BAD, 'the first message must be a header'),
  call('UploadContent', 'nothing', () => [], BAD, 'the first message must be a header'),
  call(
    'UploadContent',
    'a digest that is a path',
    () => [{ header: { digest: '../../x', size_bytes: 1 } }],
    BAD,
    'header.digest: "../../x" is not a digest',
  ),
  call(
    'UploadContent',
    'a size below nothing',
    () => [{ header: { digest: `sha256:${'1'.repeat(64)}`, size_bytes: -1 } }],
    BAD,
    'header.size_bytes: -1 is not',
  ),
  call(
    'UploadContent',
    'a size beyond all',
    () => [{ header: { digest: `sha256:${'1'.repeat(64)}`, size_bytes: '9000000000000000' } }],
    BAD,
    'header.size_bytes',
  ),
  call(
    'UploadContent',
    'other bytes than were announced',
    () => [{ header: { digest: `sha256:${'1'.repeat(64)}`, size_bytes: 3 } }, { data: Buffer.from('abc') }],
    BAD,
    /digest/,
  ),
  call(
    'UploadContent',
    'fewer bytes',
    () => [{ header: { digest: `sha256:${'2'.repeat(64)}`, size_bytes: 3 } }, { data: Buffer.from('a') }],
    BAD,
    '1 of the announced 3 bytes came',
  ),

  call('SubmitEvaluation', 'nothing', () => ({}), BAD, 'idempotency_key: is missing', 'spec_json'),
  call(
    'SubmitEvaluation',
    'half a spec',
    () => ({ idempotency_key: 'k', spec_json: Buffer.from('{"name": ') }),
    BAD,
    'spec_json: is not valid JSON in UTF-8',
  ),
  call(
    'SubmitEvaluation',
    'bytes',
    () => ({ idempotency_key: 'k', spec_json: Buffer.from([0xff, 0xfe]) }),
    BAD,
    'spec_json: is not valid JSON in UTF-8',
  ),
  call(
    'SubmitEvaluation',
    'all faults at once',
    ({ good }) => ({ idempotency_key: 'k', spec_json: json({ ...good, epochs: 0, colour: 'red', priority: 'first' }) }),
    BAD,
    'epochs: is 0, must be at least 1',
    'colour: there is no field "colour"',
    'priority: is "first", must be a number',
  ),
  call(
    'SubmitEvaluation',
    'bases',
    ({ good }) => ({ idempotency_key: 'k', spec_json: json({ ...good, extends: 'b.yaml' }) }),
    BAD,
    'extends: is resolved by the client',
  ),
  call(
    'SubmitEvaluation',
    'a huge spec',
    () => ({ idempotency_key: 'k', spec_json: Buffer.alloc(2 << 20, ' ') }),
    BAD,
    'spec_json: has 2097152 bytes',
  ),
  call(
    'SubmitEvaluation',
    'a path of the coordinator',
    (known) => ({ idempotency_key: 'k', spec_json: json(dataset(known, { uri: 'file:/etc/passwd', digest: undefined })) }),
    BAD,
    'benchmarks[0].dataset.digest: file:/etc/passwd has no digest',
  ),
  call(
    'SubmitEvaluation',
    'content that nobody has brought',
    (known) => ({ idempotency_key: 'k', spec_json: json(dataset(known, { digest: `sha256:${'3'.repeat(64)}` })) }),
    BAD,
    'benchmarks[0].dataset',
    /upload/,
  ),
  call(
    'SubmitEvaluation',
    'a namespace that is a path',
    ({ good }) => ({ idempotency_key: 'k', namespace: '../x', spec_json: json(good) }),
    BAD,
    'namespace: "../x" is not 1 to 64 letters',
  ),
  call(
    'SubmitEvaluation',
    'a long key and owner',
    ({ good }) => ({ idempotency_key: LONG, owner: LONG, spec_json: json(good) }),
    BAD,
    'idempotency_key: has 5000',
    'owner: has 5000',
  ),

  call('ValidateEvaluation', 'no JSON', () => ({ spec_json: Buffer.from('nope') }), BAD, 'spec_json: is not valid JSON'),
  call(
    'GetEvaluation',
    'a path',
    () => ({ evaluation_id: '../../etc/passwd' }),
    BAD,
    'evaluation_id: "../../etc/passwd" is not an evaluation id',
  ),
  call('GetEvaluation', 'nothing', () => ({}), BAD, 'evaluation_id: "" is not an evaluation id'),
  call('GetEvaluation', 'another one', () => ({ evaluation_id: ABSENT }), NONE, 'there is no evaluation', ABSENT, 'check the id'),
  call('GetReport', 'another one', () => ({ evaluation_id: ABSENT }), NONE, 'there is no evaluation', ABSENT, 'check the id'),

  call(
    'ListEvaluations',
    'a token that is none',
    () => ({ page_token: 'nonsense' }),
    BAD,
    'page_token: is no page token; send next_page_token',
  ),
  call(
    'ListEvaluations',
    'a token of another list',
    (known) => ({ page_token: known.pageOfSamples }),
    BAD,
    'page_token: belongs to another list or filter',
  ),
  call(
    'ListEvaluations',
    'a token of another filter',
    (known) => ({ page_token: known.pageOfEvaluations, filter: { name: 'x' } }),
    BAD,
    'page_token: belongs to another list',
  ),
  call('ListEvaluations', 'a page beyond all', () => ({ page_size: 1001 }), BAD, 'page_size: 1001 is not a whole number from 0 to 1000'),
  call(
    'ListEvaluations',
    'an unknown state',
    () => ({ filter: { states: [99] } }),
    BAD,
    'filter.states[0]: ',
    'is not a state of an evaluation',
  ),
  call(
    'ListEvaluations',
    'too many tags',
    () => ({ filter: { tags: numbers(51).map(String) } }),
    BAD,
    'filter.tags: has 51 entries; at most 50',
  ),
  call(
    'ListEvaluations',
    'metadata without a name',
    () => ({ filter: { metadata: map({ '': 'x' }) } }),
    BAD,
    'filter.metadata: a key: is missing',
  ),
  call(
    'ListEvaluations',
    'a time that runs back',
    () => ({ filter: { created_from_ms: 2, created_to_ms: 1 } }),
    BAD,
    'filter.created_to_ms: 1 is not after',
    'nothing can match',
  ),
  call(
    'ListEvaluations',
    'a time before all',
    () => ({ filter: { created_from_ms: -5 } }),
    BAD,
    'filter.created_from_ms: -5 is not a whole number',
  ),

  call(
    'WatchEvaluation',
    'a long cursor',
    (known) => ({ evaluation_id: known.id, cursor: LONG }),
    BAD,
    'cursor: is no cursor',
    'none for a snapshot',
  ),
  call('WatchEvaluation', 'another one', () => ({ evaluation_id: ABSENT }), NONE, ABSENT),
  call(
    'StreamResults',
    'open ones',
    (known) => ({ evaluation_id: known.id, filter: { states: [1] } }),
    BAD,
    'filter.states: names OPEN, but only closed units',
  ),
  call('StreamResults', 'another one', () => ({ evaluation_id: ABSENT }), NONE, ABSENT),
];
