/** Uploads: content by its digest, in messages of at most 1 MiB, no faster than it is taken. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ClientWritableStream } from '@grpc/grpc-js';
import { AppError } from '../domain/errors.ts';
import type { UploadContentRequest } from '../rpc/gen/assay/v1/UploadContentRequest.ts';
import { assayProto } from '../rpc/load.ts';
import type { Calls, Progress } from './calls.ts';
import type { UploadOptions } from './client.ts';

const CHUNK_BYTES = 512 * 1024;
/** A connection slower than this is not worth waiting for. */
const SLOWEST_BYTES_PER_MS = 50;
/** Longer ones overflow on the way. */
const MAX_DEADLINE_MS = 7 * 24 * 3600 * 1000;

/** Content that can be read several times: once for its digest, once for each try. */
export interface Source {
  digest: string;
  sizeBytes: number;
  chunks(): AsyncIterable<Uint8Array>;
}

export async function fileSource(path: string): Promise<Source> {
  try {
    const hash = createHash('sha256');
    if (!(await stat(path)).isFile()) throw new AppError('invalid', `${path}: is not a file`);
    let sizeBytes = 0;
    for await (const chunk of readFile(path)) {
      hash.update(chunk);
      sizeBytes += chunk.length;
    }
    return { digest: `sha256:${hash.digest('hex')}`, sizeBytes, chunks: () => readFile(path) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (error as Error).message;
    throw new AppError('invalid', `${path}: cannot be read: ${why}`, { cause: error });
  }
}

const readFile = (path: string): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: CHUNK_BYTES });

export function bytesSource(content: Uint8Array): Source {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return {
    digest,
    sizeBytes: content.byteLength,
    async *chunks() {
      for (let at = 0; at < content.byteLength; at += CHUNK_BYTES) yield content.subarray(at, at + CHUNK_BYTES);
    },
  };
}

/**
 * Brings the content to the store unless the namespace has it there. A broken upload leaves nothing and is sent again whole. `onSent` is called once,
 * when the coordinator has taken some of it, which it does only with what it has not.
 */
export async function upload(calls: Calls, source: Source, { namespace = '', onSent }: UploadOptions = {}): Promise<void> {
  let told = false;
  const tell = (): void => {
    if (!told) onSent?.();
    told = true;
  };
  const deadlineMs = Math.min(60_000 + source.sizeBytes / SLOWEST_BYTES_PER_MS, MAX_DEADLINE_MS);
  await calls.repeat(async (peer, progress) => {
    const { call, answer } = calls.upload(peer, assayProto().evaluation.UploadContent, deadlineMs);
    try {
      await send(call, answer, source, { namespace, progress, tell });
      if (!(await answer).existed) tell();
    } finally {
      call.cancel();
    }
  });
}

/** Sends until all is sent or the coordinator has answered, which it does at once when it has the content. */
async function send(
  call: ClientWritableStream<UploadContentRequest>,
  answer: Promise<unknown>,
  source: Source,
  { namespace, progress, tell }: { namespace: string; progress: Progress; tell: () => void },
): Promise<void> {
  let answered = false;
  let wake: (() => void) | undefined;
  const onAnswer = (): void => {
    answered = true;
    wake?.();
  };
  answer.then(onAnswer, onAnswer);
  // A write to a call that is over may never be answered, so the answer ends every wait.
  const write = (message: UploadContentRequest): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (answered) resolve();
      else call.write(message, () => resolve());
    });
  await write({ header: { digest: source.digest, sizeBytes: String(source.sizeBytes), namespace } });
  let written = 0;
  for await (const data of source.chunks()) {
    if (answered) return;
    await write({ data });
    progress();
    // The first piece may still lie on this side; no second one goes without a reader.
    if (++written > 1 && !answered) tell();
  }
  call.end();
}
