/** The checks of package.json and package-lock.json: the committed ones pass, and each fault that is planted is told. */
import { describe, expect, it } from 'vitest';
import { licenceFaults } from '../../../scripts/licences.ts';
import { lockFaults } from '../../../scripts/lock-check.ts';
import {
  broughtBy,
  needsOf,
  readLockFile,
  readManifest,
  type LockEntry,
  type LockFile,
  type Manifest,
} from '../../../scripts/lock-file.ts';

const ZOD = 'node_modules/zod';
const zod = readManifest().dependencies['zod']!;

/** Both files with one thing changed. */
function withFault(plant: (lock: LockFile, manifest: Manifest) => void): { lock: LockFile; manifest: Manifest } {
  const [lock, manifest] = [readLockFile(), readManifest()];
  plant(lock, manifest);
  return { lock, manifest };
}

describe('the lock file', () => {
  const faultsOf = (plant: (entry: LockEntry, lock: LockFile, manifest: Manifest) => void): string => {
    const { lock, manifest } = withFault((fresh, ours) => plant(fresh.packages[ZOD]!, fresh, ours));
    return lockFaults(manifest, lock);
  };

  it('has no fault', () => expect(faultsOf(() => {})).toBe(''));

  it.each<[string, Parameters<typeof faultsOf>[0], string]>([
    [
      'a range of versions',
      (_, __, manifest) => void (manifest.dependencies['zod'] = `^${zod}`),
      `zod is "^${zod}" in package.json: name one version`,
    ],
    ['another version', (entry) => void (entry.version = '1.0.0'), `zod is ${zod} in package.json and 1.0.0 in package-lock.json`],
    ['none at all', (_, lock) => void delete lock.packages[ZOD], `zod is ${zod} in package.json and missing in package-lock.json`],
    ['no integrity', (entry) => void delete entry.integrity, `zod@${zod} has no integrity of SHA-512`],
    ['a weak integrity', (entry) => void (entry.integrity = 'sha1-oTKX1BIiMmVQ1wmV+3zG1JLBWHo='), `zod@${zod} has no integrity of SHA-512`],
    ['another source', (entry) => void (entry.resolved = 'git+ssh://git@a.example/zod.git'), 'but from git+ssh://git@a.example/zod.git'],
    [
      'a new install script',
      (entry) => void (entry.hasInstallScript = true),
      `zod@${zod} has an install script that package.json does not deny`,
    ],
    [
      'an allowed script',
      (_, __, manifest) => void (manifest.allowScripts!['protobufjs'] = true),
      'has an install script that package.json does not deny',
    ],
    [
      'a stale denial',
      (_, __, manifest) => void (manifest.allowScripts!['zod'] = false),
      'zod is in allowScripts of package.json and has no install script',
    ],
    ['another format', (_, lock) => void (lock.lockfileVersion = 2), 'has version 2 of its format'],
  ])('tells of %s', (_, plant, told) => {
    expect(faultsOf(plant).split('\n')).toEqual([expect.stringContaining(told)]);
  });
});

describe('licences', () => {
  const faultsOf = (path: string, license: string | undefined): string => {
    const { lock } = withFault((fresh) => {
      if (license === undefined) delete fresh.packages[path]!.license;
      else fresh.packages[path]!.license = license;
    });
    return licenceFaults(lock);
  };

  it('are all allowed', () => expect(licenceFaults(readLockFile())).toBe(''));

  it('are named with the package, its version and what it is for', () => {
    expect(faultsOf(ZOD, 'GPL-3.0-only')).toBe(`zod@${zod} (runtime) has the licence GPL-3.0-only, which is not allowed there`);
    expect(faultsOf(ZOD, undefined)).toContain(`zod@${zod} (runtime) names no licence: read its own text`);
  });

  it('that only tools may have are refused at run time', () => {
    expect(faultsOf('node_modules/vitest', 'MPL-2.0')).toBe('');
    expect(faultsOf(ZOD, 'MPL-2.0')).toContain('(runtime) has the licence MPL-2.0');
  });

  it('that were read by hand are dropped when they are not needed any more', () => {
    expect(faultsOf('node_modules/busboy', 'MIT')).toContain('busboy@1.6.0 is in READ_BY_HAND');
  });
});

describe('who needs whom', () => {
  const entry = (needs: Partial<LockEntry> = {}): LockEntry => ({ version: '1.0.0', ...needs });
  const lock: LockFile = {
    name: 'it',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: {
      '': entry({ dependencies: { a: '1' }, devDependencies: { d: '1' } }),
      'node_modules/a': entry({ dependencies: { '@s/b': '1' }, peerDependencies: { missing: '1' } }),
      'node_modules/a/node_modules/@s/b': entry({ dependencies: { c: '1' } }),
      'node_modules/@s/b': entry(),
      'node_modules/c': entry({ optionalDependencies: { a: '1' } }),
      'node_modules/d': entry(),
    },
  };

  it('is found beside the package first, then further up', () => {
    expect(needsOf(lock, 'node_modules/a')).toEqual(['node_modules/a/node_modules/@s/b']);
    expect(needsOf(lock, 'node_modules/a/node_modules/@s/b')).toEqual(['node_modules/c']);
    expect(needsOf(lock, '')).toEqual(['node_modules/a']);
  });

  it('goes round a ring once', () => {
    expect(broughtBy(lock, 'node_modules/a')).toEqual(new Set(['node_modules/a/node_modules/@s/b', 'node_modules/c']));
  });
});
