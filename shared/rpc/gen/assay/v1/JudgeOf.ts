// Original file: proto/assay/v1/types.proto


/**
 * Says of units that they are calls of a judge: `model` beside it is then the judge. Absent: they are the answers themselves, with the scores
 * of all judges among theirs.
 */
export interface JudgeOf {
  /**
   * The evaluated model whose answers are judged.
   */
  'model'?: (string);
  /**
   * The scorer for which they are judged.
   */
  'scorer'?: (string);
}

/**
 * Says of units that they are calls of a judge: `model` beside it is then the judge. Absent: they are the answers themselves, with the scores
 * of all judges among theirs.
 */
export interface JudgeOf__Output {
  /**
   * The evaluated model whose answers are judged.
   */
  'model': (string);
  /**
   * The scorer for which they are judged.
   */
  'scorer': (string);
}
