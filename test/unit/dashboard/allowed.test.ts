/** What the page offers to whom: by the coordinator's own table. */
import { describe, expect, test } from 'vitest';
import { has, may, needsOf, PAGES, wanted, withheld, withWhich, type Call } from '../../../dashboard/src/allowed.ts';
import { lackOf, RULES } from '../../../shared/domain/access-rules.ts';
import { LOCAL, SCOPES, type Identity } from '../../../shared/domain/identity.ts';

const reader = { scopes: ['read' as const], namespaces: ['team-a'] };
const operator = { scopes: ['operate' as const], namespaces: ['team-a'] };
const all = { scopes: [...SCOPES], namespaces: '*' as const };
const PAUSE: Call = 'EvaluationService/PauseEvaluation';
const AGENTS: Call = 'OperatorService/ListAgents';

describe('what a call lacks', () => {
  const identity = (more: Partial<Identity>): Identity => ({ ...LOCAL, kind: 'token', ...more });

  test('scope, namespaces, both, nothing', () => {
    const rule = RULES['/assay.v1.OperatorService/ListAgents']!;
    expect(lackOf(rule, LOCAL)).toBeUndefined();
    expect(lackOf(rule, identity({ scopes: new Set(['read']) }))).toEqual({ scope: 'operate' });
    expect(lackOf(rule, identity({ namespaces: ['team-a'] }))).toEqual({ namespaces: '*' });
    expect(lackOf(rule, identity({ scopes: new Set(), namespaces: ['team-a'] }))).toEqual({ scope: 'operate', namespaces: '*' });
  });

  test('nobody needs anything for what is free, or anyone’s', () => {
    const nobody = identity({ scopes: new Set(), namespaces: [] });
    expect(Object.values(RULES).filter((rule) => !lackOf(rule, nobody)).length).toBe(
      Object.values(RULES).filter(({ needs }) => needs === 'anonymous' || needs === 'anyone').length,
    );
  });
});

describe('what is offered', () => {
  test('says what a call wants', () => {
    expect(wanted(PAUSE, reader)).toBe('the scope cancel');
    expect(wanted(AGENTS, reader)).toBe('the scope operate in all namespaces');
    expect(wanted(AGENTS, operator)).toBe('all namespaces');
    expect([wanted(PAUSE, all), may(AGENTS, all), may(AGENTS, operator)]).toEqual(['', true, false]);
  });

  test('and with which token it may be made', () => {
    expect(withWhich(AGENTS, reader)).toBe("assay token create NAME --scope read,operate --namespace '*'");
    expect(withWhich(PAUSE, reader)).toBe('assay token create NAME --scope read,cancel --namespace team-a');
  });

  test('commands that are withheld, by what they want', () => {
    const commands: [string, Call][] = [
      ['Pause', PAUSE],
      ['Cancel', 'EvaluationService/CancelEvaluation'],
      ['Clone', 'EvaluationService/SubmitEvaluation'],
    ];
    expect(withheld(commands, reader)).toEqual([
      ['the scope cancel', ['Pause', 'Cancel']],
      ['the scope submit', ['Clone']],
    ]);
    expect(withheld(commands, all)).toEqual([]);
  });

  test('what one has, in words', () => {
    expect(has(all)).toBe('all scopes in all namespaces');
    expect(has({ scopes: ['read', 'cancel'], namespaces: ['a', 'b'] })).toBe('read, cancel in a, b');
    expect(has({ scopes: [], namespaces: [] })).toBe('no scope in no namespace');
  });

  test('every page of the menu has its call, and so has what lies below one', () => {
    for (const [name, title, call] of PAGES) expect(needsOf([name])).toEqual([title, call]);
    expect(needsOf(['agents', 'gpu-1'])).toEqual(['Agents', AGENTS]);
    expect(needsOf(['evaluations', 'ev_1', 'clone'])?.[1]).toBe('EvaluationService/SubmitEvaluation');
    expect(needsOf(['evaluations', 'ev_1', 'samples', '3'])?.[1]).toBe('EvaluationService/GetEvaluation');
    expect(needsOf(['no', 'such'])).toBeUndefined();
  });
});
