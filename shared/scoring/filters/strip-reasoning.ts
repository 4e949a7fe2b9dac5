/**
 * `strip_reasoning`: takes out what a model thinks aloud, between <think> and </think>. Without its end the rest of the response is
 * thought; an end without its start, as from templates that write the start themselves, makes all before it thought. White space around
 * thoughts stays: `strip` behind it takes that.
 */
import { z } from 'zod';
import { escapeRegex } from './escape.ts';
import type { FilterKind } from './filter.ts';

const tag = z.string().min(1).max(100);
const args = z.strictObject({
  start_tag: tag.default('<think>').describe('Where a thought begins'),
  end_tag: tag.default('</think>').describe('Where it ends'),
});

export const stripReasoning: FilterKind<z.infer<typeof args>> = {
  args,
  create({ start_tag: start, end_tag: end }) {
    const tags = new RegExp(`${escapeRegex(start)}|${escapeRegex(end)}`, 'g');
    return (responses) => responses.map((response) => withoutThoughts(response, tags, start, end));
  },
};

/** One pass over the tags: a model can write millions of them. */
function withoutThoughts(text: string, tags: RegExp, start: string, end: string): string {
  let kept = '';
  let at = 0;
  let inThought = false;
  for (const { 0: tag, index } of text.matchAll(tags)) {
    if (inThought && tag !== end) continue;
    if (inThought) inThought = false;
    else if (tag === start) {
      kept += text.slice(at, index);
      inThought = true;
    } else kept = '';
    at = index + tag.length;
  }
  return inThought ? kept : kept + text.slice(at);
}
