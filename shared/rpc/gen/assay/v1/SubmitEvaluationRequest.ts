// Original file: proto/assay/v1/evaluation.proto

import type { Durability as _assay_v1_Durability, Durability__Output as _assay_v1_Durability__Output } from '../../assay/v1/Durability.ts';

/**
 * What is to be evaluated, and under which key.
 */
export interface SubmitEvaluationRequest {
  /**
   * The spec as a JSON document in UTF-8, at most 1 MiB. Its form is described in docs/spec.md. A dataset whose uri is
   * `file:` must carry the `digest` of content that was uploaded before: a coordinator never opens a client's path.
   */
  'specJson'?: (Buffer | Uint8Array | string);
  /**
   * Chosen by the client, 1 … 256 characters, unique for each evaluation that is wanted.
   */
  'idempotencyKey'?: (string);
  /**
   * Separates the keys of different users: 1 … 64 of the characters A–Z a–z 0–9 . _ -; empty means "default".
   */
  'namespace'?: (string);
  /**
   * Who is to be asked about it: at most 200 characters, as the client says.
   */
  'owner'?: (string);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability'?: (_assay_v1_Durability | null);
}

/**
 * What is to be evaluated, and under which key.
 */
export interface SubmitEvaluationRequest__Output {
  /**
   * The spec as a JSON document in UTF-8, at most 1 MiB. Its form is described in docs/spec.md. A dataset whose uri is
   * `file:` must carry the `digest` of content that was uploaded before: a coordinator never opens a client's path.
   */
  'specJson': (Buffer);
  /**
   * Chosen by the client, 1 … 256 characters, unique for each evaluation that is wanted.
   */
  'idempotencyKey': (string);
  /**
   * Separates the keys of different users: 1 … 64 of the characters A–Z a–z 0–9 . _ -; empty means "default".
   */
  'namespace': (string);
  /**
   * Who is to be asked about it: at most 200 characters, as the client says.
   */
  'owner': (string);
  /**
   * What Redis must reach before the answer; absent: what the coordinator is set to.
   */
  'requiredDurability': (_assay_v1_Durability__Output | null);
}
