/** An agent that wants signed specs: it runs what its signers have submitted with `assay submit --sign-key`, and hands everything else back. */
import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';

let fleet: Fleet;
let cli: CliHome;
let address: string;
beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  ({ address } = await fleet.coordinator());
  for (const name of ['own', 'other']) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    await writeFile(join(fleet.dir, `${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    await writeFile(join(fleet.dir, `${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }));
  }
  await writeFile(join(fleet.dir, 'public.key'), '-----BEGIN PUBLIC KEY-----\n', { mode: 0o600 });
  await writeFile(join(fleet.dir, 'open.key'), 'x', { mode: 0o644 });
  await fleet.agent('signed', [address], { models: [{ match: 'mock/*' }], policy: { signers: ['own.pub'] } });
  const digest = await fleet.client(address).uploadBytes(sums(5));
  await fleet.client(address).uploadBytes(sums(5), { namespace: 'team-a' });
  await writeFile(join(fleet.dir, 'spec.yaml'), stringify(mockSpec(digest)));
});
afterAll(async () => {
  await cli.dispose();
  await fleet.stop();
});

const submit = (...args: string[]) => cli.inside(['submit', join(fleet.dir, 'spec.yaml'), '--address', address, ...args]);

test('what a signer submits is run; what nobody signed, or a stranger, is handed back', { timeout: 60_000 }, async () => {
  const plain = await submit();
  const strange = await submit('--sign-key', join(fleet.dir, 'other.key'));
  expect([plain.code, strange.code]).toEqual([0, 0]);
  const own = await submit('--sign-key', join(fleet.dir, 'own.key'), '--watch', '--namespace', 'team-a');
  expect({ code: own.code, stderr: own.stderr }).toMatchObject({ code: 0 });
  const client = fleet.client(address);
  for (const { stdout } of [plain, strange])
    expect((await client.get(stdout.trim())).counts).toMatchObject({ total: 5, scored: 0, errored: 0 });
});

test.each([
  ['public.key', 'is no private key in PEM without a passphrase'],
  ['open.key', 'can be read or written by others; chmod 600 it'],
  ['none.key', 'cannot be read (ENOENT)'],
])('a key that cannot sign is refused: %s', async (name, problem) => {
  const { code, stderr } = await submit('--sign-key', join(fleet.dir, name));
  expect(code).toBe(2);
  expect(stderr).toContain(problem);
});
