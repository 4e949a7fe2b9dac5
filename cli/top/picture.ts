/** The picture of `assay top`, for a terminal of any size. Pure apart from `paint`, which may colour. */
import { stripVTControlCharacters } from 'node:util';
import type { Look } from '../render/look.ts';
import { tableLines } from '../render/table.ts';
import { count, cut, endOf, padEnd, plainText, widthOf, wrapped } from '../render/text.ts';
import { span } from '../render/time.ts';
import { detailLines } from './details.ts';
import { actionOn, cursorIn, paneOf, shownRows, totalsOf } from './panes.ts';
import { PANES, sourceOf, type Action, type PaneName, type TopState } from './state.ts';

export interface Frame extends Look {
  rows: number;
  nowMs: number;
}

/** All three panes beside each other need so much; else there is one at a time. */
const WIDE = 160;
const LEAST_ROWS_WIDE = 16;
const SEPARATOR = ' │ ';
/** Head, and the line of keys. */
const BORDER = 2;

/** Exactly `rows` lines, none wider than `columns`. */
export function picture(state: TopState, frame: Frame): string[] {
  const { columns } = frame;
  const room = Math.max(0, frame.rows - BORDER);
  const body = state.opened
    ? detailsBlock(state, frame, room)
    : columns >= WIDE && frame.rows >= LEAST_ROWS_WIDE
      ? sideBySide(state, frame, room)
      : [tabs(state, frame), ...tableBlock(state, state.pane, frame, Math.max(0, room - 1))];
  const lines = [head(state, frame), ...filled(body, room), foot(state, frame)];
  // Where there is no room for all, what is asked stays, and the head goes.
  return lines.slice(Math.max(0, lines.length - frame.rows)).map((line) => fit(line, columns));
}

/** How far an opened row can be scrolled. */
export const lastOffset = (state: TopState, frame: Frame): number =>
  Math.max(0, detailLines(state, frame).length - Math.max(0, frame.rows - BORDER - 1));

const filled = (lines: readonly string[], height: number): string[] => Array.from({ length: height }, (_, i) => lines[i] ?? '');

/** A backstop: what is too wide loses its colours, not its place. */
const fit = (line: string, width: number): string => (widthOf(line) <= width ? line : cut(stripVTControlCharacters(line), width));

/** Text on the left, and on the right as far as there is room. */
function bothEnds(left: string, right: string, width: number): string {
  const gap = width - widthOf(left) - widthOf(right);
  return right === '' || gap < 2 ? left : left + ' '.repeat(gap) + right;
}

/** As many of the parts as there is room for, the first ones first. */
function joinedWithin(parts: readonly string[], by: string, width: number): string {
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? part : text + by + part;
    if (widthOf(longer) > width) break;
    text = longer;
  }
  return text;
}

function head(state: TopState, { columns, paint, nowMs }: Frame): string {
  const title = `assay top${state.where ? `  ${cut(plainText(state.where), Math.max(0, columns - 60))}` : ''}`;
  const lost = Object.values(state.troubles).filter((t) => t.isLost);
  const since = Math.min(...lost.map((t) => t.sinceMs));
  const first = lost.find((t) => t.sinceMs === since);
  const room = Math.max(0, columns - widthOf(title) - 2);
  if (first) {
    const text = `no answer for ${span(Math.max(0, nowMs - since) / 1000)}, trying again: ${plainText(first.why)}`;
    return `${paint('bold', title)}  ${paint('red', cut(text, room))}`;
  }
  return bothEnds(paint('bold', title), paint('dim', joinedWithin(totalsOf(state), '  ', room)), columns);
}

/** `[1 Evaluations 12]`; brackets say where the keys go, also where there are no colours. */
function tab(state: TopState, name: PaneName, { paint }: Frame): string {
  const number = PANES.indexOf(name) + 1;
  const all = state.rows[name].length;
  const sum = state.seen[sourceOf(name)] ? ` ${count(all)}${name === 'evaluations' && state.isCut ? '+' : ''}` : '';
  const text = `${number} ${paneOf(name).title}${sum}`;
  return name === state.pane ? paint('bold', `[${text}]`) : ` ${text} `;
}

