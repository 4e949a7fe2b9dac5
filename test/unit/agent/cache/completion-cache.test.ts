/** Kept completions on disk: found again whole or not at all, within a bound, whatever befalls the files. */
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { chmod, mkdir, mkdtemp, open as openFile, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CompletionCache } from '../../../../agent/cache/completion-cache.ts';
import { entryBytes, readEntry, type KeptAnswer } from '../../../../agent/cache/entry.ts';
import { systemClock, type Clock } from '../../../../shared/runtime/clock.ts';
import { waitFor } from '../../../support/wait-for.ts';

const MIB = 1024 * 1024;
let dir: string;
let now: number;
let warnings: string[];
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), 'assay-cache-')), 'cache');
  now = 1_800_000_000_000;
  warnings = [];
});
afterEach(() => rm(join(dir, '..'), { recursive: true, force: true }));

const clock: Clock = { ...systemClock, now: () => now, sleep: (ms, signal) => systemClock.sleep(ms, signal) };
const open = (maxBytes = 64 * MIB, patienceMs = 30_000): CompletionCache =>
  new CompletionCache({ dir, maxBytes, clock, patienceMs, onWarning: (message) => warnings.push(message) });
/** A key in the first of the 256 parts. */
const key = (name: string | number, part = '00'): string => `${part}${createHash('sha256').update(String(name)).digest('hex').slice(2)}`;
const pathOf = (k: string): string => join(dir, k.slice(0, 2), k.slice(2));
const answer = (completion: string): KeptAnswer => ({ completion, stopReason: 'stop', model: 'm' });
async function bytesIn(part: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(join(dir, part))) bytes += Math.ceil((await stat(join(dir, part, name))).size / 4096) * 4096;
  return bytes;
}

test('what was kept is found, by its key alone, also by another process; nothing is made before', async () => {
  const cache = open();
  expect(await cache.find(key('a'), Infinity)).toBeUndefined();
  await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  const whole: KeptAnswer = {
    ...answer('four'),
    ...{ reasoning: 'hm', fingerprint: 'fp', logprobs: [{ token: 'x', logprob: -0.25 }] },
    likelihoods: [{ text: 'a', logLikelihood: -1.5, isGreedy: true, isTarget: false, tokens: 2 }],
  };
  await cache.keep(key('a'), whole);
  expect(await open().find(key('a'), Infinity)).toEqual(whole);
  expect(await open().find(key('b'), Infinity)).toBeUndefined();
  await cache.keep(key('a'), answer('five'));
  expect(await cache.find(key('a'), Infinity)).toEqual(answer('five'));
  expect((await stat(pathOf(key('a')))).mode & 0o777).toBe(0o600);
  expect(warnings).toEqual([]);
});

test('expires by its age, not by its last use', async () => {
  const cache = open();
  await cache.keep(key('a'), answer('x'));
  now += 999;
  expect(await cache.find(key('a'), 1000)).toBeDefined();
  now += 1;
  expect(await cache.find(key('a'), 1000)).toBeUndefined();
  expect(await cache.find(key('a'), 2000)).toBeDefined();
});

test('every torn and every altered file is a miss, and goes', async () => {
  const bytes = entryBytes(key('a'), 5, answer('The answer is 4'));
  expect(readEntry(bytes, key('a'))).toEqual({ savedAtMs: 5, answer: answer('The answer is 4') });
  expect(readEntry(bytes, key('b'))).toBeUndefined();
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      expect(readEntry(bytes.subarray(0, at), key('a'))).toBeUndefined();
      const altered = Buffer.from(bytes);
      altered[at]! ^= flip;
      expect(readEntry(altered, key('a'))).toBeUndefined();
    }),
  );
  const cache = open();
  await cache.keep(key('a'), answer('x'));
  await writeFile(pathOf(key('a')), 'nonsense');
  expect(await cache.find(key('a'), Infinity)).toBeUndefined();
  await expect(stat(pathOf(key('a')))).rejects.toMatchObject({ code: 'ENOENT' });
  await cache.keep(key('a'), answer('y'));
  expect(await cache.find(key('a'), Infinity)).toEqual(answer('y'));
});

test('keeps within its bytes; what was used last stays', async () => {
  const maxBytes = 16 * MIB;
  const share = maxBytes / 256; // 16 blocks
  const cache = open(maxBytes);
  await cache.keep(key('first'), answer('first'));
  for (let i = 0; i < 100; i++) {
    now += 1000;
    await cache.keep(key(i), answer('x'.repeat(5000)));
    expect(await cache.find(key('first'), Infinity)).toBeDefined();
    expect(await bytesIn('00')).toBeLessThanOrEqual(share);
  }
  expect(await cache.find(key(99), Infinity)).toBeDefined();
  expect(await cache.find(key(0), Infinity)).toBeUndefined();
  // Too large for its part: not kept, and nothing goes for it.
  const before = await bytesIn('00');
  await cache.keep(key('huge'), answer('x'.repeat(share)));
  expect(await cache.find(key('huge'), Infinity)).toBeUndefined();
  expect(await bytesIn('00')).toBe(before);
});

test('what a crash has left beside its place goes with the next count', async () => {
  await mkdir(join(dir, '00'), { recursive: true });
  const [old, young] = [join(dir, '00', '.new-old'), join(dir, '00', '.new-young')];
  for (const path of [old, young]) await writeFile(path, 'half');
  await utimes(old, now / 1000 - 7200, now / 1000 - 7200);
  await utimes(young, now / 1000, now / 1000);
  await open().keep(key('a'), answer('x'));
  expect((await readdir(join(dir, '00'))).toSorted()).toEqual(['.new-young', key('a').slice(2)].toSorted());
});

