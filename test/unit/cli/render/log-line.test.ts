import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapedText, logLineText } from '../../../../cli/render/log-line.ts';
import { noPaint } from '../../../../cli/render/paint.ts';
import { evaluationIdOf, taskIdOf } from '../../../../shared/domain/ids.ts';
import type { LogLine } from '../../../../shared/domain/log-line.ts';

const line: LogLine = {
  ...{ timeMs: Date.UTC(2026, 10, 22, 14, 3, 11, 500), level: 'warn', agentId: 'ag_1', agent: 'gpu-1', attemptId: '', unit: 4 },
  taskId: taskIdOf(evaluationIdOf('', 'k'), 17),
  text: 'one\ntwo \u001b[31mred\u001b[0m \u202eright\\left',
};

test('a line says when, how much it matters, who and about what; nothing in it reaches the terminal as it is', () => {
  expect(logLineText(line, noPaint)).toBe(
    '2026-11-22T14:03:11Z warn  gpu-1 task 17 unit 4: one\\ntwo \\u001b[31mred\\u001b[0m \\u202eright\\\\left\n',
  );
  const { unit: _unit, ...whole } = line;
  expect(logLineText({ ...whole, agent: '\u0007bell', taskId: '', text: 'é 漢' }, noPaint)).toBe(
    '2026-11-22T14:03:11Z warn  \\u0007bell: é 漢\n',
  );
  expect(logLineText({ ...whole, agent: '', agentId: '', text: '' }, noPaint)).toContain('coordinator task 17: \n');
});

test('escapes have no control character, and can be read back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '\\', '\n', '\r', '\t', '\u0000', '\u001b', '\u0085', '\u2028', '\u2066', '"', 'é') }),
      (text) => {
        const escaped = escapedText(text);
        expect(escaped).not.toMatch(/\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(JSON.parse(`"${escaped.replaceAll('"', '\\"')}"`)).toBe(text);
      },
    ),
  );
});
