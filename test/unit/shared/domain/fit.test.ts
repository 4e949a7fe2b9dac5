import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misfitsOf, type Candidate } from '../../../../shared/domain/fit.ts';
import { describeRoute, fittingModel, routeIn, routeOf } from '../../../../shared/domain/routing.ts';

const candidate = (more: Partial<Candidate> = {}): Candidate => ({
  namespaces: '*',
  labels: { zone: 'eu' },
  models: [
    { match: 'openai/*', maxConnections: 1, lookAhead: 0 },
    { match: 'local/x', maxConnections: 1, lookAhead: 0 },
  ],
  capabilities: ['command:grader', 'url:https://ok/*', 'wire:1.1'],
  state: 'ready',
  reason: '',
  drainedByOperator: false,
  suspended: ['', ''],
  ...more,
});
const route = routeOf('openai/gpt-x', { zone: 'eu' }, ['command:grader', 'url:https://ok/score', 'wire:1.1']);
const texts = (more: Partial<Candidate>): string[] => misfitsOf(route, candidate(more)).map((misfit) => misfit.text);

describe('misfits', () => {
  test('none where it fits', () => expect(misfitsOf(route, candidate())).toEqual([]));

  test.each<[string, Partial<Candidate>, string[]]>([
    ['gone', { state: 'gone' }, ['is not connected']],
    ['drained', { state: 'draining', drainedByOperator: true, reason: 'new disks' }, ['was drained by an operator: new disks']],
    ['draining', { state: 'draining', reason: 'it stops' }, ['takes nothing new: it stops']],
    ['no label', { labels: {} }, ['label zone=eu is missing']],
    ['another label', { labels: { zone: 'us' } }, ['label zone=eu is missing (it has zone=us)']],
    [
      'capabilities',
      { capabilities: ['wire:1.1'] },
      ['capability command:grader is missing', 'capability url:https://ok/score is missing'],
    ],
    ['an old release', { capabilities: ['command:grader', 'url:*'] }, ['its release is too old: the work needs wire version 1.1']],
    ['suspended', { suspended: ['quota', ''] }, ['model openai/gpt-x is suspended: quota']],
    ['another model suspended', { suspended: ['', 'quota'] }, []],
    ['no model', { models: [], suspended: [] }, ['model openai/gpt-x is not served (it serves none)']],
    [
      'a model that is almost it',
      { models: [{ match: 'openai/gpt-y', maxConnections: 1, lookAhead: 0 }], suspended: [''] },
      ['model openai/gpt-x is not served (did you mean openai/gpt-y?)'],
    ],
  ])('%s', (_name, more, expected) => expect(texts(more)).toEqual(expected));

  test('a release between', () => {
    const newest = routeOf('openai/gpt-x', {}, ['wire:1.2']);
    expect(misfitsOf(newest, candidate())).toEqual([{ kind: 'wire', text: 'its release is too old: the work needs wire version 1.2' }]);
    expect(misfitsOf(newest, candidate({ capabilities: ['wire:1.1', 'wire:1.2'] }))).toEqual([]);
  });

  test('all of them at once', () => {
    const all = misfitsOf(route, candidate({ state: 'gone', labels: {}, capabilities: [], models: [], suspended: [] }));
    expect(all.map((misfit) => misfit.kind)).toEqual(['gone', 'label', 'capability', 'capability', 'wire', 'model']);
  });

  test('a willing agent fits exactly where the dispatcher would find a model for it', () => {
    const word = fc.constantFrom('a', 'b', 'a*', '*');
    const labels = fc.dictionary(fc.constantFrom('zone', 'gpu'), fc.constantFrom('1', '2'));
    const needs = fc.subarray(['command:a', 'command:b', 'wire:1.1']);
    const namespace = fc.constantFrom('default', 'team-a', 'team-b');
    const bound = fc.oneof(fc.constant('*' as const), fc.subarray(['default', 'team-a', 'team-b']));
    fc.assert(
      fc.property(
        fc.record({
          model: fc.constantFrom('a', 'b', 'ab'),
          wants: labels,
          need: needs,
          has: labels,
          models: fc.array(word),
          can: needs,
          namespace,
          namespaces: bound,
        }),
        ({ model, wants, need, has, models, can, namespace, namespaces }) => {
          const entries = models.map((match) => ({ match, maxConnections: 1, lookAhead: 0 }));
          const offer = { namespaces, labels: has, models: entries, capabilities: can };
          const wanted = routeOf(model, wants, need, namespace);
          const misfits = misfitsOf(wanted, candidate({ ...offer, suspended: models.map(() => '') }));
          expect(misfits.length === 0).toBe(fittingModel(wanted, offer) >= 0);
        },
      ),
    );
  });
});

describe('namespaces', () => {
  const ofA = routeOf('openai/gpt-x', { zone: 'eu' }, ['wire:1.1'], 'team-a');

  test('an agent of others is told nothing but that, whatever else it lacks', () => {
    expect(misfitsOf(ofA, candidate({ namespaces: ['team-b', 'default'], labels: {} }))).toEqual([
      { kind: 'namespace', text: 'is not of the namespace team-a' },
    ]);
    for (const namespaces of ['*' as const, ['team-a'], ['team-b', 'team-a']])
      expect(misfitsOf(ofA, candidate({ namespaces }))).toEqual([]);
    expect(misfitsOf(route, candidate({ namespaces: ['team-a'] }))).toEqual([
      { kind: 'namespace', text: 'is not of the namespace default' },
    ]);
    expect(misfitsOf(route, candidate({ namespaces: [] }))).toHaveLength(1);
  });

  test('what an agent says of itself, and what a spec asks for, names no namespace', () => {
    const claims = candidate({
      namespaces: ['team-b'],
      capabilities: ['namespace:team-a', 'namespace:*', '*'],
      labels: { zone: 'eu', namespace: 'team-a' },
    });
    expect(fittingModel(ofA, claims)).toBe(-1);
    const looksLike = routeOf('openai/gpt-x', { zone: 'eu', namespace: 'team-a' }, ['wire:1.1', 'namespace:team-a']);
    expect(looksLike.id).not.toBe(ofA.id);
    expect(fittingModel(looksLike, candidate({ namespaces: ['team-a'], capabilities: ['*'], labels: looksLike.labels }))).toBe(-1);
  });

  test('each has a route of its own; those of the default one are what they were', () => {
    // As releases before named them.
    expect(routeOf('mock/a', {}).id).toBe('r_rend5t25eqd3nj6v');
    expect(routeOf('mock/a', { zone: 'eu' }, ['wire:1.1'], 'default').id).toBe('r_272rouzqomzfmkui');
    const ids = ['default', 'team-a', 'team-b'].flatMap((namespace) => [
      routeOf('mock/a', {}, [], namespace).id,
      routeOf('mock/a', {}, ['wire:1.1'], namespace).id,
    ]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(routeIn('team-a', routeOf('mock/a', {}, ['wire:1.1']))).toEqual(routeOf('mock/a', {}, ['wire:1.1'], 'team-a'));
    expect(routeIn('team-a', ofA)).toBe(ofA);
    expect(describeRoute(ofA)).toBe('model=openai/gpt-x zone=eu wire:1.1 namespace:team-a');
    expect(describeRoute(routeOf('mock/a', {}))).toBe('model=mock/a');
  });
});
