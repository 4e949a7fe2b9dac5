/**
 * Objects under a prefix of an S3 bucket: the only file that speaks to S3. Asked of the server: reads and lists that see every write
 * that was answered, and `If-None-Match: *` (`isConditional` finds out whether it keeps it).
 */
import { createReadStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import { AppError } from '../../../shared/domain/errors.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import { STORE_TROUBLE } from '../files.ts';
import type { S3Location } from './location.ts';

/** Tries of one request by the client library, with pauses that grow. */
const MAX_ATTEMPTS = 5;
const PAUSE_MS = 100;
/** A busy host is late to notice that it was answered. */
const CONNECT_MS = 15_000;
/** No byte more, in either direction, for so long. */
const SILENCE_MS = 30_000;
/** Objects removed at once. */
const WIDTH = 8;

export interface ObjectInfo {
  /** Below the prefix. */
  key: string;
  size: number;
  /** Another one after every change. */
  etag: string;
  modifiedMs: number;
}

/** Errors are thrown; the library would write to standard error besides. */
const silence = (): void => undefined;
const SILENT = { debug: silence, info: silence, warn: silence, error: silence };

export class Bucket {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor({ bucket, prefix, endpoint, region, pathStyle }: S3Location) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#client = new S3Client({
      ...(endpoint ? { endpoint } : {}),
      ...(region ? { region } : {}),
      forcePathStyle: pathStyle,
      maxAttempts: MAX_ATTEMPTS,
      // Contents have digests and frames checksums of their own; servers other than Amazon's often know no others.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      logger: SILENT,
      requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
    });
  }

  /** An object's bytes; undefined if it is not there. */
  async get(key: string): Promise<Buffer | undefined> {
    return await this.#found(key, async () => bytesOf(await this.#client.send(new GetObjectCommand(this.#at(key)))));
  }

  /** `length` bytes from `offset`, which must lie within the object; undefined if it is not there. */
  async range(key: string, offset: number, length: number): Promise<Buffer | undefined> {
    if (length === 0) return (await this.size(key)) === undefined ? undefined : Buffer.alloc(0);
    const Range = `bytes=${offset}-${offset + length - 1}`;
    return await this.#found(key, async () => bytesOf(await this.#client.send(new GetObjectCommand({ ...this.#at(key), Range }))));
  }

  /** An object's bytes in pieces; undefined if it is not there. */
  async stream(key: string): Promise<AsyncIterable<Buffer> | undefined> {
    const body = await this.#found(key, async () => bodyOf(await this.#client.send(new GetObjectCommand(this.#at(key)))));
    return body && this.#chunks(key, body);
  }

  async *#chunks(key: string, body: Readable): AsyncGenerator<Buffer, void, undefined> {
    try {
      yield* body as AsyncIterable<Buffer>;
    } catch (error) {
      throw this.#problem(key, error);
    } finally {
      body.destroy();
    }
  }

  /** What is known of an object; undefined if it is not there. */
  async info(key: string): Promise<ObjectInfo | undefined> {
    return await this.#found(key, async () => {
      const { ContentLength, ETag, LastModified } = await this.#client.send(new HeadObjectCommand(this.#at(key)));
      return { key, size: ContentLength ?? 0, etag: ETag ?? '', modifiedMs: LastModified?.getTime() ?? 0 };
    });
  }

  async size(key: string): Promise<number | undefined> {
    return (await this.info(key))?.size;
  }

  /** Writes an object, in the place of what may be there. */
  async put(key: string, bytes: Buffer): Promise<void> {
    await this.#guarded(key, () => this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes })));
  }

  /** Writes a file as an object; the server checks the bytes against their SHA-256 (hex). */
  async putFile(key: string, path: string, sizeBytes: number, sha256: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const body = createReadStream(path);
      const command = new PutObjectCommand({ ...this.#at(key), Body: body, ContentLength: sizeBytes });
      command.middlewareStack.add(
        (next) => (args) => {
          // A stream cannot be read twice, so the library would leave its bytes unsigned.
          (args.request as { headers: Record<string, string> }).headers['x-amz-content-sha256'] = sha256;
          return next(args);
        },
        { step: 'build', name: 'signedContent' },
      );
      try {
        await this.#client.send(command);
        return;
      } catch (error) {
        // Nor does it try a stream again.
        const status = statusOf(error);
        if (attempt === MAX_ATTEMPTS || (status !== undefined && status < 500)) throw this.#problem(key, error);
        await setTimeout(PAUSE_MS * 2 ** attempt);
      } finally {
        body.destroy();
      }
    }
  }

  /**
   * Writes an object if none is there, and says whether it is ours. Equal bytes are ours (the answer to an earlier try was lost), so
   * they must be the caller's alone where two must not both succeed.
   */
  async create(key: string, bytes: Buffer): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes, IfNoneMatch: '*' }));
        return true;
      } catch (error) {
        const status = statusOf(error);
        // 409: another create of it is at work.
        if (status === 409 && attempt < MAX_ATTEMPTS) {
          await setTimeout(PAUSE_MS * 2 ** attempt);
          continue;
        }
        if (status !== 412) throw this.#problem(key, error);
        return (await this.get(key))?.equals(bytes) === true;
      }
    }
  }

  /** Objects whose key begins so, by key; those beyond `start` and `after` alone. */
  async *list(start: string, after = ''): AsyncGenerator<ObjectInfo, void, undefined> {
    for await (const { Contents } of this.#pages(start, after))
      for (const { Key, Size, ETag, LastModified } of Contents ?? [])
        yield {
          key: Key!.slice(this.#prefix.length),
          size: Size ?? 0,
          etag: ETag ?? '',
          modifiedMs: LastModified?.getTime() ?? 0,
        };
  }

  /** Names of what lies below `start` (`a/`) and has something below it, by name; none before `after`. What is in them is not listed. */
  async *folders(start: string, after = ''): AsyncGenerator<string, void, undefined> {
    for await (const { CommonPrefixes } of this.#pages(start, after, '/'))
      for (const { Prefix } of CommonPrefixes ?? []) yield Prefix!.slice(this.#prefix.length + start.length, -1);
  }

  async *#pages(start: string, after: string, Delimiter?: string): AsyncGenerator<ListObjectsV2CommandOutput, void, undefined> {
    const Prefix = this.#prefix + start;
    const which = { Bucket: this.#bucket, Prefix, ...(Delimiter && { Delimiter }), ...(after && { StartAfter: Prefix + after }) };
    let token: string | undefined;
    do {
      const page = await this.#guarded(start, () =>
        this.#client.send(new ListObjectsV2Command({ ...which, ...(token ? { ContinuationToken: token } : {}) })),
      );
      yield page;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
  }

  /** Removes objects; those that are not there are no error. */
  async remove(keys: readonly string[]): Promise<void> {
    await forEachBounded(keys, WIDTH, async (key) => {
      await this.#found(key, () => this.#client.send(new DeleteObjectCommand(this.#at(key))));
    });
  }

  /** Whether the server refuses a second create. `key`: of an object that nobody else uses; it is gone afterwards. */
  async isConditional(key: string): Promise<boolean> {
    await this.create(key, Buffer.from('first'));
    const overwritten = await this.create(key, Buffer.from('second'));
    await this.remove([key]);
    return !overwritten;
  }

  close(): void {
    this.#client.destroy();
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  async #found<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket') return undefined;
      throw this.#problem(key, error);
    }
  }

  async #guarded<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#problem(key, error);
    }
  }

  #problem(key: string, error: unknown): AppError {
    if (error instanceof AppError) return error;
    const [name, status] = [nameOf(error), statusOf(error)];
    const remedy = REMEDIES[name] ?? (status === 403 ? REMEDIES['AccessDenied'] : undefined);
    const what = remedy ?? `${error instanceof Error && error.message ? error.message : name}; repeat, and look at the server if it stays`;
    return new AppError('unavailable', `store, s3://${this.#bucket}/${this.#prefix}${key}: ${what}`, {
      cause: error,
      outward: `store: ${STORE_TROUBLE}`,
    });
  }
}

const REMEDIES: Record<string, string> = {
  NoSuchBucket: 'there is no such bucket: make it, or name another by --store',
  AccessDenied: 'access denied: give the coordinator’s key the right to get, put, list and delete objects there',
  InvalidAccessKeyId: 'the access key is not known there: look at AWS_ACCESS_KEY_ID, or the profile',
  SignatureDoesNotMatch: 'the secret key is not the one of the access key: look at AWS_SECRET_ACCESS_KEY, or the profile',
  CredentialsProviderError: 'no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, or a role of the host',
};

/** A body that fails when nothing comes for too long: the library looks only as far as the head. */
function bodyOf({ Body }: GetObjectCommandOutput): Readable {
  const body = Body as Readable & Partial<Pick<IncomingMessage, 'setTimeout'>>;
  body.setTimeout?.(SILENCE_MS, () => body.destroy(new Error(`no byte came for ${SILENCE_MS / 1000} s`)));
  return body;
}

async function bytesOf(answer: GetObjectCommandOutput): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(answer) as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

const statusOf = (error: unknown): number | undefined =>
  error instanceof Error && '$metadata' in error ? (error.$metadata as { httpStatusCode?: number } | undefined)?.httpStatusCode : undefined;
