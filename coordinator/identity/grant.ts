/** What a rule of the settings gives to whom it fits. */
import type { Namespaces, Scope } from '../../shared/domain/identity.ts';

export interface Grant {
  readonly scopes: readonly Scope[];
  readonly namespaces: Namespaces;
}
