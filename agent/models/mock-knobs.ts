/** The knobs of the mock provider: from the entry's options, and from `generate_config.extra_body.mock`, which wins knob by knob. */
import { z } from 'zod';
import { invalid } from '../../shared/domain/errors.ts';
import { CALL_ERROR_CLASSES, type ErrorClass } from '../../shared/domain/result.ts';
import { faultsOf } from '../../shared/domain/spec-faults.ts';

/** What `{{ … }}` in `text` may name. */
export const TEXT_FIELDS = ['answer', 'target', 'input', 'id', 'epoch', 'model', 'correct'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

const rate = z.number().min(0).max(1);

const knobsSchema = z.strictObject({
  /** Median milliseconds of a call. */
  latency_ms: z.number().min(0).max(86_400_000).optional(),
  /** Spread of a log-normal latency; 0: every call takes latency_ms. */
  sigma: z.number().min(0).max(5).optional(),
  /** Share of samples that are answered rightly. */
  accuracy: rate.optional(),
  /** Share of calls that fail: a number (server_error), or a share per class. */
  error_rate: z.union([rate, z.partialRecord(z.enum(CALL_ERROR_CLASSES), rate)]).optional(),
  /** What a rate_limit error asks to wait. */
  retry_after_ms: z.number().min(0).max(3_600_000).optional(),
  /** Share of calls that never answer. */
  hang_rate: rate.optional(),
  seed: z.int().optional(),
  /** The completion; `{{ answer }}` and the other fields are filled in. */
  text: z
    .string()
    .max(1_000_000)
    .superRefine((text, context) => {
      for (const field of unknownFields(text))
        context.addIssue({ code: 'custom', message: `{{ ${field} }} is not known; use ${TEXT_FIELDS.join(', ')}` });
    })
    .optional(),
  /** Bytes of the completion at least: it is filled up in front. */
  completion_bytes: z
    .int()
    .min(0)
    .max(64 * 1024 * 1024)
    .optional(),
});

export interface MockKnobs {
  latencyMs: number;
  sigma: number;
  accuracy: number;
  /** Class and share, in a fixed order; their sum is at most 1. */
  errors: readonly (readonly [ErrorClass, number])[];
  retryAfterMs: number | undefined;
  hangRate: number;
  seed: number;
  text: string | undefined;
  completionBytes: number;
}

/** Merges and checks. Throws AppError `invalid` with every fault; `place` says where the knobs stand. */
export function mockKnobs(place: string, ...layers: readonly unknown[]): MockKnobs {
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    if (layer === undefined) continue;
    if (typeof layer !== 'object' || layer === null || Array.isArray(layer))
      throw invalid(place, [{ place: '', problem: `${JSON.stringify(layer)} is no map of knobs` }]);
    Object.assign(merged, layer);
  }
  const parsed = knobsSchema.safeParse(merged);
  if (!parsed.success) throw invalid(place, faultsOf(parsed.error.issues, merged, knobsSchema));
  const knobs = parsed.data;
  const errors =
    typeof knobs.error_rate === 'number'
      ? ([['server_error', knobs.error_rate]] as const)
      : CALL_ERROR_CLASSES.map(
          (name) => [name, (knobs.error_rate as Partial<Record<ErrorClass, number>> | undefined)?.[name] ?? 0] as const,
        ).filter(([, share]) => share > 0);
  const hangRate = knobs.hang_rate ?? 0;
  const sum = errors.reduce((total, [, share]) => total + share, hangRate);
  if (sum > 1 + 1e-9)
    throw invalid(place, [{ place: 'error_rate', problem: `the rates of errors and hangs sum up to ${sum}; at most 1 is possible` }]);
  return {
    latencyMs: knobs.latency_ms ?? 0,
    sigma: knobs.sigma ?? 0,
    accuracy: knobs.accuracy ?? 1,
    errors,
    retryAfterMs: knobs.retry_after_ms,
    hangRate,
    seed: knobs.seed ?? 0,
    text: knobs.text,
    completionBytes: knobs.completion_bytes ?? 0,
  };
}

/** A placeholder of `text`. A template language would be too much: specs come from outside, and these run on the agent. */
export const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

const unknownFields = (text: string): string[] =>
  [...text.matchAll(PLACEHOLDER)].map((match) => match[1]!).filter((field) => !(TEXT_FIELDS as readonly string[]).includes(field));
