/** The three panes: what a row shows, how rows are ordered and found, and what can be done to one. Pure. */
import { closedOf } from '../render/progress-view.ts';
import { firstMetric, lostOf, progressOf } from '../render/evaluation-columns.ts';
import { agentState } from '../../shared/domain/agent-words.ts';
import { agentColumns, routeColumns, routeState } from '../render/fleet-columns.ts';
import type { Look } from '../render/look.ts';
import { stateColour } from '../render/paint.ts';
import type { Column } from '../render/table.ts';
import { count, perSecond, plural } from '../render/text.ts';
import { span } from '../render/time.ts';
import { EVALUATION_STATES, isFinal } from '../../shared/domain/states.ts';
import type { Action, EvaluationRow, PaneName, RowOf, TopState, Verb } from './state.ts';

interface Order<Row> {
  /** `by …` */
  name: string;
  compare(a: Row, b: Row): number;
}

export interface Pane<Row> {
  title: string;
  idOf(row: Row): string;
  nameOf(row: Row): string;
  columns(look: Look): Column<Row>[];
  orders: readonly Order<Row>[];
  /** What a filter looks through. */
  words(row: Row): readonly string[];
  /** What `p` does now; undefined: nothing. */
  toggle(row: Row): Verb | undefined;
  isCancellable(row: Row): boolean;
  /** Said where there is none. */
  none: string;
}

/** Made once: a thousand agents are compared ten thousand times a picture. */
const byText = new Intl.Collator('en', { numeric: true }).compare;
const shareOf = ({ counts }: EvaluationRow): number => (counts.total > 0 ? closedOf(counts) / counts.total : 0);
const lost = ({ counts }: EvaluationRow): number => counts.errored + counts.dead;
const newest = (a: EvaluationRow, b: EvaluationRow): number => b.createdAtMs - a.createdAtMs || byText(a.evaluationId, b.evaluationId);
const unfinished = (a: EvaluationRow, b: EvaluationRow): number => Number(isFinal(a.state)) - Number(isFinal(b.state));

const BAR = 12;
/** Where there are not many columns the words are worth more. */
const SHORT_BAR = 8;
const SHORT_BELOW = 100;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `████▌·······` */
export function barOf(share: number, width: number): string {
  const eighths = Math.max(0, Math.min(width * 8, Math.floor(share * width * 8)));
  const filled = '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]!;
  return filled + '·'.repeat(width - filled.length);
}

function evaluationColumns(look: Look): Column<EvaluationRow>[] {
  const bar = look.columns < SHORT_BELOW ? SHORT_BAR : BAR;
  return [
    // The longest name may be one that is not seen: it gives way to what every row has.
    { title: 'name', cell: (e) => e.name || e.evaluationId, least: 18 },
    { title: 'state', cell: (e) => e.state, colour: (e) => stateColour(e.state) },
    { title: 'progress', cell: (e) => barOf(shareOf(e), bar), drop: 4, colour: (e) => stateColour(e.state) },
    { title: 'done', right: true, cell: (e) => progressOf(e.counts), drop: 1 },
    { title: 'errors', right: true, cell: (e) => lostOf(e.counts), drop: 3, optional: true, colour: () => 'red' },
    { title: 'rate', right: true, cell: (e) => (e.rate > 0 ? perSecond(e.rate) : ''), drop: 2 },
    { title: 'left', right: true, cell: (e) => (e.etaMs === undefined ? '' : span(e.etaMs / 1000)), drop: 2 },
    { title: 'score', right: true, cell: (e) => firstMetric(e.results) || (e.score ?? ''), drop: 5, optional: true },
    { title: 'created', cell: (e) => look.time(e.createdAtMs), drop: 6 },
    { title: 'owner', cell: (e) => e.owner, drop: 7, optional: true, least: 6 },
    { title: 'tags', cell: (e) => e.tags.join(','), drop: 8, optional: true, least: 8 },
    // A part of an id is of no use.
    { title: 'id', cell: (e) => e.evaluationId, drop: 9 },
  ];
}

const EVALUATIONS: Pane<EvaluationRow> = {
  title: 'Evaluations',
  idOf: (e) => e.evaluationId,
  nameOf: (e) => e.name || e.evaluationId,
  columns: evaluationColumns,
  orders: [
    { name: 'unfinished, newest', compare: (a, b) => unfinished(a, b) || newest(a, b) },
    { name: 'name', compare: (a, b) => byText(a.name, b.name) || newest(a, b) },
    { name: 'progress', compare: (a, b) => unfinished(a, b) || shareOf(b) - shareOf(a) || newest(a, b) },
    { name: 'rate', compare: (a, b) => b.rate - a.rate || unfinished(a, b) || newest(a, b) },
    { name: 'errors', compare: (a, b) => lost(b) - lost(a) || newest(a, b) },
  ],
  words: (e) => [e.name, e.evaluationId, e.state, e.owner, e.reason, ...e.tags, ...e.models, ...e.benchmarks],
  toggle: (e) => (e.state === 'paused' ? 'resume' : isFinal(e.state) || e.state === 'finalizing' ? undefined : 'pause'),
  isCancellable: (e) => !isFinal(e.state),
  none: 'No evaluations. `assay submit SPEC` makes one.',
};

