/** Which namespace a list is of, as a filter. */
import { startOf, type Seeing } from '../namespace.ts';
import { ChoiceFilter, TextFilter } from './filters.tsx';

/** A choice where the identity says which there are, a text where it may see all. */
export function Namespaces({ query, identity }: { query: URLSearchParams; identity: Seeing }) {
  const { namespaces } = identity;
  if (namespaces === '*') return <TextFilter name="namespace" label="Namespace" without="default" query={query} />;
  if (namespaces.length < 2 && namespaces[0] === 'default') return null;
  const options = namespaces.map((name) => [name, name] as const);
  return <ChoiceFilter name="namespace" label="Namespace" query={query} options={options} start={startOf(identity)} />;
}
