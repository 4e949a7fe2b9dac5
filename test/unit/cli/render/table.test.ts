import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noPaint, type Paint } from '../../../../cli/render/paint.ts';
import { Table, tableLines, type Column } from '../../../../cli/render/table.ts';
import { widthOf } from '../../../../cli/render/text.ts';

interface Row {
  name: string;
  state: string;
  n: string;
  note: string;
}

const columns: Column<Row>[] = [
  { title: 'name', cell: (r) => r.name, least: 6 },
  { title: 'state', cell: (r) => r.state },
  { title: 'n', right: true, cell: (r) => r.n, drop: 1 },
  { title: 'note', cell: (r) => r.note, drop: 2, optional: true, least: 5 },
];
const rows: Row[] = [
  { name: 'gsm8k', state: 'running', n: '12', note: '' },
  { name: '数学 测验 in Chinese', state: 'failed', n: '1,319', note: 'no unit was scored' },
];
const at = (width: number): string => tableLines(columns, rows, { columns: width, paint: noPaint }).join('\n');

describe('a table', () => {
  test('keeps everything where nothing is cut, and wide characters in line', () => {
    expect(at(Infinity)).toBe(`name                  state        n  note
gsm8k                 running     12
数学 测验 in Chinese  failed   1,319  no unit was scored`);
  });

  test('cuts the widest cells first', () => {
    expect(at(32)).toBe(`name     state        n  note
gsm8k    running     12
数学 …   failed   1,319  no uni…`);
  });

  test('then leaves columns out, the least wanted first', () => {
    expect(at(24)).toBe(`name      state        n
gsm8k     running     12
数学 测…  failed   1,319`);
    expect(at(16)).toBe(`name     state
gsm8k    running
数学 …   failed`);
  });

  test('is still one line a row where there is room for nothing', () => {
    expect(at(9)).toBe(`na…  sta…
gs…  run…
数…  fai…`);
    expect(at(3)).toBe(`na…
gs…
数…`);
  });

  test('leaves out a column that nobody fills', () => {
    expect(tableLines(columns, rows.slice(0, 1), { columns: 80, paint: noPaint })[0]).toBe('name   state     n');
  });

  test('keeps its layout when further rows come, and cuts what does not fit it only on a terminal', () => {
    const later: Row = { name: 'a name that is longer than those of before', state: 'accepted', n: '7', note: '' };
    const terminal = new Table(columns, { columns: 60, paint: noPaint });
    terminal.lines(rows.slice(0, 1));
    expect(terminal.lines([later])).toEqual(['a na…  accept…   7']);
    const pipe = new Table(columns, { columns: Infinity, paint: noPaint });
    pipe.lines(rows.slice(0, 1));
    expect(pipe.lines([later])).toEqual(['a name that is longer than those of before  accepted   7']);
  });

  test('makes what comes from outside harmless', () => {
    const evil = { name: '\u001b[31mred\u001b]0;title\u0007', state: 'a\nb', n: '1', note: '\u202eback' };
    expect(tableLines(columns, [evil], { columns: 80, paint: noPaint })[1]).toBe('red   a b    1   back');
  });

  test('colours cells, not their padding of other columns', () => {
    const paint: Paint = (colour, text) => `<${colour}>${text}</>`;
    const lines = tableLines([{ title: 's', cell: (r: Row) => r.state, colour: () => 'red' }], rows, { columns: 80, paint });
    expect(lines).toEqual(['<bold>s      </>', '<red>running</>', '<red>failed </>']);
  });

  test('never makes a line wider than the terminal', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 30 });
    const row = fc.record({ name: cell, state: cell, n: cell, note: cell });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), fc.integer({ min: 2, max: 120 }), (some, width) => {
        for (const line of tableLines(columns, some, { columns: width, paint: noPaint }, { rule: true }))
          expect(widthOf(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
