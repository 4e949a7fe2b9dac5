import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datasetSource, formatOf } from '../../../../shared/domain/dataset-uri.ts';
import { AppError } from '../../../../shared/domain/errors.ts';

describe('datasetSource', () => {
  it.each([
    ['file:a b.jsonl', { kind: 'file', path: 'a b.jsonl' }],
    ['file:../x/y.jsonl', { kind: 'file', path: '../x/y.jsonl' }],
    ['file:/abs.jsonl', { kind: 'file', path: '/abs.jsonl' }],
    ['file:///a%20b.jsonl', { kind: 'file', path: '/a b.jsonl' }],
    ['https://x.org/a.csv?sig=1', { kind: 'url', url: 'https://x.org/a.csv?sig=1' }],
    ['http://127.0.0.1:80/a.csv', { kind: 'url', url: 'http://127.0.0.1:80/a.csv' }],
    ['http://[::1]/a', { kind: 'url', url: 'http://[::1]/a' }],
    ['inline:{"input": 1}\n', { kind: 'inline', text: '{"input": 1}\n' }],
  ])('%s', (uri, source) => {
    expect(datasetSource({ uri })).toEqual(source);
  });

  it.each<[string, RegExp]>([
    ['file:', /names no file/],
    ['file://host/x', /another host/],
    ['file:///%zz', /no escape/],
    ['file:a\0b', /no path has/],
    ['C:\\x.jsonl', /has no scheme; write file:C/],
    ['file:dir/', /names no file/],
    ['s3://b/k', /sign an https/],
    ['hf://x', /https:\/\/ URL of the file/],
    ['http://x.org/a', /is not encrypted/],
    ['http://127.0.0.1.evil.org/a', /is not encrypted/],
    ['https://', /is no URL/],
    ['https://u:p@x/a', /^"https:\/\/x\/a" has a user or password/],
    ['https://x/a#b', /fragment/],
    ['inline: \n', /holds nothing/],
  ])('refuses %j', (uri, message) => {
    expect(() => datasetSource({ uri })).toThrow(message);
  });

  it('shows nothing of a signature, and throws nothing but AppError', () => {
    expect(() => datasetSource({ uri: 'http://x.org/a?sig=SECRET' })).toThrow(/^"http:\/\/x.org\/a" is/);
    fc.assert(
      fc.property(fc.constantFrom('', 'file:', 'http://', 'https://', 'inline:'), fc.string(), (scheme, rest) => {
        try {
          formatOf({ uri: scheme + rest });
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

describe('formatOf', () => {
  it.each([
    ['file:a.jsonl', undefined, 'jsonl', 'none'],
    ['file:a.ndjson.gz', undefined, 'jsonl', 'gzip'],
    ['file:a.JSON', undefined, 'json', 'none'],
    ['file:a.tsv.zst', undefined, 'tsv', 'zstd'],
    ['file:a.txt', undefined, 'jsonl', 'none'],
    ['file:a.txt.gz', 'csv', 'csv', 'gzip'],
    ['https://x/a.csv?b=c.json', undefined, 'csv', 'none'],
    ['https://x/download?file=a.csv', 'csv', 'csv', 'none'],
    ['inline:a.csv', undefined, 'jsonl', 'none'],
    ['inline:a,b\n1,2', 'csv', 'csv', 'none'],
  ] as const)('of %s with %s is %s, %s', (uri, format, expected, compression) => {
    expect(formatOf({ uri, format })).toEqual({ format: expected, compression });
  });

  it.each(['file:a.parquet', 'file:a.xlsx', 'https://x/a.zip', 'file:a.csv.bz2'])('refuses %s', (uri) => {
    expect(() => formatOf({ uri })).toThrow(/convert it/);
  });
});
