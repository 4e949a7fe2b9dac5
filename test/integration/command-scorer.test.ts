/** Scorers that are programs: real processes, well-behaved ones and others. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRemoteScorer } from '../../agent/scorers/registry.ts';
import type { RemoteScorer, ScoreRequest, ScorerTools } from '../../agent/scorers/scorer.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { createLogger } from '../../shared/telemetry/logger.ts';
import { scorerTools, type TestToolsOptions } from '../support/scorer-tools.ts';
import { waitFor } from '../support/wait-for.ts';

let dir: string;
const opened: ScorerTools[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-command-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((tools) => tools.programs.close()));
  rmSync(dir, { recursive: true, force: true });
});

/** A program that reads each line as `q` and does what `body` says; `say` writes an answer. It counts its starts in `starts`. */
const PRELUDE = `
const { appendFileSync } = require('node:fs');
appendFileSync(${JSON.stringify('STARTS')}, process.pid + '\\n');
const say = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => { const q = JSON.parse(line); BODY });
`;

function program(body: string): string[] {
  const path = join(dir, 'program.cjs');
  writeFileSync(
    path,
    PRELUDE.replace('"STARTS"', JSON.stringify(join(dir, 'starts'))).replace('BODY', () => body),
  );
  return [process.execPath, path];
}
/** The same of the shell, which starts in no time: for limits of a second. Its `body` finds the question in $line, and says C by `answer`. */
const inShell = (body: string): string[] => [
  '/bin/sh',
  '-c',
  `echo $$ >> starts; answer() { id=\${line#*:}; echo "{\\"id\\":\${id%%,*},\\"value\\":\\"C\\"}"; }; while read -r line; do ${body}; done`,
];
const starts = (): number[] =>
  existsSync(join(dir, 'starts')) ? readFileSync(join(dir, 'starts'), 'utf8').trim().split('\n').map(Number) : [];

function scorer(argv: string[], options: { timeout?: number; instances?: number; args?: object } & TestToolsOptions = {}): RemoteScorer {
  const { timeout = 30, instances = 1, args = {}, ...more } = options;
  const tools = scorerTools({ commands: { grader: { argv, instances, folder: dir, env: { OWN: 'own' } } }, ...more });
  opened.push(tools);
  return createRemoteScorer({ name: 'command', args: { command: 'grader', timeout, args } }, tools);
}

const request = (output: string, more: Partial<ScoreRequest> = {}): ScoreRequest => ({
  output,
  target: ['4'],
  input: '2+2',
  metadata: { level: 1 },
  sample_id: 'q1',
  epoch: 2,
  ...more,
});
const never = new AbortController().signal;
const words = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    (value) => {
      throw new Error(`a verdict: ${JSON.stringify(value)}`);
    },
    (error: unknown) => AppError.from(error).message,
  );

test('one process answers many, in any order, and is told everything', async () => {
  const judge = scorer(
    program(`setTimeout(() => say({ id: q.id, value: q.output === q.target[0] ? 'C' : 'I', answer: q.output, explanation: JSON.stringify(q) }),
      q.output === '4' ? 20 : 0);`),
    { args: { strict: true } },
  );
  const verdicts = await Promise.all(['4', '5', '4', '6'].map((output) => judge(request(output, { choices: ['4', '5'] }), never)));
  expect(verdicts.map(({ value }) => value)).toEqual(['C', 'I', 'C', 'I']);
  expect(JSON.parse(verdicts[0]!.explanation!)).toEqual({
    id: expect.any(Number) as number,
    output: '4',
    target: ['4'],
    choices: ['4', '5'],
    input: '2+2',
    metadata: { level: 1 },
    sample_id: 'q1',
    epoch: 2,
    args: { strict: true },
  });
  expect(starts()).toHaveLength(1);
});

