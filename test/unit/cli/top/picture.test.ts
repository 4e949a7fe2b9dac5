/** The picture of `assay top`: it fits, whatever is in it. */
import { styleText } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noPaint, type Paint } from '../../../../cli/render/paint.ts';
import { widthOf } from '../../../../cli/render/text.ts';
import { ago } from '../../../../cli/render/time.ts';
import { lastOffset, picture, wholePicture, type Frame } from '../../../../cli/top/picture.ts';
import { newTopState, PANES, type Details, type TopState } from '../../../../cli/top/state.ts';
import { agentOf, coordinatorOf, idOf, NOW_MS, routeStatus, summary } from '../../../support/cli-samples.ts';
import { evaluation } from '../../../support/rpc.ts';
import { emptyCounts } from '../../../../shared/domain/states.ts';

const frame = (columns: number, rows: number, paint: Paint = noPaint): Frame => ({
  columns,
  rows,
  paint,
  nowMs: NOW_MS,
  time: (ms) => ago(ms, NOW_MS),
});

const full: TopState = {
  ...newTopState('127.0.0.1:4510'),
  seen: { evaluations: true, fleet: true },
  coordinators: [coordinatorOf()],
  rows: {
    evaluations: [
      { ...summary({ counts: { ...emptyCounts(1319), scored: 412, errored: 3 } }), rate: 4.2, etaMs: 215_000 },
      { ...summary({ evaluationId: idOf('b'), name: '数学测验 👍', state: 'paused', owner: 'bo' }), rate: 0 },
      { ...summary({ evaluationId: idOf('c'), name: 'mmlu', state: 'failed', finishedAtMs: NOW_MS }), rate: 0 },
    ],
    agents: [agentOf(), agentOf({ agentId: 'ag_0000000000000002', name: 'south', state: 'gone', samples: 0 })],
    routes: [routeStatus(), routeStatus({ route: 'r_bbbbbbbbbbbbbbbb', requirement: 'model=openai/y', agents: 0, paused: true })],
  },
};
const at = (state: TopState, columns: number, rows: number): string =>
  picture(state, frame(columns, rows))
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();

