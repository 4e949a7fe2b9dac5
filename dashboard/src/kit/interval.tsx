/** A score with its uncertainty: as numbers, and as a place on a scale. */
import { fixed } from '../words.ts';
import { halfOf, type Score } from '../scores.ts';

export function ScoreText({ score }: { score: Pick<Score, 'mean' | 'low' | 'high'> }) {
  if (score.mean === undefined) return <span class="faint">–</span>;
  const half = halfOf(score);
  return (
    <span class="score">
      <b>{fixed(score.mean)}</b>
      <span class="half">{half === undefined ? '' : `± ${half.toFixed(3)}`}</span>
    </span>
  );
}

const at = (value: number, from: number, to: number): number => (100 * Math.min(1, Math.max(0, (value - from) / (to - from || 1)))) / 1;

/** On a scale that all scores of a table share. */
export function Interval({ score, from, to }: { score: Pick<Score, 'mean' | 'low' | 'high'>; from: number; to: number }) {
  const { mean, low = mean, high = mean } = score;
  if (mean === undefined) return <span class="interval" />;
  const [left, right] = [at(low!, from, to), at(high!, from, to)];
  const text = `${fixed(mean)}, between ${fixed(low!)} and ${fixed(high!)} with 95 % confidence`;
  return (
    <span class="interval" role="img" aria-label={text} title={text}>
      <i class="span" style={{ left: `${left}%`, width: `${Math.max(0.5, right - left)}%` }} />
      <i class="mean" style={{ left: `${at(mean, from, to)}%` }} />
    </span>
  );
}
