/** What package-lock.json says: every package that an installation may have, and who needs whom. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = 'node_modules/';

/** An entry of the lock file, by npm's own names. That of '' is this project. */
export interface LockEntry {
  version: string;
  license?: string;
  integrity?: string;
  /** Where it comes from, told only when that is not the registry (see .npmrc). */
  resolved?: string;
  /** Only development needs it. */
  dev?: boolean;
  optional?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export interface LockFile {
  name: string;
  version: string;
  lockfileVersion: number;
  packages: Record<string, LockEntry>;
}

export interface Manifest {
  name: string;
  version: string;
  description: string;
  license: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  /** Whose install scripts may run, for npm (11.16 or newer). */
  allowScripts?: Record<string, boolean>;
}

export const readLockFile = (): LockFile => JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile;
export const readManifest = (): Manifest => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;

/** Packages of development whose code is passed on all the same: it is built into the files of the dashboard. */
export const BUILT_IN: readonly string[] = ['preact', 'uplot'];

/** Whether what lies at a path is passed on, by being installed or by being built in. */
export const isPassedOn = (path: string, { dev }: LockEntry): boolean => !dev || BUILT_IN.includes(nameAt(path));

/** All entries but the project itself: [where it lies, entry]. */
export const packagesOf = ({ packages }: LockFile): [string, LockEntry][] => Object.entries(packages).filter(([path]) => path !== '');

/** The name of what lies at a path: `node_modules/a/node_modules/@b/c` is `@b/c`. */
export const nameAt = (path: string): string => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);

/** `name@version`, as people write it. */
export const labelOf = (path: string, { version }: LockEntry): string => `${nameAt(path)}@${version}`;

/** Where the packages lie that this one needs, found as Node finds them: beside it, else further up. Of the project: only those at run time. */
export function needsOf({ packages }: LockFile, path: string): string[] {
  const { dependencies, optionalDependencies, peerDependencies } = packages[path]!;
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  return names.flatMap((name) => {
    for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf(`/${FOLDER}`)))) {
      const place = folder === '' ? FOLDER + name : `${folder}/${FOLDER}${name}`;
      if (packages[place]) return [place];
      // An optional peer that nobody installs.
      if (folder === '') return [];
    }
  });
}

/** Everything that comes with a package, on any platform, without itself. */
export function broughtBy(lock: LockFile, path: string): Set<string> {
  const found = new Set<string>();
  const visit = (from: string): void => {
    for (const place of needsOf(lock, from)) {
      if (found.has(place)) continue;
      found.add(place);
      visit(place);
    }
  };
  visit(path);
  found.delete(path);
  return found;
}
