import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UrlPermits } from '../../../../agent/models/url-permits.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { fittingModel, routeOf } from '../../../../shared/domain/routing.ts';
import { urlPatternProblem } from '../../../../shared/domain/url-pattern.ts';

/** What the agent says; the coordinator must route by the same word, or work waits for ever, or is declined for ever. */
const allows = (patterns: string[], url: string): boolean => {
  const route = routeOf('mock/a', {}, [`url:${url}`]);
  const models = [{ match: 'mock/a', maxConnections: 1, lookAhead: 0 }];
  const fits = fittingModel(route, { namespaces: '*', labels: {}, models, capabilities: patterns.map((pattern) => `url:${pattern}`) }) >= 0;
  try {
    new UrlPermits(patterns).check(url);
    expect(fits).toBe(true);
    return true;
  } catch (error) {
    expect(AppError.from(error).code).toBe('invalid');
    expect(fits).toBe(false);
    return false;
  }
};

test.each([
  ['http://127.0.0.1:9000/*', 'http://127.0.0.1:9000/score'],
  ['http://127.0.0.1:9000/*', 'http://127.0.0.1:9000/'],
  ['http://127.0.0.1:9000/*', 'HTTP://127.0.0.1:9000/a/b?c=d'],
  ['https://example.com/score', 'https://example.com:443/score'],
  ['http://localhost:*/score', 'http://localhost:1234/score'],
  ['http://localhost:*/score', 'http://localhost/score'],
  ['https://*.example.com/*', 'https://a.b.example.com/x'],
  ['https://example.com/*', 'https://Example.COM/x'],
  ['http://127.0.0.1:9000/*', 'http://127.0.0.1:9000'],
  ['http://[::1]:9000/*', 'http://[::1]:9000/x'],
  ['http://127.0.0.1:9000/app/*', 'http://127.0.0.1:9000/app/./x'],
])('%s allows %s', (pattern, url) => {
  expect(urlPatternProblem(pattern)).toBeUndefined();
  expect(allows([pattern], url)).toBe(true);
});

test.each([
  ['no pattern at all', [], 'http://127.0.0.1:9000/x'],
  ['another port', ['http://127.0.0.1:9000/*'], 'http://127.0.0.1:9001/x'],
  ['the default port is meant without one', ['http://127.0.0.1/*'], 'http://127.0.0.1:9000/x'],
  ['another scheme', ['http://127.0.0.1:9000/*'], 'https://127.0.0.1:9000/x'],
  ['a user name that looks like the host', ['http://127.0.0.1:9000/*'], 'http://127.0.0.1:9000@evil.example/x'],
  ['a user name that fills the star', ['http://127.0.0.1:*/x'], 'http://127.0.0.1:9@evil.example/x'],
  ['the host in the path', ['http://*.example.com/*'], 'http://evil.example/.example.com/x'],
  ['the host in the query', ['https://*.example.com/*'], 'https://evil.test?.example.com/'],
  ['a backslash for a slash', ['http://127.0.0.1:9000/*'], 'http://evil.example\\@127.0.0.1:9000/x'],
  ['out of the folder', ['http://127.0.0.1:9000/app/*'], 'http://127.0.0.1:9000/app/../admin'],
  ['out of the folder, encoded', ['http://127.0.0.1:9000/app/*'], 'http://127.0.0.1:9000/app/%2e%2e/admin'],
  ['out of the folder, with an encoded slash', ['http://127.0.0.1:9000/app/*'], 'http://127.0.0.1:9000/app/..%2fadmin'],
  ['out of the folder, all encoded', ['http://127.0.0.1:9000/app/*'], 'http://127.0.0.1:9000/app/%2e%2e%5cadmin'],
  ['another scheme altogether', ['http://127.0.0.1:9000/*'], 'file:///etc/passwd'],
  ['no URL', ['http://127.0.0.1:9000/*'], '127.0.0.1:9000/x'],
])('refuses %s', (_, patterns, url) => {
  expect(allows(patterns, url)).toBe(false);
});

test.each([
  'http://h',
  'h:9000/*',
  'http://h:99999999/x',
  'http://u:p@h/*',
  'ftp://h/*',
  'http://h/*#x',
  'http://h/a b',
  `http://h/${'*a'.repeat(9)}`,
])('is no pattern: %s', (text) => {
  expect(urlPatternProblem(text)).toEqual(expect.any(String));
});

test('a refusal says what is allowed, and repeats no password', () => {
  const check = (url: string) => () => new UrlPermits(['http://a:1/*']).check(url);
  expect(check('http://b/x')).toThrow('it allows http://a:1/*');
  expect(check('http://user:secret@b/x')).toThrow(/^(?!.*secret)/s);
});

test('whatever is allowed by a pattern of one host and port goes to that host and port', () => {
  const permits = new UrlPermits(['http://127.0.0.1:9000/*']);
  const piece = fc.constantFrom('http:', '//', '/', '\\', '@', ':', '127.0.0.1', ':9000', 'evil.example', '..', '%2f', '?', '#', ' ', 'a');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      let url: URL;
      try {
        ({ url } = permits.check(`http://127.0.0.1:9000/${pieces.join('')}`));
      } catch {
        return;
      }
      expect(url.host).toBe('127.0.0.1:9000');
      expect(url.username).toBe('');
    }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      let url: URL;
      try {
        ({ url } = permits.check(pieces.join('')));
      } catch {
        return;
      }
      expect(url.host).toBe('127.0.0.1:9000');
    }),
  );
});
