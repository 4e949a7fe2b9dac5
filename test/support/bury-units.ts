/** What a coordinator does with a doomed task, on the ledger alone. */
import type { Ledger } from '../../coordinator/ledger/ledger.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { unitCode } from '../../shared/domain/states.ts';

/** Closes the units as dead under a command; returns them, or none when the evaluation takes no command: a drain has come to its end with the task. */
export async function buryUnits(ledger: Ledger, manifest: Manifest, units: readonly number[], command: string): Promise<readonly number[]> {
  if (units.length === 0) return [];
  const begun = await ledger.control(manifest, { action: 'begin', command, states: ['running', 'paused'] });
  if (!begun.done) return [];
  const ranges = units.map((unit) => [unit, unit + 1] as const);
  await ledger.close(manifest, ranges, unitCode('dead'), command);
  await ledger.control(manifest, { action: 'end', command, reason: '' });
  return units;
}
