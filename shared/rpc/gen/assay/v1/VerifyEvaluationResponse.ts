// Original file: proto/assay/v1/books.proto

import type { VerifyProgress as _assay_v1_VerifyProgress, VerifyProgress__Output as _assay_v1_VerifyProgress__Output } from '../../assay/v1/VerifyProgress.ts';
import type { Books as _assay_v1_Books, Books__Output as _assay_v1_Books__Output } from '../../assay/v1/Books.ts';

/**
 * While it is verified, progress at most once a second; then the books, and the stream ends. A stream that breaks before the books has
 * said nothing: ask again.
 */
export interface VerifyEvaluationResponse {
  /**
   * How far it is.
   */
  'progress'?: (_assay_v1_VerifyProgress | null);
  /**
   * The outcome; the last message.
   */
  'books'?: (_assay_v1_Books | null);
  /**
   * One that a client does not know it passes over.
   */
  'step'?: "progress"|"books";
}

/**
 * While it is verified, progress at most once a second; then the books, and the stream ends. A stream that breaks before the books has
 * said nothing: ask again.
 */
export interface VerifyEvaluationResponse__Output {
  /**
   * How far it is.
   */
  'progress'?: (_assay_v1_VerifyProgress__Output | null);
  /**
   * The outcome; the last message.
   */
  'books'?: (_assay_v1_Books__Output | null);
  /**
   * One that a client does not know it passes over.
   */
  'step'?: "progress"|"books";
}
