/** What a rule of the settings gives to whom it fits. */
import type { Binding } from '../../shared/domain/binding.ts';
import type { Namespaces, Scope } from '../../shared/domain/identity.ts';

/** With what agents that come by it are bound to. */
export interface Grant extends Binding {
  readonly scopes: readonly Scope[];
  readonly namespaces: Namespaces;
}
