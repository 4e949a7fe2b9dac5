/** Harm that a scenario does by itself, where no nemesis is at work. */
import type { Rig } from './rig.ts';

/** Does it, and writes down when: the checker asks of what is run again whether anything has warranted it. */
export async function harm(rig: Rig, kind: string, targets: readonly string[], work: () => Promise<unknown>): Promise<void> {
  const note = (phase: 'begin' | 'end'): void => {
    for (const target of targets) rig.recorder.note('nemesis', { what: 'fault', kind, target, phase });
  };
  note('begin');
  try {
    await work();
  } finally {
    note('end');
  }
}
