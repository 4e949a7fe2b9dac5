/**
 * Fetches a dataset over HTTPS, as a stream. Every wait has a limit, every address is checked before it is connected to, and
 * whatever goes wrong is one sentence with the address (never its query, which may hold a secret) and a remedy.
 */
import type { lookup } from 'node:dns';
import { STATUS_CODES } from 'node:http';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, errors, request, type Dispatcher } from 'undici';
import { AppError } from '../../shared/domain/errors.ts';
import { checkedLookup, hostOf, isLoopback, isPrivate, PrivateAddress } from './addresses.ts';
import { shownAddress } from './source.ts';

export interface FetchLimits {
  connectMs: number;
  /** Without a byte. */
  idleMs: number;
  /** For everything, redirects included. */
  wholeMs: number;
  redirects: number;
}
export const FETCH_LIMITS: FetchLimits = { connectMs: 10_000, idleMs: 30_000, wholeMs: 600_000, redirects: 5 };

export interface FetchOptions {
  maxBytes: number;
  /** Whether hosts in private networks, this machine among them, may be fetched from. */
  allowPrivate: boolean;
  limits?: FetchLimits;
  signal?: AbortSignal;
  /** How names are resolved; by default as the system does. */
  resolve?: typeof lookup;
  /** Authorities beside the system's, in PEM. */
  ca?: string;
}

/** The bytes at an address. Throws AppError invalid; reading may be given up at any time. */
export async function* fetchDataset(address: string, options: FetchOptions): AsyncGenerator<Buffer, void, undefined> {
  const limits = options.limits ?? FETCH_LIMITS;
  const agent = new Agent({
    connect: {
      timeout: limits.connectMs,
      ...lookupOf(options),
      ...(options.ca ? { ca: options.ca } : {}),
    },
    headersTimeout: limits.idleMs,
    bodyTimeout: limits.idleMs,
  });
  const whole = AbortSignal.timeout(limits.wholeMs);
  const signal = options.signal ? AbortSignal.any([whole, options.signal]) : whole;
  let url = parseAddress(address, undefined, options);
  try {
    const answer = await follow(url, (next) => (url = next), { ...options, limits, agent, signal });
    yield* body(url, answer, options.maxBytes);
  } catch (error) {
    if (options.signal?.aborted) throw AppError.from(options.signal.reason);
    throw explain(error, url, limits, whole.aborted);
  } finally {
    await agent.destroy();
  }
}

function lookupOf({ allowPrivate, resolve }: FetchOptions): { lookup?: LookupFunction } {
  if (!allowPrivate) return { lookup: checkedLookup(resolve) };
  return resolve ? { lookup: resolve } : {};
}

async function follow(
  first: URL,
  onNext: (url: URL) => void,
  options: FetchOptions & { limits: FetchLimits; agent: Agent; signal: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const answer = await request(url, {
      dispatcher: options.agent,
      signal: options.signal,
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'assay-coordinator' },
    });
    // A body that nobody reads to its end fails when it is let go; without a listener that would end the process.
    answer.body.on('error', () => undefined);
    const { statusCode, headers } = answer;
    if (statusCode < 300 || statusCode >= 400) {
      if (statusCode === 200) return answer;
      throw failed(url, statusProblem(statusCode));
    }
    const location = headers.location;
    if (typeof location !== 'string') throw failed(url, `answers ${statusCode} without an address to go on to; check the address`);
    if (redirects === options.limits.redirects)
      throw failed(first, `redirects more than ${options.limits.redirects} times; name the address that it ends at`);
    answer.body.destroy();
    const next = parseAddress(location, url, options);
    onNext(next);
    url = next;
  }
}