/** What a pane shows of its rows, and in which order. */
function choice(state: TopState, name: PaneName): string {
  const { filter, order } = state.views[name];
  const found = filter === '' ? '' : `/${plainText(filter)} (${count(shownRows(state, name).length)})  `;
  return `${found}by ${paneOf(name).orders[order]?.name ?? ''}`;
}

function tabs(state: TopState, frame: Frame): string {
  const left = PANES.map((name) => tab(state, name, frame)).join(' ');
  const room = Math.max(0, frame.columns - widthOf(left) - 2);
  return bothEnds(left, frame.paint('dim', cut(choice(state, state.pane), room)), frame.columns);
}

/** Evaluations on the left; agents above routes on the right. */
function sideBySide(state: TopState, frame: Frame, height: number): string[] {
  const left = Math.floor((frame.columns - SEPARATOR.length) * 0.54);
  const right = frame.columns - SEPARATOR.length - left;
  const agents = agentsHeight(state, height);
  const block = (name: PaneName, columns: number, rows: number): string[] => {
    const part = { ...frame, columns };
    const title = tab(state, name, frame);
    const room = Math.max(0, columns - widthOf(title) - 2);
    const heading = bothEnds(title, frame.paint('dim', cut(choice(state, name), room)), columns);
    return filled([heading, ...tableBlock(state, name, part, rows - 1)], rows).map((line) => fit(line, columns));
  };
  const lefts = block('evaluations', left, height);
  const rights = [...block('agents', right, agents), '', ...block('routes', right, height - agents - 1)];
  return lefts.map((line, i) => `${padEnd(line, left)}${frame.paint('dim', SEPARATOR)}${rights[i] ?? ''}`.trimEnd());
}

/** A half each; what one does not need the other has. With heading, titles and an empty line below. */
function agentsHeight({ rows }: TopState, height: number): number {
  const half = Math.floor(height / 2);
  const [agents, routes] = [rows.agents.length + 3, rows.routes.length + 4];
  if (agents <= half) return Math.max(5, agents);
  return routes <= height - half ? Math.min(agents, height - Math.max(6, routes)) : half;
}

/** Rows in front of and behind those that are seen which the widths of columns go by too, so that they stand still. */
const AROUND = 100;

/** Titles and rows, at most `height` lines; the row under the cursor is among them. */
function tableBlock<P extends PaneName>(state: TopState, name: P, frame: Frame, height: number): string[] {
  const { columns, paint } = frame;
  const pane = paneOf(name);
  const source = sourceOf(name);
  const trouble = state.troubles[source];
  const told = (text: string): string[] => ['', ...wrapped(text, Math.max(2, columns - 2)).map((line) => `  ${paint('dim', line)}`)];
  if (!state.seen[source]) return told(trouble ? `Not shown: ${trouble.why}` : 'asking …');
  const rows = shownRows(state, name);
  if (rows.length === 0)
    return told(state.rows[name].length === 0 ? pane.none : `Nothing has “${state.views[name].filter}” in it. Esc takes the filter away.`);
  // One line says what is hidden, where something is.
  const fits = rows.length + 1 <= height;
  const room = Math.max(1, fits ? rows.length : height - 2);
  const cursor = cursorIn(state, name, rows);
  const first = Math.max(0, Math.min(cursor - Math.floor(room / 2), rows.length - room));
  const from = Math.max(0, first - AROUND);
  const look = { columns: Math.max(1, columns - 2), paint };
  const [titles, ...lines] = tableLines(pane.columns(frame), rows.slice(from, first + room + AROUND), look);
  const isHere = name === state.pane;
  const seen = lines.slice(first - from, first - from + room).map((line, i) => {
    if (first + i !== cursor || !isHere) return `  ${line}`;
    return `${paint('bold', '▸')} ${paint('inverse', padEnd(stripVTControlCharacters(line), look.columns))}`;
  });
  const more = fits ? [] : [paint('dim', `  ${count(first + 1)}–${count(first + seen.length)} of ${count(rows.length)}`)];
  return [`  ${titles}`, ...seen, ...more];
}

