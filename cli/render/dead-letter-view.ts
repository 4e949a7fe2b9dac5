/** Dead letters for people. Pure. */
import type { DeadLetter } from '../../shared/client/dead-letters.ts';
import { factLines } from './evaluation-view.ts';
import { modelInWords } from './judge-words.ts';
import type { Look } from './look.ts';
import type { Column } from './table.ts';
import { count, plainText, plural } from './text.ts';

const agentsOf = (letter: DeadLetter): string => [...new Set(letter.attempts.map((a) => a.agent || a.agentId))].join(',');

export function letterColumns(look: Look, wide: boolean): Column<DeadLetter>[] {
  const columns: Column<DeadLetter>[] = [
    { title: 'task', cell: (l) => l.taskId },
    { title: 'benchmark', cell: (l) => l.benchmark, least: 8 },
    { title: 'model', cell: modelInWords, least: 8 },
    { title: 'samples', right: true, cell: (l) => count(l.unitCount) },
    { title: 'crashes', right: true, cell: (l) => count(l.crashes), drop: 2 },
    { title: 'losses', right: true, cell: (l) => count(l.losses), drop: 3 },
    { title: 'agents', cell: agentsOf, least: 8, drop: 1 },
    { title: 'dead', cell: (l) => look.time(l.deadAtMs), drop: 4 },
    { title: 'dropped', cell: (l) => (l.dropped ? 'yes' : ''), optional: true, drop: 5 },
  ];
  if (!wide) return columns;
  return [
    ...columns,
    { title: 'returns', right: true, cell: (l) => count(l.returns) },
    { title: 'route', cell: (l) => l.route },
    { title: 'requirement', cell: (l) => l.requirement },
  ];
}

export function letterView(letter: DeadLetter, look: Look): string {
  const shown = letter.units.slice(0, 50).join(', ');
  const lines = [
    look.paint('bold', letter.taskId),
    ...factLines(
      [
        ['evaluation', letter.evaluationId],
        ['benchmark', plainText(letter.benchmark)],
        ['model', plainText(letter.model)],
        ['judges', letter.judgeOf ? plainText(`the answers of ${letter.judgeOf.model}, for the scorer ${letter.judgeOf.scorer}`) : ''],
        ['route', plainText(`${letter.route}  ${letter.requirement}`)],
        ['units', `${shown}${letter.unitCount > 50 ? ` … (${count(letter.unitCount)} in all)` : ''}`],
        ['given up', `${look.time(letter.deadAtMs)}${letter.dropped ? ', dropped since' : ''}`],
        ['because of', `${setback(letter.crashes, 'crash', 'crashes')}, ${setback(letter.losses, 'loss', 'losses')}`],
        ['handed back', plural(letter.returns, 'time')],
      ],
      look,
    ),
  ];
  for (const a of letter.attempts) {
    lines.push(
      '',
      `${a.end}  ${look.time(a.atMs)}  on ${plainText(a.agent ? `${a.agent} (${a.agentId})` : a.agentId)}, attempt ${a.attemptId}`,
    );
    if (a.exit) lines.push(`  ${plainText(a.exit)}`);
    for (const line of a.lastOutput.split('\n').filter((l) => l !== '')) lines.push(`  | ${plainText(line)}`);
  }
  return `${lines.join('\n')}\n`;
}

const setback = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`;
