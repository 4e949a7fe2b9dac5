/** Which pages are the coordinator's own. */
import { expect, test } from 'vitest';
import { checkOrigin, isFromOwnPage, type Site } from '../../../../coordinator/http/security.ts';

const site: Site = { isLocal: false, scheme: 'https:', origins: ['https://assay.example.org'] };
const isRefused = (at: Site, origin: string, host: string): boolean => {
  try {
    checkOrigin(at, { origin, host });
    return false;
  } catch {
    return true;
  }
};

test('a page of the same host, but without TLS, is none of a site within TLS', () => {
  const host = 'coordinator.example:9464';
  for (const [origin, isOwn] of [
    [`https://${host}`, true],
    [`HTTPS://${host}`, true],
    [`http://${host}`, false],
    ['https://assay.example.org', true],
    ['http://assay.example.org', false],
    ['https://coordinator.example', false],
  ] as const) {
    expect([origin, isRefused(site, origin, host)]).toEqual([origin, !isOwn]);
    expect([origin, isFromOwnPage(site, { origin, host })]).toEqual([origin, isOwn]);
  }
  const local: Site = { isLocal: true, scheme: 'http:', origins: [] };
  expect(isRefused(local, 'http://localhost:9464', 'localhost:9464')).toBe(false);
  expect(isRefused(local, 'https://localhost:9464', 'localhost:9464')).toBe(true);
});
