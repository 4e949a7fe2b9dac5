/** docs/dependencies.md says what is in package.json and package-lock.json, neither more nor less. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { broughtBy, nameAt, packagesOf, readLockFile, readManifest } from '../../scripts/lock-file.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/dependencies.md'), 'utf8');
const [manifest, lock] = [readManifest(), readLockFile()];

/** The cells of the first table under a heading, or after a text. */
function rowsAfter(start: string): string[][] {
  const table = page.slice(page.indexOf(start)).match(/(?:^\|.*\n)+/m)?.[0] ?? '';
  const lines = table.trimEnd().split('\n').slice(2);
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe.each([
  ['## At run time', manifest.dependencies],
  ['## For development', manifest.devDependencies],
])('%s', (heading, wanted) => {
  const rows = rowsAfter(heading);

  it('has a row for each, with its licence and what it brings', () => {
    const facts = Object.keys(wanted).map((name) => {
      const path = `node_modules/${name}`;
      return [name, lock.packages[path]!.license, String(broughtBy(lock, path).size)];
    });
    expect(rows.map((row) => row.slice(0, 3))).toEqual(facts);
  });

  it('says what each is for', () => {
    expect(rows.filter((row) => !row[3]).map(([name]) => name)).toEqual([]);
  });
});

it('every install script is explained', () => {
  const scripts = packagesOf(lock).flatMap(([path, entry]) => (entry.hasInstallScript ? [nameAt(path)] : []));
  const rows = rowsAfter('**Without install scripts.**');
  expect(rows.map(([name]) => name)).toEqual([...new Set(scripts)].toSorted());
  expect(rows.every((row) => row.slice(1, 3).every((cell) => cell !== ''))).toBe(true);
});
