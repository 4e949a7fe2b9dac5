/** Commands that need no coordinator: score, schema, completion; and what happens when their reader goes away. */
import { execFileSync, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLI_MAIN, cliHome, type CliHome } from '../support/cli.ts';

let cli: CliHome;
beforeAll(async () => {
  cli = await cliHome();
});
afterAll(() => cli.dispose());

const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`${program} is not installed: its completion is not tested`);
    return false;
  }
};

describe('score', () => {
  const NUMERIC = ['--scorer', 'match', '--args', '{"numeric": true}'];

  test('gives a line for each line, in order, from standard input and from a file', async () => {
    const answers = [
      '{"output": "It is 42.", "target": "42"}',
      '',
      '{"output": "7", "target": ["8", "7"]}',
      '{"output": "x", "target": "1"}',
    ].join('\n');
    const typed = await cli.run(['score', '-', ...NUMERIC], { input: answers });
    expect(typed).toMatchObject({ code: 0, stderr: '' });
    const values = typed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { value: string }).value);
    expect(values).toEqual(['C', 'C', 'I']);
    const file = await cli.file('answers.jsonl', `${answers}\n`);
    expect((await cli.run(['score', file, ...NUMERIC])).stdout).toBe(typed.stdout);
  });

  test('puts outputs through filters first, and says what was scored', async () => {
    const answers = [
      '{"output": "<think>1</think> so #### 1,234.", "target": "1234"}',
      '{"output": "#### 7", "target": "8"}',
      '{"output": "no", "target": "8"}',
    ].join('\n');
    const filters = ['strip_reasoning', { name: 'regex', args: { regex_pattern: '#### (\\-?[0-9\\.\\,]+)' } }];
    const args = { regexes_to_ignore: [',', '\\.$'] };
    const typed = ['--scorer', 'exact_match', '--args', JSON.stringify(args), '--filters', JSON.stringify(filters)];
    const { code, stdout } = await cli.run(['score', '-', ...typed], { input: answers });
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { value: 1, answer: '1,234.', filtered: '1,234.' },
      { value: 0, answer: '7', filtered: '7' },
      { value: 0, answer: '[invalid]', filtered: '[invalid]' },
    ]);
  });

  test('a filter that cannot read a line ends it as a scorer does', async () => {
    const typed = ['score', '-', '--scorer', 'match', '--filters', '["multi_choice_regex"]'];
    const { code, stderr } = await cli.run(typed, { input: '{"output": "(A)", "target": "(A)"}\n' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/standard input line 1: the filters cannot read it: .* needs the choices of the sample/);
  });

  test('ends at the first bad line, names it, and prints nothing after it', async () => {
    const answers = '{"output": "1", "target": "1"}\n{"output": 1}\n{"output": "1", "target": "1"}\n';
    const { code, stdout, stderr } = await cli.run(['score', '-', ...NUMERIC], { input: answers });
    expect({ code, lines: stdout.trimEnd().split('\n').length }).toEqual({ code: 2, lines: 1 });
    expect(stderr).toMatch(/standard input line 2 has 2 faults:\n {2}output: is a number.*\n {2}target: is missing/);
  });

  test.each([
    [['score', 'none.jsonl', '--scorer', 'match'], /there is no file none\.jsonl; correct the path/],
    [['score', '.', '--scorer', 'match'], /\. is a folder; name a file in it/],
    [['score', '-', '--scorer', 'mtch'], /did you mean match\?/],
    [['score', '-', '--scorer', 'command', '--args', '{}'], /is run by an agent/],
    [['score', '-', '--scorer', 'match', '--args', '{"numerc": 1}'], /did you mean "numeric"/],
    [['score', '-', '--scorer', 'match', '--filters', '["take_first"]'], /--filters: \[0\]: is "take_first", which changes nothing here/],
    [['score', '-'], /required option '--scorer <name>' not specified/],
  ])('%j is refused at once', async (args, message) => {
    const { code, stdout, stderr } = await cli.run(args, { input: '{"output": "1", "target": "1"}\n' });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('takes no more memory for many lines', async () => {
    const line = `${JSON.stringify({ output: 'x'.repeat(2000), target: 'y' })}\n`;
    const child = spawn(process.execPath, ['--max-old-space-size=64', CLI_MAIN, 'score', '-', '--scorer', 'includes'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let [lines, bytes] = [0, 0];
    child.stdout.on('data', (part: Buffer) => {
      bytes += part.length;
      lines += part.reduce((n, byte) => n + (byte === 10 ? 1 : 0), 0);
    });
    const block = line.repeat(100);
    for (let i = 0; i < 600; i++) if (!child.stdin.write(block)) await new Promise((resolve) => child.stdin.once('drain', resolve));
    child.stdin.end();
    const code = await new Promise((resolve) => child.once('close', resolve));
    // 120 MB have passed through a heap of 64.
    expect({ code, lines }).toEqual({ code: 0, lines: 60_000 });
    expect(bytes).toBeGreaterThan(lines);
  });

  test('ends quietly when nobody reads any more', async () => {
    await writeFile(join(cli.dir, 'many.jsonl'), '{"output": "1", "target": "1"}\n'.repeat(200_000));
    const command = `'${process.execPath}' '${CLI_MAIN}' score many.jsonl --scorer exact; echo "code $?" >&2`;
    const out = execFileSync('bash', ['-c', `(${command}) 2>err.txt | head -2; cat err.txt`], { cwd: cli.dir, encoding: 'utf8' });
    expect(out.trimEnd().split('\n')).toEqual(['{"value":"C","answer":"1"}', '{"value":"C","answer":"1"}', 'code 0']);
  });
});

test('what is about the fleet needs a coordinator', async () => {
  const { code, stderr } = await cli.run(['agents']);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/assay agents needs a coordinator: name it with --address/) as string,
  });
});

