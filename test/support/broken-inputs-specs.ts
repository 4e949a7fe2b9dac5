/** Broken specs, as they come on standard input, and the one message that each must get. Found by the command itself. */
import { specOf, type Row, type SpecChanges } from './broken-inputs.ts';

/** A benchmark of a right spec, with changes. */
const benchmark = (changes: object): object => ({ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl' }, scorers: ['match'], ...changes });
const withBenchmark = (changes: object): string => specOf({ top: { benchmarks: [benchmark(changes)] } });
const http = (url: string): object => ({ name: 'http', args: { url } });
const command = (name: string, args: object = {}): string =>
  withBenchmark({ scorers: [{ name: 'command', args: { command: name, ...args } }] });
const config = (fields: object): string => withBenchmark({ generate_config: fields });
const response = (schema: object): string => config({ response_schema: schema });
const fewshot = (fields: object): string => withBenchmark({ prompt: { num_fewshot: 2, fewshot: fields } });
const epochs = (count: number, reducers: unknown): string => specOf({ top: { epochs: { count, reducers } } });
const filters = (value: unknown): string => withBenchmark({ scorers: [{ name: 'match', filters: value }] });
const judged = (args: object): string => withBenchmark({ scorers: [{ name: 'model_graded_qa', args }] });
const pattern = (text: string): SpecChanges => ({ scorers: [{ name: 'pattern', args: { pattern: text } }] });

/** Nine of nine of nine …: a few lines that would be gigabytes. */
const BILLION_LAUGHS = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...Array.from('bcdefghi', (key, i) => `${key}: &${key} [${Array<string>(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]`),
].join('\n');

export const SPECS: readonly Row<string | Buffer>[] = [
  ['no YAML', 'name: x\nmodels: [mock/x\n', /standard input:3:1: is no valid YAML: .*\]/],
  ['a field twice', 'name: x\nname: y\n', /standard input:2:1: the same field stands here a second time; keep one/],
  ['nothing in it', '', 'standard input: is empty', 'docs/spec.md'],
  ['a list', '- a\n', 'standard input:1:1: is a list, must be an object'],
  [
    'a misspelt field that is needed',
    withBenchmark({ scorers: [{ nmae: 'match' }] }),
    /^assay: spec: standard input:1:\d+ benchmarks\[0\]\.scorers\[0\]\.nmae: there is no field "nmae" here; did you mean "name"\?\n$/,
  ],
  [
    'samples in the place of a spec',
    '{"id": 1, "input": "1 + 1"}\n{"id": 2}\n',
    'standard input looks like a dataset (JSONL: an object on each line), not like a spec; name the spec here',
  ],
  ['an unknown field', specOf({ top: { epoch: 3 } }), /standard input:1:\d+ epoch: there is no field "epoch"/, 'did you mean "epochs"?'],
  ['the wrong type', specOf({ top: { epochs: 'three' } }), 'epochs: is "three", must be a number'],
  ['a negative limit', specOf({ dataset: { limit: -5 } }), 'benchmarks[0].dataset.limit: is -5, must be more than 0'],
  [
    'no such dataset',
    specOf({ dataset: { uri: 'file:none.jsonl' } }),
    /spec: standard input:1:\d+ benchmarks\[0\]\.dataset\.uri: there is no file .*none\.jsonl; correct/,
  ],
  ['a folder as dataset', specOf({ dataset: { uri: 'file:.' } }), 'benchmarks[0].dataset.uri', 'is no file; name the JSONL file'],
  [
    'an empty dataset',
    specOf({ dataset: { uri: 'file:empty.jsonl' } }),
    'benchmarks[0].dataset.uri',
    'empty.jsonl is empty; a dataset has',
  ],
  ['a dataset elsewhere', specOf({ dataset: { uri: 's3:sums.jsonl' } }), 'benchmarks[0].dataset.uri', 's3:'],
  [
    'an unknown filter',
    specOf({ dataset: { target_template: '{{ target | splitt: "x" }}' } }),
    'dataset.target_template: is no valid template: undefined filter: splitt',
    'did you mean split?',
  ],
  [
    'a tag that reads files',
    specOf({ template: '{% include "x" %}' }),
    'prompt.template',
    'tag "include" not found',
    'it is left out here',
  ],
  [
    'a template without its end',
    specOf({ template: 'Q: {{ input' }),
    'prompt.template: is no valid template: output "{{ input" not closed',
  ],
  ['an unknown scorer', specOf({ scorers: [{ name: 'mach' }] }), 'scorers[0].name: is "mach"', 'did you mean "match"?'],
  [
    'wrong arguments of a scorer',
    specOf({ scorers: [{ name: 'match', args: { location: 'middle', numerc: true } }] }),
    'args.location: is "middle", must be one of begin, end, any, exact',
    'args.numerc: there is no field "numerc" here; did you mean "numeric"?',
  ],
  ['a pattern without its )', specOf(pattern('(a')), 'args.pattern: has a ( without its ), at character 1; write \\('],
  [
    'a pattern with look-ahead',
    specOf(pattern('(?!x)(\\d+)')),
    'args.pattern: has a negative look-ahead',
    'at character 1',
    'capture more',
  ],
  ['a pattern without a group', specOf(pattern('\\d+')), 'args.pattern: has no capture group', 'put ( ) around the answer'],
  ['a model without its provider', specOf({ models: [{ model: 'gpt-x' }] }), 'models[0].model: is "gpt-x", must be provider/name'],
  ['a model that nobody serves', specOf({ models: [{ model: 'openai/x' }] }), 'models[0].model: ', 'OPENAI_API_KEY'],
  ['a provider that nobody knows', specOf({ models: [{ model: 'grok/x' }] }), 'models[0].model: ', 'grok/x', '--agent FILE'],
  [
    'several faults at once',
    specOf({ dataset: { limit: -5 }, models: [{ model: 'gpt-x' }], top: { epochs: 0, priority: 11 } }),
    'has 4 faults',
    'dataset.limit: is -5',
    'models[0].model: is "gpt-x"',
    'epochs: is 0, must be at least 1',
    'priority: is 11, must be at most 10',
  ],

  // -- the text itself
  ['bytes that are no UTF-8', Buffer.from('name: x\n# caf\xe9\n', 'latin1'), 'standard input:2: is not valid UTF-8; save it as UTF-8'],
  ['a tab as indent', 'name: x\n\tmodels: []\n', 'standard input:2:1: a tab indents this line; YAML wants spaces'],
  ['two documents', 'name: x\n---\nname: y\n', 'standard input:2:1: a second document begins here (---); a file holds one spec'],
  ['a tag of its own', 'name: !secret x\n', 'standard input:1:7: a tag (!…) that specs do not know; write the plain value'],
  ['a billion laughs', BILLION_LAUGHS, 'standard input: its aliases (*name) repeat too much or name nothing; write their content out'],
  ['ten thousand brackets', `x: ${'['.repeat(10_000)}`, 'standard input: lists and objects lie too deep within each other; flatten it'],
  ['more than 1 MiB', `name: ${'x'.repeat(1 << 20)}`, 'standard input: has more than 1048576 bytes; put long content into the dataset'],
  ['more than 4 MiB', Buffer.alloc(5 << 20, 97), 'standard input: the spec is larger than 4 MiB; put its data into a dataset file'],
  [
    'half a character',
    specOf({ template: 'a\ud800{{ input }}' }),
    'prompt.template: holds half a character (a lone \\ud800',
    'take it out',
  ],
  ['half a character in a name', specOf({ top: { name: 'a\udc00' } }), 'name: is "a\\udc00", must be printable text'],
  ['half a character in a key', specOf({ top: { metadata: { 'a\ud800': 1 } } }), 'metadata', 'holds half a character'],
  ['a NUL character', specOf({ top: { name: 'a\u0000b' } }), 'name: is "a\\u0000b", must be printable text without spaces at its ends'],
  [
    'NaN and infinity',
    `${specOf({}).slice(0, -1)}, "epochs": .nan, "retry": {"timeout": .inf}}`,
    'has 2 faults',
    'epochs: is NaN, must be a number or an object',
    'retry.timeout: is Infinity, must be a number',
  ],
  [
    'infinity in metadata',
    `${specOf({}).slice(0, -1)}, "metadata": {"a": .inf}}`,
    'metadata.a: is Infinity, which JSON cannot hold; write',
  ],
  [
    'keys of prototypes',
    '{"name": "x", "__proto__": {"epochs": 3}, "constructor": 1}',
    '__proto__: there is no field',
    'constructor: there is',
  ],

  // -- what is missing, or stands there twice
  ['nothing but a name', 'name: x\n', 'has 2 faults', 'benchmarks: is missing; give it a list', 'models: is missing; give it a list'],
  ['empty lists', '{"name": "x", "benchmarks": [], "models": []}', 'benchmarks: is a list, must have at least 1 item', 'models: is a list'],
  ['models as texts', specOf({ models: ['mock/one'] }), 'models[0]: is "mock/one", must be an object with named fields'],
  [
    'a model twice',
    specOf({ models: [{ model: 'mock/a' }, { model: 'mock/a' }] }),
    'models[1].model: is "mock/a" again',
    'list a model once',
  ],
  [
    'a benchmark twice',
    specOf({ top: { benchmarks: [benchmark({}), benchmark({})] } }),
    'benchmarks[1].benchmark: is "sums" again, as benchmarks[0].benchmark; give each benchmark a name of its own',
  ],

  // -- solvers and scorers
  ['an unknown solver', withBenchmark({ solver: 'multiple_choise' }), 'solver: is "multiple_choise"', 'did you mean "multiple_choice"?'],
  ['a solver that is a number', withBenchmark({ solver: 3 }), 'solver: is 3, must be the name of a solver, or {name, args}'],
  ['a solver without its URL', withBenchmark({ solver: 'http' }), 'solver.args.url: is missing; give it text'],
  ['a solver at ftp:', withBenchmark({ solver: http('ftp://x/') }), 'solver.args.url: has the scheme ftp:; write http: or https:'],
  ['a password in a URL', withBenchmark({ solver: http('http://me:SECRET@x/') }), 'url: has a user or password in it; keys are no part'],
  [
    'a beginning of an answer that the solver makes',
    withBenchmark({ solver: http('http://x/'), prompt: { gen_prefix: 'A' } }),
    'prompt.gen_prefix: stands beside the solver http',
    'take one of the two out',
  ],
  ['a judge without its provider', judged({ model: 'gpt-4o' }), 'scorers[0].args.model: is "gpt-4o", must be provider/name without spaces'],
  ['a judge twice', judged({ model: ['mock/a', 'mock/a'] }), 'scorers[0].args.model[1]: is "mock/a" again', 'name a judge once'],
  [
    'a role that is not there',
    judged({ model_role: 'grade' }),
    'model_role: is "grade", but model_roles has no such role',
    'add it: {grade: provider/name}',
  ],
  ['a judge that sees no answer', judged({ template: 'GRADE: C or I?' }), 'args.template: has no {{ answer }}'],
  ['a judge that is told of no grade', judged({ instructions: 'Be kind.' }), 'args.instructions: tell the judge nothing of GRADE:'],
  [
    'a role with a field too many',
    specOf({ top: { model_roles: { grader: { model: 'mock/a', temperature: 0 } } } }),
    'model_roles.grader',
    'temperature',
  ],
  ['scorers as one text', withBenchmark({ scorers: 'match' }), 'scorers: is "match", must be a list'],
  ['no scorer', withBenchmark({ scorers: [] }), 'scorers: is a list, must have at least 1 item'],
  [
    'a scorer that is a number',
    withBenchmark({ scorers: [3] }),
    'scorers[0]: is 3, must be the name of a scorer, or {name, args, filters}',
  ],
  ['an unknown scorer as text', withBenchmark({ scorers: ['mach'] }), 'scorers[0]: is "mach"', 'did you mean "match"?'],
  ['a scorer with a field too many', withBenchmark({ scorers: [{ name: 'match', arg: {} }] }), 'scorers[0].arg: there is', 'mean "args"?'],
  ['a command without its name', withBenchmark({ scorers: ['command'] }), 'scorers[0].args.command: is missing; give it text'],
  ['a command line as command', command('/bin/sh -c x'), 'args.command: is "/bin/sh -c x", must be a name of the agent\'s `commands`'],
  ['a path as command', command('../../bin/sh'), 'args.command: is "../../bin/sh", must be a name'],
  ['a command that is not allowed', command('grader'), 'needs the command grader', 'add --allow-command "grader=PROGRAM ARGUMENTS…"'],
  [
    'a URL that is not allowed',
    withBenchmark({ scorers: [http('http://127.0.0.1:1/x')] }),
    'calls http://127.0.0.1:1/x, which is not allowed here; add --allow-url',
  ],
  ['a key for a scorer', command('grader', { args: { api_key: 'SECRET' } }), 'args.api_key: looks like a key; keys belong into the agent'],
  [
    'a pattern that multiplies',
    specOf(pattern('((a{1000}){1000})')),
    'args.pattern: is no valid regular expression',
    '1000 together at most',
  ],
  [
    'a pattern that refers back',
    specOf(pattern('(a)\\1')),
    'args.pattern: has the escape "\\\\1"'.replace('\\\\', '\\'),
    'no backreferences',
  ],
  ['a pattern that is a book', specOf(pattern(`(${'a'.repeat(4001)})`)), 'args.pattern: is "(aaa', 'must have at most 4000 characters'],
  [
    'an unknown filter of a scorer',
    filters(['regx']),
    'scorers[0].filters[0]: is "regx", but there is no such filter',
    'did you mean "regex"?',
  ],
  ['filters as one text', filters('strip'), 'scorers[0].filters: is "strip", must be a list of filters, or an object of named lists'],
  ['a chain without filters', filters({ strict: [] }), 'scorers[0].filters.strict: is a list, must have at least 1 item'],
  ['a chain with a name of two words', filters({ 'a b': ['strip'] }), 'has the name "a b", which is not valid', 'must be 1 to 64 letters'],
  ['a filter with a wrong pattern', filters([{ name: 'regex', args: { regex_pattern: '(' } }]), 'regex_pattern: has a ( without its )'],
  ['a vote of one', filters({ maj: ['majority_vote'] }), 'filters.maj[0]: is "majority_vote", which is a vote among', 'epochs.reducers'],
  ['a first of one', filters(['strip', 'take_first']), 'filters[1]: is "take_first", which changes nothing here', 'leave it out'],
  ['an unknown metric', withBenchmark({ metrics: ['acuracy'] }), 'metrics[0]: is "acuracy"', 'did you mean "accuracy"?'],

  // -- epochs, limits, errors, turns
  ['pass_at_9 of 4 epochs', epochs(4, ['pass_at_9']), 'epochs.reducers[0]: is "pass_at_9", but there are only 4 epochs; lower 9, or raise'],
  ['an unknown reducer', epochs(4, ['avg']), 'epochs.reducers[0]: is "avg", which is no reducer; there are mean, median, mode, max'],
  ['a reducer twice', epochs(4, ['mean', 'mean']), 'epochs.reducers[1]: is "mean" again', 'name a reducer once'],
  ['a reducer as text', epochs(4, 'mean'), 'epochs.reducers: is "mean", must be a list'],
  ['epochs out of all reason', specOf({ top: { epochs: 1001 } }), 'epochs: is 1001, must be at most 1000'],
  [
    'limits that are none',
    specOf({ top: { limits: { time: 0, tokens: 1.5, wrking: 3 } } }),
    'has 3 faults',
    'limits.time: is 0, must be more than 0',
    'limits.tokens: is 1.5, must be a whole number',
    'limits.wrking: there is no field "wrking" here; did you mean "working"?',
  ],
  [
    'fail_on_error of one and a half',
    specOf({ top: { fail_on_error: 1.5 } }),
    'fail_on_error: is 1.5, must be a share below 1, or a whole',
  ],
  [
    'fail_on_error at times',
    specOf({ top: { fail_on_error: 'sometimes' } }),
    'fail_on_error: is "sometimes", must be true or false or a number',
  ],
  ['concurrency as text', specOf({ top: { concurrency: 'nightly' } }), 'concurrency: is "nightly", must be an object with named fields'],
  [
    'concurrency without a key',
    specOf({ top: { concurrency: { key: '', supersedes: true } } }),
    'concurrency.key: is "", must have at least 1 character',
    'did you mean "supersede"?',
  ],
  [
    'labels without names',
    specOf({ top: { route: { labels: { '': 'x', zone: 3 } } } }),
    'has the name "", which is not valid',
    'zone: is 3, must',
  ],

  // -- prompts and models
  ['examples below none', withBenchmark({ prompt: { num_fewshot: -1 } }), 'prompt.num_fewshot: is -1, must be at least 0'],
  ['examples drawn how', fewshot({ sampler: 'randm' }), 'fewshot.sampler: is "randm"', 'did you mean random?'],
  [
    'examples, but how many',
    withBenchmark({ prompt: { fewshot: {} } }),
    'prompt.fewshot: says how examples are shown, but not how many; add',
  ],
  [
    'named examples that are drawn, too few, twice',
    fewshot({ sampler: 'random', ids: [3, 3] }),
    'fewshot.ids: names the examples, and the sampler random draws them; keep one',
    'fewshot.ids: names 2 examples, and num_fewshot is 2, which needs one more',
    'name an example once',
  ],
  [
    'turns in a system message, by a template that is none',
    fewshot({ as_multiturn: true, in_system_message: true, template: '{{ a' }),
    'fewshot.in_system_message: is about examples that are text, and as_multiturn makes turns',
    'fewshot.template: is about examples that are text',
    'fewshot.template: is no valid template',
  ],
  ['examples from nowhere', fewshot({ uri: 'file:none.jsonl' }), 'prompt.fewshot.uri: there is no file', 'correct the path'],
  ['a schema of no type', response({ name: 'a', json_schema: { type: 'objct' } }), 'response_schema.json_schema', 'objct'],
  ['a schema as text', response({ name: 'a', json_schema: 'object' }), 'json_schema: is "object", must be an object with named values'],
  ['a schema of two words', response({ name: 'a b', json_schema: {} }), 'response_schema.name: is "a b", must be 1 to 64 letters'],
  ['alternatives of nothing', config({ top_logprobs: 5 }), 'generate_config.top_logprobs: needs logprobs: true beside it'],
  [
    'too many alternatives',
    config({ logprobs: 1, top_logprobs: 21 }),
    'logprobs: is 1, must be true or false',
    'top_logprobs: is 21, must be at',
  ],
  ['too hard a thought', config({ reasoning_effort: 'hihg' }), 'reasoning_effort: is "hihg"', 'did you mean high?'],
  ['a key in the spec', config({ extra_body: { api_key: 'SECRET' } }), 'extra_body.api_key: looks like a key; keys belong into the agent'],

  // -- where datasets are said to be
  ['a dataset by http: from afar', specOf({ dataset: { uri: 'http://example.org/x' } }), 'is not encrypted', 'write https://'],
  ['a dataset with a password', specOf({ dataset: { uri: 'https://me:SECRET@example.org/x' } }), 'has a user or password in it'],
  ['a form that is none', specOf({ dataset: { format: 'cvs' } }), 'dataset.format: is "cvs"', 'did you mean csv?'],
  [
    'a digest that is none',
    specOf({ dataset: { digest: 'md5:1' } }),
    'dataset.digest: is no digest; write sha256: and 64 hexadecimal digits',
  ],
  ['two ways to choose', specOf({ dataset: { ids: ['s1'], limit: 3 } }), 'dataset.limit: is 3 beside ids', 'keep one of the two'],

  // -- bases
  ['bases in a circle', 'extends: cycle.yaml\n', 'back.yaml:1:1 extends: comes back to cycle.yaml', 'take one of them out'],
  ['a base that is not there', 'extends: nowhere.yaml\n', /1:1 extends: there is no spec .*nowhere\.yaml; correct the path/],
  ['a base that is a folder', 'extends: .\n', /1:1 extends: .* is a folder; name the spec's file in it/],
  ['a base that is a number', 'extends: 3\n', 'extends: is 3, must be the name of a file, such as base.yaml, or a list of names'],
  ['a base behind a URL', 'extends: https://example.org/base.yaml\n', 'extends: is a URL; bases are files: download it, and name the file'],
  ['a base that is no spec', 'extends: ./words.txt\n', 'extends: names words.txt, which holds no fields of a spec; name a YAML or JSON'],
  ['a base that is no YAML', 'extends: bad.yaml\n', 'bad.yaml:2:1: is no valid YAML'],
  ['a base that is no UTF-8', 'extends: latin2.yaml\n', 'extends: latin2.yaml:2: is not valid UTF-8'],
  ['a fault in its base', `${specOf({}).slice(0, -1)}, "extends": "zero.yaml"}`, 'zero.yaml:1:1 epochs: is 0, must be at least 1'],
];