function detailsBlock(state: TopState, frame: Frame, height: number): string[] {
  const lines = detailLines(state, frame);
  const room = Math.max(0, height - 1);
  const offset = Math.min(state.opened!.offset, Math.max(0, lines.length - room));
  const seen = lines.slice(offset, offset + room);
  const where = lines.length > room ? `${count(offset + 1)}–${count(offset + seen.length)} of ${count(lines.length)} lines` : '';
  return [...filled(seen, room), frame.paint('dim', where)];
}

function foot(state: TopState, { columns, paint, nowMs }: Frame): string {
  if (state.asked) {
    const answers = '  y yes  any other key no';
    return `${paint('yellow', questionOf(state.asked, Math.max(8, columns - answers.length)))}${paint('dim', answers)}`;
  }
  if (state.typing) {
    const hint = '   Enter keeps it, Esc drops it';
    const { filter } = state.views[state.pane];
    // The end of what is typed is what is looked at.
    const room = Math.max(1, columns - hint.length - 2);
    return `${paint('bold', `/${endOf(plainText(filter), room)}`)}▏${paint('dim', hint)}`;
  }
  if (state.notice && nowMs < state.notice.untilMs)
    return paint(state.notice.isBad ? 'red' : 'green', cut(plainText(state.notice.text), columns));
  return keysLine(hintsOf(state), columns, paint);
}

const AFTERWARDS: Readonly<Record<Action['verb'], string>> = {
  pause: 'Nothing more is handed out; what runs is counted.',
  resume: '',
  cancel: 'For good; what was counted stays.',
  drain: 'It is given nothing more; what it holds it finishes.',
  undrain: '',
};

/** The name, and the id and what follows where there is room. */
function questionOf({ verb, pane, id, name }: Action, width: number): string {
  const does = `${verb[0]!.toUpperCase()}${verb.slice(1)}${pane === 'evaluations' ? '' : ` ${pane.slice(0, -1)}`}`;
  const which = cut(plainText(name), Math.max(1, width - widthOf(does) - 2));
  const parts = [`${does} ${which}?`, ...(pane === 'evaluations' ? [id] : []), AFTERWARDS[verb]];
  return joinedWithin(parts.filter(Boolean), '  ', width);
}

/** Keys and what they do now, the most wanted first. */
function hintsOf(state: TopState): [key: string, does: string][] {
  const toggle = actionOn(state, 'p')?.verb;
  const actions: [string, string][] = [...(toggle ? [['p', toggle] as [string, string]] : [])];
  if (actionOn(state, 'c')) actions.push(['c', 'cancel']);
  if (state.opened) return [['q', 'quit'], ['Esc', 'back'], ['↑↓', 'scroll'], ...actions];
  return [['q', 'quit'], ['↑↓', 'move'], ['Enter', 'open'], ['Tab', 'pane'], ['/', 'find'], ['s', 'sort'], ...actions];
}

const keysLine = (hints: readonly (readonly [string, string])[], columns: number, paint: Frame['paint']): string =>
  joinedWithin(
    hints.map(([key, does]) => `${paint('bold', key)} ${paint('dim', does)}`),
    '  ',
    columns,
  );

/** The picture that `--once` prints: all of it, nothing under a cursor. */
export function wholePicture(state: TopState, look: Look): string[] {
  const lines = [totalsOf(state).join('  ') || 'nothing is known'];
  for (const name of PANES) lines.push('', look.paint('bold', paneOf(name).title), ...wholeTable(state, name, look));
  return lines;
}

function wholeTable<P extends PaneName>(state: TopState, name: P, look: Look): string[] {
  const trouble = state.troubles[sourceOf(name)];
  if (trouble) return [`not shown: ${plainText(trouble.why)}`];
  const rows = shownRows(state, name);
  // Nothing comes later for which a column would have to stand there empty: rates, mostly, which one look does not know.
  const columns = paneOf(name)
    .columns(look)
    .map((column) => ({ ...column, optional: true }));
  return rows.length === 0 ? [paneOf(name).none] : tableLines(columns, rows, look);
}
