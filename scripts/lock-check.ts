/** What package.json and package-lock.json must be so that everybody installs the same bytes, and nothing of it runs by itself. */
import { labelOf, nameAt, packagesOf, type LockFile, type Manifest } from './lock-file.ts';

const LOCKFILE_VERSION = 3;
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.-]+)?$/;
/** One hash of 512 bits. */
const INTEGRITY = /^sha512-[\w+/]{86}==$/;

/** A line for each fault; '' if there is none. */
export function lockFaults(manifest: Manifest, lock: LockFile): string {
  return [...manifestFaults(manifest, lock), ...packagesOf(lock).flatMap(entryFaults), ...scriptFaults(manifest, lock)].join('\n');
}

function manifestFaults(manifest: Manifest, lock: LockFile): string[] {
  const faults: string[] = [];
  if (lock.lockfileVersion !== LOCKFILE_VERSION)
    faults.push(`package-lock.json has version ${lock.lockfileVersion} of its format, not ${LOCKFILE_VERSION}`);
  for (const kind of ['dependencies', 'devDependencies'] as const) {
    for (const [name, wanted] of Object.entries(manifest[kind])) {
      const there = lock.packages[`node_modules/${name}`]?.version;
      if (!EXACT.test(wanted)) faults.push(`${name} is "${wanted}" in package.json: name one version`);
      else if (there !== wanted) faults.push(`${name} is ${wanted} in package.json and ${there ?? 'missing'} in package-lock.json`);
    }
  }
  return faults;
}

function entryFaults([path, entry]: ReturnType<typeof packagesOf>[number]): string[] {
  const label = labelOf(path, entry);
  const faults: string[] = [];
  if (!INTEGRITY.test(entry.integrity ?? ''))
    faults.push(`${label} has no integrity of SHA-512: take its entry away and let npm write it anew`);
  // .npmrc leaves the registry's own addresses out, so one that is there is of something else: git, a file, another host.
  if (entry.resolved) faults.push(`${label} does not come from the registry but from ${entry.resolved}`);
  return faults;
}

/** Every install script is known and denied; whoever needs one allows it here and in docs/dependencies.md. */
function scriptFaults({ allowScripts = {} }: Manifest, lock: LockFile): string[] {
  const withScript = new Map(
    packagesOf(lock).flatMap(([path, entry]) => (entry.hasInstallScript ? [[nameAt(path), labelOf(path, entry)]] : [])),
  );
  return [
    ...[...withScript]
      .filter(([name]) => allowScripts[name] !== false)
      .map(([, label]) => `${label} has an install script that package.json does not deny (allowScripts)`),
    ...Object.keys(allowScripts)
      .filter((name) => !withScript.has(name))
      .map((name) => `${name} is in allowScripts of package.json and has no install script`),
  ];
}
