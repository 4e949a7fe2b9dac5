/** Broken datasets and addresses of datasets, and the one message that each must get. Found by a coordinator, which reads every line. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Row, SpecChanges } from './broken-inputs.ts';
import { file, redirect, type FileServer } from './file-server.ts';

const LINE = '{"input": "1 + 1", "target": "2"}\n';
const MANY = Buffer.from(LINE.repeat(1000));
const damaged = (bytes: Buffer): Buffer => Buffer.concat([bytes.subarray(0, 30), Buffer.alloc(8, 255), bytes.subarray(38)]);
/** 96 MiB of nothing. */
const BOMB = Buffer.alloc(96 << 20, ' ');
/** Stops at whichever of its bounds it comes to first: time, or what it makes. */
const ENDLESS_ENDS = /template: (takes too long; shorten its loops|makes too much text .*shorten its ranges and loops)/;
const ENDLESS = '{% for i in (1..100000) %}{% for j in (1..100000) %}x{% endfor %}{% endfor %}';

/** [what, the file's name, its content, every piece of its message]. */
export const CONTENTS: readonly (readonly [what: string, name: string, content: string | Buffer, ...pieces: (string | RegExp)[]])[] = [
  ['a row too short', 'a.csv', 'input,target\n1,2\n3\n', 'a.csv line 3', 'has 1 values, but the header has 2 names; give each row a value'],
  [
    'a row too long',
    'a.tsv',
    'input\ttarget\n1\t2\t3\n',
    'a.tsv line 2',
    'has 3 values, but the header has 2 names',
    'quote values with tabs',
  ],
  [
    'a column twice',
    'a.csv',
    'input,target,input\n1,2,3\n',
    'a.csv line 1',
    'names column 3 of the header "input", as column 1; give each column',
  ],
  ['a column without a name', 'a.csv', 'input,,target\n1,2,3\n', 'names column 2 of the header with nothing; give each column a name'],
  [
    'a quote without its end',
    'a.csv',
    'input,target\n1,2\n"3,4\n5,6\n',
    'a.csv line 3',
    'begins a row with a quote (") that is never closed; close it',
  ],
  [
    'a quote inside a value',
    'a.csv',
    'input,target\n1 "x",2\n',
    'a.csv line 2',
    'with a quote (") inside a value; put the whole value into quotes',
  ],
  ['a NUL byte', 'a.csv', 'input,target\n1,2\n3\u0000,4\n', 'a.csv line 3', 'has a NUL byte, which no text has; save the dataset as text'],
  ['a header alone', 'a.csv', 'input,target\n', 'a.csv', 'has a header and no rows; give it one row for each sample'],
  ['an object without a list', 'a.json', '{"version": 1}', 'a.json', /list/],
  ['two lists', 'a.json', '{"a": [], "b": []}', 'a.json', /list/],
  ['a text as document', 'a.json', '"words"', 'a.json', /list/],
  ['half a document', 'a.json', '[{"input": "1", "target": "2"}, {"in', 'a.json', /end/],
  [
    'a record that is a number',
    'a.json',
    '[{"input": "1", "target": "2"}, 3]',
    'a.json record 2',
    'is a number, must be a JSON object such as',
  ],
  ['an empty list', 'a.json', '[]', 'a.json', 'is a list without a record; give it one object for each sample'],
  ['a line that is a list', 'a.jsonl', `${LINE}[1, 2]\n`, 'a.jsonl line 2', 'is a list, must be a JSON object'],
  ['NaN on a line', 'a.jsonl', `${LINE}{"input": NaN, "target": "2"}\n`, 'a.jsonl line 2', 'is not valid JSON'],
  ['infinity by its size', 'a.jsonl', '{"input": "1", "target": 1e999}\n', 'a.jsonl line 1', 'a number beyond 1.8e308'],
  ['a number as object', 'a.jsonl', '{"input": {"a": 1}, "target": "2"}\n', 'a.jsonl line 1', /input/],
  [
    'bytes that are no UTF-8',
    'a.jsonl',
    Buffer.from(`${LINE}{"input": "caf\xe9", "target": "2"}\n`, 'latin1'),
    'a.jsonl line 2',
    'is not valid UTF-8; save',
  ],
  ['half a character', 'a.jsonl', '{"input": "a\\ud800", "target": "2"}\n', 'a.jsonl line 1', /half/i],
  [
    'ten thousand brackets',
    'a.jsonl',
    `{"input": "1", "target": "2", "x": ${'['.repeat(10_000)}${']'.repeat(10_000)}}\n`,
    'a.jsonl line 1',
    /deep/,
  ],
  ['a line beyond all', 'a.jsonl', Buffer.alloc((64 << 20) + 10, 'x'), 'a.jsonl line 1', /has more than 67108864 bytes/],
  [
    'half a gzip',
    'a.jsonl.gz',
    gzipSync(MANY).subarray(0, 60),
    'a.jsonl.gz',
    'ends in the middle of its gzip data; it was not copied as a whole',
  ],
  ['half a Zstandard', 'a.jsonl.zst', zstdCompressSync(MANY).subarray(0, 40), 'a.jsonl.zst', /Zstandard/],
  ['a damaged gzip', 'a.jsonl.gz', damaged(gzipSync(MANY)), 'a.jsonl.gz', /is no valid gzip .*; compress it again/],
  [
    'a bomb of gzip',
    'a.jsonl.gz',
    gzipSync(BOMB),
    'becomes more than 200 times as large when its gzip is undone',
    'upload it uncompressed if it is',
  ],
  ['a bomb of Zstandard', 'a.csv.zst', zstdCompressSync(BOMB), 'becomes more than 200 times as large when its Zstandard is undone'],
  ['a gzip of nothing', 'a.jsonl.gz', gzipSync(''), 'a.jsonl.gz', /is empty/],
];

