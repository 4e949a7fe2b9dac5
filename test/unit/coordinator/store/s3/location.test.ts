import { describe, expect, test } from 'vitest';
import { s3LocationOf } from '../../../../../coordinator/store/s3/location.ts';
import { withoutCovered } from '../../../../../coordinator/store/s3/s3-segments.ts';
import type { Fault } from '../../../../../shared/domain/errors.ts';

describe('the URL of a store in S3', () => {
  test.each([
    ['s3://bucket', { bucket: 'bucket', prefix: '', pathStyle: false }],
    ['s3://my.bucket-1/a/b/', { bucket: 'my.bucket-1', prefix: 'a/b/', pathStyle: false }],
    ['s3://b01/x?region=eu-central-1', { bucket: 'b01', prefix: 'x/', region: 'eu-central-1', pathStyle: false }],
    [
      's3://b01/x?endpoint=http%3A%2F%2F127.0.0.1%3A9000',
      { bucket: 'b01', prefix: 'x/', endpoint: 'http://127.0.0.1:9000', region: 'us-east-1', pathStyle: true },
    ],
    [
      's3://b01?endpoint=https://host&path_style=false',
      { bucket: 'b01', prefix: '', endpoint: 'https://host', region: 'us-east-1', pathStyle: false },
    ],
  ])('%s', (text, location) => {
    const faults: Fault[] = [];
    expect(s3LocationOf(text, '--store', faults)).toEqual(location);
    expect(faults).toEqual([]);
  });

  test.each([
    ['s3://', ['is no name of a bucket']],
    ['s3://bucket:9000/x', ['is no place in S3']],
    ['s3://key:secret@bucket/x', ['holds a key']],
    ['s3://key:sec/ret/secret@bucket/x', ['holds a key']],
    ['s3://b01?endpoint=https%3A%2F%2Fu%3Asecret%40host', ['holds a key']],
    ['s3://UPPER_case/x', ['is no name of a bucket']],
    ['s3://b01/a b/c', ['is no prefix of keys']],
    [
      's3://b01?endpoint=host:1&region=EU!&path_style=yes&acl=x',
      ['"acl" is not known', 'is no URL', 'is no name of a region', 'neither true'],
    ],
  ])('%s is refused with all that is wrong', (text, problems) => {
    const faults: Fault[] = [];
    expect(s3LocationOf(text, '--store', faults)).toBeUndefined();
    expect(faults.map((f) => f.place)).toEqual(problems.map(() => '--store'));
    for (const [i, problem] of problems.entries()) expect(faults[i]!.problem).toContain(problem);
    expect(JSON.stringify(faults)).not.toContain('secret');
  });
});

test('what is merged covers its writer’s own, and nothing else', () => {
  const stamp = (n: number): string => String(n).padStart(16, '0');
  const object = (name: string, modifiedMs = 100): { name: string; modifiedMs: number } => ({ name, modifiedMs });
  const objects = [
    object(`${stamp(1)}-co_a.log`),
    object(`${stamp(2)}-co_a.log`),
    object(`${stamp(2)}-co_b.log`),
    object(`${stamp(2)}-co_a.to-${stamp(4)}.log`),
    object(`${stamp(4)}-co_a.log`),
    object(`${stamp(5)}-co_a.log`),
    object('another file'),
  ];
  const names = ({ kept, covered }: ReturnType<typeof withoutCovered>): string[][] => [kept.map((o) => o.name), covered.map((o) => o.name)];
  const kept = [0, 2, 3, 5, 6].map((i) => objects[i]!.name);
  expect(names(withoutCovered(objects, 100))).toEqual([kept, []]);
  expect(names(withoutCovered(objects, 101))).toEqual([kept, [objects[1]!.name, objects[4]!.name]]);
  // Two that begin alike do not cover each other.
  const twins = [object(`${stamp(1)}-co_a.to-${stamp(3)}.log`), object(`${stamp(1)}-co_a.to-${stamp(4)}.log`)];
  expect(withoutCovered(twins, 101).kept.length).toBeGreaterThan(0);
});
