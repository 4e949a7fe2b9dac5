/** A scenario in which an answer that comes too early shows: the replica does not have what it says is kept there. */
import { Redis } from 'ioredis';
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import type { Rig } from '../rig/rig.ts';

const SAMPLES = 4;
const SUBMITS = 3;
/** Longer than a coordinator waits for a replica. */
const PATIENCE_MS = 5_000;

const named = (rig: Rig, name: string): { key: string; tag: string; samples: number; evaluation: string } => {
  const tag = `a${Math.round(performance.now())}${name}`;
  const evaluation = evaluationIdOf('default', tag);
  rig.evaluations.set(tag, evaluation);
  return { key: tag, tag, samples: SAMPLES, evaluation };
};

/** A replica is demanded that gets nothing: by submits, and by a pause of what it had before. On a rig with sentinels. */
export async function partitionedReplica(rig: Rig): Promise<void> {
  const { clients, recorder } = rig;
  const { link, replica: server } = rig.sentinels!;
  const client = clients.client(0, PATIENCE_MS, 1);
  const before = named(rig, 'before');
  rig.isHeld = () => true;
  const replica = new Redis({ port: server.port });
  replica.on('error', () => undefined);
  try {
    await clients.submit(client, before);
    link.stall('down');
    const during = Array.from({ length: SUBMITS }, (_, n) => named(rig, `during${n}`));
    await Promise.all([clients.command(client, 'pause', before.evaluation), ...during.map((one) => clients.submit(client, one))]);
    for (const { evaluation } of [before, ...during]) {
      const state = (await replica.hget(`assay:{${evaluation}}:meta`, 'state')) ?? '';
      recorder.note('replica', { what: 'replica', evaluation, state });
    }
  } finally {
    link.heal();
    replica.disconnect();
    rig.isHeld = () => false;
  }
  await clients.command(clients.client(), 'resume', before.evaluation);
}
