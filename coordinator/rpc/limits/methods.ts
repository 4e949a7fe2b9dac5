/** What limits know of methods by their paths: how they go on, how long they may take, and how large their messages may be. */

/** `short`, `long`: one question, one answer. `watch`: one question, many answers. `agent`: both, for ever; `talk`: both, for a while. */
export type CallKind = 'short' | 'long' | 'watch' | 'upload' | 'agent' | 'talk';

/** What the messages of most methods may have: with every field as long as it may be, a tenth less. */
export const MAX_SMALL_BYTES = 256 * 1024;

const evaluations = (...names: string[]): Set<string> => new Set(names.map((name) => `/assay.v1.EvaluationService/${name}`));

/** The methods that the client's library gives more than a minute: they read datasets, or many evaluations. */
const LONG = evaluations(
  ...['SubmitEvaluation', 'ValidateEvaluation', 'UpdateEvaluation', 'RequeueSamples', 'SkipSamples', 'RecoverEvaluation'],
  ...['PauseEvaluation', 'ResumeEvaluation', 'CancelEvaluation', 'DeleteEvaluation', 'ReplayDeadLetters', 'DropDeadLetters'],
);
const AGENT = '/assay.v1.AgentService/Connect';
/** Those with a spec, metadata, pieces of content, or a list of samples or tasks. */
const LARGE = evaluations(
  ...['UploadContent', 'SubmitEvaluation', 'ValidateEvaluation', 'UpdateEvaluation'],
  ...['ListSamples', 'StreamResults', 'RequeueSamples', 'SkipSamples'],
  ...['ListDeadLetters', 'ReplayDeadLetters', 'DropDeadLetters'],
).add(AGENT);

export function kindOf(path: string, requestStream: boolean, responseStream: boolean): CallKind {
  if (path === AGENT) return 'agent';
  if (requestStream) return responseStream ? 'talk' : 'upload';
  if (responseStream) return 'watch';
  return LONG.has(path) ? 'long' : 'short';
}

/** Of one message to this method; Infinity: as much as the library takes (MAX_WIRE_BYTES), which sees to it itself. */
export const maxBytesOf = (path: string): number => (LARGE.has(path) ? Infinity : MAX_SMALL_BYTES);
