/** The simulated store keeps the rules of `Store`, or what the simulation shows says nothing of the real ones. */
import { AppError } from '../../../shared/domain/errors.ts';
import { Disk } from '../../simulation/store/disk.ts';
import { SimStore } from '../../simulation/store/sim-store.ts';
import { Life, World } from '../../simulation/world.ts';
import { storeConformance } from '../../support/store-conformance.ts';

/** What is asked is answered at once: no world's time passes here. */
class AtOnce extends Life {
  override async ask<T>(_ms: number, work: () => T): Promise<T> {
    await Promise.resolve();
    try {
      return work();
    } catch (error) {
      throw AppError.from(error);
    }
  }
}

storeConformance(
  'the simulated store',
  async () => {
    const disk = new Disk();
    return {
      open: async (coordinatorId) => new SimStore(disk, new AtOnce(new World(1), coordinatorId)),
      remove: async () => undefined,
    };
  },
  { collects: false },
);
