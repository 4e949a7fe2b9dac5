/**
 * What work an agent may be given: what it says of itself, within what its identity is bound to. Whatever both tell of, the identity's word
 * holds; nobody is asked twice.
 */
import type { Identity } from '../../shared/domain/identity.ts';
import type { Offer } from '../../shared/domain/routing.ts';
import { wireCapabilities } from '../../shared/domain/spec-needs.ts';
import type { Hello } from '../../shared/rpc/messages.ts';

/** What is bound of an identity here; its labels are bound before its Hello comes here. */
export type Bound = Pick<Identity, 'namespaces'>;

export const offerOf = ({ labels, models, capabilities, wireMinor }: Hello, { namespaces }: Bound): Offer => ({
  namespaces,
  labels,
  models,
  // What it says, and what its wire version understands.
  capabilities: [...capabilities, ...wireCapabilities(wireMinor)],
});
