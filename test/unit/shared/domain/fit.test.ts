import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misfitsOf, type Candidate } from '../../../../shared/domain/fit.ts';
import { fittingModel, routeOf } from '../../../../shared/domain/routing.ts';

const candidate = (more: Partial<Candidate> = {}): Candidate => ({
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
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'ab'), labels, needs, labels, fc.array(word), needs, (model, wants, need, has, models, can) => {
        const offer = { labels: has, models: models.map((match) => ({ match, maxConnections: 1, lookAhead: 0 })), capabilities: can };
        const wanted = routeOf(model, wants, need);
        const misfits = misfitsOf(wanted, candidate({ ...offer, suspended: models.map(() => '') }));
        expect(misfits.length === 0).toBe(fittingModel(wanted, offer) >= 0);
      }),
    );
  });
});
