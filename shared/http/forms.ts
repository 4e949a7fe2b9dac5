/** Forms of queries and bodies that several rows share. Bounds and meaning are checked by the methods themselves. */
import { z } from 'zod';
import { parseDurability, DURABILITY_FORMS } from '../domain/durability.ts';
import { EVALUATION_STATES, UNIT_STATES } from '../domain/states.ts';
import { durabilityToWire } from '../client/codec-durability.ts';
import { SAMPLE_STAGES } from '../client/types.ts';

const text = z.string();
const texts = z.array(text);
const words = z.record(text, text);
/** A whole number that every program can hold: times, bytes, tokens. */
export const whole = z.int().nonnegative();
/** One of 32 bits: what is more would come out as another one. */
export const count = z
  .int()
  .nonnegative()
  .max(2 ** 32 - 1);

export const page = {
  pageSize: count.describe('items at most, 1 to 1000; 50 without it').optional(),
  pageToken: text.describe('`nextToken` of the page before').optional(),
};

export const pageOf = ({ pageSize = 0, pageToken = '' }: { pageSize?: number | undefined; pageToken?: string | undefined }) => ({
  pageSize,
  pageToken,
});

export const evaluationFilter = {
  states: z.array(z.enum(EVALUATION_STATES)).describe('one of these').optional(),
  name: text.describe('a part of the name').optional(),
  tags: texts.describe('all of these').optional(),
  metadata: words.describe('all of these fields, as texts').optional(),
  owner: text.optional(),
  createdFromMs: whole.optional(),
  createdToMs: whole.optional(),
  namespace: text.describe('`default` without it').optional(),
};

/** What commands choose samples by. */
export const sampleChoice = {
  states: z.array(z.enum(UNIT_STATES)).describe('one of these; `pending` and `generated` are both open').optional(),
  benchmark: text.optional(),
  model: text.optional(),
  sampleIds: texts.optional(),
  epochs: z.array(count).optional(),
  errorClasses: texts.optional(),
  units: z.array(count).optional(),
  scoreValues: texts.describe('a score of one of these values').optional(),
  scorer: text.describe('only scores of this one').optional(),
  text: text.describe('a part of the completion, or of the answer that was found in it').optional(),
  stage: z.enum(SAMPLE_STAGES).describe('answers, or judges’ calls').optional(),
};

/** What lists and results choose them by. */
export const sampleFilter = {
  ...sampleChoice,
  agents: texts.describe('a result of one of these, by their ids').optional(),
  startedFromMs: whole.describe('begun at or after, by the agent’s clock').optional(),
  startedToMs: whole.describe('begun before').optional(),
  metadata: words.describe('all of these values of the sample’s metadata, as groups of scores have them').optional(),
};

export const letterFilter = {
  evaluationId: text.optional(),
  namespace: text.describe('`default` without it').optional(),
  taskIds: texts.optional(),
  benchmark: text.optional(),
  model: text.optional(),
  agent: text.describe('id or name').optional(),
  route: text.describe('id or requirement').optional(),
  fromMs: whole.optional(),
  toMs: whole.optional(),
};

export const history = { history: z.boolean().describe('also what the first reason was before').optional() };

export const reason = { reason: text.describe('kept with the command').optional() };

export const durability = {
  durability: z
    .string()
    .refine((value) => parseDurability(value) !== undefined, `is no durability class; write ${DURABILITY_FORMS}`)
    .describe('what Redis must reach before this is acknowledged; without it what the coordinator is set to')
    .optional(),
};

/** As the request's field. */
export const requiredOf = ({ durability: wanted }: { durability?: string | undefined }) => {
  const parsed = wanted === undefined ? undefined : parseDurability(wanted);
  return parsed ? { requiredDurability: durabilityToWire(parsed) } : {};
};