test('a program in Python, and one of the shell', async () => {
  const python = join(dir, 'grader.py');
  writeFileSync(
    python,
    `#!/usr/bin/env python3
import json, sys
for line in sys.stdin:
    q = json.loads(line)
    print(json.dumps({"id": q["id"], "value": 1.0 if q["target"][0] in q["output"] else 0.0}), flush=True)
`,
  );
  chmodSync(python, 0o755);
  expect(await scorer([python])(request('it is 4'), never)).toEqual({ value: 1 });
  const shell = scorer(['/bin/sh', '-c', 'while read -r line; do id=${line#*:}; echo "{\\"id\\":${id%%,*},\\"value\\":null}"; done']);
  expect(await shell(request('x'), never)).toEqual({ value: null });
});

test('its environment holds no key, and it is no shell', async () => {
  const judge = scorer(
    [...program("say({ id: q.id, value: 'C', explanation: JSON.stringify([process.env, process.argv.slice(2)]) });"), '$(touch x)', ';'],
    {
      environment: { ...process.env, OPENAI_API_KEY: 'sk-secret', ASSAY_TOKEN: 'token', HTTPS_PROXY: 'p' },
    },
  );
  const { explanation } = await judge(request('4'), never);
  const [env, argv] = JSON.parse(explanation!) as [Record<string, string>, string[]];
  expect(env['OWN']).toBe('own');
  expect(env['PATH']).toBe(process.env['PATH']);
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['OPENAI_API_KEY']));
  expect(Object.keys(env)).not.toEqual(expect.arrayContaining(['ASSAY_TOKEN']));
  expect(argv).toEqual(['$(touch x)', ';']);
});

test.each([
  ['its own error', "say({ id: q.id, error: 'no rubric' })", 'no rubric'],
  ['a letter that there is not', "say({ id: q.id, value: 'X' })", 'not of the right form'],
  ['a yes', 'say({ id: q.id, value: true })', 'not of the right form'],
  ['no value', 'say({ id: q.id })', 'not of the right form'],
  ['a number out of all reason', 'say({ id: q.id, value: 1e300 })', 'not of the right form'],
  ['NaN', 'process.stdout.write(\'{"id":\' + q.id + \',"value":NaN}\\n\')', 'answers no question'],
  ['garbage', "process.stdout.write('loading the model…\\n')", 'answers no question'],
  ['an answer to nobody', "say({ id: 77, value: 'C' })", 'answers no question'],
  ['its exit', 'process.exit(3)', 'ended with exit code 3'],
  ['its death', "process.kill(process.pid, 'SIGSEGV')", 'was ended by SIGSEGV'],
])('%s is words, never a verdict; the next question finds a program again', async (_, body, part) => {
  const judge = scorer(program(`if (q.output === 'bad') { ${body}; return; } say({ id: q.id, value: 'C' });`));
  expect(await words(judge(request('bad'), never))).toContain(part);
  expect(await judge(request('4'), never)).toEqual({ value: 'C' });
});

test('silence ends the program, and it is started again', async () => {
  const judge = scorer(inShell('case "$line" in *hang*) ;; *) answer;; esac'), { timeout: 1 });
  expect(await words(judge(request('hang'), never))).toContain('gave no answer within 1 s');
  expect(await judge(request('4'), never)).toEqual({ value: 'C' });
  expect(starts()).toHaveLength(2);
});

test('one that kills the program takes no other with it', async () => {
  const judge = scorer(program("if (q.output === 'poison') process.exit(1); setTimeout(() => say({ id: q.id, value: 'C' }), 5);"));
  const ends = await Promise.allSettled(['1', 'poison', '2', '3'].map((output) => judge(request(output), never)));
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});

test('a slow program that works one by one is not late for what waits', async () => {
  const judge = scorer(inShell('sleep 0.3; answer'), { timeout: 2 });
  const verdicts = await Promise.all(Array.from({ length: 8 }, () => judge(request('4'), never)));
  expect(verdicts).toHaveLength(8);
  expect(starts()).toHaveLength(1);
});

test('several instances share the questions', async () => {
  const judge = scorer(program("setTimeout(() => say({ id: q.id, value: 'C', explanation: String(process.pid) }), 50);"), { instances: 3 });
  const verdicts = await Promise.all(Array.from({ length: 9 }, () => judge(request('4'), never)));
  expect(new Set(verdicts.map((v) => v.explanation)).size).toBe(3);
});

