/**
 * A peer that means harm, in a process of its own, which can be held and goes on until it is ended. A real one has processors of its own: this one
 * gets what all others on the host leave over, so that what is measured beside it is the coordinator's work, not the attacker's.
 */
import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';

/** Ways to attack an address, by their names; each goes on without end. */
export type Attacks = Readonly<Record<string, (address: string) => Promise<unknown>>>;

/** Linux's class of those who run only where nobody else wants to, with all threads of the process. */
const IDLE = ['chrt', '--idle', '0'] as const;
let hasIdle: boolean | undefined;

export class AttackingProcess {
  readonly #child: ChildProcess;

  /** file: calls `attack` where it is the main module. */
  constructor(file: string, kind: string, address: string) {
    hasIdle ??= spawnSync(IDLE[0], [...IDLE.slice(1), 'true']).status === 0;
    const [execPath, ...before] = [...(hasIdle ? IDLE : []), process.execPath];
    this.#child = fork(file, [kind, address], { execPath, execArgv: before, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  /** It stands still, with all that it has begun. */
  hold(): void {
    this.#child.kill('SIGSTOP');
  }

  go(): void {
    this.#child.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}

/** What that process does: `node FILE KIND ADDRESS`. */
export async function attack(attacks: Attacks): Promise<void> {
  const [kind, address] = process.argv.slice(2) as [string, string];
  // Where there is no such class.
  setPriority(19);
  process.on('disconnect', () => process.exit());
  await attacks[kind]!(address);
}
