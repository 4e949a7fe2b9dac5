/** Broken specs, datasets, settings and flags, as users write them, and the one message that each must get. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

export interface Ending {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

/** Runs one of our programs as its users do, in a folder, to its end. */
export function runProgramIn(
  folder: string,
  program: 'cli' | 'coordinator' | 'agent',
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, program, 'main.ts'), ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 40_000,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
}

const sample = (i: number): string => JSON.stringify({ id: `s${i}`, input: `What is ${i} + ${i}?`, target: String(2 * i) });
const lines = (change: (i: number) => string | undefined): string =>
  Array.from({ length: 20 }, (_, i) => `${change(i + 1) ?? sample(i + 1)}\n`).join('');

/** Files that lie in the folder of every case. */
export const FILES: Readonly<Record<string, string>> = {
  'sums.jsonl': lines(() => undefined),
  'empty.jsonl': '',
  'blank.jsonl': '\n\n',
  'line17.jsonl': lines((i) => (i === 17 ? '{"input": "1 + 1", "target": }' : undefined)),
  'line3.jsonl': lines((i) => (i === 3 ? '{"id": "s3", "input": "1 + 1"}' : undefined)),
  'twice.jsonl': lines((i) => (i === 10 ? sample(5) : undefined)),
  'table.jsonl': 'input,target\n1 + 1,2\n',
  'good.yaml': specOf({}),
  'a-file': '',
  'empty-token': '',
  'no-agent.yaml': 'models: [{match: other/*, provider: mock}]\n',
};

interface SpecChanges {
  dataset?: object;
  scorers?: unknown;
  template?: string;
  models?: unknown;
  top?: object;
}

