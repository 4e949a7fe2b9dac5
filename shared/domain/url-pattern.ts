/**
 * Patterns of URLs that an operator allows, such as `http://127.0.0.1:9000/*` or `https://*.example.com/score`. A URL is taken
 * apart before it is compared, host with host and path with path, so that nothing in one part (a user name, say) can pass for
 * another. `*` stands for any run of characters of its part. Pure.
 */
import { matchesPattern } from './name-pattern.ts';

export interface UrlPattern {
  text: string;
  scheme: string;
  host: string;
  port: string;
  /** Path and query. */
  path: string;
}

const PATTERN = /^(https?):\/\/(\[[0-9a-f:.]+\]|[a-z0-9*_.-]+)(?::(\d{1,5}|\*))?(\/[^\s#]*)$/i;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

/** What is wrong with a pattern, or undefined. */
export function urlPatternProblem(text: string): string | undefined {
  if (text.length > 1800) return 'is longer than 1800 characters';
  if (/^[^/]*\/\/[^/]*@/.test(text)) return 'has a user or password in it; take it out';
  if (!PATTERN.test(text))
    return 'is no pattern of URLs; write scheme, host, port and path: http://127.0.0.1:9000/*, https://*.example.com/score';
  if (text.split('*').length > 9) return 'has more than eight *; write several patterns instead';
  return undefined;
}

/** The pattern of a text; undefined when that is none. */
export function readUrlPattern(text: string): UrlPattern | undefined {
  if (urlPatternProblem(text) !== undefined) return undefined;
  const [, scheme, host, port, path] = PATTERN.exec(text)!;
  const lower = scheme!.toLowerCase();
  return { text, scheme: lower, host: host!.toLowerCase(), port: port ?? DEFAULT_PORTS[lower]!, path: path! };
}

/** Why a URL is allowed by no pattern whatever; undefined: one may. */
export function forbiddenUrl(url: URL): string | undefined {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'is neither http nor https';
  if (url.username || url.password) return 'has a user or password in it';
  // Some servers decode a path before they resolve it: then this would leave the folder that the pattern allows.
  if (/(?:^|\/|\\|%2f|%5c)(?:\.|%2e){2}(?:\/|\\|%2f|%5c|$)/i.test(url.pathname)) return 'has .. in its path';
  return undefined;
}

/** Whether the pattern allows the URL. */
export function coversUrl(pattern: UrlPattern, url: URL): boolean {
  const scheme = url.protocol.slice(0, -1);
  const port = url.port || DEFAULT_PORTS[scheme]!;
  return (
    forbiddenUrl(url) === undefined &&
    pattern.scheme === scheme &&
    matchesPattern(pattern.host, url.hostname) &&
    matchesPattern(pattern.port, port) &&
    matchesPattern(pattern.path, url.pathname + url.search)
  );
}