describe('the picture', () => {
  test('has a pane at a time where it is narrow', () => {
    expect(at(full, 80, 9)).toBe(`assay top  127.0.0.1:4510      1 running  1 paused  4.2/s  12 in flight  80 open
[1 Evaluations 3]  2 Agents 2   3 Routes 2                 by unfinished, newest
  name         state    progress       done  errors   rate   left  created
▸ gsm8k        running  ██▌·····  415/1,319       3  4.2/s  3 min  3 min ago
  数学测验 👍  paused   ██▍·····       3/10                        3 min ago
  mmlu         failed   ██▍·····       3/10                        3 min ago


q quit  ↑↓ move  Enter open  Tab pane  / find  s sort  p pause  c cancel`);
    expect(at({ ...full, pane: 'routes' }, 80, 7)).toContain('▸ model=openai/x  ok');
  });

  test('cuts the longest name before it leaves the bar out, and has the score of what runs', () => {
    const [first, ...others] = full.rows.evaluations;
    const longest = { ...first!, name: 'a name that is longer than the others', score: '0.684' };
    const counts = { ...emptyCounts(12_345), scored: 1_234, errored: 12 };
    const evaluations = [...others, { ...longest, counts, rate: 12.3, etaMs: 725_000 }];
    const lines = at({ ...full, rows: { ...full.rows, evaluations } }, 80, 9).split('\n');
    expect(lines[2]!.trim().split(/ {2,}/)).toEqual(['name', 'state', 'progress', 'done', 'errors', 'rate', 'left']);
    expect(lines[3]).toMatch(/a name that is .*… +running +▊·······  1,246\/12,345 +12 +12\/s/);
    expect(at({ ...full, rows: { ...full.rows, evaluations } }, 200, 20)).toMatch(/a name that is .* 0\.684 /);
  });

  test('has all of them where it is wide', () => {
    const lines = picture(full, frame(200, 20));
    expect(lines[1]).toMatch(/^\[1 Evaluations 3\] .* │ {2}2 Agents 2 .* by name$/);
    expect(lines[3]).toMatch(/^▸ gsm8k +running .* ada +│ {3}north +ready/);
    expect(lines.join('\n')).toMatch(/│ {2}3 Routes 2 +by open\n.*│ {3}requirement/);
    expect(new Set(lines.slice(1, -1).map((line) => line.indexOf('│'))).size).toBeLessThanOrEqual(2);
  });

  test('keeps the row under the cursor in sight, and says where it is', () => {
    const evaluations = Array.from({ length: 500 }, (_, i) => ({
      ...summary({ evaluationId: `ev_${String(i).padStart(26, '0')}`, name: `e${i}`, createdAtMs: NOW_MS - i }),
      rate: 0,
    }));
    const many = { ...full, rows: { ...full.rows, evaluations } };
    for (const selected of [0, 1, 250, 498, 499]) {
      const state = {
        ...many,
        views: { ...many.views, evaluations: { ...many.views.evaluations, selected: evaluations[selected]!.evaluationId } },
      };
      expect(at(state, 80, 24)).toMatch(new RegExp(`▸ e${selected} .*[^]*–[\\d]+ of 500`));
    }
  });

  test('says why there is nothing', () => {
    const none: TopState = { ...newTopState(), seen: { evaluations: true } };
    expect(at(none, 80, 10)).toContain('No evaluations.');
    expect(at({ ...none, pane: 'agents' }, 80, 10)).toContain('asking …');
    const refused = { sinceMs: NOW_MS, why: 'the scope operate is needed', isLost: false };
    expect(at({ ...none, pane: 'routes', troubles: { fleet: refused } }, 80, 10)).toContain('Not shown: the scope operate is needed');
    const filtered = { ...full, views: { ...full.views, evaluations: { selected: '', filter: 'nobody', order: 0 } } };
    expect(at(filtered, 80, 10)).toContain('Nothing has “nobody” in it.');
    expect(at(filtered, 80, 10)).toContain('/nobody (0)');
  });

  test('says that nobody answers, and keeps what it has', () => {
    const lost = { ...full, troubles: { fleet: { sinceMs: NOW_MS - 12_000, why: 'ECONNREFUSED', isLost: true } } };
    expect(at(lost, 120, 10)).toContain('no answer for 12 s, trying again: ECONNREFUSED');
    expect(at(lost, 120, 10)).toContain('▸ gsm8k');
  });

  test('asks, in place of the keys', () => {
    const asked = { verb: 'cancel', pane: 'evaluations', id: idOf('a'), name: 'gsm8k' } as const;
    expect(picture({ ...full, asked }, frame(80, 10)).at(-1)).toBe(`Cancel gsm8k?  ${idOf('a')}  y yes  any other key no`);
    expect(picture({ ...full, asked }, frame(120, 10)).at(-1)).toContain('For good; what was counted stays.');
  });

  test('--once has all three tables, whole', () => {
    expect(wholePicture(full, frame(Infinity, 0)).join('\n')).toMatch(
      /^1 running.*\n\nEvaluations\nname +state[^]*\n\nAgents\nname[^]*\n\nRoutes\nrequirement/,
    );
    // One look knows no rate, so nothing is left empty for it.
    const still = full.rows.evaluations.map(({ etaMs: _eta, ...e }) => ({ ...e, rate: 0 }));
    const titles = wholePicture({ ...full, rows: { ...full.rows, evaluations: still } }, frame(Infinity, 0))[3]!;
    expect(titles.split(/ {2,}/)).toEqual(['name', 'state', 'progress', 'done', 'errors', 'created', 'owner', 'id']);
  });

  test('an opened route counts in words', () => {
    const opened = { pane: 'routes', id: full.rows.routes[0]!.route, offset: 0 } as const;
    expect(at({ ...full, pane: 'routes', opened }, 80, 14)).toMatch(/^agents {7}1 agent that fits, with room for 4 samples$/m);
  });
});

