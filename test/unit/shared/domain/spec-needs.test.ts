/** Work that agents of before cannot do is routed past them; all other work still goes to them. */
import { describe, expect, it } from 'vitest';
import { needsOf, wireCapabilities } from '../../../../shared/domain/spec-needs.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { WIRE_MINOR } from '../../../../shared/rpc/messages.ts';

function needs(benchmark: Record<string, unknown> = {}, rest: Record<string, unknown> = {}, hasMessages = false): string[] {
  const spec = parseSpec({
    name: 'n',
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:a.jsonl' }, scorers: ['match'], ...benchmark }],
    models: [{ model: 'mock/a' }],
    ...rest,
  });
  return needsOf(spec.benchmarks[0]!, spec.models[0]!, spec, hasMessages);
}
const fields = (of: Record<string, unknown>): Record<string, unknown> => ({ dataset: { uri: 'file:a.jsonl', fields: of } });

describe('needsOf', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['nothing new', {}],
    ['a path of before', fields({ input: 'a.b.0', metadata: ['m.n'] })],
    ['another form, which the coordinator undoes', { dataset: { uri: 'file:a.csv.gz', limit: 1, shuffle: 1 } }],
    ['metrics of the coordinator', { metrics: ['mean', 'std', 'var'] }],
    ['what the coordinator alone does', {}, { epochs: { count: 2, reducers: ['mode'] }, fail_on_error: 0.1, max_samples: 3 }],
  ])('is empty for %s', (_what, benchmark, rest) => expect(needs(benchmark, rest)).toEqual([]));

  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['a solver, also the plain one', { solver: 'generate' }],
    ['examples', { prompt: { num_fewshot: 1 } }],
    ['no examples, said in so many words', { prompt: { num_fewshot: 0 } }],
    ['a path with an index', fields({ input: 'a[0]' })],
    ['the same in metadata', fields({ metadata: ['a[0]'] })],
    ['a template as a field', fields({ choices: '{{ a | json }}' })],
    ['a setting', { generate_config: { reasoning_effort: 'low' } }],
    ['a scorer', { scorers: ['choice'] }],
    ['limits', {}, { limits: { time: 1 } }],
    ['repetitions', {}, { retry_on_error: 1 }],
  ])('is wire version 1.1 for %s', (_what, benchmark, rest) => expect(needs(benchmark, rest)).toEqual(['wire:1.1']));

  it('is wire version 1.1 where the dataset has messages', () => expect(needs({}, {}, true)).toEqual(['wire:1.1']));

  it.each<[string, Record<string, unknown>, Record<string, unknown>?]>([
    ['a scorer that came later', { scorers: ['match', 'exact_match'] }],
    ['choices in another order', { solver: { name: 'multiple_choice', args: { shuffle: 1 } }, scorers: ['choice'] }],
    ['as many letters as were asked for', { solver: 'multiple_choice', scorers: ['choice'] }],
    ['examples that each sample draws', { prompt: { num_fewshot: 1, fewshot: { sampler: 'lm_eval' } } }],
    ['examples by name', { prompt: { num_fewshot: 1, fewshot: { ids: [1, 2] } } }],
    ['examples in the system message', { prompt: { num_fewshot: 1, fewshot: { in_system_message: true } } }],
    ['examples by a template', { prompt: { num_fewshot: 1, fewshot: { template: '{{ input }}' } } }],
    ['a table without a header', { dataset: { uri: 'file:a.csv', columns: ['input', 'target'] } }],
    ['look-around', { scorers: [{ name: 'pattern', args: { pattern: '(?<=x)(y)' } }] }],
    ['filters', { scorers: [{ name: 'match', filters: ['strip'] }] }],
    ['chains of filters', { scorers: [{ name: 'match', filters: { a: ['strip'] } }] }],
    ['the same beside what needs 1.1', { scorers: ['choice', 'f1'], solver: 'generate' }, { limits: { time: 1 } }],
  ])('is wire version 1.2 alone for %s', (_what, benchmark, rest) => expect(needs(benchmark, rest)).toEqual(['wire:1.2']));

  it('is covered by an agent of that version and of later ones', () => {
    expect([0, 1, 2].map(wireCapabilities)).toEqual([[], ['wire:1.1'], ['wire:1.1', 'wire:1.2']]);
    expect(wireCapabilities(WIRE_MINOR)).toHaveLength(WIRE_MINOR);
  });

  it('names the sandbox that programs of models need', () => {
    expect(needs({ scorers: ['code_execution'] })).toEqual(['sandbox:python3', 'wire:1.2']);
  });

  it('names programs and URLs', () => {
    const http = { name: 'http', args: { url: 'https://h/p' } };
    const command = { name: 'command', args: { command: 'grader' } };
    expect(needs({ solver: http, scorers: [command, http] })).toEqual(['url:https://h/p', 'command:grader', 'wire:1.1']);
    const filters = { a: ['strip'], b: ['lowercase'] };
    expect(needs({ scorers: [{ ...command, filters }] })).toEqual(['command:grader', 'wire:1.2']);
  });
});
