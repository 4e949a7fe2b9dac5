/** The licences that what is installed may have: the list, and the check of package-lock.json against it. */
import { isPassedOn, labelOf, packagesOf, type LockFile } from './lock-file.ts';

/** Of anything. Permissive: what is built with it can be passed on under any terms. Each expression as the packages write it. */
const ALLOWED: readonly string[] = ['0BSD', 'Apache-2.0', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];

/** Only of what development needs: it runs here, unchanged, and is not passed on (what is built in is). */
const ALLOWED_FOR_DEVELOPMENT: readonly string[] = ['MPL-2.0'];

/** Packages that name no licence where npm reads it, and what their own text says. By version, since the next may differ. */
const READ_BY_HAND: Readonly<Record<string, string>> = {
  'busboy@1.6.0': 'MIT', // `licenses` in the plural, a form of old
  'humanize-number@0.0.2': 'MIT', // its Readme.md
  'streamsearch@1.1.0': 'MIT', // `licenses` in the plural
};

/** The licence of a package; undefined when nobody knows it. */
export const licenceOf = (label: string, declared: string | undefined): string | undefined => declared ?? READ_BY_HAND[label];

/** A line for each package whose licence is not allowed; '' if there is none. */
export function licenceFaults(lock: LockFile): string {
  const faults: string[] = [];
  const readByHand = new Set(Object.keys(READ_BY_HAND));
  for (const [path, entry] of packagesOf(lock)) {
    const label = labelOf(path, entry);
    if (!entry.license) readByHand.delete(label);
    const licence = licenceOf(label, entry.license);
    const kind = isPassedOn(path, entry) ? 'runtime' : 'development';
    if (!licence) {
      faults.push(`${label} (${kind}) names no licence: read its own text, and name it in READ_BY_HAND of scripts/licences.ts`);
    } else if (!ALLOWED.includes(licence) && !(kind === 'development' && ALLOWED_FOR_DEVELOPMENT.includes(licence))) {
      faults.push(`${label} (${kind}) has the licence ${licence}, which is not allowed there`);
    }
  }
  for (const label of readByHand) faults.push(`${label} is in READ_BY_HAND of scripts/licences.ts and needs it no longer`);
  return faults.join('\n');
}
