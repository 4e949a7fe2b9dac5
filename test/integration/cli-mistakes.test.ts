/** What is typed or written wrongly: one clear message with place and remedy, exit code 2, no stack trace, nothing started. */
import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliHome, sumsSpec, type CliHome } from '../support/cli.ts';

let cli: CliHome;
beforeAll(async () => {
  cli = await cliHome();
  await sumsSpec(cli, { samples: 3 });
  await cli.file('token', '');
  await cli.file('agent.yaml', 'models: [{match: other/*, provider: mock}]\n');
  await cli.file('empty.jsonl', '');
});
afterAll(() => cli.dispose());

const spec = (changes: string) => `name: x
benchmarks: [{benchmark: b, dataset: {uri: "file:sums.jsonl"}, scorers: [{name: match}]}]
models: [{model: mock/x}]
${changes}`;

const ID = 'ev_abcdefghijklmnopqrstuvwxyz';

test.concurrent.each<[string, string[], RegExp, string?]>([
  ['an unknown command', ['rum'], /unknown command 'rum'[^]*run/],
  ['an unknown option', ['run', 'sums.yaml', '--adress', 'x:1'], /unknown option '--adress'[^]*--address/],
  ['a missing argument', ['run'], /missing required argument 'spec'/],
  ['a spec that is not there', ['run', 'none.yaml'], /there is no spec .*none\.yaml/],
  ['a folder instead of a spec', ['run', '.'], /is a folder/],
  ['a spec that is no YAML', ['run', '-'], /standard input:1:\d+/, 'name: ['],
  ['several faults at once', ['run', '-'], /epochs[^]*priority|priority[^]*epochs/, spec('epochs: 0\npriority: 11\n')],
  ['an unknown field', ['run', '-'], /sampels/, spec('sampels: 3\n')],
  [
    'a dataset that is not there',
    ['run', '-'],
    /benchmarks\[0\]\.dataset\.uri: there is no file .*none\.jsonl/,
    spec('').replace('sums.jsonl', 'none.jsonl'),
  ],
  ['an empty dataset', ['run', '-'], /empty\.jsonl is empty/, spec('').replace('sums.jsonl', 'empty.jsonl')],
  ['a dataset elsewhere', ['run', '-'], /s3:/, spec('').replace('file:sums', 's3:sums')],
  ['a model that nobody serves', ['run', '-'], /models\[0\]\.model: .*openai\/x.*OPENAI_API_KEY/, spec('').replace('mock/x', 'openai/x')],
  ['an agent file that does not fit', ['run', 'sums.yaml', '--agent', 'agent.yaml'], /models\[0\]\.model: .*agent\.yaml/],
  ['an agent file that is not there', ['run', 'sums.yaml', '--agent', 'none.yaml'], /--agent none\.yaml cannot be read/],
  ['a threshold that is none', ['run', 'sums.yaml', '--threshold', 'accuracy'], /METRIC=NUMBER/],
  ['a threshold on what is not computed', ['run', 'sums.yaml', '--threshold', 'mean=0.5'], /benchmarks\[0\]\.metrics: has no mean/],
  ['an address that is none', ['run', 'sums.yaml', '--address', 'http://x:1'], /is a URL; write host:port/],
  ['an empty token file', ['run', 'sums.yaml', '--address', 'localhost:1', '--token-file', 'token'], /--token-file: token is empty/],
  ['a submit without a coordinator', ['submit', 'sums.yaml'], /--address[^]*assay dev/],
  ['a key that is too long', ['submit', 'sums.yaml', '--address', 'localhost:1', '--key', 'k'.repeat(257)], /--key has 257 characters/],
  ['an evaluation id that is none', ['watch', 'ev_x'], /'ev_x' is no evaluation id/],
  ['nothing run here yet', ['report', ID], /nothing has been run in .*--address/],
  ["a fleet's door for dev", ['dev', '--listen', '0.0.0.0:1'], /not on loopback[^]*assay coordinator/],
])('%s', async (_, args, message, input) => {
  const { code, stdout, stderr } = await cli.run(args, {
    ...(input === undefined ? {} : { input }),
    env: { ASSAY_HOME: `${cli.dir}/untouched` },
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^assay: /);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test('a coordinator that does not answer is an error, told with its address', async () => {
  const { code, stderr } = await cli.run(['report', ID, '--address', 'unix:/nowhere/socket'], {});
  expect(code).toBe(1);
  expect(stderr).toMatch(/^waiting for a coordinator at unix:\/nowhere\/socket …\nassay: .*\/nowhere\/socket/);
});

test('none of it has started or written anything', async () => {
  await expect(stat(`${cli.dir}/untouched`)).rejects.toThrow('ENOENT');
});

test.each([[['--help']], [['run', '--help']], [['submit', '--help']], [['watch', '--help']], [['demo', '--help']]])(
  '%s explains itself with an example',
  async (args) => {
    const { code, stdout } = await cli.run(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: assay[^]*assay (run|submit|watch|demo)\b/);
  },
);
