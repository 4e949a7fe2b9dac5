/** Command lines as users mistype them, and the one message that each must get. */
import type { Row } from './broken-inputs.ts';

const ID = 'ev_abcdefghijklmnopqrstuvwxyz';
const NOWHERE = ['--address', 'unix:/nowhere/socket'];

const RESULTS = /^assay: results\.jsonl line 1: is a line of `assay results`, which has no targets.*; name the evaluation itself.*\n$/;

/** [what, the command line, every piece of its message]. */
export const COMMANDS: readonly Row<readonly string[]>[] = [
  ['an unknown command', ['rum'], "unknown command 'rum'", 'Did you mean run?'],
  ['an unknown flag', ['run', 'good.yaml', '--adress', 'x:1'], "unknown option '--adress'", '--address'],
  ['a missing argument', ['run'], "missing required argument 'spec'"],
  ['an argument too many', ['run', 'good.yaml', 'more'], "too many arguments for 'run'", 'more'],
  ['a spec that is not there', ['run', 'none.yaml'], /there is no spec .*none\.yaml; correct the path/],
  ['a folder as spec', ['run', '.'], "is a folder; name the spec's file"],
  [
    'a dataset as spec',
    ['validate', 'sums.jsonl'],
    /^assay: sums\.jsonl looks like a dataset \(JSONL.*dataset: \{uri: "file:sums\.jsonl"\}.*docs\/spec\.md\n$/,
  ],
  ['a table as spec', ['run', 'table.csv'], 'table.csv looks like a dataset (CSV), not like a spec'],
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
  ['a key that is too long', ['submit', 'good.yaml', ...NOWHERE, '--key', 'k'.repeat(257)], '--key has 257 characters'],
  ['a submit without a coordinator', ['submit', 'good.yaml'], '--address', 'assay dev'],
  ['an id that is none', ['watch', 'ev_x'], "'ev_x' is no evaluation id; one looks like"],
  ['a home where nothing was run', ['report', ID], /nothing has been run in .*--address/],
  ["a fleet's page for dev", ['dev', '--http', '0.0.0.0:1'], '--http: 0.0.0.0:1 is not on loopback', 'assay coordinator'],
  ["a fleet's door for dev", ['dev', '--listen', '0.0.0.0:1'], '--listen: 0.0.0.0:1 is not on loopback', 'assay coordinator'],
  [
    'an agent file that is not there',
    ['run', 'good.yaml', '--agent', 'none.yaml'],
    /none\.yaml: cannot be read .*; name a readable YAML file/,
  ],
  ['an agent file that does not fit', ['run', 'good.yaml', '--agent', 'no-agent.yaml'], 'models[0].model: ', 'no-agent.yaml'],

  ['a comparison with nothing', ['compare', ID], "missing required argument 'candidates'"],
  ['a comparison with what is not there', ['compare', ID, 'none.jsonl'], "'none.jsonl' is no evaluation id, and there is no such file"],
  ['results to score again', ['rescore', 'results.jsonl', '--scorer', 'match'], RESULTS],
  ['results to export', ['export', 'results.jsonl', '--format', 'csv', '-o', 'x'], RESULTS],
  ['an export without a form', ['export', ID, '-o', 'x'], "required option '--format <form>' not specified"],
  ['an import of what is no log', ['import', 'good.yaml'], 'good.yaml: is not as in a log of Inspect'],
  ['a gate without rules', ['gate', ID], '--min: is missing, and --baseline as well'],
  ['a rule of a gate that is none', ['gate', ID, '--min', 'acuracy>=0.8'], "--min: 'acuracy>=0.8' names no metric", 'METRIC>=NUMBER'],

  // -- words and forms
  ['help about an unknown command', ['help', 'rum'], "unknown command 'rum'", 'Did you mean run?'],
  ['a form that is none', ['list', '-o', 'xml'], "argument 'xml' is invalid. Allowed choices are table, wide, json, jsonl, name, ids"],
  ['results in another form', ['results', 'last', '--format', 'xml'], "argument 'xml' is invalid. Allowed choices are jsonl, csv"],
  ['a shell that is none', ['completion', 'powershell'], "'powershell' is invalid", 'Allowed choices are bash, zsh, fish'],
  ['a mistyped command of an agent', ['agent', 'shwo'], "unknown command 'shwo' of assay agent; did you mean show?"],
  [
    'a word where a coordinator wants options',
    ['coordinator', 'start'],
    "unknown command 'start' of assay coordinator; it takes options only",
  ],
  ['a route without its name', ['routes', 'pause', ...NOWHERE], "missing required argument 'route'"],
  [
    'a token that is nothing',
    ['token', 'create', 'ci', '--namespace', ' , ', '--expires', 'soon', ...NOWHERE],
    'has 3 faults',
    '--scope: is missing; write what it may do, of submit, read',
    "--expires: 'soon' is no time span",
    "--namespace: is empty; write a name, or '*'",
  ],
  [
    'a scope that is none',
    ['token', 'create', 'ci', '--scope', 'read,sumbit', ...NOWHERE],
    "'sumbit' is none of submit",
    'did you mean submit?',
  ],
  ['a token that is not named', ['token', 'revoke', ...NOWHERE], "missing required argument 'token'"],
  ['a question of nobody', ['whoami'], 'needs a coordinator: name it with --address'],
  ['a cluster that is not named', ['cluster'], 'needs a coordinator: name it with --address', 'assay dev'],
  ['nothing of all', ['list', '--limit', '0', ...NOWHERE], "--limit: '0' is no whole number from 1 to 1000000"],
  [
    'times that are none',
    ['list', '--since', 'soon', '--until', '2026-13-45', ...NOWHERE],
    'has 2 faults',
    "--since: 'soon' is no time; write how long ago (30min, 6h, 2d) or a date",
    "--until: '2026-13-45' is no time",
  ],
  ['a time to come', ['list', '--since', '-5d', ...NOWHERE], "--since: '-5d' is no time"],
  ['a state that is none', ['list', '--state', 'runing', ...NOWHERE], "--state: 'runing' is none of accepted", 'did you mean running?'],
  ['metadata without a name', ['list', '--meta', '=x', ...NOWHERE], "--meta: '=x' is no pair; write NAME=VALUE"],
  [
    'samples that are none',
    ['samples', 'last', '--limit', 'x', '--state', 'erored', '--unit', '-1', '--epoch', '0', ...NOWHERE],
    'has 4 faults',
    "--state: 'erored' is none of open",
    'did you mean errored?',
    "--unit: '-1' is no whole number",
    "--epoch: '0' is no whole number from 1",
    "--limit: 'x' is no whole number",
  ],
  ['an epoch that is none', ['sample', 'last', 'q', '--epoch', 'x', ...NOWHERE], "--epoch: 'x' is no whole number from 1"],
  ['an agent with labels that are none', ['agents', '--label', 'x', ...NOWHERE], "--label: 'x' is no pair; write NAME=VALUE"],
  ['agents that are dead', ['agents', '--state', 'dead', ...NOWHERE], "--state: 'dead' is none of ready, draining, gone"],

  // -- which evaluation
  ['a path as id', ['watch', '../../etc/passwd', ...NOWHERE], "'../../etc/passwd' is no evaluation id; one looks like"],
  ['an id in capitals', ['show', 'EV_ABCDEFGH', ...NOWHERE], "'EV_ABCDEFGH' is no evaluation id"],
  ['an id with colours', ['show', 'ev_\u001b[31m', ...NOWHERE], 'is no evaluation id'],
  ['a cancel of nothing', ['cancel', ...NOWHERE], 'which? Name evaluations', '--all'],
  ['a delete of nothing', ['delete', ...NOWHERE], 'which? Name evaluations', '--all'],
  ['one and all', ['pause', 'last', '--all', ...NOWHERE], 'pause takes one of both'],
  ['an update of nothing', ['update', 'last', ...NOWHERE], 'nothing is to be changed; say what: --priority'],
  [
    'an update that cannot be',
    ['update', 'last', '--priority', '11', '--limit', 'tim=3', '--max-samples', 'x', ...NOWHERE],
    'has 3 faults',
    "--priority: '11' is no whole number from 1 to 10",
    "--max-samples: 'x'",
    "--limit: 'tim' is no limit; there are time, working, tokens",
  ],
  ['a requeue of what is right', ['requeue', 'last', '--state', 'scored', ...NOWHERE], "--state: 'scored' is none of errored, dead"],
  ...[
    ['requeue', 'last'],
    ['skip', 'last', '--id', 'q'],
    ['update', 'last', '--keep'],
    ['recover', 'last'],
    ['dead-letters', 'drop', '--all'],
  ].map((command): Row<readonly string[]> => [
    `a durability of ${command[0]} that is none`,
    [...command, '--durability', 'sure', ...NOWHERE],
    "--durability: 'sure' is no durability class; write buffered, fsynced, replicated:K",
  ]),
  [
    'dead letters by what is no evaluation, and no time',
    ['dead-letters', 'list', '--evaluation', 'nonsense', '--since', 'tomorrow', ...NOWHERE],
    'has 2 faults',
    "--evaluation: 'nonsense' is no evaluation id",
    "--since: 'tomorrow' is no time",
  ],
  ['a grace time of ages', ['gc', '--grace', '999999d', ...NOWHERE], "--grace: '999999d' is too long; write 3650d at most"],
  ['a skip of everything', ['skip', 'last', ...NOWHERE], 'which samples? Say it by --id', 'assay cancel'],

  // -- run and submit
  [
    'a metric that is none',
    ['run', 'good.yaml', '--threshold', 'acuracy=0.5'],
    "--threshold: 'acuracy=0.5' is no threshold; write METRIC=",
  ],
  [
    'labels that are none',
    ['run', 'good.yaml', '--meta', 'x', '--tag', ''],
    "--meta: 'x' is no pair",
    '--tag: has 0 characters; write 1 to 200',
  ],
  ['an owner without an end', ['run', 'good.yaml', '--owner', 'x'.repeat(201)], '--owner: has 201 characters; at most 200'],
  ['a key of nothing', ['submit', 'good.yaml', ...NOWHERE, '--key', ''], '--key has 0 characters; write 1 to 256'],
  ['a spec that is no UTF-8', ['run', 'latin1.yaml'], 'latin1.yaml:1: is not valid UTF-8; save it as UTF-8'],
  ['a spec that never ends', ['run', '/dev/zero'], '/dev/zero: the spec is larger than 4 MiB'],
  [
    'leave for what is none',
    ['run', 'good.yaml', '--allow-command', 'x', '--allow-url', 'x'],
    "--allow-command: 'x' is no command; write NAME=PROGRAM",
    "--allow-url: 'x' is no pattern of URLs; write https://HOST/PATH",
  ],
  ['an address of commas', ['list', '--address', ','], '--address: is empty; write host:port'],
  ['a port beyond all', ['list', '--address', 'x:70000'], "--address: 'x:70000' has a port outside 1 … 65535"],

  // -- settings of a spec
  ['a setting without a value', ['run', 'good.yaml', '--set', 'epochs'], '--set epochs: is no PATH=VALUE', 'write it as models[0]'],
  ['a setting of nothing', ['run', 'good.yaml', '--set', '=3'], '--set: is no PATH=VALUE'],
  [
    'a setting of an item by a word',
    ['run', 'good.yaml', '--set', 'models[x]=3'],
    '--set models[x]: is no PATH=VALUE',
    'from character 7 on',
  ],
  ['a setting of the wrong type', ['run', 'good.yaml', '--set', 'epochs=x'], '--set epochs: is "x", must be a number'],
  ['a setting that is no YAML', ['run', 'good.yaml', '--set', 'epochs=['], '--set epochs: has a value that is no YAML; put it into quotes'],
  [
    'a setting to nothing',
    ['run', 'good.yaml', '--set', 'epochs='],
    '--set epochs: has no value after the =',
    'null to take the field out',
  ],
  ['a setting of an unknown field', ['run', 'good.yaml', '--set', 'epohs=3'], '--set epohs: there is no field', 'did you mean "epochs"?'],
  [
    'a setting of an item that is not there',
    ['run', 'good.yaml', '--set', 'models[7].model=mock/x'],
    'which has 1; the next one is models[1]',
  ],
  [
    'a setting inside a text',
    ['run', 'good.yaml', '--set', 'name.x=3'],
    '--set name.x: goes into name, which is "broken" and has nothing inside',
  ],
  ['a setting of a prototype', ['run', 'good.yaml', '--set', '__proto__.epochs=3'], '__proto__: there is no field'],
  ['two wrong settings', ['validate', 'good.yaml', '--set', 'x', '--set', 'y=['], 'has 2 faults', '--set x:', '--set y:'],
];

/** [what, the arguments of `assay score`, every piece of its message]. The first answer of answers.jsonl is right. */
export const SCORES: readonly Row<readonly string[]>[] = [
  ['a file that is not there', ['none.jsonl', '--scorer', 'match'], 'there is no file none.jsonl; correct the path'],
  ['a folder', ['.', '--scorer', 'match'], '. is a folder; name a file in it'],
  ['results', ['results.jsonl', '--scorer', 'match'], RESULTS],
  ['no scorer', ['answers.jsonl'], "required option '--scorer <name>' not specified"],
  ['an unknown scorer', ['answers.jsonl', '--scorer', 'mach'], "--scorer: 'mach' is no scorer; did you mean match?"],
  [
    'a scorer of an agent',
    ['answers.jsonl', '--scorer', 'command'],
    'the scorer command is run by an agent',
    'assay run SPEC --allow-command',
  ],
  ['arguments that are no JSON', ['answers.jsonl', '--scorer', 'match', '--args', '{'], "--args: '{' is no JSON; write one object"],
  ['arguments that are a list', ['answers.jsonl', '--scorer', 'match', '--args', '[]'], '--args: must be one JSON object'],
  [
    'an unknown argument',
    ['answers.jsonl', '--scorer', 'match', '--args', '{"numerc": 1}'],
    '--args: numerc: there is no field',
    'mean "numeric"?',
  ],
  ['a pattern without its )', ['answers.jsonl', '--scorer', 'pattern', '--args', '{"pattern": "("}'], 'pattern: has a ( without its ), at'],
  ['no pattern', ['answers.jsonl', '--scorer', 'pattern'], '--args: pattern: is missing; give it text'],
  ['filters that are no JSON', ['answers.jsonl', '--scorer', 'match', '--filters', '['], "--filters: '[' is no JSON; write one list"],
  ['filters that are an object', ['answers.jsonl', '--scorer', 'match', '--filters', '{}'], '--filters: must be one list, for example'],
  ['no filters', ['answers.jsonl', '--scorer', 'match', '--filters', '[]'], '--filters: is a list, must have at least 1 item'],
  [
    'an unknown filter, and one for several answers',
    ['answers.jsonl', '--scorer', 'match', '--filters', '["regx", "majority_vote"]'],
    '[0]: is "regx", but there is no such filter; did you mean "regex"?',
    '[1]: is "majority_vote", which is a vote among the responses of a sample',
  ],
  [
    'wrong arguments of both',
    ['answers.jsonl', '--scorer', 'match', '--args', '{"numerc": 1}', '--filters', '[{"name": "strip", "args": {"x": 1}}]'],
    '--args: numerc: there is no field',
    '--filters: [0].args.x: there is no field',
  ],
  [
    'a line without its target',
    ['answers.jsonl', '--scorer', 'match'],
    'answers.jsonl line 2 has 2 faults',
    "output: is a number; give it the model's answer as text",
    'target: is missing; give it text, or a list of texts',
  ],
];

/** For a process of its own: files are read from its working directory, and two commands become another program. */
export const PROCESSES: typeof COMMANDS = [
  [
    'secrets for everybody',
    ['list', '--address', 'a:1', '--token-file', 'open-token', '--tls-client-cert', 'cert.pem', '--tls-client-key', 'a-file'],
    '--token-file: open-token can be read or written by everybody (mode 0644); chmod 600 it',
    '--tls-client-key: a-file can be read or written by everybody (mode 0644); chmod 600 it',
  ],
  ['an empty token file', ['run', 'good.yaml', ...NOWHERE, '--token-file', 'empty-token'], '--token-file: empty-token is empty; put'],
  [
    'several addresses, none right',
    ['list', '--address', 'a:1,b,http://c', '--tls-ca', 'cert.pem', '--no-tls'],
    'has 4 faults',
    "--address: 'b' is no address",
    "--address: 'http://c' is a URL",
    '--tls-ca: cert.pem holds no PEM certificate; name',
    '--no-tls: contradicts --tls-ca',
  ],
  ['an agent without its settings', ['agent'], '--config is missing; write'],
  ['an unknown flag of an agent', ['agent', '--confg', 'x'], "Unknown option '--confg'", '--help'],
];
