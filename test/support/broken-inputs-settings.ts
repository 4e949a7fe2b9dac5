/** Settings of agents and coordinators as operators mistype them, and the one message that each must get. */
import type { Row } from './broken-inputs.ts';

const commands = (value: string): string => `models: [{match: mock/*}]\ncommands: ${value.startsWith('[') ? value : `{${value}}`}`;

/** [what, agent.yaml, every piece of its message]; `addresses` is added where it is not the point. */
export const AGENTS: readonly Row<string | Buffer>[] = [
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
  ['a field that is none', 'models: [{match: mock/*}]\nslts: 3', 'agent.yaml: slts: is not known here; did you mean slots?'],
  [
    'everything wrong',
    'models: [{match: mock/*}]\nname: "a b"\nslots: -1\ndrain_ms: soon\nhttp: nine\nlog_level: loud\nlabels: {zone: [eu]}',
    'has 6 faults',
    'name: "a b" is no name; use',
    'slots: -1 is not such a whole number; write one from 0 to 10000',
    'drain_ms: "soon" is not such a duration',
    'http: "nine" is no address to listen on',
    'log_level: "loud" is not known; write one of',
    'labels.zone: must be text',
  ],
  ['infinitely many connections', 'models: [{match: mock/*, max_connections: .inf}]', 'max_connections: is Infinity, must be a number'],
  ['NaN for a knob', 'models: [{match: mock/*, options: {error_rate: .nan}}]', 'error_rate: is NaN, must be a number'],
  [
    'a key file that is not there',
    'models: [{match: mock/*, api_key_file: none}]',
    'api_key_file: none cannot be read (ENOENT); name a readable',
  ],
  ['a key file that is a folder', 'models: [{match: mock/*, api_key_file: .}]', 'api_key_file: . cannot be read (EISDIR)'],
  ['an empty key file', 'models: [{match: mock/*, api_key_file: empty}]', 'api_key_file: empty is empty; write the key into it'],
  [
    'a key file for everybody',
    'models: [{match: mock/*, api_key_file: open}]',
    'api_key_file: open can be read or written by everybody (mode 0644); chmod 600 it',
  ],
  [
    'a key of two places',
    'models: [{match: mock/*, api_key_file: open, api_key_command: [/bin/true]}]',
    'api_key_file: stands beside api_key_command',
  ],
  [
    'a relative program for a key',
    'models: [{match: mock/*, api_key_command: [pass]}]',
    'api_key_command: must begin with the absolute path',
  ],
  [
    'a policy of nothing known',
    'models: [{match: mock/*}]\npolicy: {namespace: x}',
    'policy.namespace: there is no field "namespace" here',
    'did you mean "namespaces"?',
  ],
  ['a policy that is a number', 'models: [{match: mock/*}]\npolicy: 5', 'policy: is 5, must be an object with named fields'],
  ['a policy in no file', 'models: [{match: mock/*}]\npolicy: none.yaml', 'policy: none.yaml cannot be read (ENOENT); name a YAML file'],
  [
    'a policy that its entries go beyond',
    'models: [{match: openai/*}]\npolicy: {models: [openai/a], endpoints: ["http://127.0.0.1:1/*"]}',
    'has 2 faults',
    'models: openai/*: is not among policy.models, which has openai/a; narrow the entry',
    'its endpoint https://api.openai.com/v1 is not among policy.endpoints',
  ],
  [
    'a policy of no ranges and no patterns',
    'models: [{match: mock/*}]\npolicy: {private_addresses: [10.0.0.0/40], endpoints: [here]}',
    'policy.private_addresses[0]: "10.0.0.0/40" is no range; write one such as',
    'policy.endpoints[0]: "here" is no pattern of URLs',
  ],
  ['a cap of nothing', 'models: [{match: mock/*, spend_per_day: {}}]', 'models[0].spend_per_day: must have usd, tokens or both'],
  [
    'a cap in money for a model without a price',
    'models: [{match: openai/unheard-of, spend_per_day: {usd: 5}}]',
    'models: openai/unheard-of: no price of unheard-of is known, so its spend_per_day in usd bounds nothing; add tokens',
  ],
  [
    'slots that are wrong',
    commands("grader: {argv: [sh, '{a}'], slots: {a: {int: [5, 1]}, b: {enum: [x]}}}"),
    'has 2 faults',
    'commands.grader.slots.a.int: is from 5 to 1; write the smaller first',
    'commands.grader.slots.b: stands nowhere in argv; write {b} there',
  ],
  [
    'a token file for everybody',
    'models: [{match: mock/*}]\ntoken_file: open',
    /token_file: .*open can be read or written by everybody \(mode 0644\); chmod 600 it/,
  ],
  [
    'a key of its certificate for everybody',
    'models: [{match: mock/*}]\ntls_client_cert: empty\ntls_client_key: open',
    /tls_client_key: .*open can be read or written by everybody \(mode 0644\); chmod 600 it/,
  ],
  ['an empty token file', 'models: [{match: mock/*}]\ntoken_file: empty', /token_file: .*empty holds no token: .* write the coordinator's/],
  [
    'a command that is not in PATH',
    commands('grader: {argv: [no-such-program]}'),
    'commands.grader.argv[0]: "no-such-program" is no program',
    'PATH',
  ],
  [
    'a command at a path where nothing is',
    commands('grader: {argv: [./none.py]}'),
    '"./none.py" is no program that can be run; name an executable',
  ],
  ['a command that cannot be run', commands('grader: {argv: [./empty]}'), '"./empty" is no program that can be run'],
  ['a command of one text', commands('grader: {argv: "python3 x.py"}'), 'commands.grader.argv: is "python3 x.py", must be a list'],
  ['a command of nothing', commands('grader: {argv: []}'), 'commands.grader.argv: is a list, must have at least 1 item'],
  [
    'a command in no folder',
    commands('grader: {argv: [sh], cwd: none}'),
    'commands.grader.cwd: "none" is no folder; name one that is there',
  ],
  ['commands in a list', commands('[grader]'), 'commands: is no mapping; write `commands: {grader: {argv'],
  [
    'a command with a slip',
    commands('"gra der": {argv: [sh], instnces: 2}'),
    'commands.gra der: is no name of a command; use',
    'did you mean "instances"?',
  ],
  ['a password in a pattern', 'urls: ["http://me:SECRET@x/*"]', 'urls[0]: "http://***@x/*" has a user or password in it; take it out'],
  ['patterns that are none', 'urls: ["x/*", 3]', 'urls[0]: "x/*" is no pattern of URLs; write scheme, host', 'urls[1]: is no text; write'],
  ['a pattern as text', 'urls: http://x/*', 'urls: is no list; write `urls: ["http'],
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
  ['nothing but a list', '- a\n', 'agent.yaml: is no mapping; write lines of the form `key: value`'],
  ['nothing', '', 'has 2 faults', 'addresses: is missing', 'models: must be a list of 1 to 256 entries'],
  ['bytes that are no UTF-8', Buffer.from('name: caf\xe9\n', 'latin1'), 'agent.yaml: cannot be read (it is not valid UTF-8)'],
  ['a field twice', 'addresses: [x:1]\naddresses: [x:2]\n', 'agent.yaml:2: Map keys must be unique; mend the YAML'],
  [
    'several addresses',
    'addresses: [x:1, y, "z:99999"]\nmodels: [{match: mock/*}]',
    'addresses: "y" is no address',
    'addresses: "z:99999" is no',
  ],
];

const NEEDED = ['--redis', 'redis://127.0.0.1:1', '--store', 'store'];

/** [what, the coordinator's flags, every piece of its message]. */
export const COORDINATORS: readonly Row<readonly string[]>[] = [
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
    '--redis: "http://x:1" is no address of a Redis; write redis://HOST:PORT, rediss://',
  ],
  [
    'a store in S3 that is none',
    ['--redis', 'redis://127.0.0.1:1', '--store', 's3://My_Bucket/x?endpoint=here&acl=public'],
    '--store: "My_Bucket" is no name of a bucket; write s3://BUCKET/PREFIX',
    '--store: endpoint="here" is no URL; write endpoint=https://HOST:PORT',
    '"acl" is not known; there are endpoint, region, path_style',
  ],
  [
    'a store in S3 with its key in the URL',
    ['--redis', 'redis://127.0.0.1:1', '--store', 's3://AKIA:topsecret@bucket/x'],
    '--store: holds a key, which others could read; write s3://BUCKET/PREFIX',
  ],
  [
    'a durability class that is none',
    [...NEEDED, '--durability', 'replicated:99'],
    '--durability: "replicated:99" is no durability class; write auto, buffered',
  ],
  ['an unknown flag', [...NEEDED, '--listn', '127.0.0.1:0'], '--listn: is no flag of a coordinator; did you mean --listen?'],
  ['a file that is not there', [...NEEDED, '--config', 'none.yaml'], 'none.yaml: cannot be read', 'name a readable YAML file'],
  ['half of TLS', [...NEEDED, '--tls-cert', 'cert.pem'], 'tls_key: is missing, and tls_cert is given; TLS needs both'],
  ['an address that is none', [...NEEDED, '--listen', 'nonsense'], '--listen: "nonsense": must be HOST:PORT, [IPV6]:PORT or unix:/path'],
  ['a port that is none', [...NEEDED, '--listen', '127.0.0.1:99999'], '--listen: "127.0.0.1:99999": a port is a number up to 65535'],
  ['a socket at no path', [...NEEDED, '--listen', 'unix:x'], '--listen: "unix:x": the path of a unix socket must be absolute'],
  [
    'prices that are none',
    [...NEEDED, '--prices', 'prices.json'],
    'prices.json version: is 1, must be text',
    'prices.json models: is missing',
  ],
  ['prices that are no JSON', [...NEEDED, '--prices', 'a-file'], /--prices .*a-file: is no JSON; write \{"version"/],
  ['prices in a folder', [...NEEDED, '--prices', '.'], /--prices: .* cannot be read .*; name a readable file/],
  ['an empty token file', [...NEEDED, '--token-file', 'empty-token'], '--token-file: a token has 16 to 512 visible ASCII characters'],
  [
    'secrets for everybody',
    [...NEEDED, '--token-file', 'open-token', '--tls-cert', 'cert.pem', '--tls-key', 'a-file'],
    /--token-file: .*open-token can be read or written by everybody \(mode 0644\); chmod 600 it/,
    /--tls-key: .*a-file can be read or written by everybody \(mode 0644\); chmod 600 it/,
  ],
  ['TLS of no certificate', [...NEEDED, '--tls-cert', 'cert.pem', '--tls-key', 'no.key'], 'are no pair of certificate and key in PEM'],
  [
    'a file that is no UTF-8',
    [...NEEDED, '--config', 'latin1.yaml'],
    'latin1.yaml: cannot be read (it is not valid UTF-8); name a readable',
  ],
  ['a file of unknown keys', [...NEEDED, '--config', 'no-agent.yaml'], 'no-agent.yaml: models: is not known here; known are'],
  [
    'a database that is none',
    ['--redis', 'redis://:SECRET@h:1/x', '--store', 's'],
    '"x" is no number of a database; write redis://HOST:PORT',
  ],
  [
    'times without an end',
    [...NEEDED, '--lease-ms', '1e3', '--sweep-ms', 'NaN', '--drain-ms', 'Infinity'],
    'has 3 faults',
    '--lease-ms: "1e3" is not such a duration',
    '--sweep-ms: "NaN"',
    '--drain-ms: "Infinity"',
  ],
  [
    'everything wrong',
    [
      ...NEEDED,
      '--http',
      '0.0.0.0:1',
      '--http-origins',
      'assay.example.org',
      '--log-level',
      'loud',
      '--fetch-private',
      'perhaps',
      '--max-content-bytes',
      '-1',
      '--key-prefix',
      'a:b',
    ],
    'has 7 faults',
    'http: 0.0.0.0:1 can be reached from other machines, which needs TLS (--tls-cert and --tls-key) and a token',
    '--http-origins: "assay.example.org" is not the address of a site; write https://NAME',
    '--http-origins: names a proxy, and there is no token',
    '--max-content-bytes: "-1" is not such a whole number',
    '--fetch-private: "perhaps" is neither yes nor no',
    'key_prefix: "a:b" must be',
    '--log-level: "loud" is not known',
  ],
];

/** [what, the variables of an agent and a coordinator, the program's message]. */
export const AGENT_VARIABLES: readonly Row<Record<string, string>>[] = [
  ['an address that is none', { ASSAY_ADDRESS: 'nonsense' }, 'ASSAY_ADDRESS: "nonsense" is no address; write host:port'],
  ['a token with blanks', { ASSAY_TOKEN: 'a SECRET' }, 'ASSAY_TOKEN: holds no token: one has at most 16384 visible ASCII characters'],
  ['TLS perhaps', { ASSAY_TLS: 'perhaps' }, 'ASSAY_TLS: "perhaps" is neither yes nor no; write true or false'],
  ['a loud log', { ASSAY_LOG_LEVEL: 'loud' }, 'ASSAY_LOG_LEVEL: "loud" is not known; write one of'],
];
export const COORDINATOR_VARIABLES: typeof AGENT_VARIABLES = [
  [
    'a token with blanks',
    { ASSAY_TOKEN: 'a SECRET of many words' },
    'ASSAY_TOKEN: a token has 16 to 512 visible ASCII characters and no blanks',
  ],
  ['a time that is none', { ASSAY_SWEEP_MS: 'soon' }, 'ASSAY_SWEEP_MS: "soon" is not such a duration'],
  ['an address that is none', { ASSAY_LISTEN: 'nonsense' }, 'ASSAY_LISTEN: "nonsense": must be HOST:PORT'],
];
