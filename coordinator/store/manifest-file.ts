/** The manifest of an evaluation as bytes, with its checksum; and where its report lies. The same for every store. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { isDigest } from '../../shared/domain/ids.ts';
import { groupsIn, type Manifest } from '../../shared/domain/manifest.ts';

const count = z.int().nonnegative();

/** The outline of a manifest: what the code that reads it relies on. The spec was checked in full at submit. */
const manifestSchema = z.looseObject({
  evaluationId: z.string(),
  namespace: z.string(),
  idempotencyKey: z.string(),
  createdAtMs: z.number(),
  specDigest: z.string(),
  spec: z.looseObject({ name: z.string(), benchmarks: z.array(z.looseObject({})), models: z.array(z.looseObject({})) }),
  sampleIndexes: z.array(z.string()),
  groups: z.array(
    z.looseObject({ index: count, benchmarkIndex: count, modelIndex: count, firstUnit: count, samples: count, epochs: count }),
  ),
  units: count,
  traceparent: z.string(),
});
const manifestFileSchema = z.strictObject({ sha256: z.string(), manifest: manifestSchema });
const digest = z.string().refine(isDigest);

/** The report and the units' states lie in the content, where their digests guard them. */
export const reportSchema = z.strictObject({ digest, unitCodes: digest.optional() });
export type ReportPointer = z.infer<typeof reportSchema>;

export function manifestBytes(manifest: Manifest): Buffer {
  const text = JSON.stringify(manifest);
  return Buffer.from(`{"sha256":"${sha256(text)}","manifest":${text}}\n`);
}

/** The manifest, or undefined where the text is not one of this evaluation, whole and as it was written. */
export function parseManifest(text: string, evaluationId: string): Manifest | undefined {
  try {
    const { sha256: expected, manifest } = manifestFileSchema.parse(JSON.parse(text));
    // The schema keeps every key in its order, so that the text is the one of which the checksum was made.
    const written = JSON.stringify((JSON.parse(text) as { manifest: unknown }).manifest);
    if (sha256(written) !== expected || manifest.evaluationId !== evaluationId) return undefined;
    const found = manifest as unknown as Manifest;
    return { ...found, groups: groupsIn(found.namespace, found.groups) };
  } catch {
    return undefined;
  }
}

export const damagedFile = (evaluationId: string, name: string, cause?: unknown): AppError =>
  new AppError('internal', `store, evaluations/${evaluationId}/${name}: damaged: restore it from a backup`, { cause });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
