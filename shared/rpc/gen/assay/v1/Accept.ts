// Original file: proto/assay/v1/agent.proto


export interface Accept {
  'attemptIds'?: (string)[];
}

export interface Accept__Output {
  'attemptIds': (string)[];
}
