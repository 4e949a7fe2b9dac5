// Original file: proto/assay/v1/books.proto


/**
 * Something that is not as it should be.
 */
export interface BooksDifference {
  /**
   * `report.results[0].metrics.accuracy`, `ledger.counts.scored`, `units[17]`, `store` …
   */
  'place'?: (string);
  /**
   * What the store says it should be.
   */
  'expected'?: (string);
  /**
   * What is there.
   */
  'found'?: (string);
}

/**
 * Something that is not as it should be.
 */
export interface BooksDifference__Output {
  /**
   * `report.results[0].metrics.accuracy`, `ledger.counts.scored`, `units[17]`, `store` …
   */
  'place': (string);
  /**
   * What the store says it should be.
   */
  'expected': (string);
  /**
   * What is there.
   */
  'found': (string);
}
