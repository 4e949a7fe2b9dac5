/** What every answer says to browsers, and which requests of browsers are taken at all. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../../shared/domain/errors.ts';
import { isLoopbackHost } from '../../shared/runtime/redis-url.ts';

const POLICY = [
  "default-src 'none'",
  ...['script-src', 'style-src', 'connect-src', 'img-src', 'font-src', 'manifest-src', 'form-action'].map((kind) => `${kind} 'self'`),
  ...["frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ');

/** On everything that is answered. What may be kept says so by itself. */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

/** Of answers within TLS. */
export const TLS_HEADERS: Readonly<Record<string, string>> = { ...HEADERS, 'strict-transport-security': 'max-age=31536000' };

export interface Site {
  /** Only this machine can reach it. */
  readonly isLocal: boolean;
  /** As its own pages begin: within TLS, or not. */
  readonly scheme: 'https:' | 'http:';
  /** Other names that it goes by, such as those of a proxy: `https://assay.example.org`. */
  readonly origins: readonly string[];
}

/**
 * A page of another site can make its own name stand for 127.0.0.1, and is then the same site to its browser: only the Host header tells. Beyond
 * this machine the certificate does.
 */
export function checkHost({ isLocal, origins }: Site, host: string | undefined): void {
  if (!isLocal) return;
  if (isLoopbackHost(host)) return;
  if (host !== undefined && origins.some((origin) => hostOf(origin) === host.toLowerCase())) return;
  throw new AppError(
    'permission_denied',
    `this coordinator is not called ${JSON.stringify((host ?? '').slice(0, 100))}; ask for it as localhost or 127.0.0.1, or name its address by --http-origins`,
  );
}

const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/** Whether a program of this machine may have asked by itself: no proxy is known to stand before this server, and none says that it has passed this on. */
export const isFromHere = ({ isLocal, origins }: Site, headers: IncomingHttpHeaders): boolean =>
  isLocal && origins.length === 0 && !FORWARDED.some((name) => Object.hasOwn(headers, name));

/** Refuses what another site's page has sent. Programs send neither header. */
export function checkOrigin(site: Site, headers: IncomingHttpHeaders): void {
  const { origin, host, 'sec-fetch-site': fetchSite } = headers;
  if (origin !== undefined && !isOwn(site, origin, host)) throw foreign();
  if (fetchSite === 'cross-site' || fetchSite === 'same-site') throw foreign();
}

/** Whether the browser says that its own page has sent this. */
export const isFromOwnPage = (site: Site, headers: IncomingHttpHeaders): boolean =>
  headers.origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : isOwn(site, headers.origin, headers.host);

const isOwn = ({ origins, scheme }: Site, origin: string, host: string | undefined): boolean =>
  origins.includes(origin) || (host !== undefined && origin.toLowerCase().startsWith(scheme) && hostOf(origin) === host.toLowerCase());

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

const foreign = (): AppError => new AppError('permission_denied', 'the page of another site has sent this; such calls are not taken');
