/**
 * What a key does. Pure.
 *
 * The user is in one of four places: in a list (from the start), in an opened row (Enter; Esc goes back), typing a filter (`/`; Enter keeps
 * it, Esc brings back the one of before), or before a question (`p`, `c`; `y` says yes, every other key no).
 */
import { withoutLast } from '../render/text.ts';
import type { Key } from './keys.ts';
import { actionOn, cursorIn, paneOf, shownRows } from './panes.ts';
import { PANES, type Action, type PaneName, type PaneView, type TopState } from './state.ts';

/** What the caller is to do. */
export type Wish = { kind: 'quit' | 'interrupt' | 'suspend' | 'redraw' | 'open' } | { kind: 'do'; action: Action };

export interface Pressed {
  state: TopState;
  wish?: Wish;
}

const LONGEST_FILTER = 100;
/** Of rows and lines, as far as is known here. */
const PAGE = 10;

/** Takes keys that came at once. Those behind a question are dropped: whoever pastes has not read it. */
export function pressAll(state: TopState, keys: readonly Key[]): { state: TopState; wishes: Wish[] } {
  const wishes: Wish[] = [];
  let now = state;
  for (const key of keys) {
    const wasAsked = now.asked !== undefined;
    const pressed = press(now, key);
    now = pressed.state;
    if (pressed.wish) wishes.push(pressed.wish);
    if (wasAsked || now.asked) break;
  }
  return { state: now, wishes };
}

export function press(state: TopState, key: Key): Pressed {
  if (key === 'interrupt') return { state, wish: { kind: 'interrupt' } };
  if (key === 'suspend') return { state, wish: { kind: 'suspend' } };
  if (key === 'redraw') return { state, wish: { kind: 'redraw' } };
  if (state.asked) return answer(state, state.asked, key);
  if (state.typing) return { state: typed(state, state.typing.before, key) };
  if (isText(key, 'q')) return { state, wish: { kind: 'quit' } };
  if (isText(key, 'p') || isText(key, 'c')) return ask(state, isText(key, 'p') ? 'p' : 'c');
  return state.opened ? { state: inDetails(state, key) } : inList(state, key);
}

const isText = (key: Key, ...texts: string[]): boolean => typeof key === 'object' && texts.includes(key.text);

function answer(state: TopState, action: Action, key: Key): Pressed {
  const { asked: _, ...rest } = state;
  return isText(key, 'y', 'Y') ? { state: rest, wish: { kind: 'do', action } } : { state: rest };
}

function ask(state: TopState, key: 'p' | 'c'): Pressed {
  const action = actionOn(state, key);
  if (!action) return { state };
  const { notice: _, ...rest } = state;
  return { state: { ...rest, asked: action } };
}

const withView = (state: TopState, change: Partial<PaneView>): TopState => ({
  ...state,
  views: { ...state.views, [state.pane]: { ...state.views[state.pane], ...change } },
});

function typed(state: TopState, before: string, key: Key): TopState {
  const { typing: _, ...rest } = state;
  const { filter } = state.views[state.pane];
  if (key === 'enter') return rest;
  if (key === 'escape') return withView(rest, { filter: before });
  if (key === 'clear') return withView(state, { filter: '' });
  if (key === 'backspace') return withView(state, { filter: withoutLast(filter) });
  if (typeof key === 'object') return withView(state, { filter: `${filter}${key.text}`.slice(0, LONGEST_FILTER) });
  return state;
}

function inList(state: TopState, key: Key): Pressed {
  const to = (pane: PaneName): Pressed => ({ state: { ...state, pane } });
  const at = PANES.indexOf(state.pane);
  if (key === 'tab' || key === 'right') return to(PANES[(at + 1) % PANES.length]!);
  if (key === 'backTab' || key === 'left') return to(PANES[(at + PANES.length - 1) % PANES.length]!);
  const number = PANES.findIndex((_, i) => isText(key, String(i + 1)));
  if (number >= 0) return to(PANES[number]!);
  if (isText(key, '/')) return { state: { ...state, typing: { before: state.views[state.pane].filter } } };
  if (key === 'escape') return { state: withView(state, { filter: '' }) };
  if (isText(key, 's'))
    return { state: withView(state, { order: (state.views[state.pane].order + 1) % paneOf(state.pane).orders.length }) };
  return key === 'enter' ? open(state, state.pane) : { state: moved(state, state.pane, key) };
}

/** How far a key goes; undefined: it is no such key. */
function stepOf(key: Key): number | undefined {
  if (key === 'up' || isText(key, 'k')) return -1;
  if (key === 'down' || isText(key, 'j')) return 1;
  if (key === 'pageUp') return -PAGE;
  if (key === 'pageDown' || isText(key, ' ')) return PAGE;
  if (key === 'home' || isText(key, 'g')) return -Infinity;
  if (key === 'end' || isText(key, 'G')) return Infinity;
  return undefined;
}

function moved<P extends PaneName>(state: TopState, name: P, key: Key): TopState {
  const step = stepOf(key);
  const rows = shownRows(state, name);
  if (step === undefined || rows.length === 0) return state;
  const row = rows[Math.max(0, Math.min(rows.length - 1, cursorIn(state, name, rows) + step))]!;
  return withView(state, { selected: paneOf(name).idOf(row) });
}

function open<P extends PaneName>(state: TopState, name: P): Pressed {
  const rows = shownRows(state, name);
  const row = rows[cursorIn(state, name, rows)];
  if (row === undefined) return { state };
  const id = paneOf(name).idOf(row);
  return { state: { ...withView(state, { selected: id }), opened: { pane: name, id, offset: 0 } }, wish: { kind: 'open' } };
}

function inDetails(state: TopState, key: Key): TopState {
  const { opened, ...rest } = state;
  if (key === 'escape' || key === 'enter' || key === 'backspace' || key === 'left') return rest;
  const step = stepOf(key);
  // The picture knows how many lines there are; an offset beyond them counts as the last one.
  return step === undefined ? state : { ...state, opened: { ...opened!, offset: offsetAfter(opened!.offset, step) } };
}

const MOST_LINES = 10_000;
const offsetAfter = (offset: number, step: number): number => Math.max(0, Math.min(MOST_LINES, offset + step));
