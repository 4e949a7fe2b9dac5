/** How much memory a process and all that it started have, by /proc: what limits of single processes do not bound. */
import { readdirSync, readFileSync } from 'node:fs';

/** Its own and what it shares with others of the sandbox; not the files of its libraries. In kB. */
const OWN = /^Rss(?:Anon|Shmem):\s+(\d+)/gm;
/** No sandbox has as many; a bound for what is read. */
const MAX_PROCESSES = 1000;

/** Bytes; 0 for one that is gone. A process whose parent has ended is a child of the sandbox's first process, so none is missed. */
export function residentBytes(pid: number): number {
  let kilobytes = 0;
  const found = [pid];
  for (let i = 0; i < found.length && i < MAX_PROCESSES; i++) {
    try {
      for (const [, own] of readFileSync(`/proc/${found[i]}/status`, 'latin1').matchAll(OWN)) kilobytes += Number(own);
      for (const task of readdirSync(`/proc/${found[i]}/task`)) {
        const children = readFileSync(`/proc/${found[i]}/task/${task}/children`, 'latin1');
        for (const child of children.split(' ')) if (child !== '') found.push(Number(child));
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return kilobytes * 1024;
}
