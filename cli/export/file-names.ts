/** Names of files for what has names of its own. Pure. */
import { createHash } from 'node:crypto';

/** Other characters become _. */
export const fileName = (text: string): string => text.replaceAll(/[^\w.=-]+/g, '_').slice(0, 100);

/** As lm-evaluation-harness makes that of a task; letters beyond ASCII it leaves as they are. */
export const taskFileName = (text: string): string => text.replaceAll(/\W/g, '_').slice(0, 100);

/**
 * A file's name for each, and never one for two: names that would have the same file (`a/b` and `a b`, long ones that begin alike, on some disks `A` and
 * `a`) have the beginning of their hash behind it. So each has the same name every time, whichever else is there beside those that clash.
 */
export function distinctFileNames(names: readonly string[], nameOf: (name: string) => string = fileName): Map<string, string> {
  const clashing = Map.groupBy(new Set(names), (name) => nameOf(name).toLowerCase());
  return new Map(
    names.map((name) => {
      const file = nameOf(name);
      const isAlone = clashing.get(file.toLowerCase())!.length === 1;
      return [name, isAlone ? file : `${file}_${createHash('sha256').update(name).digest('hex').slice(0, 8)}`];
    }),
  );
}