/** A right spec, JSON (which is YAML), with changes. */
export function specOf({ dataset, scorers = [{ name: 'match' }], template = '{{ input }}', models, top }: SpecChanges): string {
  return JSON.stringify({
    name: 'broken',
    benchmarks: [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', ...dataset }, prompt: { template }, scorers }],
    models: models ?? [{ model: 'mock/one' }],
    ...top,
  });
}

const pattern = (text: string): SpecChanges => ({ scorers: [{ name: 'pattern', args: { pattern: text } }] });

/** [what, the spec on standard input, every piece of its message]. Found by the command itself. */
export const SPECS: readonly (readonly [string, string, ...(string | RegExp)[]])[] = [
  ['no YAML', 'name: x\nmodels: [mock/x\n', /standard input:3:1: is no valid YAML: .*\]/],
  ['a field twice', 'name: x\nname: y\n', /standard input:2:1: the same field stands here a second time; keep one/],
  ['nothing in it', '', 'standard input: is empty', 'docs/spec.md'],
  ['a list', '- a\n', 'standard input:1:1: is a list, must be an object'],
  ['an unknown field', specOf({ top: { epoch: 3 } }), /standard input:1:\d+ epoch: there is no field "epoch"/, 'did you mean "epochs"?'],
  ['the wrong type', specOf({ top: { epochs: 'three' } }), 'epochs: is "three", must be a number'],
  ['a negative limit', specOf({ dataset: { limit: -5 } }), 'benchmarks[0].dataset.limit: is -5, must be more than 0'],
  [
    'no such dataset',
    specOf({ dataset: { uri: 'file:none.jsonl' } }),
    /benchmarks\[0\]\.dataset\.uri: there is no file .*none\.jsonl; correct/,
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
  ['a pattern with look-behind', specOf(pattern('(?<=x)(\\d+)')), 'args.pattern: has a look-behind', 'at character 1', 'capture more'],
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
];

/** [what, the spec, every piece of its message]. Found by the coordinator, which reads every line. */
export const DATASETS: readonly (readonly [string, SpecChanges, ...(string | RegExp)[]])[] = [
  ['no JSON on line 17', { dataset: { uri: 'file:line17.jsonl' } }, 'line17.jsonl line 17: is not valid JSON; a dataset has'],
  [
    'no target on line 3',
    { dataset: { uri: 'file:line3.jsonl' } },
    'line3.jsonl line 3: has no field "target" (dataset.fields.target); it has id, input',
  ],
  ['the same id twice', { dataset: { uri: 'file:twice.jsonl' } }, 'twice.jsonl line 10: has the id "s5", as line 5 has; name a field'],
  ['only blank lines', { dataset: { uri: 'file:blank.jsonl' } }, 'blank.jsonl: is empty; a dataset has'],
  ['a table of commas', { dataset: { uri: 'file:table.jsonl' } }, 'table.jsonl line 1 and 1 more line: is not valid JSON'],
  [
    'a field that no line has',
    { dataset: { fields: { input: 'question' } } },
    'sums.jsonl line 1 and 19 more lines: has no field "question"',
  ],
  ['an id that is not there', { dataset: { ids: ['s1', 'nope'] } }, 'sums.jsonl: has no sample with the id "nope" (dataset.ids)'],
  [
    'an unknown variable',
    { template: '{{ inpt }}' },
    'and 19 more lines: prompt.template: undefined variable: inpt',
    'did you mean input?',
  ],
];

const ID = 'ev_abcdefghijklmnopqrstuvwxyz';
const NOWHERE = ['--address', 'unix:/nowhere/socket'];

/** [what, the command line, every piece of its message]. */
export const COMMANDS: readonly (readonly [string, readonly string[], ...(string | RegExp)[]])[] = [
  ['an unknown command', ['rum'], "unknown command 'rum'", 'Did you mean run?'],
  ['an unknown flag', ['run', 'good.yaml', '--adress', 'x:1'], "unknown option '--adress'", '--address'],
  ['a missing argument', ['run'], "missing required argument 'spec'"],
  ['an argument too many', ['run', 'good.yaml', 'more'], "too many arguments for 'run'", 'more'],
  ['a spec that is not there', ['run', 'none.yaml'], /there is no spec .*none\.yaml; correct the path/],
  ['a folder as spec', ['run', '.'], "is a folder; name the spec's file"],
  ['a threshold that is none', ['run', 'good.yaml', '--threshold', 'accuracy=high'], "--threshold: 'accuracy=high'", 'METRIC=NUMBER'],
  ['a threshold on what is not computed', ['run', 'good.yaml', '--threshold', 'mean=0.5'], 'benchmarks[0].metrics: has no mean', 'add it'],
  ['an address without a port', ['run', 'good.yaml', '--address', 'host'], "--address: 'host' is no address; write host:port"],
  ['a URL as address', ['run', 'good.yaml', '--address', 'http://x:1'], "--address: 'http://x:1' is a URL; write host:port"],
  [
    'files that cannot be read',
    ['watch', ID, ...NOWHERE, '--token-file', 'none', '--tls-ca', 'none'],
    'has 2 faults',
    '--token-file: none cannot be read',
    '--tls-ca: none cannot be read',
  ],
  ['an empty token file', ['run', 'good.yaml', ...NOWHERE, '--token-file', 'empty-token'], '--token-file: empty-token is empty; put'],
  ['a key that is too long', ['submit', 'good.yaml', ...NOWHERE, '--key', 'k'.repeat(257)], '--key has 257 characters'],
  ['a submit without a coordinator', ['submit', 'good.yaml'], '--address', 'assay dev'],
  ['an id that is none', ['watch', 'ev_x'], "'ev_x' is no evaluation id; one looks like"],
  ['a home where nothing was run', ['report', ID], /nothing has been run in .*--address/],
  ["a fleet's door for dev", ['dev', '--listen', '0.0.0.0:1'], '--listen: 0.0.0.0:1 is not on loopback', 'assay coordinator'],
  [
    'an agent file that is not there',
    ['run', 'good.yaml', '--agent', 'none.yaml'],
    /none\.yaml: cannot be read .*; name a readable YAML file/,
  ],
  ['an agent file that does not fit', ['run', 'good.yaml', '--agent', 'no-agent.yaml'], 'models[0].model: ', 'no-agent.yaml'],
  ['an agent without its settings', ['agent'], '--config is missing; write'],
  ['an unknown flag of an agent', ['agent', '--confg', 'x'], "Unknown option '--confg'", '--help'],
];

/** [what, agent.yaml, every piece of its message]; `addresses` is added where it is not the point. */
export const AGENTS: readonly (readonly [string, string, ...(string | RegExp)[]])[] = [
  [
    'an unknown provider',
    'models: [{match: mock/*, provider: opnai}]',
    'agent.yaml: models[0].provider: "opnai" is not known; write one of openai, anthropic, mock',
  ],
  [
    'a variable that is not set',
    'models: [{match: mock/*, api_key_env: NOT_SET}]',
    'models[0].api_key_env: the environment variable NOT_SET is not set; set it',
  ],
  ['a key in the file', 'models: [{match: mock/*, api_key: SECRET-1}]', 'models[0].api_key: keys do not belong into', 'api_key_env'],
  [
    'a pattern that fits nothing',
    'models: [{match: gpt-x, provider: mock}]',
    'models[0].match: "gpt-x" fits no model; write provider/name',
  ],
  ['the same entry twice', 'models: [{match: mock/*}, {match: mock/*}]', 'models[1].match: "mock/*" stands there twice'],
  [
    'wrong numbers',
    'models: [{match: mock/*, max_connections: -1, idle_timeout: soon}]',
    'has 2 faults',
    'max_connections: is -1, must be at least 1',
    'idle_timeout: is "soon", must be a number',
  ],
  [
    'an unknown field',
    'models: [{match: mock/*, max_conections: 3}]',
    'models[0].max_conections: there is no field',
    'did you mean "max_connections"?',
  ],
  [
    'an endpoint that is no URL',
    'models: [{match: mock/*, provider: openai, base_url: "localhost:8000"}]',
    '"mock/*": base_url: "localhost:8000" is not an http or https URL; write one like',
  ],
  [
    'wrong knobs',
    'models: [{match: mock/*, options: {latencyms: 3, error_rate: 2}}]',
    '"mock/*" has 2 faults',
    'error_rate: is 2',
    'did you mean "latency_ms"?',
  ],
];

/** Faults that only an agent of a fleet can have. */
export const FLEET_AGENTS: typeof AGENTS = [
  ['no address and no models', 'models: []', 'has 2 faults', 'addresses: is missing; write', 'models: must be a list'],
  ['a URL as address', 'addresses: ["http://x:1"]\nmodels: [{match: mock/*}]', 'addresses: "http://x:1" is no address; write host:port'],
  [
    'a token file that cannot be read',
    'addresses: [x:1]\ntoken_file: none\nmodels: [{match: mock/*}]',
    /token_file: .*none cannot be read/,
    'name a readable file',
  ],
  [
    'a token in the file',
    'addresses: [x:1]\ntoken: SECRET-1\nmodels: [{match: mock/*}]',
    'token: tokens do not belong into this file; use token_file',
  ],
  ['no YAML', 'addresses: [x:1\nmodels:\n', /agent\.yaml:2: .*\]; mend the YAML/],
];

