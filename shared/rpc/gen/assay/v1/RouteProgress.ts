// Original file: proto/assay/v1/evaluation.proto


export interface RouteProgress {
  'route'?: (string);
  /**
   * The requirement in words: `model=openai/gpt-x zone=eu`.
   */
  'requirement'?: (string);
  'open'?: (number);
}

export interface RouteProgress__Output {
  'route': (string);
  /**
   * The requirement in words: `model=openai/gpt-x zone=eu`.
   */
  'requirement': (string);
  'open': (number);
}