const AGENTS: Pane<RowOf['agents']> = {
  title: 'Agents',
  idOf: (a) => a.agentId,
  nameOf: (a) => a.name,
  columns: (look) =>
    agentColumns(look, false).map((column) =>
      // The watch tells what changes; that an agent is still there is no change, so its time would grow old.
      column.title === 'seen'
        ? { ...column, title: 'gone', cell: (a) => (a.state === 'gone' ? look.time(a.seenAtMs) : ''), optional: true }
        : column,
    ),
  orders: [
    { name: 'name', compare: (a, b) => Number(a.state === 'gone') - Number(b.state === 'gone') || byText(a.name, b.name) },
    { name: 'samples', compare: (a, b) => b.samples - a.samples || byText(a.name, b.name) },
    { name: 'errors', compare: (a, b) => b.errored - a.errored || byText(a.name, b.name) },
    { name: 'counted', compare: (a, b) => b.counted - a.counted || byText(a.name, b.name) },
  ],
  words: (a) => [
    a.name,
    a.agentId,
    agentState(a),
    ...a.models.map((m) => m.match),
    ...Object.entries(a.labels).map((pair) => pair.join('=')),
  ],
  toggle: (a) => (a.quarantined || a.drainedByOperator ? 'undrain' : a.state === 'ready' ? 'drain' : undefined),
  isCancellable: () => false,
  none: 'No agents. `assay agent --config FILE` connects one.',
};

const ROUTES: Pane<RowOf['routes']> = {
  title: 'Routes',
  idOf: (r) => r.route,
  nameOf: (r) => r.requirement,
  // It is what they differ in; why nobody serves one is told in full where it is opened.
  columns: () => routeColumns(false).map((column) => (column.title === 'requirement' ? { ...column, least: 24 } : column)),
  orders: [
    { name: 'open', compare: (a, b) => b.open - a.open || byText(a.requirement, b.requirement) },
    { name: 'wait', compare: (a, b) => b.oldestWaitMs - a.oldestWaitMs || byText(a.requirement, b.requirement) },
    { name: 'requirement', compare: (a, b) => byText(a.requirement, b.requirement) },
  ],
  words: (r) => [r.requirement, r.route, routeState(r), r.reason, r.namespace, ...r.evaluationIds],
  toggle: (r) => (r.paused ? 'resume' : 'pause'),
  isCancellable: () => false,
  none: 'No routes: no unfinished evaluation waits for anything.',
};

const BY_NAME: { readonly [P in PaneName]: Pane<RowOf[P]> } = { evaluations: EVALUATIONS, agents: AGENTS, routes: ROUTES };
export const paneOf = <P extends PaneName>(name: P): Pane<RowOf[P]> => BY_NAME[name];

/** The rows that the filter lets through, in the order that was chosen. */
export function shownRows<P extends PaneName>(state: TopState, name: P): RowOf[P][] {
  const pane = paneOf(name);
  const { filter, order } = state.views[name];
  const wanted = filter.toLowerCase().split(' ').filter(Boolean);
  const fits = (row: RowOf[P]): boolean => {
    const text = pane.words(row).join('\n').toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  const rows: readonly RowOf[P][] = state.rows[name];
  return rows.filter(fits).toSorted((pane.orders[order] ?? pane.orders[0]!).compare);
}

/** Where the cursor stands among these rows: -1 where there are none. */
export function cursorIn<P extends PaneName>(state: TopState, name: P, rows: readonly RowOf[P][]): number {
  const at = rows.findIndex((row) => paneOf(name).idOf(row) === state.views[name].selected);
  return at >= 0 ? at : Math.min(0, rows.length - 1);
}

/** The row that keys are about: the opened one, or that under the cursor. Undefined: there is none. */
export function rowInHand<P extends PaneName>(state: TopState, name: P): RowOf[P] | undefined {
  const { opened } = state;
  const all: readonly RowOf[P][] = state.rows[name];
  if (opened) return all.find((row) => paneOf(name).idOf(row) === opened.id);
  const rows = shownRows(state, name);
  return rows[cursorIn(state, name, rows)];
}

/** What `p` (or `c`) would do to the row in hand. */
export function actionOn(state: TopState, key: 'p' | 'c'): Action | undefined {
  const of = <P extends PaneName>(name: P): Action | undefined => {
    const row = rowInHand(state, name);
    if (row === undefined) return undefined;
    const pane = paneOf(name);
    const verb = key === 'p' ? pane.toggle(row) : pane.isCancellable(row) ? 'cancel' : undefined;
    return verb && { verb, pane: name, id: pane.idOf(row), name: pane.nameOf(row) };
  };
  return of(state.opened?.pane ?? state.pane);
}

/** Those of evaluations that are not over. */
export const UNFINISHED = EVALUATION_STATES.filter((state) => !isFinal(state));

/** `12 running`, `4.2/s`, `40 in flight`, `1,400 open`, `3 agents`: what matters most comes first. */
export function totalsOf({ rows, coordinators, seen }: TopState): string[] {
  const parts: string[] = [];
  if (seen.evaluations) {
    const sums = UNFINISHED.map((state) => [state, rows.evaluations.filter((e) => e.state === state).length] as const);
    const some = sums.filter(([, n]) => n > 0).map(([state, n]) => `${count(n)} ${state}`);
    parts.push(...(some.length > 0 ? some : ['nothing runs']));
    const rate = rows.evaluations.reduce((sum, e) => sum + e.rate, 0);
    if (rate > 0) parts.push(perSecond(rate));
  }
  if (seen.fleet) {
    const connected = rows.agents.filter((a) => a.state !== 'gone');
    parts.push(`${count(connected.reduce((sum, a) => sum + a.samples, 0))} in flight`);
    parts.push(`${count(rows.routes.reduce((sum, r) => sum + r.open, 0))} open`);
    parts.push(plural(connected.length, 'agent'));
    if (coordinators.length > 1) parts.push(`${count(coordinators.length)} coordinators`);
  }
  return parts;
}
