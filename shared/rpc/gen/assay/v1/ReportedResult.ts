// Original file: proto/assay/v1/agent.proto


/**
 * The result of one unit.
 */
export interface ReportedResult {
  /**
   * One of the units that were assigned. What is said of another one is refused, acknowledged, and counted against the agent.
   */
  'unit'?: (number);
  /**
   * The unit's result as JSON in UTF-8, see docs/spec.md: {unit, sampleId, epoch, outcome, completion?, reasoning?,
   * stopReason?, scores, error?, usage, timing, calls, retries}. Kept as it is, if it makes sense: `unit` is the one above;
   * with a completion there is one score for each scorer, named as and in the order of `scorers` of the context's benchmark
   * (one with named chains of filters stands for one per chain, `name,chain`, in the order of the chains' names; a second one of
   * a name is `name#2`), without one there is none; and `outcome` is what follows from them: `errored` without a completion or
   * when a score has an `error`, else `unscored` when a score's `number` is null, else `scored`.
   * Anything else is kept as an errored unit of class `bad_response` in its place (`too_large`, beyond 64 MiB), acknowledged, and counted
   * against the agent. An agent that does such things again and again gets no more work.
   */
  'content'?: (Buffer | Uint8Array | string);
}

/**
 * The result of one unit.
 */
export interface ReportedResult__Output {
  /**
   * One of the units that were assigned. What is said of another one is refused, acknowledged, and counted against the agent.
   */
  'unit': (number);
  /**
   * The unit's result as JSON in UTF-8, see docs/spec.md: {unit, sampleId, epoch, outcome, completion?, reasoning?,
   * stopReason?, scores, error?, usage, timing, calls, retries}. Kept as it is, if it makes sense: `unit` is the one above;
   * with a completion there is one score for each scorer, named as and in the order of `scorers` of the context's benchmark
   * (one with named chains of filters stands for one per chain, `name,chain`, in the order of the chains' names; a second one of
   * a name is `name#2`), without one there is none; and `outcome` is what follows from them: `errored` without a completion or
   * when a score has an `error`, else `unscored` when a score's `number` is null, else `scored`.
   * Anything else is kept as an errored unit of class `bad_response` in its place (`too_large`, beyond 64 MiB), acknowledged, and counted
   * against the agent. An agent that does such things again and again gets no more work.
   */
  'content': (Buffer);
}
