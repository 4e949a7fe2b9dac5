/** The books of an evaluation for people. Pure. */
import type { Books, FrameBooks, Recovered } from '../../shared/client/books.ts';
import { openOf, type Counts } from '../../shared/domain/states.ts';
import { factLines } from './evaluation-view.ts';
import { modelInWords } from './judge-words.ts';
import type { Look } from './look.ts';
import { stateColour } from './paint.ts';
import { tableLines, type Column } from './table.ts';
import { count, plainText, plural } from './text.ts';

type GroupOfBooks = Books['groups'][number];

const STATES = ['scored', 'unscored', 'errored', 'cancelled', 'dead'] as const;

/** `10 units = 8 scored + … + 0 dead`, open ones where there are some. */
export function countsInWords(counts: Counts): string {
  const open = openOf(counts);
  const parts = [...STATES.map((name) => `${count(counts[name])} ${name}`), ...(open > 0 ? [`${count(open)} open`] : [])];
  return `${plural(counts.total, 'unit')} = ${parts.join(' + ')}`;
}

export function booksView(books: Books, look: Look): string {
  const { paint } = look;
  const verdict = books.balanced ? paint('green', 'the books balance') : paint('red', 'the books do not balance');
  const lines = [`${books.evaluationId}  ${paint(stateColour(books.state), books.state)}  ${verdict}`, '', countsInWords(books.counts)];
  lines.push('', ...tableLines(COLUMNS, books.groups, look, { rule: true }), '', ...factLines(factsOf(books), look));
  if (books.notCompared.length > 0) lines.push('', 'not compared:', ...books.notCompared.map((text) => `  ${plainText(text)}`));
  if (books.differences.length > 0) {
    lines.push('', 'differences:');
    for (const { place, expected, found } of books.differences)
      lines.push(`  ${plainText(place)}`, `    expected ${plainText(expected)}`, `    found    ${plainText(found)}`);
    if (books.moreDifferences > 0) lines.push(`  … and ${count(books.moreDifferences)} more`);
  }
  return `${lines.join('\n')}\n`;
}

const COLUMNS: Column<GroupOfBooks>[] = [
  { title: 'benchmark', cell: (g) => g.benchmark, least: 8 },
  { title: 'model', cell: modelInWords, least: 8 },
  { title: 'units', right: true, cell: (g) => count(g.counts.total) },
  ...STATES.map((name): Column<GroupOfBooks> => ({ title: name, right: true, cell: (g) => count(g.counts[name]) })),
  { title: 'open', right: true, cell: (g) => count(openOf(g.counts)) },
];

function factsOf({ frames, attempts, generations, requeues, requeuedUnits, agents }: Books): [string, string][] {
  return [
    ['results', `${count(frames.results)} in ${plural(frames.frames, 'frame')}${beside(frames)}`],
    ['refused', `${plural(frames.refused, 'result')} in ${plural(frames.voidFrames, 'void frame')}`],
    ['run again', `${plural(frames.unitsWithSeveral, 'unit')}: ${count(frames.agreed)} agreed, ${count(frames.differed)} differed`],
    ['calls', `${count(frames.calls)}, of them ${count(frames.retries)} retried and ${count(frames.repeatedCalls)} that do not count`],
    ['requeued', requeues > 0 ? `${plural(requeuedUnits, 'unit')} by ${plural(requeues, 'requeue')}` : ''],
    ['attempts', `${count(attempts)} with results, in ${plural(generations, 'generation')}`],
    ['agents', plural(Object.keys(agents).length, 'agent')],
  ];
}

/** What else there is of results, where there is any. */
function beside({ copies, setAside, uncounted, countedThoughRefused }: FrameBooks): string {
  const told = [
    copies > 0 && `${count(copies)} written twice, as nobody knew whether they had been (counted once)`,
    setAside > 0 && `${count(setAside)} set aside by requeues`,
    uncounted > 0 && `${count(uncounted)} not counted`,
    countedThoughRefused > 0 && `${count(countedThoughRefused)} counted though refused`,
  ].filter((text) => text !== false);
  return told.length > 0 ? `: ${told.join(', ')}` : '';
}

export function recoveredView({ evaluationId, state, before, after, generation }: Recovered): string {
  const lines = [
    `${evaluationId}  ${state}`,
    `before  ${before ? countsInWords(before) : 'nothing that makes sense'}`,
    `after   ${countsInWords(after)}`,
    generation > 0 ? `its ledger was made anew, as generation ${generation}` : 'it is final, and served from the store',
  ];
  return `${lines.join('\n')}\n`;
}
