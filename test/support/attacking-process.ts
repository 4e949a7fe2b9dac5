/** A peer that means harm, in a process of its own, which can be held and goes on until it is ended. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';

/** Ways to attack an address, by their names; each goes on without end. */
export type Attacks = Readonly<Record<string, (address: string) => Promise<unknown>>>;

export class AttackingProcess {
  readonly #child: ChildProcess;

  /** file: calls `attack` where it is the main module. */
  constructor(file: string, kind: string, address: string) {
    this.#child = fork(file, [kind, address], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
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
  // The coordinator's host has its own processors: those of this one are lent to the attacker last.
  setPriority(19);
  process.on('disconnect', () => process.exit());
  await attacks[kind]!(address);
}
