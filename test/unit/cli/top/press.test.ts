/** Keys of `assay top`, and what they do. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keysOf, type Key } from '../../../../cli/top/keys.ts';
import { shownRows } from '../../../../cli/top/panes.ts';
import { press, pressAll } from '../../../../cli/top/press.ts';
import { newTopState, PANES, type TopState } from '../../../../cli/top/state.ts';
import { agentOf, idOf, routeStatus, summary } from '../../../support/cli-samples.ts';

const state: TopState = {
  ...newTopState(),
  seen: { evaluations: true, fleet: true },
  rows: {
    evaluations: [
      { ...summary({ name: 'first', createdAtMs: 3 }), rate: 0 },
      { ...summary({ evaluationId: idOf('b'), name: 'second', createdAtMs: 2, state: 'paused' }), rate: 9 },
      { ...summary({ evaluationId: idOf('c'), name: 'third', createdAtMs: 1, state: 'succeeded' }), rate: 0 },
    ],
    agents: [agentOf(), agentOf({ agentId: 'ag_2', name: 'south', state: 'draining', drainedByOperator: true })],
    routes: [routeStatus()],
  },
};

/** What was typed, a chunk for each key as people send them. */
function type(from: TopState, ...chunks: string[]): { state: TopState; wishes: unknown[] } {
  const wishes: unknown[] = [];
  let now = from;
  for (const chunk of chunks) {
    const pressed = pressAll(now, keysOf(chunk));
    now = pressed.state;
    wishes.push(...pressed.wishes);
  }
  return { state: now, wishes };
}
const [UP, DOWN, ESC] = ['\u001b[A', '\u001b[B', '\u001b'];
const names = ({ state: now }: { state: TopState }): string[] => shownRows(now, 'evaluations').map((e) => e.name);

describe('keys', () => {
  test('are those that terminals send', () => {
    expect(keysOf(`${UP}\u001bOB\u001b[5~\u001b[1~\u001b[Z\r\t\u007f\u0003q数👍`)).toEqual([
      'up',
      'down',
      'pageUp',
      'home',
      'backTab',
      'enter',
      'tab',
      'backspace',
      'interrupt',
      { text: 'q' },
      { text: '数' },
      { text: '👍' },
    ]);
    expect(keysOf(ESC)).toEqual(['escape']);
    expect(keysOf(`${ESC}${UP}`)).toEqual(['escape', 'up']);
  });

  test('that are not known, or cut off, are none, nor are their letters', () => {
    expect(keysOf('\u001b[200~\u001b[15;2~\u001bc\u001b[1;5')).toEqual([]);
    expect(keysOf('\u0000\u0001\u009b')).toEqual([]);
  });

  test('no input breaks anything, and no text has a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (chunk) => {
        for (const key of keysOf(chunk)) if (typeof key === 'object') expect(key.text).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe('pressing', () => {
  test('moves, by the id of the row, so that it stays under the cursor when the order changes', () => {
    expect(type(state, DOWN).state.views.evaluations.selected).toBe(idOf('b'));
    expect(type(state, 'G').state.views.evaluations.selected).toBe(idOf('c'));
    expect(type(state, DOWN, UP, UP).state.views.evaluations.selected).toBe(idOf('a'));
    expect(type(state, DOWN, 's', 's', 's').state.views.evaluations).toEqual({ selected: idOf('b'), filter: '', order: 3 });
    expect(names(type(state, 's', 's', 's'))).toEqual(['second', 'first', 'third']);
  });

  test('changes the pane', () => {
    expect(type(state, '3').state.pane).toBe('routes');
    expect(type(state, '\t').state.pane).toBe('agents');
    expect(type(state, '\u001b[Z').state.pane).toBe('routes');
  });

  test('filters, by all words, in either case; Esc brings back what was before', () => {
    const typed = type(state, '/', 'SEC');
    expect(names(typed)).toEqual(['second']);
    expect(names(type(typed.state, '\u007f\u007f\u007f'))).toHaveLength(3);
    expect(type(typed.state, ESC).state.views.evaluations.filter).toBe('');
    const kept = type(typed.state, '\r');
    expect(kept.state.typing).toBeUndefined();
    // Keys are keys again, and Esc takes the filter away.
    expect(names(kept)).toEqual(['second']);
    expect(names(type(kept.state, ESC))).toHaveLength(3);
    expect(names(type(state, '/', 'paused seco', '\r'))).toEqual(['second']);
  });

  test('opens a row and comes back', () => {
    const opened = type(state, DOWN, '\r');
    expect(opened.state.opened).toEqual({ pane: 'evaluations', id: idOf('b'), offset: 0 });
    expect(opened.wishes).toEqual([{ kind: 'open' }]);
    expect(type(opened.state, DOWN, DOWN, UP).state.opened?.offset).toBe(1);
    expect(type(opened.state, ESC).state.opened).toBeUndefined();
    expect(type(opened.state, 'p').state.asked).toMatchObject({ verb: 'resume', id: idOf('b') });
  });

  test('asks before it does anything, and only y means yes', () => {
    const asked = type(state, 'c');
    expect(asked.wishes).toEqual([]);
    expect(asked.state.asked).toEqual({ verb: 'cancel', pane: 'evaluations', id: idOf('a'), name: 'first' });
    expect(type(asked.state, 'y').wishes).toEqual([{ kind: 'do', action: asked.state.asked }]);
    for (const key of ['n', '\r', ' ', ESC, 'q']) {
      const answered = type(asked.state, key);
      expect(answered.wishes).toEqual([]);
      expect(answered.state.asked).toBeUndefined();
    }
    // What is pasted has not read the question.
    expect(type(state, 'cy').wishes).toEqual([]);
    expect(type(asked.state, 'ycy').wishes).toHaveLength(1);
  });

  test('does to a row what can be done to it', () => {
    const verb = (...chunks: string[]): string | undefined => type(state, ...chunks).state.asked?.verb;
    expect([verb('p'), verb(DOWN, 'p'), verb('G', 'p'), verb('G', 'c')]).toEqual(['pause', 'resume', undefined, undefined]);
    expect([verb('2', 'p'), verb('2', DOWN, 'p'), verb('2', 'c'), verb('3', 'p')]).toEqual(['drain', 'undrain', undefined, 'pause']);
    expect(type(newTopState(), 'p', 'c', '\r', DOWN).wishes).toEqual([]);
  });

  test('ends', () => {
    expect(type(state, 'q').wishes).toEqual([{ kind: 'quit' }]);
    // Wherever the user is.
    for (const before of [[], ['/'], ['c'], ['\r']]) expect(type(state, ...before, '\u0003').wishes.at(-1)).toEqual({ kind: 'interrupt' });
    expect(type(state, '/', 'q').wishes).toEqual([]);
  });

  test('any keys: nothing is done that was not asked', () => {
    const key: fc.Arbitrary<Key> = fc.oneof(
      fc.constantFrom<Key>('up', 'down', 'enter', 'escape', 'tab', 'backspace', 'pageDown', 'home', 'end', 'clear', 'left'),
      fc.constantFrom('p', 'c', 'y', 'n', '/', 's', '1', '2', '3', 'G', 'x').map((letter): Key => ({ text: letter })),
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
        let now = state;
        for (const k of keys) {
          const before = now;
          const { state: after, wish } = press(before, k);
          if (wish?.kind === 'do') expect(wish.action).toEqual(before.asked);
          expect(PANES).toContain(after.pane);
          expect([after.asked, after.typing].filter(Boolean).length).toBeLessThanOrEqual(1);
          now = after;
        }
      }),
    );
  });
});
