/** Follows an evaluation to its end and draws what happens; says so when nothing happens because nobody can work on it. */
import type { AssayClient } from '../shared/client/client.ts';
import type { Evaluation } from '../shared/client/types.ts';
import { isFinal, type EvaluationState } from '../shared/domain/states.ts';
import { systemClock } from '../shared/runtime/clock.ts';
import { Duty } from '../shared/runtime/service.ts';
import type { ProgressRenderer } from './render/progress-renderer.ts';
import { applyEvent, closedOf, newProgressView, type ProgressView } from './render/progress-view.ts';
import { count, plainText } from './render/text.ts';
import { wireNote } from './render/wire-words.ts';

const REDRAW_MS = 250;
const STUCK_CHECK_MS = 3_000;
/** An endpoint that is up and down for days must not fill the screen. */
const MOST_NOTES = 50;
const CONNECT_ONE =
  'Connect one: assay agent --config FILE, with a fitting `match` in its models and the labels. The evaluation goes on by itself.';

export interface FollowOptions {
  client: AssayClient;
  evaluationId: string;
  cursor?: string;
  renderer: ProgressRenderer;
  /** What to do when no agent works, where more is known than that. */
  hint?: string;
  /** The last error of agents of our own; a new one is told at once. */
  agentError?: () => Promise<string | undefined>;
}

/** Returns the final state. Throws what the client throws, its interruption too. */
export async function follow(options: FollowOptions): Promise<EvaluationState> {
  const { client, evaluationId, cursor, renderer } = options;
  const view = newProgressView();
  if (cursor) {
    // What comes after a cursor are changes; the whole picture is needed to draw them into.
    const evaluation = await client.get(evaluationId);
    applyEvent(view, { kind: 'snapshot', resync: false, cursor, timeMs: 0, evaluation }, performance.now());
  }
  const redraw = setInterval(() => renderer.show(view), REDRAW_MS);
  const stuckCheck = new Duty({ periodMs: STUCK_CHECK_MS, clock: systemClock, onError: () => undefined, run: stuckChecker(options, view) });
  await stuckCheck.start();
  try {
    for await (const event of client.watch(evaluationId, cursor ? { cursor } : {})) {
      applyEvent(view, event, performance.now());
      renderer.show(view);
    }
  } finally {
    clearInterval(redraw);
    await stuckCheck.stop();
    // Without a first picture there is nothing to show.
    renderer.close(view.name === '' && view.counts.total === 0 ? undefined : view);
  }
  if (isFinal(view.state)) return view.state;
  return (await client.get(evaluationId)).state;
}

/** Tells new errors of our agents; and when nothing has moved since the look before, asks why and says it once. */
function stuckChecker({ client, evaluationId, renderer, hint, agentError }: FollowOptions, view: ProgressView): () => Promise<void> {
  let closedBefore = -1;
  const said = new Set<string>();
  const sayOnce = (text: string | undefined): void => {
    if (!text || said.has(text) || said.size >= MOST_NOTES) return;
    said.add(text);
    renderer.note(text);
  };
  return async () => {
    sayOnce(await agentError?.());
    const closed = closedOf(view.counts);
    const stands = closed === closedBefore && (view.state === 'running' || view.state === 'accepted');
    closedBefore = closed;
    if (!stands) return;
    const told = whyWaiting(await client.get(evaluationId), hint, await misfits(client));
    sayOnce(told ? `${told}\n${moreOf(evaluationId)}` : await stoppedBy(client, evaluationId));
  };
}

const moreOf = (evaluationId: string): string => `More: assay why ${evaluationId}`;

/** What else keeps it from running; undefined where it runs, or the coordinator is too old to say. */
async function stoppedBy(client: AssayClient, evaluationId: string): Promise<string | undefined> {
  const [first] = await client.why({ evaluationId }).then(
    ({ reasons }) => reasons,
    () => [],
  );
  return first?.effect === 'blocks' ? `waiting: ${plainText(first.text)}\n${moreOf(evaluationId)}` : undefined;
}

/** Why connected agents do not fit, by route; empty where that cannot be known. */
const misfits = (client: AssayClient): Promise<Misfits> =>
  client.routes({}, { size: 200, token: '' }).then(
    ({ items }) => new Map(items.map((route) => [route.route, route.misfits])),
    () => new Map(),
  );
type Misfits = ReadonlyMap<string, readonly string[]>;
const MOST_MISFITS = 3;

/** Why nothing runs, for people; undefined when something does. `why`: agents that do not fit, by route. */
export function whyWaiting(evaluation: Evaluation, hint = CONNECT_ONE, why: Misfits = new Map()): string | undefined {
  const waiting = evaluation.routes.filter((r) => r.open > 0);
  if (isFinal(evaluation.state) || evaluation.state === 'paused' || evaluation.inFlight > 0 || waiting.length === 0) return undefined;
  const named = waiting
    .slice(0, 5)
    .flatMap((r) => [
      `  ${plainText(r.requirement)}  (${count(r.open)} open)`,
      ...(why.get(r.route) ?? []).slice(0, MOST_MISFITS).map((line) => `    ${plainText(line)}`),
    ]);
  if (waiting.length > 5) named.push(`  … and ${waiting.length - 5} more`);
  // Where the agents are known, only one that is too old is told so.
  const known = waiting.flatMap((r) => why.get(r.route) ?? []);
  const notes =
    known.length === 0 || known.some((line) => line.includes('wire version')) ? wireNote(waiting.map((r) => r.requirement)) : [];
  return ['waiting: no connected agent works on', ...named, ...notes.map(plainText), hint].join('\n');
}
