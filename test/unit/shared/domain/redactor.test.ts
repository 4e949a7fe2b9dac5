/** Secrets are found in every encoding, whatever stands beside them, and wherever a text is cut into pieces. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formsOf, MIN_SECRET_CHARS, REDACTED, Redactor } from '../../../../shared/domain/redactor.ts';

const SECRET = `sk-"Zä/+ q\\x~'&<end>`;
/** Written by others, not by the code under test. */
const ENCODINGS: Record<string, (secret: string) => string> = {
  'as it is': (secret) => secret,
  JSON: (secret) => JSON.stringify({ error: secret }),
  'JSON in JSON': (secret) => JSON.stringify({ error: JSON.stringify({ error: secret }) }),
  URL: (secret) => `https://host/?key=${encodeURIComponent(secret)}`,
  form: (secret) => new URLSearchParams({ key: secret }).toString(),
  hex: (secret) => Buffer.from(secret).toString('hex'),
  HEX: (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  'base64 of a header': (secret) => Buffer.from(`user:${secret}\r\n`).toString('base64'),
  'base64 one byte on': (secret) => Buffer.from(`:${secret}!`).toString('base64'),
  base64url: (secret) => Buffer.from(`ab${secret}`).toString('base64url'),
  HTML: (secret) =>
    `<p>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')}</p>`,
};

/** What of a text can be decoded into the secret. */
function isIn(text: string, secret: string): boolean {
  const bytes = Buffer.from(secret);
  if (text.includes(secret) || text.toLowerCase().includes(bytes.toString('hex'))) return true;
  for (const group of text.match(/[\w+/-]{8,}/g) ?? [])
    for (let at = 0; at < 4; at++) if (Buffer.from(group.slice(at), 'base64').includes(bytes)) return true;
  for (const decode of [decodeURIComponent, (t: string) => decodeURIComponent(t.replaceAll('+', ' '))])
    try {
      if (decode(text).includes(secret)) return true;
    } catch {
      // no URL
    }
  return false;
}

test.each(Object.entries(ENCODINGS))('found in %s', (_name, encode) => {
  const text = encode(SECRET);
  const clean = new Redactor([SECRET]).redact(text);
  expect(clean).toContain(REDACTED);
  expect(isIn(clean, SECRET)).toBe(false);
});

const secrets = fc.array(fc.string({ unit: 'grapheme', minLength: MIN_SECRET_CHARS, maxLength: 40 }), { minLength: 1, maxLength: 3 });
const encodings = fc.constantFrom(...Object.values(ENCODINGS));

test('no text, in whatever pieces it comes, lets a secret through; and the pieces are the whole', () => {
  fc.assert(
    fc.property(
      secrets,
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.nat(2), encodings), { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(400), { maxLength: 30 }),
      (own, parts, cuts) => {
        const redactor = new Redactor(own);
        const text = parts.map(([before, n, encode]) => before + encode(own[n % own.length]!)).join(' ');
        const whole = redactor.redact(text);
        const stream = redactor.stream();
        const borders = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
        const pieces = borders.slice(1).map((end, i) => stream.push(text.slice(borders[i], end)));
        expect(pieces.join('') + stream.end()).toBe(whole);
        for (const secret of own) for (const form of formsOf(secret)) expect(whole.replaceAll(REDACTED, '\u0000')).not.toContain(form);
      },
    ),
    { numRuns: 100 },
  );
});

describe('every split', () => {
  test.each(Object.entries(ENCODINGS))('of %s', (_name, encode) => {
    const text = `before ${encode(SECRET)} after`;
    const redactor = new Redactor([SECRET]);
    const whole = redactor.redact(text);
    for (let a = 0; a <= text.length; a++) {
      for (let b = a; b <= text.length; b += 7) {
        const stream = redactor.stream();
        const told = [stream.push(text.slice(0, a)), stream.push(text.slice(a, b)), stream.push(text.slice(b)), stream.end()];
        expect(told.join('')).toBe(whole);
      }
    }
  });
});

test('what is held back is bounded by the longest form', () => {
  const redactor = new Redactor([SECRET]);
  const longest = Math.max(...formsOf(SECRET).map(({ length }) => length));
  const stream = redactor.stream();
  let told = 0;
  for (let i = 1; i <= 1_000; i++) {
    told += stream.push('x'.repeat(100)).length;
    expect(i * 100 - told).toBeLessThan(longest);
  }
});

test('of several lines each is a secret', () => {
  const lines = ['-----BEGIN KEY-----', 'MIIEvQIBADANBgkqhkiG', '-----END KEY-----'];
  expect(new Redactor([lines.join('\n')]).redact(`read: ${lines[1]}`)).toBe(`read: ${REDACTED}`);
});

test('values are copied where something was found, and else are themselves', () => {
  const redactor = new Redactor([SECRET]);
  const value = { text: 'plain', list: [1, { deep: `a ${SECRET}` }], [SECRET]: true, date: new Date(0) };
  expect(redactor.redactAll(value)).toEqual({ text: 'plain', list: [1, { deep: `a ${REDACTED}` }], [REDACTED]: true, date: new Date(0) });
  const plain = { text: 'plain', list: [1, null] };
  expect(redactor.redactAll(plain)).toBe(plain);
});

test('a short placeholder is no secret, least of all in an answer', () => {
  expect(new Redactor(['key', '']).redact('a key of these')).toBe('a key of these');
  expect(new Redactor(['ollama']).redact('refused: ollama')).toBe(`refused: ${REDACTED}`);
  expect(new Redactor(['ollama']).redactContent({ text: 'ask ollama' })).toEqual({ text: 'ask ollama' });
  expect(new Redactor([SECRET]).redactContent({ text: `it is ${SECRET}` })).toEqual({ text: `it is ${REDACTED}` });
  expect(new Redactor([]).with([SECRET]).redact(SECRET)).toBe(REDACTED);
});

test('what is learnt later is taken out by it, by its copies and by streams that are under way; the last 64 stay known', () => {
  const redactor = new Redactor(['first-secret']);
  const copy = redactor.with(['of-the-copy']);
  const stream = copy.stream();
  let told = stream.push('first-sec');
  redactor.learn('second-secret-which-is-longer');
  told += stream.push('ret, second-secret-wh') + stream.push('ich-is-longer, of-the-') + stream.push('copy') + stream.end();
  expect(told).toBe('[key], [key], [key]');
  expect(redactor.redact('second-secret-which-is-longer of-the-copy')).toBe('[key] of-the-copy');
  for (let i = 0; i < 64; i++) redactor.learn(`rotated-secret-${i}-`);
  expect(redactor.redact('first-secret rotated-secret-0- rotated-secret-63- second-secret-which-is-longer')).toBe(
    '[key] [key] [key] second-secret-which-is-longer',
  );
  expect(copy.redact('first-secret of-the-copy rotated-secret-63-')).toBe('[key] [key] [key]');
  const empty = new Redactor([]);
  const late = empty.stream();
  expect(late.push('abc')).toBe('abc');
  empty.learn('late-secret');
  expect(late.push('late-sec') + late.push('ret.') + late.end()).toBe('[key].');
});
