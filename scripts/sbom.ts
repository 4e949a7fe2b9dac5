/**
 * `npm run sbom`: a bill of materials in CycloneDX, of what is installed with the package or built into it. The same lock file gives the same
 * bytes: it has no serial number and no time, which the format leaves free, and asks no registry.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { licenceOf } from './licences.ts';
import {
  BUILT_IN,
  isPassedOn,
  labelOf,
  nameAt,
  needsOf,
  packagesOf,
  readLockFile,
  readManifest,
  type LockEntry,
  type LockFile,
  type Manifest,
} from './lock-file.ts';

const ROOT = join(import.meta.dirname, '..');

type License = { license: { id: string } } | { expression: string };

interface Component {
  'bom-ref': string;
  type: 'library' | 'application';
  name: string;
  version: string;
  description?: string;
  scope?: 'required' | 'optional';
  purl: string;
  hashes?: { alg: 'SHA-512'; content: string }[];
  licenses: License[];
}

export interface Bom {
  $schema: string;
  bomFormat: 'CycloneDX';
  specVersion: '1.6';
  version: 1;
  metadata: { component: Component };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

export function bomOf(manifest: Manifest, lock: LockFile): Bom {
  const refAt = (path: string): string =>
    path === '' ? purlOf(manifest.name, manifest.version) : purlOf(nameAt(path), lock.packages[path]!.version);
  const components = new Map<string, Component>();
  const needs = new Map<string, Set<string>>();
  const runtime = packagesOf(lock).filter(([path, entry]) => isPassedOn(path, entry));
  for (const [path, entry] of runtime) components.set(refAt(path), componentOf(path, entry));
  // A version that lies in two places is one component, with what it needs in either.
  for (const path of ['', ...runtime.map(([place]) => place)]) {
    const known = needs.get(refAt(path)) ?? new Set();
    needs.set(refAt(path), known);
    for (const place of needsOf(lock, path)) known.add(refAt(place));
  }
  for (const name of BUILT_IN) needs.get(refAt(''))!.add(refAt(`node_modules/${name}`));
  const { name, version, description, license } = manifest;
  const purl = purlOf(name, version);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { 'bom-ref': purl, type: 'application', name, version, description, purl, licenses: licensesOf(license) } },
    components: [...components.values()].toSorted((a, b) => (a.purl < b.purl ? -1 : 1)),
    dependencies: [...needs].map(([ref, refs]) => ({ ref, dependsOn: [...refs].toSorted() })).toSorted((a, b) => (a.ref < b.ref ? -1 : 1)),
  };
}

function componentOf(path: string, entry: LockEntry): Component {
  const purl = purlOf(nameAt(path), entry.version);
  return {
    'bom-ref': purl,
    type: 'library',
    name: nameAt(path),
    version: entry.version,
    scope: entry.optional || entry.devOptional ? 'optional' : 'required',
    purl,
    hashes: [{ alg: 'SHA-512', content: Buffer.from(entry.integrity!.replace('sha512-', ''), 'base64').toString('hex') }],
    licenses: licensesOf(licenceOf(labelOf(path, entry), entry.license)),
  };
}

const licensesOf = (licence: string | undefined): License[] =>
  !licence ? [] : licence.includes(' ') ? [{ expression: licence }] : [{ license: { id: licence } }];

/** The package's name and version as one address; the `@` of a scope is escaped there. */
const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** Writes the document; answers how many components it has. */
export async function writeSbom(file: string): Promise<number> {
  const bom = bomOf(readManifest(), readLockFile());
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(bom, null, 2)}\n`);
  return bom.components.length;
}

if (import.meta.main) {
  const file = join(ROOT, 'dist/sbom.json');
  console.log(`${relative(ROOT, file)}: ${await writeSbom(file)} components`);
}
