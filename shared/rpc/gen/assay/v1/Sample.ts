// Original file: proto/assay/v1/evaluation.proto

import type { SampleResult as _assay_v1_SampleResult, SampleResult__Output as _assay_v1_SampleResult__Output } from '../../assay/v1/SampleResult.ts';
import type { ChatMessage as _assay_v1_ChatMessage, ChatMessage__Output as _assay_v1_ChatMessage__Output } from '../../assay/v1/ChatMessage.ts';
import type { FailedAttempt as _assay_v1_FailedAttempt, FailedAttempt__Output as _assay_v1_FailedAttempt__Output } from '../../assay/v1/FailedAttempt.ts';
import type { SampleAttempt as _assay_v1_SampleAttempt, SampleAttempt__Output as _assay_v1_SampleAttempt__Output } from '../../assay/v1/SampleAttempt.ts';
import type { SampleJudgeCall as _assay_v1_SampleJudgeCall, SampleJudgeCall__Output as _assay_v1_SampleJudgeCall__Output } from '../../assay/v1/SampleJudgeCall.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Everything about one unit. Texts longer than 1 MiB are cut; `truncated` names them, StreamResults has completions in full.
 */
export interface Sample {
  /**
   * Its outcome; of an open unit only the names and the state.
   */
  'result'?: (_assay_v1_SampleResult | null);
  /**
   * What the model was sent.
   */
  'messages'?: (_assay_v1_ChatMessage)[];
  /**
   * What is right: any of these.
   */
  'target'?: (string)[];
  /**
   * Of a multiple-choice sample.
   */
  'choices'?: (string)[];
  /**
   * The sample's metadata: one JSON object in UTF-8.
   */
  'metadataJson'?: (Buffer | Uint8Array | string);
  /**
   * Failed model calls and failed runs of the sample, in order, at most 50.
   */
  'failures'?: (_assay_v1_FailedAttempt)[];
  /**
   * When it started, ms since the epoch, and how long it worked: total_ms less its waits.
   */
  'startedAtMs'?: (number | string | Long);
  /**
   * How long it worked: total_ms less its waits.
   */
  'workingMs'?: (number | string);
  /**
   * Of an open unit: where it is (waiting, running on an agent since …).
   */
  'whereabouts'?: (string);
  /**
   * Log-probabilities of the answer's tokens as JSON, where generate_config asked for them.
   */
  'logprobsJson'?: (Buffer | Uint8Array | string);
  /**
   * A limit that ended it: time, working, tokens.
   */
  'limit'?: (string);
  /**
   * Which texts were cut or left out: completion, reasoning, metadata, logprobs, target, choices, messages[0] …
   */
  'truncated'?: (string)[];
  /**
   * The trace in which it was executed, 32 hex digits.
   */
  'traceId'?: (string);
  /**
   * Attempts that its tasks were given out for, as far as coordinators keep them (see GetCourse), those that began first come first; at most the
   * last 50. By Redis's clock; all other times are those of agents. From a coordinator of before: none.
   */
  'attempts'?: (_assay_v1_SampleAttempt)[];
  /**
   * Attempts of the evaluation that are not kept (any more): some may have been about this sample.
   */
  'attemptsLeftOut'?: (number);
  /**
   * Calls of judges about its answer that have ended, at most 16.
   */
  'judgeCalls'?: (_assay_v1_SampleJudgeCall)[];
}

/**
 * Everything about one unit. Texts longer than 1 MiB are cut; `truncated` names them, StreamResults has completions in full.
 */
export interface Sample__Output {
  /**
   * Its outcome; of an open unit only the names and the state.
   */
  'result': (_assay_v1_SampleResult__Output | null);
  /**
   * What the model was sent.
   */
  'messages': (_assay_v1_ChatMessage__Output)[];
  /**
   * What is right: any of these.
   */
  'target': (string)[];
  /**
   * Of a multiple-choice sample.
   */
  'choices': (string)[];
  /**
   * The sample's metadata: one JSON object in UTF-8.
   */
  'metadataJson': (Buffer);
  /**
   * Failed model calls and failed runs of the sample, in order, at most 50.
   */
  'failures': (_assay_v1_FailedAttempt__Output)[];
  /**
   * When it started, ms since the epoch, and how long it worked: total_ms less its waits.
   */
  'startedAtMs': (string);
  /**
   * How long it worked: total_ms less its waits.
   */
  'workingMs': (number);
  /**
   * Of an open unit: where it is (waiting, running on an agent since …).
   */
  'whereabouts': (string);
  /**
   * Log-probabilities of the answer's tokens as JSON, where generate_config asked for them.
   */
  'logprobsJson': (Buffer);
  /**
   * A limit that ended it: time, working, tokens.
   */
  'limit': (string);
  /**
   * Which texts were cut or left out: completion, reasoning, metadata, logprobs, target, choices, messages[0] …
   */
  'truncated': (string)[];
  /**
   * The trace in which it was executed, 32 hex digits.
   */
  'traceId': (string);
  /**
   * Attempts that its tasks were given out for, as far as coordinators keep them (see GetCourse), those that began first come first; at most the
   * last 50. By Redis's clock; all other times are those of agents. From a coordinator of before: none.
   */
  'attempts': (_assay_v1_SampleAttempt__Output)[];
  /**
   * Attempts of the evaluation that are not kept (any more): some may have been about this sample.
   */
  'attemptsLeftOut': (number);
  /**
   * Calls of judges about its answer that have ended, at most 16.
   */
  'judgeCalls': (_assay_v1_SampleJudgeCall__Output)[];
}
