/** `--baseline EVAL --max-drop 0.01`: no row may be worse than the baseline's by more. Pure. */
import type { Compared } from '../compare/compare.ts';
import { numberText, type Check } from './rules.ts';

/** Differences of equal decimals may miss the bound in their last bits. */
const SLACK = 1e-12;

/** What the baseline has and the candidate lacks does not pass. */
export function dropChecks({ rows, onlyBaseline }: Compared, maxDrop: number): Check[] {
  const rule = `drops by ${maxDrop} at most`;
  return [
    ...rows.map(({ benchmark, model, candidateModel, scorer, lessIsBetter, difference, stderr, baseline, candidate }): Check => ({
      rule,
      where: [benchmark, candidateModel === undefined ? model : `${model} → ${candidateModel}`, scorer].join(' · '),
      passed: (lessIsBetter ? -difference : difference) >= -maxDrop - SLACK,
      found: `${numberText(candidate)} after ${numberText(baseline)}, difference ${numberText(difference)}${stderr === undefined ? '' : ` ± ${stderr.toFixed(4)}`}`,
    })),
    ...onlyBaseline.map((where): Check => ({ rule, where, passed: false, found: 'has no score here, but one in the baseline' })),
  ];
}