test('schema prints a JSON Schema of the spec', async () => {
  const { code, stdout } = await cli.run(['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    $schema: expect.stringContaining('json-schema.org') as string,
    properties: { benchmarks: {}, models: {} },
  });
});

describe('completion', () => {
  const COMPLETED: [string[], string[]][] = [
    [['li'], ['list']],
    [['list', '--ou'], ['--output']],
    [
      ['list', '-o', 'js'],
      ['json', 'jsonl'],
    ],
    [['agent', 'd'], ['drain']],
    [['agent', 'drain', '--rea'], ['--reason']],
    [['show', 'la'], ['last']],
    [['completion', 'z'], ['zsh']],
    [['score', 'ans'], ['answers.jsonl']],
    [['run', '--agent', 'ans'], ['answers.jsonl']],
    [['submit', 'x.yaml', '--key', 'a'], []],
  ];

  test.skipIf(!has('bash'))('in bash', async () => {
    await cli.file('answers.jsonl', '');
    await cli.file('complete.bash', (await cli.run(['completion', 'bash'])).stdout);
    const steps = COMPLETED.map(
      ([words]) => `COMP_WORDS=(assay ${words.join(' ')}); COMP_CWORD=${words.length}; _assay; echo "\${COMPREPLY[*]}"`,
    );
    const out = execFileSync('bash', ['--norc', '-c', ['source ./complete.bash', ...steps].join('\n')], { cwd: cli.dir, encoding: 'utf8' });
    expect(out.slice(0, -1).split('\n')).toEqual(COMPLETED.map(([, words]) => words.join(' ')));
    expect(execFileSync('bash', ['--norc', '-c', 'source ./complete.bash; complete -p assay'], { cwd: cli.dir, encoding: 'utf8' })).toBe(
      'complete -F _assay assay\n',
    );
  });

  test.skipIf(!has('fish'))('in fish', async () => {
    await cli.file('answers.jsonl', '');
    await cli.file('complete.fish', (await cli.run(['completion', 'fish'])).stdout);
    const steps = COMPLETED.map(([words]) => `complete -C 'assay ${words.join(' ')}' | string split -f1 \\t | string join ' '; echo ';'`);
    const out = execFileSync('fish', ['--no-config', '-c', ['source ./complete.fish', ...steps].join('\n')], {
      cwd: cli.dir,
      encoding: 'utf8',
    });
    const found = out
      .split(';\n')
      .slice(0, -1)
      .map((text) => text.trim());
    expect(found).toEqual(COMPLETED.map(([, words]) => words.join(' ')));
  });

  test.skipIf(!has('zsh'))('in zsh it is read and registered', async () => {
    await cli.file('complete.zsh', (await cli.run(['completion', 'zsh'])).stdout);
    const script = 'autoload -U compinit; compinit -u -D; source ./complete.zsh; print ${_comps[assay]} ${+functions[_assay]}';
    expect(execFileSync('zsh', ['-f', '-c', script], { cwd: cli.dir, encoding: 'utf8' })).toBe('_assay 1\n');
  });
});
