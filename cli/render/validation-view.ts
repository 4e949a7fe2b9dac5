/** What validation says of a spec, for people. Pure. */
import type { Estimate, Validation } from '../../shared/client/types.ts';
import type { Fault } from '../../shared/domain/errors.ts';
import { modelInWords } from './judge-words.ts';
import type { Look } from './look.ts';
import { tableLines, type Column } from './table.ts';
import { count, plainText, plural, wrapped } from './text.ts';
import { wireNote } from './wire-words.ts';

type Group = Validation['groups'][number];

export function validationView(validation: Validation, name: string, look: Look): string {
  const { paint } = look;
  const { faults, warnings, groups, total, routesWithoutAgent } = validation;
  const told = (fault: Fault): string[] => {
    const lines = wrapped(fault.place ? `${fault.place}: ${fault.problem}` : fault.problem, Math.max(20, look.columns - 2));
    return lines.map((line, i) => `${i === 0 ? '  ' : '    '}${line}`);
  };
  const lines: string[] = [];
  if (faults.length > 0) lines.push(paint('red', `${plainText(name)} has ${plural(faults.length, 'fault')}:`), ...faults.flatMap(told));
  else lines.push(`${plainText(name)} is ${paint('green', 'valid')}: ${plural(total.units, 'unit')}`);
  if (warnings.length > 0) lines.push('', paint('yellow', `${plural(warnings.length, 'warning')}:`), ...warnings.flatMap(told));
  // Of what cannot be run there is nothing to estimate.
  if (groups.length > 0 && faults.length === 0) {
    lines.push('', ...tableLines(columnsOf(groups), groups, look, { rule: true }));
    lines.push('', `in all ${estimateInWords(total)}${priced(validation)}`);
  }
  if (routesWithoutAgent.length > 0 && faults.length === 0) {
    lines.push('', paint('yellow', 'no connected agent could work on:'));
    lines.push(...routesWithoutAgent.slice(0, 20).map((r) => `  ${plainText(r.requirement)}  (${plural(r.open, 'unit')})`));
    lines.push(...wireNote(routesWithoutAgent.map((r) => r.requirement)).map((line) => `  ${plainText(line)}`));
    if (routesWithoutAgent.length > 20) lines.push(`  … and ${routesWithoutAgent.length - 20} more`);
  }
  return `${lines.join('\n')}\n`;
}

function columnsOf(groups: readonly Group[]): Column<Group>[] {
  return [
    { title: 'benchmark', cell: (g) => g.benchmark, least: 8 },
    { title: 'model', cell: modelInWords, least: 8 },
    { title: 'samples', right: true, cell: samplesOf },
    { title: 'tokens in', right: true, cell: (g) => about(g.estimate.inputTokens), drop: 2 },
    { title: 'tokens out', right: true, cell: (g) => about(g.estimate.outputTokens), drop: 1 },
    ...(groups.some((g) => g.estimate.costUsd !== undefined)
      ? [{ title: 'cost', right: true, cell: (g: Group) => dollars(g.estimate.costUsd) }]
      : []),
  ];
}

/** `1,319 × 4`: samples and epochs. */
function samplesOf({ samples, estimate }: Group): string {
  const epochs = samples > 0 ? estimate.units / samples : 1;
  return epochs > 1 && Number.isInteger(epochs) ? `${count(samples)} × ${epochs}` : count(samples);
}

/** An estimate has no more than two digits that mean something. */
export function about(n: number): string {
  if (n < 100) return count(n);
  const unit = 10 ** (Math.floor(Math.log10(n)) - 1);
  return `~${count(Math.round(n / unit) * unit)}`;
}

export function dollars(usd: number | undefined): string {
  if (usd === undefined) return '?';
  if (usd === 0) return '$0';
  if (usd < 0.01) return '< $0.01';
  return `~$${usd < 100 ? usd.toFixed(2) : count(usd)}`;
}

const estimateInWords = (e: Estimate): string =>
  `${plural(e.units, 'unit')}, ${about(e.inputTokens)} tokens in, ${about(e.outputTokens)} out, ${e.costUsd === undefined ? 'cost unknown' : dollars(e.costUsd)}`;

const priced = ({ total, priceTableVersion }: Validation): string =>
  total.costUsd !== undefined && priceTableVersion ? ` (prices of ${plainText(priceTableVersion)})` : '';
