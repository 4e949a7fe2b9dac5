/** Rules and dashboards name metrics that there are, with labels that they have; promtool looks at the rest (test/release/prometheus.test.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeProgram } from '../../cli/program.ts';
import type { Shell } from '../../cli/shell.ts';
import { INSTRUMENTS } from '../../shared/telemetry/instruments.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, 'deploy', path), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}
const { groups } = parse(read('prometheus/assay.rules.yml')) as { groups: { name: string; rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
interface Panel {
  title: string;
  targets?: { expr: string }[];
}
const { panels } = JSON.parse(read('grafana/assay.json')) as { panels: Panel[] };
const targets = panels.flatMap(({ title, targets: own = [] }) => own.map(({ expr }) => ({ name: title, expr })));

/** Labels that Prometheus gives, or that a histogram has. */
const GIVEN = ['job', 'instance', 'le', 'quantile'];
const series = new Map(
  Object.values(INSTRUMENTS).flatMap(({ name, kind, labels }) =>
    (kind === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map((end) => [name + end, labels as readonly string[]] as const),
  ),
);

describe.each([...rules.map(({ alert, expr }) => ({ name: alert, expr })), ...targets])('$name', ({ expr }) => {
  it('asks for what there is', () => {
    const named = [...expr.matchAll(/\b(assay_\w+)(?:\{([^}]*)\})?/g)];
    expect(named.length + [...expr.matchAll(/\bup\b/g)].length).toBeGreaterThan(0);
    const labels = named.flatMap(([, name, matchers = '']) => {
      expect([...series.keys()]).toContain(name);
      return [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => [series.get(name!)!, label!] as const);
    });
    for (const [own, label] of labels) expect([...own, ...GIVEN]).toContain(label);
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list!.split(/,\s*/));
    const all = named.flatMap(([, name]) => series.get(name!) ?? []);
    for (const label of grouped) expect([...all, ...GIVEN]).toContain(label);
  });
});

it('rules say how bad it is and what to do, each under a name of its own', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  for (const { alert, labels, annotations } of rules) {
    expect(alert).toMatch(/^Assay[A-Z]/);
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary.length > 10 && annotations.description.length > 20).toBe(true);
  }
});

it('rules name commands that there are', () => {
  const program = makeProgram({ shell: {} as Shell, exitWith: () => undefined });
  const isThere = (at: Command, [word, ...more]: string[]): boolean =>
    word === undefined || at.commands.some((one) => one.name() === word && isThere(one, more));
  const named = rules.flatMap(({ annotations }) => [...annotations.description.matchAll(/`assay ([^`]*)`/g)].map(([, words]) => words!));
  expect(named.length).toBeGreaterThan(5);
  // Up to the first option.
  expect(named.filter((words) => !isThere(program, words.split(/ -/)[0]!.split(' ')))).toEqual([]);
});

it('each rule has a test that makes it fire', () => {
  const tests = read('prometheus/assay.test.yml');
  expect(rules.map(({ alert }) => alert).filter((alert) => !tests.includes(alert))).toEqual([]);
});
