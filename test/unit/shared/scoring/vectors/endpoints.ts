/** Vectors of what endpoints answer: how long to wait, and whether to call again. */
import {
  called,
  ceilToNice,
  floorToNice,
  limited,
  startOf,
  succeeded,
  type AdaptiveBounds,
} from '../../../../../agent/models/adaptive-limit.ts';
import { answerError } from '../../../../../agent/models/classify.ts';
import { isRetried } from '../../../../../agent/models/retry.ts';
import { limitResetMs, retryAfterMs } from '../../../../../agent/models/retry-headers.ts';
import type { Adapters, Vector } from './vector.ts';

const classOf = ({ status }: Vector) => answerError(status as number, {}, '', 0).errorClass;

/** The limit after each event. Successes are clean, and as many run at once as may. */
function limits(v: Vector): number[] {
  const bounds = v['config'] as AdaptiveBounds;
  let state = startOf(bounds);
  let now = 0;
  return (v['events'] as [string, number][]).map(([what, count]) => {
    if (what === 'wait') now += count * 1000;
    else
      for (let i = 0; i < count; i++) {
        if (what === 'successes') state = succeeded(called(state, state.limit), bounds, now, state.limit);
        else if (what === 'retries') state = limited(state, bounds, now, state.limit);
        else throw new Error(`nothing here is called ${what}`);
      }
    return state.limit;
  });
}

export const ADAPTERS: Adapters = {
  adaptive_concurrency_limit_after_each_event: limits,
  ceil_to_nice: ({ value }) => ceilToNice(value as number),
  floor_to_nice: ({ value }) => floorToNice(value as number),
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
