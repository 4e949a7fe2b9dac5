/** The solvers by name. A new one is a file of its own and a line here. */
import { AppError } from '../../shared/domain/errors.ts';
import type { BenchmarkSpec } from '../../shared/domain/spec.ts';
import { solverOf } from '../../shared/domain/spec-defaults.ts';
import { generate } from './generate.ts';
import { http } from './http.ts';
import { likelihood } from './likelihood.ts';
import type { Solver, SolverKind, SolverTools } from './solver.ts';

const SOLVERS = new Map<string, SolverKind>(
  Object.entries({
    generate,
    multiple_choice: generate,
    http,
    loglikelihood_choice: likelihood,
    loglikelihood: likelihood,
    loglikelihood_rolling: likelihood,
  }),
);

/** A benchmark's solver. Throws AppError `invalid` for one that is unknown, or not allowed on this agent. */
export function createSolver(benchmark: BenchmarkSpec, tools: SolverTools): Solver {
  const { name, args } = solverOf(benchmark);
  const kind = SOLVERS.get(name);
  if (!kind) throw new AppError('invalid', `no solver is named ${JSON.stringify(name)} here; there are ${[...SOLVERS.keys()].join(', ')}`);
  return kind(benchmark, args, tools);
}
