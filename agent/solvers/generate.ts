/**
 * `generate` (and `multiple_choice`, whose prompt is all that is special about it): the sample's messages go to the model, its answer is
 * the completion. What the answer was made to begin with (`gen_prefix`) is taken off again where an endpoint repeats it.
 */
import type { Generation } from '../models/provider.ts';
import type { Caller, SolverKind } from './solver.ts';

export const generate: SolverKind = ({ prompt }) => ({ over: prompt.gen_prefix === undefined ? (provider) => provider : withoutPrefill });

const withoutPrefill = (provider: Caller): Caller => ({
  generate: async (request) => {
    const generation = await provider.generate(request);
    return request.prefill === undefined ? generation : stripped(generation, request.prefill);
  },
});

function stripped(generation: Generation, prefill: string): Generation {
  if (prefill === '' || !generation.completion.startsWith(prefill)) return generation;
  return { ...generation, completion: generation.completion.slice(prefill.length) };
}