/** Checks an address, and that a redirect `from` another one may lead to it. */
function parseAddress(text: string, from: URL | undefined, options: FetchOptions): URL {
  const url = URL.parse(text, from?.href);
  const what = from ? (problem: string) => failed(from, `redirects to ${problem}`) : (problem: string) => new AppError('invalid', problem);
  if (!url) throw what('what is no address; write https://HOST/PATH');
  const bothLoopback = isLoopback(hostOf(url)) && (from === undefined || isLoopback(hostOf(from)));
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && bothLoopback))
    throw what(`${from ? 'an address with ' : ''}${url.protocol.slice(0, 20)}, which is not taken; name an address with https:`);
  if (url.username !== '' || url.password !== '')
    throw what(
      `${from ? 'an address with ' : 'has '}a user or password in it; use an address that bears its permission in its query (a presigned one)`,
    );
  const host = hostOf(url);
  if (!options.allowPrivate && (isLoopback(host) || (isIP(host) !== 0 && isPrivate(host))))
    throw from
      ? failed(from, `redirects to ${privateProblem(host)}`)
      : new AppError('invalid', `${shownAddress(url)}: ${privateProblem(host)}`);
  return url;
}

const privateProblem = (host: string): string =>
  `${host}, which is a private address; upload the file instead, or start the coordinator with --fetch-private true`;

async function* body(url: URL, answer: Dispatcher.ResponseData, maxBytes: number): AsyncGenerator<Buffer, void, undefined> {
  const { headers } = answer;
  const encoding = String(headers['content-encoding'] ?? 'identity');
  // Compressed content is known by its first bytes, whoever compressed it.
  if (!['identity', 'gzip', 'x-gzip', 'zstd'].includes(encoding))
    throw failed(url, `is compressed as ${encoding.slice(0, 40)}, though that was not asked for; upload the file instead`);
  if (/^text\/html\b/i.test(String(headers['content-type'] ?? '')))
    throw failed(url, 'is a web page (text/html) and no dataset; name the address of the file itself, often called raw or download');
  const tooLarge = (): AppError => failed(url, `has more than ${maxBytes} bytes; make it smaller, or raise --max-content-bytes`);
  if (Number(headers['content-length']) > maxBytes) throw tooLarge();
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    yield chunk;
  }
}

const failed = (url: URL, problem: string): AppError => new AppError('invalid', `${shownAddress(url)} ${problem}`);

function statusProblem(status: number): string {
  const said = `answers ${status}${STATUS_CODES[status] ? ` ${STATUS_CODES[status]}` : ''}`;
  if (status === 401 || status === 403)
    return `${said}; use an address that can be read without signing in (a presigned one), or upload the file`;
  if (status === 404 || status === 410) return `${said}; check the address`;
  if (status === 429 || status >= 500) return `${said}; try again later, or upload the file`;
  return `${said}, where 200 was expected; check the address`;
}

/** Any failure on the way as a sentence; what is one already stays. */
function explain(error: unknown, url: URL, limits: FetchLimits, outOfTime: boolean): AppError {
  if (error instanceof AppError) return error;
  if (outOfTime) return failed(url, `did not come as a whole within ${limits.wholeMs / 1000} s; upload the file instead`);
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof PrivateAddress) return failed(url, `is at ${privateProblem(hostOf(url))}`);
    if (cause instanceof errors.ConnectTimeoutError)
      return failed(url, `cannot be connected to within ${limits.connectMs / 1000} s; ${REACH}`);
    if (cause instanceof errors.HeadersTimeoutError || cause instanceof errors.BodyTimeoutError)
      return failed(url, `sent nothing for ${limits.idleMs / 1000} s; try again later, or upload the file`);
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return failed(url, `has a host whose name is not found (${code}); check the address`);
    if (code && /CERT|SIGNED|SSL|TLS/.test(code))
      return failed(url, `has a certificate that is not trusted (${code}); add its authority by NODE_EXTRA_CA_CERTS, or upload the file`);
    if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
      return failed(url, `broke off (${code}); try again later, or upload the file`);
    if (code && /^[A-Z][A-Z0-9_]+$/.test(code)) return failed(url, `cannot be reached (${code}); ${REACH}`);
  }
  return failed(url, `cannot be fetched; ${REACH}`);
}

const REACH = 'check the address and that the coordinator may connect to it, or upload the file';
