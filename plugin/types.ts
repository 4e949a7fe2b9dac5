/** What agents send to plug-ins and take from them: the words of both protocols (`docs/plugins.md`). */

/** A turn of a chat. `content` is text, or parts such as `{type: 'text', text}`. */
export interface ChatMessage {
  role: string;
  content: string | ContentPart[];
}

/** One part of a turn that is more than text. */
export interface ContentPart {
  type: string;
  [key: string]: unknown;
}

/** One answer to be scored. */
export interface ScorerRequest {
  /** What the model said. */
  output: string;
  /** What is right: any of these. */
  target: string[];
  /** Of a multiple-choice sample. */
  choices?: string[];
  /** The sample's input, before any prompt was made of it. */
  input: string | ChatMessage[];
  metadata: Record<string, unknown>;
  sample_id: string | number;
  epoch: number;
  /** What stands beside the scorer's name in the spec. */
  args: Record<string, unknown>;
}

/** C is correct, I incorrect, P partial, N no answer; a number is a grade; null is no verdict: the sample stays unscored. */
export type ScoreValue = 'C' | 'I' | 'P' | 'N' | number | null;

/** A verdict. */
export interface Score {
  value: ScoreValue;
  /** The part of the output that was judged. */
  answer?: string;
  /** For people. */
  explanation?: string;
}

/** A sample to be answered. Its target is never sent. */
export interface SolverRequest {
  sample: {
    id: string | number;
    input: string | ChatMessage[];
    choices?: string[];
    metadata: Record<string, unknown>;
  };
  /** The prompt that the spec makes of the sample. */
  messages: ChatMessage[];
  /** The model that the spec names. */
  model: string;
  /** What the completion is to begin with; it is not part of it. */
  prefill?: string;
  /** Temperature, max_tokens and the like, in the spec's words. */
  generate_config: Record<string, unknown>;
  /** What stands beside the solver's name in the spec. */
  args?: Record<string, unknown>;
  epoch: number;
  evaluation_id: string;
  /** The number of what is counted: one sample, epoch and model. Repeated calls for one unit bear the same. */
  unit: number;
}

/** What a solver answers. */
export interface Solution {
  completion: string;
  reasoning?: string;
  /** `stop`, `max_tokens` and the like. */
  stop_reason?: string;
  usage?: { input_tokens: number; output_tokens: number; reasoning_tokens?: number };
}

/** What a plug-in gets beside the request. */
export interface PluginContext {
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** A verdict, or its value alone. */
export type ScorerAnswer = Score | ScoreValue;

/** Scores one answer. What it throws becomes the error of this sample's score. */
export type Scorer = (request: ScorerRequest, context: PluginContext) => ScorerAnswer | Promise<ScorerAnswer>;

/**
 * Answers one sample. A `SampleError` is the end of this sample, a `BusyError` says when to ask again; whatever else it
 * throws is tried again by the agent, within the spec's retries.
 */
export type Solver = (request: SolverRequest, context: PluginContext) => Solution | string | Promise<Solution | string>;