test('a folder that cannot be written to is none: nothing is thrown, and it is told once', async () => {
  await writeFile(dir, 'a file');
  const cache = open();
  await cache.keep(key('a'), answer('x'));
  await cache.keep(key('b'), answer('x'));
  expect(await cache.find(key('a'), Infinity)).toBeUndefined();
  expect(warnings).toHaveLength(1);
  await rm(dir);
  await mkdir(dir);
  await chmod(dir, 0o700);
  await cache.keep(key('a'), answer('x'));
  expect(await cache.find(key('a'), Infinity)).toEqual(answer('x'));
});

test('several processes at once: every answer that is found is whole and its key’s', async () => {
  const program = `
    import { systemClock } from ${JSON.stringify(new URL('../../../../shared/runtime/clock.ts', import.meta.url).href)};
    import { CompletionCache } from ${JSON.stringify(new URL('../../../../agent/cache/completion-cache.ts', import.meta.url).href)};
    const cache = new CompletionCache({ dir: process.argv[2], maxBytes: ${16 * MIB}, clock: systemClock, onWarning: (m, e) => { throw e; } });
    let found = 0;
    for (let i = 0; i < 300; i++) {
      const key = '00' + String(Math.floor(Math.random() * 14)).padStart(62, '0');
      const kept = await cache.find(key, Infinity);
      if (kept && !kept.completion.startsWith(key)) throw new Error('another answer');
      if (kept) found++;
      await cache.keep(key, { completion: key + 'x'.repeat((i * 97) % 9000) });
    }
    console.log(found);`;
  const file = join(dir, '..', 'program.ts');
  await writeFile(file, program);
  const run = promisify(execFile);
  const ends = await Promise.all([1, 2, 3].map(() => run(process.execPath, [file, dir], { timeout: 60_000 })));
  expect(ends.reduce((sum, { stdout }) => sum + Number(stdout), 0)).toBeGreaterThan(0);
  // Each counts what it has written itself by a quarter of the part at most.
  expect(await bytesIn('00')).toBeLessThanOrEqual((16 * MIB) / 256 + (3 * (16 * MIB)) / 256 / 4);
  expect((await readdir(join(dir, '00'))).filter((name) => name.startsWith('.new-'))).toEqual([]);
  expect(await readFile(file, 'utf8')).toBe(program);
});

test('a file that is larger than any entry is not read, and stays; a folder in its place is a miss', async () => {
  const cache = open();
  await cache.keep(key('a'), answer('x'));
  const large = entryBytes(key('a'), now, answer('x'.repeat((64 * MIB) / 256)));
  await writeFile(pathOf(key('a')), large);
  expect(await cache.find(key('a'), Infinity)).toBeUndefined();
  expect((await stat(pathOf(key('a')))).size).toBe(large.length);
  // Who has more room reads it.
  expect(await open(256 * MIB).find(key('a'), Infinity)).toBeDefined();
  await mkdir(pathOf(key('b')));
  expect(await cache.find(key('b'), Infinity)).toBeUndefined();
});

test('files that hang hold nothing up: one is waited for a short while, then none until they have ended', async () => {
  const cache = open(64 * MIB, 100);
  await cache.keep(key('a'), answer('x'));
  await cache.keep(key('b'), answer('y'));
  // Nobody writes to it, so that whoever opens it to read hangs, as in a network folder whose server is away.
  await rm(pathOf(key('a')));
  await promisify(execFile)('mkfifo', [pathOf(key('a'))]);
  expect(await cache.find(key('a'), Infinity)).toBe('late');
  expect(warnings).toEqual(['the completion cache takes too long, and calls are made without it']);
  // Without so much as a look at the files.
  for (let i = 0; i < 100; i++) expect(await cache.find(key('b'), Infinity)).toBe('late');
  await cache.keep(key('c'), answer('z'));
  await expect(stat(pathOf(key('c')))).rejects.toMatchObject({ code: 'ENOENT' });
  // The folder is back.
  const writer = await openFile(pathOf(key('a')), 'w');
  await writer.close();
  await waitFor(async () => (await cache.find(key('b'), Infinity)) !== 'late', { what: 'the end of the one that hung' });
  expect(await cache.find(key('b'), Infinity)).toEqual(answer('y'));
});

test('many that hang at once take two threads, and the others go on without', async () => {
  const cache = open(64 * MIB, 100);
  const keys = Array.from({ length: 20 }, (_, i) => key(i));
  await cache.keep(key('other'), answer('x'));
  for (const one of keys) await promisify(execFile)('mkfifo', [pathOf(one)]);
  expect(new Set(await Promise.all(keys.map((one) => cache.find(one, Infinity))))).toEqual(new Set(['late']));
  // Other files are read and written as before.
  await writeFile(join(dir, '..', 'spool'), 'result');
  expect(await readFile(join(dir, '..', 'spool'), 'utf8')).toBe('result');
  // Two were opened; a writer that may not wait finds a reader at these alone.
  const opened = await Promise.all(
    keys.map((one) =>
      openFile(pathOf(one), constants.O_WRONLY | constants.O_NONBLOCK).then(
        (file) => file.close().then(() => true),
        () => false,
      ),
    ),
  );
  expect(opened.filter(Boolean)).toHaveLength(2);
  await waitFor(async () => (await cache.find(key('other'), Infinity)) !== 'late', { what: 'the end of those that hung' });
});
