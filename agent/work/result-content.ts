/** A result as it travels and is kept: JSON in UTF-8. */
import type { UnitResult } from '../../shared/domain/result.ts';
import { MAX_CONTENT_BYTES } from '../spool/record.ts';

/** One that is too large to travel (a completion that JSON's escapes blow up) loses its completion (and what came with it) and ends as errored. */
export function contentOf(result: UnitResult): Buffer {
  const content = Buffer.from(JSON.stringify(result));
  if (content.length <= MAX_CONTENT_BYTES) return content;
  const { completion: _completion, reasoning: _reasoning, logprobs: _logprobs, ...rest } = result;
  const error = { class: 'too_large' as const, message: `the result has more than ${MAX_CONTENT_BYTES} bytes as JSON` };
  return Buffer.from(JSON.stringify({ ...rest, outcome: 'errored', scores: [], error } satisfies UnitResult));
}
