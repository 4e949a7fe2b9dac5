/** The processors of this host, shared out between what is measured and what attacks it: so neither takes time from the other but by what it sends. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

let attackers: string | undefined | null = null;

/**
 * Keeps this process, and what it starts from now on, to the first half of its processors. Without Linux's `taskset`, or with one processor alone,
 * nothing is shared out. To be called before anything is started.
 */
export function keepApart(): void {
  if (attackers !== null) return;
  const own = processors();
  const half = Math.ceil(own.length / 2);
  const isKept = own.length > 1 && spawnSync('taskset', ['-acp', own.slice(0, half).join(','), String(process.pid)]).status === 0;
  attackers = isKept ? own.slice(half).join(',') : undefined;
}

/** What to put before an attacker's command. */
export const apart = (): readonly string[] => (attackers ? ['taskset', '-c', attackers] : []);

/** Those that this process may use: `0-2,4` in the kernel's words. */
function processors(): number[] {
  let list: string;
  try {
    list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  } catch {
    return [];
  }
  return list
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [from, to = from] = range.split('-').map(Number) as [number, number?];
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });
}
