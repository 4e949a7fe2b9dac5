import { expect, it } from 'vitest';
import { applyEvent, newProgressView } from '../../../../cli/render/progress-view.ts';
import { progressLines } from '../../../../cli/render/progress-lines.ts';
import { plainLine } from '../../../../cli/render/plain.ts';
import type { GroupProgress } from '../../../../shared/client/types.ts';

const counts = (scored: number): GroupProgress['counts'] => ({ total: 10, scored, unscored: 0, errored: 0, cancelled: 0, dead: 0 });
const group = (model: string, scored: number, scorer?: string): GroupProgress => ({
  ...{ benchmark: 'b', model, counts: counts(scored), retries: 0 },
  scorers: [{ scorer: 'grade', n: scored, sum: scored / 2, sumOfSquares: scored / 2 }],
  ...(scorer === undefined ? {} : { judgeOf: { model: 'm/answers', scorer } }),
});

it('a judge has a bar of its own, also where it is the evaluated model or judges for two scorers', () => {
  const view = newProgressView();
  const groups = [group('m/answers', 8), group('m/answers', 4, 'model_graded_qa'), group('m/answers', 2, 'model_graded_fact')];
  applyEvent(view, { cursor: '', timeMs: 0, kind: 'progress', groups, counts: counts(5), inFlight: 0, agents: 1 }, 0);
  const lines = progressLines(view, { columns: 120, rows: 20, nowMs: 1, paint: (_colour, text) => text });
  expect(lines).toHaveLength(4);
  expect(lines.map((line) => /m\/answers( judged by m\/answers)?.* (\d+)\/10/.exec(line)?.slice(1))).toEqual([
    undefined,
    [undefined, '8'],
    [' judged by m/answers', '4'],
    [' judged by m/answers', '2'],
  ]);
  expect(plainLine(view, 1)).toContain('m/answers judged by m/answers 0.500');
});
