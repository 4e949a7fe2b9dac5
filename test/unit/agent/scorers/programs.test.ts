/** What a program says leaves the agent without the keys that the program was given. */
import { expect, test } from 'vitest';
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
