/** What `assay top` knows and where its user is. Plain data; `press` and the feed make new ones. */
import type {
  Agent,
  CoordinatorStatus,
  Evaluation,
  EvaluationSummary,
  HeldAttempt,
  Report,
  RouteStatus,
} from '../../shared/client/types.ts';
import type { Why } from '../../shared/client/why.ts';

export const PANES = ['evaluations', 'agents', 'routes'] as const;
export type PaneName = (typeof PANES)[number];

/** An evaluation, and how fast it has been going while it was looked at. */
export interface EvaluationRow extends EvaluationSummary {
  rate: number;
  etaMs?: number;
  /** Of one that runs: its score so far; '' or absent: none is known. */
  score?: string;
}

/** What stands in a row of each pane. */
export interface RowOf {
  evaluations: EvaluationRow;
  agents: Agent;
  routes: RouteStatus;
}

/** Where rows come from: lists of evaluations, and the watch of the cluster. */
export type Source = 'evaluations' | 'fleet';
export const sourceOf = (pane: PaneName): Source => (pane === 'evaluations' ? 'evaluations' : 'fleet');

/** Why a source gives nothing now. */
export interface Trouble {
  sinceMs: number;
  why: string;
  /** Nobody answers, in place of a refusal. */
  isLost: boolean;
}

/** How its user sees a pane. */
export interface PaneView {
  /** The id of the row under the cursor; '' or one that is gone: the first. */
  selected: string;
  filter: string;
  /** Which of the pane's orders. */
  order: number;
}

/** What can be done to a row, and undone. */
export type Verb = 'pause' | 'resume' | 'cancel' | 'drain' | 'undrain';
export interface Action {
  verb: Verb;
  pane: PaneName;
  id: string;
  name: string;
}

/** More about one row than its pane has; routes have nothing more. */
export type Details =
  | { kind: 'evaluation'; evaluation: Evaluation; why?: Why; report?: Report }
  | { kind: 'agent'; agent: Agent; attempts: HeldAttempt[] };

/** One row, opened. */
export interface Opened {
  pane: PaneName;
  id: string;
  /** Lines above those that are seen. */
  offset: number;
  details?: Details;
  problem?: string;
}

export interface TopState {
  /** The coordinators and the namespace that were named; '' for those of this home. */
  where: string;
  pane: PaneName;
  views: Record<PaneName, PaneView>;
  rows: { [P in PaneName]: RowOf[P][] };
  coordinators: CoordinatorStatus[];
  /** There are more unfinished evaluations than are listed. */
  isCut: boolean;
  /** Sources that have answered once. */
  seen: Partial<Record<Source, boolean>>;
  troubles: Partial<Record<Source, Trouble>>;
  opened?: Opened;
  /** A filter is being typed: what it was before. */
  typing?: { before: string };
  /** Wants a yes. */
  asked?: Action;
  notice?: { text: string; isBad: boolean; untilMs: number };
}

const view = (): PaneView => ({ selected: '', filter: '', order: 0 });

export const newTopState = (where = ''): TopState => ({
  where,
  pane: 'evaluations',
  views: { evaluations: view(), agents: view(), routes: view() },
  rows: { evaluations: [], agents: [], routes: [] },
  coordinators: [],
  isCut: false,
  seen: {},
  troubles: {},
});
