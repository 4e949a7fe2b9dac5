/** Results as CSV (RFC 4180): one row a unit, one column for each scorer's value. Pure. */
import type { SampleResult } from '../../shared/client/types.ts';

type Cell = string | number | null | undefined;

const COLUMNS: readonly (readonly [string, (r: SampleResult) => Cell])[] = [
  ['unit', (r) => r.unit],
  ['benchmark', (r) => r.benchmark],
  ['model', (r) => r.model],
  ['sample_id', (r) => r.sampleId],
  ['epoch', (r) => r.epoch],
  ['state', (r) => r.state],
];

const AFTER: typeof COLUMNS = [
  ['completion', (r) => r.completion],
  ['reasoning', (r) => r.reasoning],
  ['error_class', (r) => r.errorClass],
  ['error_message', (r) => r.errorMessage],
  ['input_tokens', (r) => r.usage.inputTokens],
  ['output_tokens', (r) => r.usage.outputTokens],
  ['retries', (r) => r.usage.retries],
  ['stop_reason', (r) => r.stopReason],
  ['model_ms', (r) => r.modelMs],
  ['total_ms', (r) => r.totalMs],
  ['agent_id', (r) => r.agentId],
];

/** The columns of scores: the names that the scorers of all benchmarks have in results (f1, f1#2), each once. */
export const scoreColumns = (ofBenchmarks: readonly (readonly string[])[]): string[] => [...new Set(ofBenchmarks.flat())];

/** `score_NAME` holds the value as the scorer gave it (C, I, 0.5), empty where there is no verdict. */
export const csvHeader = (scorers: readonly string[]): string =>
  line([...COLUMNS.map(([name]) => name), ...scorers.map((s) => `score_${s}`), ...AFTER.map(([name]) => name)]);

export function csvRow(result: SampleResult, scorers: readonly string[]): string {
  return line([
    ...COLUMNS.map(([, cell]) => cell(result)),
    ...scorers.map((scorer) => result.scores.find((score) => score.scorer === scorer)?.value),
    ...AFTER.map(([, cell]) => cell(result)),
  ]);
}

const line = (cells: readonly Cell[]): string => `${cells.map(quoted).join(',')}\r\n`;

/** What spreadsheets take for the begin of a formula, also in full width. */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What models, datasets and endpoints say is text to a spreadsheet as well: with an apostrophe in front, unless it is a number. */
const asText = (text: string): string => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);

function quoted(cell: Cell): string {
  const text = cell === null || cell === undefined ? '' : typeof cell === 'number' ? String(cell) : asText(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
