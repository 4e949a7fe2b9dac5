/** A benchmark's mapping, templates and examples, compiled once: from a dataset's line to a sample, and from a sample to its prompt. */
import type { Shot } from './manifest.ts';
import { compilePrompt, type Prompt } from './prompt.ts';
import { compileMapping, type MapLine, type Sample } from './sample-mapping.ts';
import { shuffleChoices } from './shuffled-choices.ts';
import { solverOf } from './spec-defaults.ts';
import type { BenchmarkSpec } from './spec-schema.ts';

export type { ChatMessage, ContentPart } from './chat.ts';
export type { Prompt } from './prompt.ts';
export { inputText, type Sample } from './sample-mapping.ts';

export interface CompiledBenchmark {
  /** Throws AppError invalid. */
  map: MapLine;
  /**
   * `ordinal` is that of `map`: a sample is never its own example. Throws AppError invalid when a template asks for what the
   * sample lacks.
   */
  messages(sample: Sample, ordinal: number): Prompt;
  /** The sample as an example for others. Throws AppError invalid. */
  shot(sample: Sample, ordinal: number): Shot;
}

/** Ready for any number of samples. Throws AppError invalid for a template that is none. */
export function compileBenchmark(benchmark: BenchmarkSpec, fewshot: readonly Shot[] = []): CompiledBenchmark {
  const { make, shot } = compilePrompt(benchmark, fewshot);
  return { map: mapOf(benchmark), messages: make, shot };
}

/** Choices are shuffled before anybody sees them: prompts, scorers, examples and readers are then of one mind. */
function mapOf(benchmark: BenchmarkSpec): MapLine {
  const map = compileMapping(benchmark.dataset);
  const { name, args } = solverOf(benchmark);
  const seed = name === 'multiple_choice' ? args['shuffle'] : undefined;
  if (typeof seed !== 'number') return map;
  const shuffled = shuffleChoices(seed);
  return (line, ordinal) => shuffled(map(line, ordinal), ordinal);
}

/** An example from a line of the dataset of examples, which is mapped as the benchmark's own. Throws AppError invalid. */
export const shotOf = (benchmark: CompiledBenchmark, line: Uint8Array | string, ordinal: number): Shot =>
  benchmark.shot(benchmark.map(line, ordinal), ordinal);
