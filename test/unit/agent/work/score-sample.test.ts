/** Scores of a completion: what filters make of it first, for scorers that are computed here and for those that are asked. */
import { expect, test } from 'vitest';
import { ContextCache } from '../../../../agent/work/context-cache.ts';
import { scoresOf } from '../../../../agent/work/score-sample.ts';
import type { TaskContext } from '../../../../shared/domain/manifest.ts';
import type { Score } from '../../../../shared/domain/result.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { noTools, scorerTools } from '../../../support/scorer-tools.ts';

/** An agent's context of a benchmark with these scorers, as it comes from a coordinator. */
function contextOf(scorers: unknown[], tools = noTools()) {
  const { benchmarks, models, retry } = parseSpec({
    name: 'n',
    benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:a.jsonl' }, scorers }],
    models: [{ model: 'mock/a' }],
  });
  const task: TaskContext = { evaluationId: 'ev_1', benchmark: benchmarks[0]!, model: models[0]!, retry };
  const json = Buffer.from(JSON.stringify(task));
  return new ContextCache(tools).get(digestOf(json), json);
}

const scored = async (context: ReturnType<typeof contextOf>, completion: string, more: object = {}): Promise<Score[]> =>
  scoresOf(context, {
    completion,
    sample: { id: 1, input: 'q', target: ['4'], metadata: {}, ...more },
    epoch: 1,
    signal: new AbortController().signal,
    traceparent: '',
  });

test('each named chain is a scorer of its own', async () => {
  const filters = {
    strict: [{ name: 'regex', args: { regex_pattern: '#### (\\d+)' } }],
    flexible: ['strip_reasoning', { name: 'regex', args: { regex_pattern: '\\d+', group_select: -1 } }],
  };
  const context = contextOf(['match', { name: 'exact_match', filters }, { name: 'exact_match', filters: ['strip_reasoning', 'strip'] }]);
  expect(await scored(context, '<think>#### 7</think> 4 ')).toEqual([
    { scorer: 'match', value: 'C', number: 1, answer: '<think>#### 7</think> 4' },
    { scorer: 'exact_match,flexible', value: 1, number: 1, answer: '4' },
    { scorer: 'exact_match,strict', value: 0, number: 0, answer: '7' },
    { scorer: 'exact_match', value: 1, number: 1, answer: '4' },
  ]);
});

test('filters see the choices; where they fail, their scorer has failed and no other', async () => {
  const context = contextOf([{ name: 'exact_match', filters: ['multi_choice_regex'] }, 'includes']);
  expect(await scored(context, 'It is paris', { target: ['(B)'], choices: ['Rome', 'paris'] })).toMatchObject([
    { scorer: 'exact_match', number: 1, answer: '(B)' },
    { scorer: 'includes', number: 0 },
  ]);
  expect(await scored(context, '4')).toMatchObject([
    { scorer: 'exact_match', value: null, number: null, error: expect.stringContaining('needs the choices of the sample') as string },
    { scorer: 'includes', number: 1 },
  ]);
});

test('a program is asked about what the filters have made', async () => {
  const say = 'for await (const l of require("node:readline").createInterface({input: process.stdin}))';
  const program = `(async () => { ${say} { const q = JSON.parse(l); console.log(JSON.stringify({id: q.id, value: 1, answer: q.output})); } })()`;
  const tools = scorerTools({ commands: { echo: { argv: [process.execPath, '-e', program] } } });
  try {
    const args = { command: 'echo' };
    const filters = { number: [{ name: 'regex', args: { regex_pattern: '\\d+' } }], whole: ['lowercase'] };
    const context = contextOf(
      [
        { name: 'command', args, filters },
        { name: 'command', args },
      ],
      tools,
    );
    expect(await scored(context, 'It is 42.')).toMatchObject([
      { scorer: 'command,number', answer: '42' },
      { scorer: 'command,whole', answer: 'it is 42.' },
      { scorer: 'command', answer: 'It is 42.' },
    ]);
  } finally {
    await tools.programs.close();
  }
});

test('what this release does not know is refused with words', () => {
  const json = (scorers: unknown[]): Buffer => {
    const { task } = contextOf(['match']);
    return Buffer.from(JSON.stringify({ ...task, benchmark: { ...task.benchmark, scorers } }));
  };
  const get = (scorers: unknown[]): unknown => new ContextCache(noTools()).get('sha256:0', json(scorers));
  expect(() => get([{ name: 'match', args: {}, filters: [{ name: 'later', args: {} }] }])).toThrow(/no filter is named "later"/);
  expect(() => get([{ name: 'match', args: {}, later: true }])).toThrow(/later/);
});
