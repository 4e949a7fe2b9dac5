/** Vectors of what endpoints answer: how long to wait, and whether to call again. */
import { answerError } from '../../../../../agent/models/classify.ts';
import { isRetried } from '../../../../../agent/models/retry.ts';
import { limitResetMs, retryAfterMs } from '../../../../../agent/models/retry-headers.ts';
import type { Adapters, Vector } from './vector.ts';

const classOf = ({ status }: Vector) => answerError(status as number, {}, '', 0).errorClass;

export const ADAPTERS: Adapters = {
  parse_retry_after_seconds: (v) => {
    const headers = Object.fromEntries(
      Object.entries(v['headers'] as Record<string, string>).map(([key, text]) => [key.toLowerCase(), text]),
    );
    const ms = retryAfterMs(headers, 0) ?? limitResetMs(headers);
    // A wait of nothing is none there.
    return ms ? ms / 1000 : null;
  },
  retry_class_inspect: (v) => {
    const errorClass = classOf(v);
    return isRetried(errorClass) ? (errorClass === 'rate_limit' ? 'rate_limit' : 'transient') : 'no';
  },
  retry_openai_node: (v) => isRetried(classOf(v)),
};
