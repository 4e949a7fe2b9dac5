/** One result in the spool: `u32 LE length of the head`, the head as JSON (whose result it is), the content's bytes. */
import { z } from 'zod';
import { MAX_RESULT_BYTES } from '../../shared/domain/result.ts';
import { encodeFrame } from '../../shared/runtime/frame-log.ts';

/** What a report needs beside the content. */
export interface AttemptRef {
  attemptId: string;
  evaluationId: string;
  taskId: string;
  /** W3C trace context of the execution, '' without tracing. */
  traceparent: string;
  /** What proves that the attempt is this agent's; absent: it came without. */
  lease?: Buffer;
}

export interface SpoolRecord {
  ref: AttemptRef;
  unit: number;
  content: Buffer;
}

/** The largest content: what a coordinator keeps. */
export const MAX_CONTENT_BYTES = MAX_RESULT_BYTES;
export const MAX_RECORD_BYTES = MAX_CONTENT_BYTES + 64 * 1024;

const headSchema = z.object({
  attemptId: z.string(),
  evaluationId: z.string(),
  taskId: z.string(),
  traceparent: z.string(),
  unit: z.int().nonnegative(),
  /** In base64. */
  lease: z.string().optional(),
});

export function encodeRecord({ ref, unit, content }: SpoolRecord): Buffer {
  const { lease, ...names } = ref;
  const own = lease ? { lease: lease.toString('base64') } : {};
  const head = Buffer.from(JSON.stringify({ ...names, unit, ...own } satisfies z.infer<typeof headSchema>));
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(head.length);
  return encodeFrame([length, head, content]);
}

/** The record in a frame's payload (content is a view of it), or undefined if it is none of ours. */
export function decodeRecord(payload: Buffer): SpoolRecord | undefined {
  if (payload.length < 4) return undefined;
  const end = 4 + payload.readUInt32LE(0);
  if (end > payload.length) return undefined;
  try {
    const { unit, lease, ...names } = headSchema.parse(JSON.parse(payload.toString('utf8', 4, end)));
    const ref = lease === undefined ? names : { ...names, lease: Buffer.from(lease, 'base64') };
    return { ref, unit, content: payload.subarray(end) };
  } catch {
    return undefined;
  }
}