/** Text as an enemy would choose it, and as people write it. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.constantFrom(
    '',
    'gsm8k',
    '数学测验',
    '👩‍👩‍👧‍👦 family',
    '\u001b[2J\u001b]0;title\u0007',
    'a\nb\tc\r',
    '\u202eback',
    '\u009b31m',
    'x'.repeat(300),
  ),
);
const number = fc.constantFrom(0, 1, 17, 1_234_567);
const counts = fc.record({ scored: number, errored: number }).map((some) => ({ ...emptyCounts(2_500_000), ...some }));
const details = (kind: string, words: string): Details =>
  kind === 'agent'
    ? { kind, agent: agentOf({ name: words, reason: words, labels: { [words]: words } }), attempts: [] }
    : {
        kind: 'evaluation',
        evaluation: evaluation({
          name: words,
          reason: words,
          owner: words,
          tags: [words],
          routes: [{ route: 'r', requirement: words, open: 3 }],
        }),
        why: {
          timeMs: NOW_MS,
          evaluationId: idOf('a'),
          taskId: '',
          state: 'running',
          open: 3,
          inFlight: 0,
          rate: 1,
          reasons: [
            {
              code: 'no_model',
              effect: 'blocks',
              text: words,
              samples: 1,
              tasks: 1,
              sinceMs: NOW_MS,
              untilMs: 0,
              remedy: words,
              command: `assay x ${words}`,
              route: 'r',
              requirement: words,
              agents: [{ agentId: 'a', name: words, text: words, sinceMs: 0 }],
              agentCount: 2,
              evaluationIds: [],
            },
          ],
        },
      };

const state = fc
  .record({
    where: text,
    pane: fc.constantFrom(...PANES),
    seen: fc.record({ evaluations: fc.boolean(), fleet: fc.boolean() }),
    filter: fc.oneof(fc.constant(''), text),
    order: fc.nat(5),
    names: fc.array(fc.tuple(text, counts), { maxLength: 30 }),
    selected: fc.nat(30),
    place: fc.constantFrom('list', 'opened', 'typing', 'asked', 'notice'),
    trouble: fc.option(fc.record({ why: text, isLost: fc.boolean() })),
    offset: fc.nat(40),
    words: text,
  })
  .map(({ where, pane, seen, filter, order, names, selected, place, trouble, offset, words }): TopState => {
    const view = { selected: '', filter: '', order: 0 };
    const ids = { evaluations: `ev_${selected}`, agents: `ag_${selected}`, routes: `r_${selected}` };
    return {
      ...newTopState(where),
      pane,
      seen,
      views: { ...{ evaluations: view, agents: view, routes: view }, [pane]: { selected: ids[pane], filter, order } },
      rows: {
        evaluations: names.map(([name, c], i) => ({
          ...summary({ evaluationId: `ev_${i}`, name, owner: name, tags: [name], counts: c }),
          rate: i,
        })),
        agents: names.map(([name], i) =>
          agentOf({ agentId: `ag_${i}`, name, models: [{ match: name, maxConnections: 1, room: 1, suspended: name }] }),
        ),
        routes: names.map(([name], i) => routeStatus({ route: `r_${i}`, requirement: name, misfits: [name], reason: name })),
      },
      troubles: trouble ? { fleet: { ...trouble, sinceMs: NOW_MS } } : {},
      ...(place === 'opened'
        ? { opened: { pane, id: ids[pane], offset, problem: words, details: details(pane === 'agents' ? 'agent' : '', words) } }
        : {}),
      ...(place === 'typing' ? { typing: { before: '' } } : {}),
      ...(place === 'asked' ? { asked: { verb: 'pause', pane, id: ids[pane], name: words } } : {}),
      ...(place === 'notice' ? { notice: { text: words, isBad: true, untilMs: NOW_MS + 1 } } : {}),
    };
  });

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const colours: Paint = (colour, words) => (words === '' ? '' : styleText(colour, words, { validateStream: false }));

test('no line is wider than the terminal, there are as many as it has, and none carries what the terminal would obey', () => {
  fc.assert(
    fc.property(
      state,
      fc.integer({ min: 1, max: 230 }),
      fc.integer({ min: 1, max: 60 }),
      fc.boolean(),
      (some, columns, rows, isColoured) => {
        const frameOf = frame(columns, rows, isColoured ? colours : noPaint);
        const lines = picture(some, frameOf);
        expect(lines).toHaveLength(rows);
        for (const line of lines) {
          expect(widthOf(line)).toBeLessThanOrEqual(columns);
          // eslint-disable-next-line no-control-regex -- colours are the only sequences
          expect(line.replace(/\u001b\[[\d;]*m/g, isColoured ? '' : '$&')).not.toMatch(CONTROL);
        }
        expect(lastOffset(some, frameOf)).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 300 },
  );
});