const NEEDED = ['--redis', 'redis://127.0.0.1:1', '--store', 'store'];

/** [what, the coordinator's flags, every piece of its message]. */
export const COORDINATORS: typeof COMMANDS = [
  ['nothing', [], 'has 2 faults', 'redis_url: is missing; name it by --redis', 'store: is missing; name a directory by --store'],
  [
    'an open door without TLS',
    [...NEEDED, '--listen', '0.0.0.0:0'],
    'listen: 0.0.0.0:0 can be reached from other machines, which needs TLS',
    'a token',
    'or listen on 127.0.0.1',
  ],
  [
    'a heartbeat as long as the lease',
    [...NEEDED, '--heartbeat-ms', '15s'],
    'heartbeat_ms: 15000 is more than a third of lease_ms (15000)',
    'write 5000 or less',
  ],
  ['a duration that is none', [...NEEDED, '--lease-ms', 'soon'], '--lease-ms: "soon" is not such a duration; write one from'],
  [
    'a Redis that is none',
    ['--redis', 'http://x:1', '--store', 'store'],
    '"http://x:1" is not such a URL; write one that starts with redis:',
  ],
  ['an unknown flag', [...NEEDED, '--listn', '127.0.0.1:0'], '--listn: is no flag of a coordinator; did you mean --listen?'],
  ['a file that is not there', [...NEEDED, '--config', 'none.yaml'], 'none.yaml: cannot be read', 'name a readable YAML file'],
  ['half of TLS', [...NEEDED, '--tls-cert', 'cert.pem'], 'tls_key: is missing, and tls_cert is given; TLS needs both'],
];
