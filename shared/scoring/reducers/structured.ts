/** Values that are lists or maps of numbers are reduced place by place, as Inspect does it. */
import { AppError } from '../../domain/errors.ts';
import { collect } from './collect.ts';
import type { Reducer } from './reducer.ts';

export type StructuredValue = readonly (number | null)[] | Readonly<Record<string, number | null>>;

/**
 * One value of the epochs' values (at least one), with the places that they have. A place without a number in an epoch is left out there;
 * null: it has none in any. Throws AppError invalid where the epochs do not have the same places.
 */
export function reducePlaces(reducer: Reducer, values: readonly StructuredValue[]): StructuredValue {
  const [first] = values;
  if (first === undefined) throw new AppError('invalid', 'no epochs to reduce');
  const places = Object.keys(first);
  const wanted = shapeOf(first);
  for (const value of values)
    if (shapeOf(value) !== wanted)
      throw new AppError('invalid', `the epochs of a sample have values of different shapes: ${wanted} and ${shapeOf(value)}`);
  const reduced = places.map((place): [string, number | null] => {
    const there = collect(values.map((value) => (value as Record<string, number | null>)[place]!));
    return [place, there.length === 0 ? null : reducer(there)];
  });
  return Array.isArray(first) ? reduced.map(([, value]) => value) : Object.fromEntries(reduced);
}

const shapeOf = (value: StructuredValue): string =>
  Array.isArray(value) ? `a list of ${value.length}` : JSON.stringify(Object.keys(value).toSorted());
