/** The page: files of one folder, read once into memory, so that no path of a request ever reaches a file system. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createHash } from 'node:crypto';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  webp: 'image/webp',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
};
/** Names that a build has put a hash into: another content has another name. */
const HASHED = /^\/assets\/.*[-.][\w-]{8,}\.\w+$/;
const FOR_EVER = 'public, max-age=31536000, immutable';
const INDEX = '/index.html';
/** A page is a few hundred KiB; more of it is a mistake. */
const MAX_FILES = 500;
const MAX_BYTES = 32 * 1024 * 1024;

interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
}

export class PageFiles {
  readonly #files: ReadonlyMap<string, PageFile>;

  private constructor(files: ReadonlyMap<string, PageFile>) {
    this.#files = files;
  }

  /** undefined: there is no page in that folder. */
  static async read(folder: string): Promise<PageFiles | undefined> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = new Map<string, PageFile>();
    let bytes = 0;
    for (const entry of entries) {
      const ending = /\.(\w+)$/.exec(entry.name)?.[1] ?? '';
      const type = TYPES[ending];
      // A link may lead anywhere, and what has no known type is not of the page.
      if (!entry.isFile() || type === undefined) continue;
      const path = join(entry.parentPath, entry.name);
      const content = await readFile(path);
      bytes += content.length;
      if (files.size >= MAX_FILES || bytes > MAX_BYTES)
        throw new Error(`${folder}: more than ${MAX_FILES} files, or ${MAX_BYTES} bytes: this is no page`);
      const name = `/${relative(folder, path).split(sep).join('/')}`;
      const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
      files.set(name, { bytes: content, type, etag, cacheControl: HASHED.test(name) ? FOR_EVER : 'no-cache' });
    }
    return files.has(INDEX) ? new PageFiles(files) : undefined;
  }

  /** Whether it was answered: a file by its name, or for a place inside of the page the page itself. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    const file = this.#files.get(path) ?? (isPlace(path) ? this.#files.get(INDEX) : undefined);
    if (!file) return false;
    response.setHeader('cache-control', file.cacheControl).setHeader('etag', file.etag);
    if (request.headers['if-none-match'] === file.etag) {
      response.writeHead(304).end();
      return true;
    }
    response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes.length });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
    return true;
  }
}

/** Where the page shows something, such as /evaluations/ev_…; what looks like a file of it is one, or is not there. */
const isPlace = (path: string): boolean =>
  !/^\/(?:api|assets)(?:\/|$)/.test(path) && !Object.hasOwn(TYPES, /^\/[^/]+\.(\w+)$/.exec(path)?.[1] ?? '');
