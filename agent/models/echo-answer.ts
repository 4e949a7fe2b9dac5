/**
 * The answer of a completions endpoint to `echo` with `logprobs`: the prompt's tokens, of which those of the continuation are added up.
 * Where the continuation begins is counted in characters (Python's: code points) from the prompt's end, so that what a server puts in front
 * of a prompt does not matter. A token that begins before it is the context's.
 */
import { asCount, asObject } from './answer-fields.ts';
import { embeddedError } from './classify.ts';
import { ModelError, type RateRequest, type Rating } from './provider.ts';
import { charactersOf } from '../../shared/scoring/likelihoods.ts';

/** How the words of an endpoint begin that cannot do it at all. */
export const UNABLE = 'no log-probabilities of a prompt';

type Fields = Record<string, unknown>;

interface Echo {
  tokens: string[];
  logprobs: unknown[];
  top: unknown[];
  offsets: unknown;
  /** Of the whole answer. */
  text: unknown;
}

/** `generated`: tokens that were asked for beside the prompt's. Throws ModelError: `request` where the endpoint cannot do it. */
export function echoedRating(value: unknown, request: Pick<RateRequest, 'context' | 'continuation'>, generated: number): Rating {
  const body = asObject(value, 'the body');
  if (body['error'] !== undefined && body['error'] !== null) throw embeddedError(body, 200);
  const echo = echoOf(body, generated);
  const first = firstTokenOf(echo, request, generated);
  const count = echo.tokens.length - first;
  if (count === 0)
    throw new ModelError(
      'request',
      'the endpoint makes one token of the end of the prompt and all of the continuation: it cannot be rated alone',
    );
  let logLikelihood = 0;
  let isGreedy = true;
  for (let i = first; i < echo.tokens.length; i++) {
    const logprob = echo.logprobs[i];
    if (i === 0 && logprob === null)
      throw new ModelError(
        'request',
        "the endpoint gives no log-probability of a first token; set prefix in the solver's args, such as <|endoftext|>",
      );
    if (typeof logprob !== 'number') throw new ModelError('bad_response', `choices[0].logprobs.token_logprobs[${i}] is no number`);
    logLikelihood += logprob;
    isGreedy &&= logprob >= mostOf(echo.top[i], i);
  }
  return { logLikelihood, isGreedy, tokens: count, ...spentOf(body) };
}

function spentOf(body: Fields): Pick<Rating, 'usage' | 'model' | 'fingerprint'> {
  const usage = asObject(body['usage'] ?? {}, 'usage');
  return {
    usage: { inputTokens: asCount(usage['prompt_tokens']), outputTokens: asCount(usage['completion_tokens']) },
    ...(typeof body['model'] === 'string' ? { model: body['model'] } : {}),
    ...(typeof body['system_fingerprint'] === 'string' ? { fingerprint: body['system_fingerprint'] } : {}),
  };
}

function echoOf(body: Fields, generated: number): Echo {
  const { choices } = body;
  if (!Array.isArray(choices) || choices.length === 0) throw new ModelError('bad_response', 'the answer has no choices');
  const { logprobs: found, text } = asObject(choices[0], 'choices[0]');
  if (found === undefined || found === null) throw unable('the answer has no logprobs');
  const fields = asObject(found, 'choices[0].logprobs');
  const { tokens, token_logprobs: logprobs, top_logprobs: top, text_offset: offsets } = fields;
  if (!isTexts(tokens) || !Array.isArray(logprobs) || !Array.isArray(top))
    throw unable('tokens, token_logprobs and top_logprobs are missing');
  if (logprobs.length !== tokens.length || top.length !== tokens.length)
    throw new ModelError(
      'bad_response',
      `the answer has ${tokens.length} tokens, but ${logprobs.length} token_logprobs and ${top.length} top_logprobs`,
    );
  const count = tokens.length - generated;
  if (count <= 0) throw unable('it gave only those of the answer');
  return { tokens: tokens.slice(0, count), logprobs, top, offsets, text };
}

const unable = (why: string): ModelError =>
  new ModelError('request', `${UNABLE}: ${why}; use a server whose completions endpoint takes echo with logprobs, such as vLLM`);

const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === 'string');

/** By the tokens' own texts where they make up the prompt, else by their offsets (a token may be part of a character). */
function firstTokenOf(
  { tokens, offsets, text }: Echo,
  { context, continuation }: Pick<RateRequest, 'context' | 'continuation'>,
  generated: number,
): number {
  const whole = tokens.join('');
  if (whole.endsWith(context + continuation)) {
    const from = charactersOf(whole) - charactersOf(continuation);
    let at = 0;
    for (const [i, token] of tokens.entries()) {
      if (at >= from) return i;
      at += charactersOf(token);
    }
    return tokens.length;
  }
  // A server that takes 0 for its own default goes on writing: the last tokens are then not the continuation's.
  const said = generated === 0 && typeof text === 'string' ? text : whole;
  if (said.includes(context + continuation) && !said.endsWith(context + continuation))
    throw unable(`it wrote on behind the prompt, though max_tokens was ${generated}`);
  const known = Array.isArray(offsets) ? (offsets as unknown[]).slice(0, tokens.length + 1) : [];
  const isRising = known.every((one, i) => typeof one === 'number' && one >= 0 && (i === 0 || one >= (known[i - 1] as number)));
  if (known.length < tokens.length || !isRising) throw unable('its tokens do not make up the prompt, nor has it their text_offset');
  const places = known as number[];
  // An echo that is shorter than the prompt is that of a cut prompt, or of none.
  const end = places[tokens.length] ?? places.at(-1)! + charactersOf(tokens.at(-1)!);
  if (end < charactersOf(context + continuation)) throw unable('it echoed only a part of the prompt, or none of it');
  const from = end - charactersOf(continuation);
  const first = places.findIndex((place, i) => i < tokens.length && place >= from);
  return first < 0 ? tokens.length : first;
}

/** The greatest log-probability of a place, the token's own alternatives. */
function mostOf(top: unknown, i: number): number {
  const values = Object.values(asObject(top, `choices[0].logprobs.top_logprobs[${i}]`));
  if (values.length === 0 || !values.every((one) => typeof one === 'number'))
    throw new ModelError('bad_response', `choices[0].logprobs.top_logprobs[${i}] has no numbers`);
  return Math.max(...values);
}
