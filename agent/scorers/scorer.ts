/** A scorer that is computed elsewhere: by a program or at a URL that the operator allows. One file per scorer; `registry.ts` has a line for each. */
import type { Verdict } from '../../shared/scoring/scorer.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { JsonPosts } from '../models/json-post.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Programs } from './programs.ts';

/** What the scorer is told of a sample; on the wire exactly so. */
export interface ScoreRequest {
  output: string;
  target: string[];
  choices?: string[];
  input: unknown;
  metadata: Record<string, unknown>;
  sample_id: string | number;
  epoch: number;
}

/** Throws with words when there is no verdict, or the signal's reason when it aborts. */
export type RemoteScorer = (request: ScoreRequest, signal: AbortSignal) => Promise<Verdict>;

export interface ScorerTools {
  programs: Programs;
  posts: JsonPosts;
  /** Absent where the operator set none up, or it did not pass its own test. */
  sandbox?: Sandbox | undefined;
  clock: Clock;
  /** [0, 1) */
  random: () => number;
}
