/** Checks of plug-ins: scorers, their filters, metrics, solvers. Fills in the defaults of their arguments. */
import type { z } from 'zod';
import { filterArgs, notInSpecs, specFilterNames } from '../scoring/filters/registry.ts';
import { metricArgs, metricNames } from '../scoring/metrics/registry.ts';
import { scorerArgs, scorerNames } from '../scoring/registry.ts';
import type { FaultList, Path } from './fault-list.ts';
import { nearestName } from './nearest-name.ts';
import { solverArgs, solverNames } from './solvers.ts';
import { faultsOf, showValue } from './spec-faults.ts';
import type { MetricSpec, ScorerSpec } from './spec-schema.ts';

interface Kind {
  argsOf(name: string): z.ZodType<Record<string, unknown>> | undefined;
  names(): string[];
  /** Why one that there is may not stand here. */
  whyNot?(name: string): string | undefined;
}

const KINDS: Record<'scorer' | 'solver' | 'filter' | 'metric', Kind> = {
  scorer: { argsOf: scorerArgs, names: scorerNames },
  solver: { argsOf: solverArgs, names: solverNames },
  filter: { argsOf: filterArgs, names: specFilterNames, whyNot: notInSpecs },
  metric: { argsOf: metricArgs, names: metricNames },
};

export function checkPlugin(
  plugin: { name: string; args: Record<string, unknown> },
  kind: keyof typeof KINDS,
  path: Path,
  faults: FaultList,
): void {
  const { argsOf, names, whyNot } = KINDS[kind];
  const why = whyNot?.(plugin.name);
  if (why !== undefined) {
    faults.add([...path, 'name'], `is ${showValue(plugin.name)}, which ${why}`);
    return;
  }
  const schema = argsOf(plugin.name);
  if (!schema) {
    const near = nearestName(plugin.name, names());
    const remedy = near ? `did you mean "${near}"?` : `there are ${names().join(', ')}`;
    faults.add([...path, 'name'], `is ${showValue(plugin.name)}, but there is no such ${kind}; ${remedy}`);
    return;
  }
  const parsed = schema.safeParse(plugin.args);
  if (!parsed.success) {
    faults.list.push(...faultsOf(parsed.error.issues, plugin.args, schema, [...path, 'args']));
    return;
  }
  plugin.args = parsed.data;
  faults.checkJson(plugin.args, [...path, 'args']);
  const own = plugin.args['args'];
  if (own !== undefined) faults.checkKeys(own as object, [...path, 'args', 'args']);
}

/** A scorer with its chains of filters. */
export function checkScorer(scorer: ScorerSpec, path: Path, faults: FaultList): void {
  checkPlugin(scorer, 'scorer', path, faults);
  const { filters = [] } = scorer;
  const chains = Array.isArray(filters)
    ? [{ chain: filters, at: [...path, 'filters'] }]
    : Object.entries(filters).map(([name, chain]) => ({ chain, at: [...path, 'filters', name] }));
  for (const { chain, at } of chains) chain.forEach((filter, i) => checkPlugin(filter, 'filter', [...at, i], faults));
}

/** Metrics, each once, but groups by several fields. */
export function checkMetrics(metrics: readonly MetricSpec[], path: Path, faults: FaultList): void {
  // A name alone has no arguments to check or to fill in; it is checked as if it had none.
  metrics.forEach((metric, i) =>
    checkPlugin(typeof metric === 'string' ? { name: metric, args: {} } : metric, 'metric', [...path, i], faults),
  );
  faults.checkUnique(
    metrics.map((metric) => {
      if (typeof metric === 'string') return metric;
      const { group_key: field } = metric.args;
      return metric.name === 'grouped' ? `grouped by ${String(field)}` : metric.name;
    }),
    (i) => [...path, i],
    'name a metric once',
  );
}
