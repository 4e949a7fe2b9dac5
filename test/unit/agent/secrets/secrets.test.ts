/** Keys: where they may lie, what is refused, when they are read again, and that nothing prints them. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readKey, type KeyEntry } from '../../../../agent/key-config.ts';
import { Secret } from '../../../../agent/secrets/secret.ts';
import { readers } from '../../../../shared/runtime/private-file.ts';

const KEY = 'canary-key-0123456789';
let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'assay-keys-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function read(entry: KeyEntry, environment: Record<string, string> = {}): { secret: Secret | undefined; faults: string[] } {
  const faults: string[] = [];
  const secret = readKey(entry, {
    at: (key) => key,
    folder: dir,
    environment,
    fault: (place, problem) => void faults.push(`${place}: ${problem}`),
  });
  expect(faults.join()).not.toContain(KEY);
  return { secret, faults };
}

const file = (name: string, text: string, mode = 0o600): string => {
  writeFileSync(join(dir, name), text);
  chmodSync(join(dir, name), mode);
  return name;
};
const program = (text: string): string => join(dir, file('program.sh', `#!/bin/sh\n${text}\n`, 0o700));
const clock = { at: 0, monotonic: () => clock.at };

describe('a key lies in', () => {
  test('a variable', () => expect(read({ api_key_env: 'K' }, { K: ` ${KEY}\n` }).secret?.value).toBe(KEY));
  test('a file', () => expect(read({ api_key_file: file('key', `${KEY}\n`) }).secret?.value).toBe(KEY));
  test('a credential of systemd', () => {
    file('openai', KEY, 0o400);
    expect(read({ api_key_credential: 'openai' }, { CREDENTIALS_DIRECTORY: dir }).secret?.value).toBe(KEY);
  });
  test('what a program prints, which sees nothing of the environment that could be a key', () => {
    const path = program('echo "$1-$SECRET-$HOME"');
    expect(read({ api_key_command: [path, '-n; echo x'] }, { SECRET: 's', HOME: '/h' }).secret?.value).toBe('-n; echo x--/h');
  });
});

test.each([
  [0o600, true],
  [0o400, true],
  [0o640, false],
  [0o604, false],
  [0o620, false],
  [0o644, false],
])('a file of mode %o is taken: %s', (mode, isTaken) => {
  const { secret, faults } = read({ api_key_file: file('key', KEY, mode) });
  expect(secret !== undefined).toBe(isTaken);
  if (!isTaken) expect(faults[0]).toMatch(/can be read or written by (everybody|its group) \(mode 0\d{3}\); chmod 600 it/);
});

test('a link is judged by the file that it leads to', () => {
  file('key', KEY, 0o644);
  symlinkSync(join(dir, 'key'), join(dir, 'link'));
  expect(read({ api_key_file: 'link' }).faults).toHaveLength(1);
});

test("what an orchestrator hands out as root's to a group is the process's own", () => {
  expect(readers({ mode: 0o440, uid: 0 }, 1000)).toBeUndefined();
  expect(readers({ mode: 0o460, uid: 0 }, 1000)).toBe('its group');
  expect(readers({ mode: 0o444, uid: 0 }, 1000)).toBe('everybody');
  expect(readers({ mode: 0o440, uid: 0 }, 0)).toBe('its group');
  expect(readers({ mode: 0o440, uid: 1000 }, 1000)).toBe('its group');
});

test.each<[string, () => KeyEntry, string]>([
  ['two sources', () => ({ api_key_env: 'A', api_key_command: ['/bin/true'] }), 'api_key_env: stands beside api_key_command'],
  ['an age of a variable', () => ({ api_key_env: 'A', api_key_max_age: 60 }), 'needs a key that can be read again'],
  ['a relative program', () => ({ api_key_command: ['pass', 'show'] }), 'must begin with the absolute path'],
  ['a program that is not there', () => ({ api_key_command: [join(dir, 'none')] }), 'cannot be started (ENOENT)'],
  ['a program that fails', () => ({ api_key_command: [program(`echo ${KEY}; echo ${KEY} >&2; exit 3`)] }), 'ended with exit code 3'],
  ['a program that says nothing', () => ({ api_key_command: [program('')] }), 'is empty'],
  ['a program that says too much', () => ({ api_key_command: [program('head -c 100000 /dev/zero')] }), 'prints more than 16384 bytes'],
  ['a folder', () => ({ api_key_file: '.' }), 'cannot be read (EISDIR)'],
  ['no folder of credentials', () => ({ api_key_credential: 'a' }), 'no $CREDENTIALS_DIRECTORY'],
  ['a credential elsewhere', () => ({ api_key_credential: '../key' }), 'is no name of a credential'],
])('refused, with what to do: %s', (_, entry, fault) => expect(read(entry()).faults.join()).toContain(fault));

test('a key is read again when it is refused, by all who ask at once one time, and not at each call', async () => {
  file('key', KEY);
  const { secret } = read({ api_key_file: 'key' });
  const learnt: string[] = [];
  secret!.watch({ onValue: (value) => void learnt.push(value) });
  const used = await secret!.current(clock);
  clock.at += 10_000;
  expect(await secret!.refused(used, clock)).toBe(false);
  file('key', 'another-key');
  expect(await secret!.refused(used, clock)).toBe(false); // a moment ago it was the same
  clock.at += 10_000;
  expect(await Promise.all([1, 2, 3].map(() => secret!.refused(used, clock)))).toEqual([true, true, true]);
  expect(learnt).toEqual(['another-key']);
  expect(secret!.value).toBe('another-key');
});

test('a key is read again by its age; what is wrong then leaves the one that there is', async () => {
  const path = program(`echo ${KEY}`);
  const { secret } = read({ api_key_command: [path], api_key_max_age: 60 });
  const troubles: string[] = [];
  secret!.watch({ onValue: () => undefined, onTrouble: (problem) => void troubles.push(problem) });
  expect(await secret!.current(clock)).toBe(KEY);
  program('echo "two words"');
  clock.at += 59_999;
  expect(await secret!.current(clock)).toBe(KEY);
  clock.at += 1;
  expect(await secret!.current(clock)).toBe(KEY);
  expect(troubles).toEqual([`what ${path} prints has characters that no HTTP header may bear (spaces, line ends, non-ASCII)`]);
  program('echo second');
  clock.at += 60_000;
  expect(await secret!.current(clock)).toBe('second');
});

test('nothing prints it', () => {
  const secret = new Secret(KEY);
  const held = { config: { models: [{ apiKey: secret }] } };
  for (const text of [
    inspect(held, { depth: 10, showHidden: true }),
    JSON.stringify(held),
    String(secret),
    `as a text: ${String(secret)}`,
    inspect(new Error('x', { cause: held }), { depth: 10, showHidden: true }),
    JSON.stringify(Object.getOwnPropertyNames(secret)),
  ])
    expect(text).not.toContain(KEY);
});
