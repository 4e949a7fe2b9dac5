/**
 * `assay/plugin`: what a team needs to write a scorer or a solver of its own. An agent whose operator allows it starts the
 * scorer as a program (`scorer: command`), or calls it over HTTP (`scorer: http`, `solver: http`). `docs/plugins.md` is
 * the manual and has both protocols; nothing here is needed to speak them from another language.
 *
 * ```ts
 * import { defineScorer, runScorerCommand } from 'assay/plugin';
 *
 * const sameLength = defineScorer(({ output, target }) => (target.some((t) => t.length === output.length) ? 'C' : 'I'));
 * await runScorerCommand(sameLength);
 * ```
 */
export { runScorerCommand, type ScorerCommandOptions } from './command.ts';
export { defineScorer, defineSolver } from './define.ts';
export { BusyError, SampleError } from './errors.ts';
export { scorerHandler, solverHandler, type HandlerOptions, type RequestHandler } from './http.ts';
export type * from './types.ts';