test('a line that never ends is cut off', async () => {
  const judge = scorer(program("const chunk = 'x'.repeat(1 << 22); const more = () => process.stdout.write(chunk, more); more();"));
  expect(await words(judge(request('4'), never))).toContain('wrote a line of more than');
});

test('an abort leaves at once, and its late answer is nobody’s', async () => {
  const judge = scorer(program("setTimeout(() => say({ id: q.id, value: 'C' }), q.output === 'slow' ? 200 : 0);"));
  const controller = new AbortController();
  const slow = judge(request('slow'), controller.signal);
  await waitFor(() => starts().length === 1, { what: 'the program to start' });
  controller.abort(new Error('revoked'));
  await expect(slow).rejects.toThrow('revoked');
  expect(await judge(request('4'), never)).toEqual({ value: 'C' });
  await expect(judge(request('4'), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
});

test('a program that is not there, or not allowed', async () => {
  expect(await words(scorer([join(dir, 'missing')])(request('4'), never))).toContain('cannot be started (ENOENT)');
  const tools = scorerTools({ commands: { grader: { argv: ['/bin/true'] } } });
  opened.push(tools);
  expect(() => createRemoteScorer({ name: 'command', args: { command: 'gradr' } }, tools)).toThrow('did you mean grader?');
});

test('closing ends the program and its children', async () => {
  const judge = scorer(
    program(
      "const child = require('node:child_process').spawn('sleep', ['600']); say({ id: q.id, value: 'C', explanation: String(child.pid) });",
    ),
  );
  const { explanation } = await judge(request('4'), never);
  await opened[0]!.programs.close();
  const alive = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const both = [Number(explanation), starts()[0]!];
  await waitFor(() => !both.some(alive), { what: 'both processes to be gone' });
  expect(both).toHaveLength(2);
  expect(both.filter(alive)).toEqual([]);
});

test('stderr goes into the log: bounded, and without keys', async () => {
  const lines: Record<string, unknown>[] = [];
  const destination = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      for (const line of chunk.toString().trim().split('\n')) lines.push(JSON.parse(line) as Record<string, unknown>);
      done();
    },
  });
  const logger = createLogger({ name: 'test', level: 'info', destination });
  const judge = scorer(
    program("for (let i = 0; i < 500; i++) console.error('key sk-1 ' + 'y'.repeat(5000)); say({ id: q.id, value: 'C' });"),
    {
      logger,
      secrets: ['sk-1'],
    },
  );
  await judge(request('4'), never);
  await waitFor(() => lines.filter((line) => line['stderr']).length === 60, { what: 'sixty lines' });
  const first = lines.find((line) => line['stderr'])!;
  expect(first['stderr']).toMatch(/^key \[key\] y+$/);
  expect((first['stderr'] as string).length).toBe(500);
});

test('ten thousand questions do not start more than one process', async () => {
  const judge = scorer(program("say({ id: q.id, value: q.output === '7' ? 'C' : 'I' });"));
  let right = 0;
  await Promise.all(
    Array.from({ length: 40 }, async (_, lane) => {
      for (let i = 0; i < 250; i++) if ((await judge(request(lane === 7 ? '7' : '8'), never)).value === 'C') right++;
    }),
  );
  expect(right).toBe(250);
  expect(starts()).toHaveLength(1);
});

test('a program that works on nothing but aborted samples is killed; one that others wait for is not', async () => {
  const judge = scorer(
    program("if (q.output !== 'hang') setTimeout(() => say({ id: q.id, value: 'C' }), q.output === 'slow' ? 2500 : 0);"),
  );
  const [alone, beside] = [new AbortController(), new AbortController()];
  const hanging = words(judge(request('hang'), beside.signal));
  const slow = judge(request('slow'), never);
  beside.abort(new Error('cancelled'));
  expect(await hanging).toBe('cancelled');
  expect(await slow).toMatchObject({ value: 'C' });
  const last = words(judge(request('hang'), alone.signal));
  await waitFor(() => starts().length > 0, { what: 'the program' });
  alone.abort(new Error('cancelled'));
  expect(await last).toBe('cancelled');
  await waitFor(() => starts().every((pid) => !isAlive(pid)), { what: 'the program to be killed' });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
