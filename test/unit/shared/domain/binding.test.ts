import { expect, test } from 'vitest';
import { bindingOf, boundLabels, checkGiven, type Binding } from '../../../../shared/domain/binding.ts';

const bound: Binding = bindingOf(['h200', 'b200'], { zone: 'a' });
const labels = (binding: Binding, said: Record<string, string>) => boundLabels('hosts', binding, said);

test('what is not bound is free', () => {
  expect(labels(bindingOf([], {}), { pool: 'x', zone: 'b' })).toEqual({ pool: 'x', zone: 'b' });
  expect(labels(bound, { pool: 'b200', rack: '7' })).toEqual({ pool: 'b200', rack: '7', zone: 'a' });
});

test('the only pool there can be is said for an agent that says none', () => {
  expect(labels(bindingOf(['h200'], {}), { zone: 'b' })).toEqual({ pool: 'h200', zone: 'b' });
});

test('another pool, no pool among several, and another label are refused, all at once', () => {
  expect(() => labels(bound, { pool: 'cpu', zone: 'b' })).toThrow(
    'the agent claims zone="b", and is bound to "a"; pool="cpu", and is bound to "h200", "b200" ("hosts")',
  );
  expect(() => labels(bound, {})).toThrow('no pool, and is bound to "h200", "b200"');
  expect(() => labels(bindingOf(['h200'], {}), { pool: '' })).toThrow('pool=""');
  expect(() => labels(bindingOf([], { toString: 'x' }), { toString: 'y' })).toThrow('toString="y"');
  expect(labels(bindingOf([], { toString: 'x' }), {})).toEqual({ toString: 'x' });
});

test('nobody gives more than he has', () => {
  const given = (wish: Binding) => () => checkGiven('hosts', bound, wish);
  expect(given(bound)).not.toThrow();
  expect(given(bindingOf(['h200'], { zone: 'a', rack: '7' }))).not.toThrow();
  expect(given({})).toThrow('"hosts" is bound to pool "h200", "b200", label zone="a", and cannot give more');
  expect(given(bindingOf(['h200', 'cpu'], { zone: 'a' }))).toThrow('pool');
  expect(given(bindingOf(['h200'], { zone: 'b' }))).toThrow('label zone="a"');
  expect(() => checkGiven('free', {}, bindingOf(['any'], {}))).not.toThrow();
});
