/** The form of control records in the journal, and where units start anew: what a requeue says of older results. */
import { z } from 'zod';
import type { ControlRecord } from './store.ts';

const unit = z.int().nonnegative();
const ranges = z.array(z.tuple([unit, unit]).refine(([first, end]) => first < end, 'is no range'));
const common = { atMs: z.number(), reason: z.string() };
/** Of one record, and of one text of an agent. */
export const MAX_LETTERS = 64;
export const MAX_WORDS_CHARS = 4_096;
const text = z.string().max(MAX_WORDS_CHARS);
const letter = z.strictObject({
  sequence: unit,
  group: unit,
  units: ranges,
  crashes: unit,
  losses: unit,
  returns: unit,
  attempts: z.array(
    z.strictObject({
      attemptId: text,
      agentId: text,
      agent: text,
      instanceId: text,
      end: z.enum(['crash', 'loss']),
      atMs: z.number(),
      exit: text,
      output: text,
    }),
  ),
});
const changes = z.strictObject({
  priority: z.int().min(1).max(10).exactOptional(),
  maxSamples: z.int().nonnegative().exactOptional(),
  limits: z
    .strictObject({
      time: z.number().positive().exactOptional(),
      working: z.number().positive().exactOptional(),
      tokens: z.int().positive().exactOptional(),
    })
    .exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  metadata: z.record(z.string(), z.unknown()).exactOptional(),
  keep: z.boolean().exactOptional(),
});

/** Every record is checked when it is written and when it is read. */
export const controlSchema: z.ZodType<ControlRecord> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cancel'), ...common }),
  z.strictObject({ kind: z.literal('pause'), ...common }),
  z.strictObject({ kind: z.literal('resume'), ...common }),
  z.strictObject({ kind: z.literal('drain'), ...common }),
  z.strictObject({ kind: z.literal('fail'), ...common }),
  z.strictObject({ kind: z.literal('update'), ...common, changes }),
  z.strictObject({ kind: z.literal('skip'), ...common, units: ranges }),
  z.strictObject({ kind: z.literal('dead'), ...common, units: ranges, letters: z.array(letter).max(MAX_LETTERS).exactOptional() }),
  z.strictObject({ kind: z.literal('aside'), ...common, units: ranges, grant: unit }),
  z.strictObject({ kind: z.literal('drop'), ...common, tasks: z.array(unit) }),
  z.strictObject({ kind: z.literal('requeue'), ...common, units: ranges, grant: unit, aside: ranges.exactOptional() }),
]);

/** Says whether a frame's result of a unit still counts, after the requeues and the cancel of its evaluation. */
export type Counts = (unit: number, grant: number) => boolean;

/**
 * Requeued units start anew: what was granted before counts no more, nor does what a requeue, a cancel or a skip sets aside. Undefined where there was
 * neither. Memory: two bytes a unit, whatever their number.
 */
export function floorsOf(controls: readonly ControlRecord[], units: number): Counts | undefined {
  const records = controls.filter((c) => c.kind === 'requeue' || c.kind === 'aside').toSorted((a, b) => a.grant - b.grant);
  if (records.length === 0) return undefined;
  const grants = [-1];
  /** Per unit: the place of its highest floor in `grants`. */
  const floors = new Uint16Array(units);
  for (const { grant, ...record } of records) {
    // Beyond what two bytes can name, several share the highest of theirs.
    if (grants.length > 0xffff) grants.pop();
    grants.push(grant);
    const beside = record.kind === 'requeue' ? (record.aside ?? []) : [];
    for (const [first, end] of [...record.units, ...beside]) floors.fill(grants.length - 1, first, end);
  }
  return (unitNumber, grant) => grant > grants[floors[unitNumber]!]!;
}
