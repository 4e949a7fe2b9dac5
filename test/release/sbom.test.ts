/** The bill of materials, against what CycloneDX asks of one and against the one that npm makes of the same lock file. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { isPassedOn, nameAt, packagesOf, readLockFile } from '../../scripts/lock-file.ts';
import { writeSbom } from '../../scripts/sbom.ts';
import { npm, ROOT } from '../support/package.ts';

const PURL = z.string().regex(/^pkg:npm\/(?:%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+(?:-[\w.-]+)?$/);
const component = z.strictObject({
  'bom-ref': PURL,
  type: z.enum(['library', 'application']),
  name: z.string().min(1),
  version: z.string().min(1),
  description: z.string().optional(),
  scope: z.enum(['required', 'optional']).optional(),
  purl: PURL,
  hashes: z.array(z.strictObject({ alg: z.literal('SHA-512'), content: z.string().regex(/^[0-9a-f]{128}$/) })).optional(),
  licenses: z.array(z.strictObject({ license: z.strictObject({ id: z.string().min(1) }) })).length(1),
});
/** What this document uses of the format, with the format's own rules for it. */
const document = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  version: z.literal(1),
  metadata: z.strictObject({ component }),
  components: z.array(component.required({ hashes: true, scope: true })),
  dependencies: z.array(z.strictObject({ ref: PURL, dependsOn: z.array(PURL) })),
});

let dir: string;
let text: string;
let bom: z.infer<typeof document>;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-sbom-'));
  await writeSbom(join(dir, 'new/sbom.json'));
  text = await readFile(join(dir, 'new/sbom.json'), 'utf8');
  bom = document.parse(JSON.parse(text));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('its components are the packages that the lock file has for run time, and those that are built in, each once', () => {
  const wanted = packagesOf(readLockFile()).flatMap(([path, entry]) =>
    isPassedOn(path, entry) ? [`${nameAt(path)}@${entry.version}`] : [],
  );
  expect(bom.components.map(({ name, version }) => `${name}@${version}`).toSorted()).toEqual([...new Set(wanted)].toSorted());
});

test('every reference is of a component, and every component is needed', () => {
  const root = bom.metadata.component['bom-ref'];
  const refs = new Set([root, ...bom.components.map((one) => one['bom-ref'])]);
  expect(refs.size).toBe(bom.components.length + 1);
  expect(bom.dependencies.map(({ ref }) => ref).toSorted()).toEqual([...refs].toSorted());
  const reached = new Set<string>();
  const visit = (ref: string): void => {
    if (reached.has(ref)) return;
    reached.add(ref);
    for (const next of bom.dependencies.find((one) => one.ref === ref)!.dependsOn) visit(next);
  };
  visit(root);
  expect([...refs].filter((ref) => !reached.has(ref))).toEqual([]);
  expect([...reached].filter((ref) => !refs.has(ref))).toEqual([]);
});

test('it is the same bytes every time', async () => {
  await writeSbom(join(dir, 'again.json'));
  expect(await readFile(join(dir, 'again.json'), 'utf8')).toBe(text);
});

test('npm says the same of names, hashes and licences', async () => {
  // Of all that is locked: with `--omit=dev` npm also leaves out what both need, such as yaml.
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--offline'];
  const theirs = z
    .object({ components: z.array(z.object({ purl: PURL, hashes: z.unknown(), licenses: z.unknown().optional() })) })
    .parse(JSON.parse(await npm(args, ROOT)));
  const facts = (list: readonly { purl: string; hashes?: unknown; licenses?: unknown }[]): unknown =>
    Object.fromEntries(list.map(({ purl, hashes, licenses }) => [purl, { hashes, licenses }]));
  const ours = new Set(bom.components.map(({ purl }) => purl));
  expect(facts(bom.components)).toEqual(facts(theirs.components.filter(({ purl }) => ours.has(purl))));
});