/** [what, the spec, every piece of its message]. */
export const DATASETS: readonly Row<SpecChanges>[] = [
  ['no JSON on line 17', { dataset: { uri: 'file:line17.jsonl' } }, 'line17.jsonl line 17: is not valid JSON; a dataset has'],
  [
    'no target on line 3',
    { dataset: { uri: 'file:line3.jsonl' } },
    'line3.jsonl line 3: has no field "target" (dataset.fields.target); it has id, input',
  ],
  ['the same id twice', { dataset: { uri: 'file:twice.jsonl' } }, 'twice.jsonl line 10: has the id "s5", as line 5 has; name a field'],
  ['only blank lines', { dataset: { uri: 'file:blank.jsonl' } }, 'blank.jsonl: is empty; a dataset has'],
  ['a table of commas', { dataset: { uri: 'file:table.jsonl' } }, 'table.jsonl line 1 and 1 more line: is not valid JSON'],
  [
    'a field that no line has',
    { dataset: { fields: { input: 'question' } } },
    'sums.jsonl line 1 and 19 more lines: has no field "question"',
  ],
  ['an id that is not there', { dataset: { ids: ['s1', 'nope'] } }, 'sums.jsonl: has no sample with the id "nope" (dataset.ids)'],
  [
    'an unknown variable',
    { template: '{{ inpt }}' },
    'and 19 more lines: prompt.template: undefined variable: inpt',
    'did you mean input?',
  ],
  ['an id that is a path', { dataset: { ids: ['../../etc/passwd'] } }, 'has no sample with the id "../../etc/passwd" (dataset.ids)'],
  ['a prompt without an end', { template: ENDLESS }, ENDLESS_ENDS],
  ['a target without an end', { dataset: { target_template: ENDLESS } }, ENDLESS_ENDS],
  ['a prompt of a sum that is none', { template: '{{ input | plus: x }}' }, 'prompt.template: undefined variable: x'],
];

/** Addresses that a coordinator fetches from: [what, the uri, every piece of its message]. Made of servers that answer so. */
export function fetchRows(web: FileServer, untrusted: FileServer): readonly Row<SpecChanges['dataset'] & object>[] {
  web.answers
    .set('/sums.jsonl', file(LINE))
    .set('/to-file', redirect('file:///etc/passwd'))
    .set('/to-far-http', redirect('http://example.org/x.jsonl'))
    .set('/circle', redirect('/circle'))
    .set('/nowhere', (_request, response) => void response.writeHead(302).end())
    .set('/page', file('<html>', { 'content-type': 'text/html; charset=utf-8' }))
    .set('/brotli', file('x', { 'content-encoding': 'br' }))
    .set('/private', (_request, response) => void response.writeHead(403).end())
    .set('/broken', (_request, response) => void response.writeHead(503).end())
    .set('/short', (request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write(LINE);
      setImmediate(() => request.socket.destroy());
    });
  const at = (path: string): { uri: string } => ({ uri: `${web.origin}${path}?key=SECRET` });
  return [
    [
      'nobody there',
      { uri: 'https://localhost:1/x.jsonl?key=SECRET' },
      'https://localhost:1/x.jsonl cannot be reached (ECONNREFUSED); check',
    ],
    [
      'no such host',
      { uri: 'https://assay.invalid/x.jsonl' },
      /https:\/\/assay\.invalid\/x\.jsonl (?:has a host whose name is not found|cannot be)/,
    ],
    [
      'a certificate of a stranger',
      { uri: `${untrusted.origin}/sums.jsonl` },
      'has a certificate that is not trusted',
      'NODE_EXTRA_CA_CERTS',
    ],
    [
      'a redirect to a file',
      at('/to-file'),
      '/to-file redirects to an address with file:, which is not taken; name an address with https:',
    ],
    ['a redirect to plain http', at('/to-far-http'), '/to-far-http redirects to an address with http:, which is not taken'],
    ['redirects in a circle', at('/circle'), '/circle redirects more than 5 times; name the address that it ends at'],
    ['a redirect to nowhere', at('/nowhere'), '/nowhere answers 302 without an address to go on to; check the address'],
    ['a web page', at('/page'), '/page is a web page (text/html) and no dataset; name the address of the file itself'],
    ['another compression', at('/brotli'), '/brotli is compressed as br, though that was not asked for; upload the file instead'],
    ['nothing there', at('/none'), '/none answers 404 Not Found; check the address'],
    ['a closed door', at('/private'), '/private answers 403 Forbidden; use an address that can be read without signing in'],
    ['a server in trouble', at('/broken'), '/broken answers 503 Service Unavailable; try again later, or upload the file'],
    ['a line that breaks', at('/short'), /\/short broke off \(.*\); try again later, or upload the file/],
    ['another digest', { ...at('/sums.jsonl'), digest: `sha256:${'0'.repeat(64)}` }, 'dataset.digest: is not that of'],
  ];
}
