/** What a program says leaves the agent without the keys that the program was given. */
import { expect, test } from 'vitest';
import type { ScorerTools } from '../../../../agent/scorers/scorer.ts';
import { scorerTools } from '../../../support/scorer-tools.ts';

const PROGRAM = `
  const lines = require('node:readline').createInterface({ input: process.stdin });
  lines.on('line', (line) => console.log(JSON.stringify({ id: JSON.parse(line).id, value: 0.5, error: 'no such key: ' + process.env.GRADER_KEY })));
`;

test('a key of its environment is in no answer', async () => {
  const env = { GRADER_KEY: 'sk-canary-0123456789' };
  const { programs } = scorerTools({ commands: { grader: { argv: [process.execPath, '-e', PROGRAM], env } } });
  try {
    const answer = await programs.named('grader').ask({ output: 'x' }, 60_000, new AbortController().signal);
    expect(answer).toEqual({ id: 1, value: 0.5, error: 'no such key: [key]' });
  } finally {
    await programs.close();
  }
});

const ECHO = `
  const lines = require('node:readline').createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const { id, wait = 0, chars = 0 } = JSON.parse(line);
    setTimeout(() => console.log(JSON.stringify({ id, pid: process.pid, args: process.argv.slice(1), more: 'x'.repeat(chars) })), wait);
  });
`;
const never = new AbortController().signal;
const echo = (more: object = {}): ScorerTools =>
  scorerTools({
    commands: { echo: { argv: [process.execPath, '-e', ECHO, '--', '--level={level}'], slots: { level: { int: [1, 99] } }, ...more } },
  });

test('a spec fills slots; each set of arguments has processes of its own, of which only a few are there at a time', async () => {
  const { programs } = echo();
  try {
    const ask = (level: number, body: object = {}) =>
      programs.named('echo', { level }).ask(body, 60_000, never) as Promise<{ pid: number; args: string[] }>;
    const first = await ask(1);
    expect(first.args).toEqual(['--level=1']);
    expect((await ask(1)).pid).toBe(first.pid);
    expect(() => programs.named('echo', { level: 100 })).toThrow('level must be a whole number from 1 to 99');
    expect(() => programs.named('echo')).toThrow('level is missing');
    const busy = Array.from({ length: 8 }, (_, i) => ask(2 + i, { wait: 300 }));
    await expect((async () => ask(50))()).rejects.toThrow('is at work with 8 different arguments');
    const pids = (await Promise.all(busy)).map(({ pid }) => pid);
    expect(new Set([...pids, first.pid]).size).toBe(9);
    expect((await ask(1)).pid).not.toBe(first.pid);
  } finally {
    await programs.close();
  }
  await expect((async () => programs.named('echo', { level: 1 }).ask({}, 1000, never))()).rejects.toThrow('was ended with the agent');
});

test("the operator's own limits of time and answers hold, whatever a spec allows", async () => {
  const hasty = echo({ timeoutMs: 200 });
  const terse = echo({ maxAnswerBytes: 2000 });
  try {
    const ask = ({ programs }: ScorerTools, body: object) => programs.named('echo', { level: 1 }).ask(body, 60_000, never);
    await expect(ask(hasty, { wait: 60_000 })).rejects.toThrow('gave no answer within 0.2 s');
    await expect(ask(terse, { chars: 5000 })).rejects.toThrow('wrote a line of more than 2000 bytes');
    await expect(ask(terse, { chars: 500_000 })).rejects.toThrow('wrote a line of more than 2000 bytes');
  } finally {
    await Promise.all([hasty.programs.close(), terse.programs.close()]);
  }
});
