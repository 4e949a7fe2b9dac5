/**
 * An S3 server inside the test: s3rver, which knows no conditional writes, fails where a listing has a second page, and keeps half an object
 * whose writer died, with `If-None-Match: *`, pages and whole bodies kept in front of it. Faults are asked for by the number of the request.
 */
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, request as requestOf, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';

/** What s3rver calls the file of an object's bytes. */
const OBJECT = '._S3rver_object';

export const BUCKET = 'assay-test';

/** What happens to a request instead of, or after, being served. */
export type Fault = 'refuse' | 'lose the answer' | 'overwrite';

export interface S3Request {
  method: string;
  /** Bucket and key. */
  path: string;
}

export class TestS3 {
  readonly #server: Server;
  /** s3rver itself, for what is written. */
  readonly #behind: Server;
  readonly #directory: string;
  /** The end of all writes so far. */
  #written: Promise<unknown> = Promise.resolve();
  readonly requests: S3Request[] = [];
  /** Asked for every request. */
  fault: (request: S3Request) => Fault | undefined = () => undefined;
  /** The most keys that a page of a listing has. */
  pageKeys = 1000;

  private constructor(serve: (request: IncomingMessage, response: ServerResponse) => void, directory: string) {
    this.#directory = directory;
    this.#behind = createServer(serve);
    this.#server = createServer((request, response) => void this.#front(request, response, serve));
  }

  static async start(): Promise<TestS3> {
    const directory = await mkdtemp(join(tmpdir(), 'assay-s3-'));
    const s3 = new S3rver({ directory, silent: true, allowMismatchedSignatures: true, configureBuckets: [{ name: BUCKET, configs: [] }] });
    await s3.configureBuckets();
    const made = new TestS3(s3.callback(), directory);
    for (const server of [made.#behind, made.#server]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    // The keys that s3rver knows.
    process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'S3RVER';
    return made;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** For `--store`. */
  url(prefix: string): string {
    return `s3://${BUCKET}/${prefix}?endpoint=${encodeURIComponent(this.endpoint)}`;
  }

  /** Keys under a prefix, as s3rver keeps them in files. */
  async keys(prefix: string): Promise<string[]> {
    const folder = join(this.#directory, BUCKET, prefix);
    const names = await readdir(folder, { recursive: true });
    const objects = names.flatMap((name) => (name.endsWith(OBJECT) ? [name.slice(0, -OBJECT.length)] : []));
    return objects.toSorted();
  }

  /** Changes a byte in the middle of an object. */
  async damage(prefix: string, key: string): Promise<void> {
    const path = join(this.#directory, BUCKET, prefix, key + OBJECT);
    const bytes = await readFile(path);
    const at = Math.floor((await stat(path)).size / 2);
    bytes[at] = bytes[at]! ^ 0xff;
    await writeFile(path, bytes);
  }

  async stop(): Promise<void> {
    for (const server of [this.#server, this.#behind]) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #front(
    request: IncomingMessage,
    response: ServerResponse,
    serve: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<void> {
    const path = new URL(request.url!, this.endpoint).pathname;
    const seen = { method: request.method!, path };
    this.requests.push(seen);
    const fault = this.fault(seen);
    if (fault === 'refuse') return void response.destroy();
    await this.#turn(request, response);
    if (request.headers['if-none-match'] === '*' && request.method === 'PUT' && fault !== 'overwrite' && (await this.#has(path))) {
      request.resume();
      response.writeHead(412, { 'content-type': 'application/xml' });
      return void response.end('<Error><Code>PreconditionFailed</Code><Message>the object exists</Message></Error>');
    }
    if (fault === 'lose the answer') response.writeHead = () => response.destroy();
    else if (request.url!.includes('list-type=2')) inPages(request, response, this.pageKeys);
    if (request.method === 'PUT') await this.#put(request, response).catch(() => response.destroy());
    else serve(request, response);
  }

  /** Whole, or not at all: the body of a writer that dies meanwhile is nowhere. */
  async #put(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { port } = this.#behind.address() as AddressInfo;
    const { method = '', url = '' } = request;
    const { expect: _, ...headers } = request.headers;
    const written = requestOf({ host: '127.0.0.1', port, method, path: url, headers });
    written.end(body);
    const [answer] = (await once(written, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode!, answer.headers);
    await pipeline(answer, response);
  }

  /** One write after the other, and reads between them: s3rver shows half an object, and a removal may take a new neighbour with it. */
  async #turn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const before = this.#written;
    if (request.method === 'PUT' || request.method === 'DELETE') {
      const done = new Promise<void>((resolve) => void response.once('close', resolve));
      this.#written = before.then(() => done);
    }
    await before;
  }

  /** `path`: of a request, bucket and key. */
  async #has(path: string): Promise<boolean> {
    const file = join(this.#directory, decodeURIComponent(path) + OBJECT);
    return await stat(file).then(
      () => true,
      () => false,
    );
  }
}

/** Asks in the older form, whose pages begin after a key, and gives the last key of each as the token of the next. */
function inPages(request: IncomingMessage, response: ServerResponse, keys: number): void {
  const url = new URL(request.url!, 'http://s3');
  const token = url.searchParams.get('continuation-token');
  url.searchParams.delete('list-type');
  url.searchParams.delete('continuation-token');
  const after = url.searchParams.get('start-after');
  url.searchParams.delete('start-after');
  url.searchParams.set('max-keys', String(keys));
  const from = token ? Buffer.from(token, 'base64url').toString() : after;
  if (from) url.searchParams.set('marker', from);
  request.url = url.pathname + url.search;
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  response.end = ((body: string | Buffer = '') => {
    const [page, last] = [
      body.toString(),
      body
        .toString()
        .match(/(?<=<Key>|<CommonPrefixes><Prefix>)[^<]+(?=<)/g)
        ?.at(-1) ?? '',
    ];
    const next = `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>`;
    const told = page.replace('<IsTruncated>true</IsTruncated>', `$&${next}`);
    response.setHeader('content-length', Buffer.byteLength(told));
    return end(told);
  }) as ServerResponse['end'];
}
