import { expect, test } from 'vitest';
import { evaluationView } from '../../../../cli/render/evaluation-view.ts';
import { reportDocument } from '../../../../cli/render/json.ts';
import { noPaint } from '../../../../cli/render/paint.ts';
import { reportTable } from '../../../../cli/render/report-table.ts';
import type { Report } from '../../../../shared/client/types.ts';
import { evaluation } from '../../../support/rpc.ts';

const report: Report = {
  evaluationId: 'ev_abcdefghijklmnopqrstuvwxyz',
  name: 'gsm8k',
  state: 'succeeded',
  results: [
    {
      benchmark: 'gsm8k',
      model: 'openai/6b',
      scorer: 'match',
      metrics: { accuracy: 0.21683, stderr: 0.01135 },
      counts: { total: 1319, scored: 1319, unscored: 0, errored: 0, cancelled: 0, dead: 0 },
      reducer: 'mean',
    },
    {
      benchmark: 'gsm8k',
      model: 'openai/175b\u001b[2J',
      scorer: 'match',
      metrics: {},
      counts: { total: 1319, scored: 0, unscored: 0, errored: 1319, cancelled: 0, dead: 0 },
      reducer: 'mean',
    },
  ],
  units: { total: 2638, scored: 1319, unscored: 0, errored: 1319, cancelled: 0, dead: 0 },
  usage: { inputTokens: 100_000, outputTokens: 20_000, calls: 2700, retries: 62, reasoningTokens: 0 },
  usageByModel: {},
  agents: { ag_0: 2638 },
  timing: { createdAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:01:00Z', durationMs: 60_000, modelMsTotal: 1 },
  specDigest: 'sha256:0',
};

test('the table shows what there is and leaves out what is zero everywhere', () => {
  expect(reportTable(report, { columns: Infinity, paint: noPaint })).toBe(`gsm8k  succeeded  ev_abcdefghijklmnopqrstuvwxyz

benchmark  model        scorer  accuracy  ± stderr       scored  errored
─────────  ───────────  ──────  ────────  ────────  ───────────  ───────
gsm8k      openai/6b    match     0.2168    0.0114  1,319/1,319        0
gsm8k      openai/175b  match          –         –      0/1,319    1,319

2,638 units = 1,319 scored + 0 unscored + 1,319 errored + 0 cancelled + 0 dead
2,700 model calls (62 retried); 100,000 tokens in, 20,000 out; 1 min 0 s
`);
});

test('of what has no score there are no columns of metrics', () => {
  const table = reportTable({ ...report, state: 'failed', results: report.results.slice(1) }, { columns: Infinity, paint: noPaint });
  expect(table).toMatch(/\nbenchmark +model +scorer +scored +errored\n/);
});

test('what is partial is marked, and answers that are none are counted', () => {
  const table = reportTable({ ...report, partial: true, answers: { refused: 3, filtered: 0 } }, { columns: Infinity, paint: noPaint });
  expect(table).toMatch(/ accuracy\* +± stderr /);
  expect(table).toMatch(/\n\* partial: .*\n2,638 units = /);
  expect(table).toContain('\nscored as they are: 3 refused, 0 filtered\n');
});

test('std and var have columns where they are asked for', () => {
  const rows = report.results.map((row) => ({ ...row, metrics: { mean: 0.5, std: 0.25, var: 0.0625 } }));
  expect(reportTable({ ...report, results: rows }, { columns: Infinity, paint: noPaint })).toMatch(
    /scorer +mean +± stderr +std +var +scored .*\n.*\n.* 0\.5000 +– +0\.2500 +0\.0625 /,
  );
});

test('perplexities have columns where they are asked for', () => {
  const rows = report.results.slice(0, 1).map((row) => ({ ...row, metrics: { word_perplexity: 12.25, bits_per_byte: 0.75 } }));
  expect(reportTable({ ...report, results: rows }, { columns: Infinity, paint: noPaint })).toMatch(
    /scorer +word_perplexity +bits_per_byte +± stderr .*\n.*\n.* 12\.2500 +0\.7500 /,
  );
});

test('intervals, groups and what benchmarks add up to', () => {
  const metrics = { accuracy: 0.5, ci_lower: 0.4, ci_upper: 0.6, bootstrap_stderr: 0.05 };
  const groups = Array.from({ length: 22 }, (_, i) => ({ group: `topic ${i}\u001b[2J`, samples: 2, metrics: { mean: 0.5, stderr: 0.25 } }));
  const grouped = { key: 'topic', groups, macro: 0.75, weighted: 0.5, pooledStderr: 0.01 };
  const results = report.results.slice(0, 1).map((row) => ({ ...row, metrics, samples: 44, groups: [grouped] }));
  const total = { model: 'openai/6b', scorer: 'match', reducer: 'mean', benchmarks: 57, samples: 14_042 };
  const totals = [{ ...total, macro: 0.25, weighted: 0.5, pooledStderr: 0.02 }];
  const shown = reportTable({ ...report, results, totals }, { columns: Infinity, paint: noPaint });
  expect(shown).toMatch(/± stderr +interval +± bootstrap .*\n.*\n.* – +0\.4000–0\.6000 +0\.0500 /);
  expect(shown).toContain('gsm8k · openai/6b · match by topic\ngroup');
  expect(shown).toMatch(
    /^topic 19 +0\.5000 +0\.2500 +2\nmacro +0\.7500 +44\nweighted +0\.5000 +0\.0100 +44\n… and 2 groups more; --json has all$/m,
  );
  expect(shown).toMatch(/^57 benchmarks +openai\/6b +match +0\.2500 +0\.5000 +0\.0200 +14,042$/m);
  expect((JSON.parse(reportDocument({ ...report, results, totals })) as Report).totals).toEqual(totals);
});

test('an evaluation that is over is shown with the figures of its report, not those of its progress', () => {
  const shown = evaluationView(evaluation({ state: 'succeeded', routes: [] }), { columns: Infinity, paint: noPaint, time: String }, report);
  expect(shown).toMatch(/^gsm8k +openai\/6b +match +0\.2168 +0\.0114 +1,319\/1,319/m);
  expect(shown).toMatch(/^2,638 units = 1,319 scored/m);
  expect(shown).not.toContain('mean ± stderr');
});

test('the document is one line with the promised keys', () => {
  const text = reportDocument(report);
  expect(text.endsWith('}\n')).toBe(true);
  expect(text.trimEnd()).not.toContain('\n');
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['evaluationId', 'state', 'results', 'usage', 'timing']);
});
