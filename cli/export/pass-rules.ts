/** Which scores pass as a test: by `--pass 'bleu>=30'`, else by what the scorer's numbers mean. Pure. */
import { isLessBetter } from '../../shared/scoring/registry.ts';
import type { Faults } from '../flags.ts';
import { plainText } from '../render/text.ts';

const HOLDS = {
  '>=': (value: number, bound: number) => value >= bound,
  '<=': (value: number, bound: number) => value <= bound,
  '>': (value: number, bound: number) => value > bound,
  '<': (value: number, bound: number) => value < bound,
};

export interface PassRule {
  /** As scores have it; `exact_match` is also of `exact_match,strict-match`. */
  scorer: string;
  operator: keyof typeof HOLDS;
  bound: number;
}

/** All faults go to `faults`. */
export function parsePassRules(texts: readonly string[], faults: Faults): PassRule[] {
  return texts.flatMap((text) => {
    const [, scorer = '', operator = '', right = ''] = /^\s*(.+?)\s*(>=|<=|>|<)\s*(\S+)\s*$/s.exec(text) ?? [];
    const bound = Number(right);
    if (scorer !== '' && Number.isFinite(bound)) return [{ scorer, operator: operator as PassRule['operator'], bound }];
    faults.add('--pass', `'${plainText(text).slice(0, 80)}' is no rule; write SCORER>=NUMBER, for example 'bleu>=30'`);
    return [];
  });
}

/**
 * Whether a score passes. Without a rule one of 1 and more does; but where less is better, and of log-likelihoods (which are never above 0), there is
 * nothing to go by: they pass. No verdict never passes.
 */
export function passes({ scorer, number }: { scorer: string; number: number | null }, rules: readonly PassRule[]): boolean {
  if (number === null) return false;
  const [plain] = scorer.split(/[,#]/, 1) as [string];
  const rule = rules.find((one) => one.scorer === scorer) ?? rules.find((one) => one.scorer === plain);
  if (rule) return HOLDS[rule.operator](number, rule.bound);
  return isLessBetter(scorer) || plain === 'loglikelihood' || number >= 1;
}

/** Rules about no scorer of these are faults. */
export function checkRules(rules: readonly PassRule[], scorers: readonly string[], faults: Faults): void {
  for (const { scorer } of rules)
    if (!scorers.some((one) => one === scorer || one.split(/[,#]/, 1)[0] === scorer))
      faults.add(
        '--pass',
        `'${plainText(scorer).slice(0, 80)}' is no scorer of what is exported; it has ${plainText(scorers.join(', ')) || 'none'}`,
      );
}
