/** States: one colour for each meaning, on every page, and always beside its word. */
import type { AgentState } from '../../../shared/client/agent-types.ts';
import type { Counts, EvaluationState, UnitState } from '../../../shared/domain/states.ts';
import { count } from '../words.ts';

/** What a colour means: nothing yet, at work, held by somebody, done well, lost, ended on purpose. */
export type Tone = 'idle' | 'work' | 'held' | 'good' | 'bad' | 'odd' | 'off';

const TONES: Readonly<Record<EvaluationState | UnitState | AgentState, Tone>> = {
  accepted: 'idle',
  running: 'work',
  paused: 'held',
  finalizing: 'work',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'off',
  recovering: 'held',
  pending: 'idle',
  generated: 'work',
  scored: 'good',
  unscored: 'odd',
  errored: 'bad',
  dead: 'bad',
  ready: 'good',
  draining: 'held',
  gone: 'off',
};

export const toneOf = (state: keyof typeof TONES): Tone => TONES[state];

export const State = ({ state }: { state: keyof typeof TONES }) => (
  <span class={`state tone-${TONES[state]}`}>
    <i class="dot" aria-hidden="true" />
    {state}
  </span>
);

export const Badge = ({ tone, children }: { tone: Tone; children: string }) => (
  <span class={`state tone-${tone}`}>
    <i class="dot" aria-hidden="true" />
    {children}
  </span>
);

const PARTS = ['scored', 'unscored', 'errored', 'dead', 'cancelled'] as const;

export const closedOf = (counts: Counts): number => PARTS.reduce((sum, part) => sum + counts[part], 0);

/** How units stand: a bar of what was closed, in the order of worth. */
export function Progress({ counts, label }: { counts: Counts; label?: string }) {
  const { total } = counts;
  const told = PARTS.filter((part) => counts[part] > 0).map((part) => `${count(counts[part])} ${part}`);
  const text = `${label ? `${label}: ` : ''}${count(closedOf(counts))} of ${count(total)} closed${told.length > 0 ? `: ${told.join(', ')}` : ''}`;
  return (
    <span class="bar" role="img" aria-label={text} title={text}>
      {PARTS.map((part) =>
        counts[part] > 0 ? (
          <i key={part} class={`unit-${part}`} style={{ width: `${(100 * counts[part]) / Math.max(1, total)}%` }} />
        ) : null,
      )}
    </span>
  );
}

/** The same in words, for where there is room. */
export const Legend = ({ counts }: { counts: Counts }) => {
  const open = counts.total - closedOf(counts);
  return (
    <ul class="legend">
      {PARTS.map((part) =>
        counts[part] > 0 || part === 'scored' ? (
          <li key={part}>
            <i class={`swatch unit-${part}`} aria-hidden="true" />
            <b>{count(counts[part])}</b> {part}
          </li>
        ) : null,
      )}
      {open > 0 ? (
        <li>
          <i class="swatch unit-open" aria-hidden="true" />
          <b>{count(open)}</b> open
        </li>
      ) : null}
    </ul>
  );
};
