/** The scorers of a benchmark as results have them: one with named chains of filters stands there once for each of them. Pure. */
import type { BenchmarkSpec, FilterSpec } from './spec-schema.ts';

export interface NamedScorer {
  /** Its name in results: `match`, `exact_match,strict-match`, and `match#2`, … where a benchmark has it several times. */
  id: string;
  name: string;
  args: Record<string, unknown>;
  /** What is done to a completion before it is scored, in this order; empty: nothing. */
  filters: FilterSpec[];
}

/**
 * In the order of the spec; named chains in the order of their names, as an object has none (lm-evaluation-harness prints them so as well).
 * Whoever counts, shows or computes scores goes by this list: planner, report and agents are then of one mind.
 */
export function scorersOf(benchmark: Pick<BenchmarkSpec, 'scorers'> & Partial<Pick<BenchmarkSpec, 'solver'>>): NamedScorer[] {
  const seen = new Map<string, number>();
  const named = (text: string): string => {
    const n = (seen.get(text) ?? 0) + 1;
    seen.set(text, n);
    return n === 1 ? text : `${text}#${n}`;
  };
  return benchmark.scorers.flatMap(({ name, args: own, filters = [] }) => {
    const args = name === 'choice' ? withSolver(own, benchmark.solver) : own;
    if (Array.isArray(filters)) return [{ id: named(name), name, args, filters }];
    const chains = Object.entries(filters).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return chains.map(([chain, chained]) => ({ id: named(`${name},${chain}`), name, args, filters: chained }));
  });
}

/** Whoever is asked for one letter names one, and whoever is asked for several may name several, whatever there is to find: as in Inspect. */
const withSolver = (args: Record<string, unknown>, solver: BenchmarkSpec['solver']): Record<string, unknown> =>
  solver?.name === 'multiple_choice' ? { multiple_correct: solver.args['multiple_correct'] === true, ...args } : args;
