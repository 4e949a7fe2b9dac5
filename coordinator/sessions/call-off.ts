/** Calls off attempts at what is over. Notices do it at once; one that was lost costs a sweep, and not the rest of the agents' calls. */
import { isFinal } from '../../shared/domain/states.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import type { SessionRegistry } from './registry.ts';

export const OVER = 'the evaluation is over';

export async function callOff(
  registry: Pick<SessionRegistry, 'all' | 'revoke'>,
  catalog: Pick<Catalog, 'active'>,
  store: Pick<Store, 'isFinished'>,
): Promise<void> {
  const states = new Map(catalog.active().map(({ manifest, state }) => [manifest.evaluationId, state]));
  const held = new Set(registry.all().flatMap((session) => [...session.held.values()].map(({ evaluationId }) => evaluationId)));
  for (const evaluationId of held) {
    const isOver = states.has(evaluationId) ? states.get(evaluationId) === 'finalizing' : await store.isFinished(evaluationId);
    if (isOver) registry.revoke(evaluationId, OVER);
  }
}

/** On a notice. One that comes late may tell of an end that a requeue has undone: nothing is taken from whoever was given work since. */
export async function callOffIfOver(
  registry: Pick<SessionRegistry, 'all' | 'revoke'>,
  ledger: Pick<Ledger, 'looks'>,
  evaluationId: string,
): Promise<void> {
  const isHeld = registry.all().some((session) => [...session.held.values()].some((held) => held.evaluationId === evaluationId));
  if (!isHeld) return;
  const [look] = await ledger.looks([evaluationId]);
  if (!look || look.state === 'finalizing' || isFinal(look.state)) registry.revoke(evaluationId, OVER);
}
