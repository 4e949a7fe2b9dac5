/** Manifests of releases in which all namespaces shared a route. */
import { expect, test } from 'vitest';
import { manifestBytes, parseManifest } from '../../../../coordinator/store/manifest-file.ts';
import { routeOf } from '../../../../shared/domain/routing.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

const written = manifestOf('before', 3);
const read = (namespace: string) => parseManifest(manifestBytes({ ...written, namespace }).toString(), written.evaluationId)!;

test('have the routes of their namespace when they are read, and in the default one those that they had', () => {
  const { model, labels, needs } = written.groups[0]!.route;
  expect(read('default')).toEqual({ ...written, namespace: 'default' });
  expect(read('team-a').groups[0]!.route).toEqual(routeOf(model, labels, needs, 'team-a'));
  expect(read('team-a').groups[0]!.route.id).not.toBe(written.groups[0]!.route.id);
  // What was read may be written and read again.
  expect(parseManifest(manifestBytes(read('team-a')).toString(), written.evaluationId)).toEqual(read('team-a'));
});
