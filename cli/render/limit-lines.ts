/** The limits of coordinators, a line each in the words of the page. Pure. */
import { LIMIT_PARTS, LIMIT_TITLES, limitsOfAll, NO_LIMITS } from '../../shared/domain/limit-words.ts';
import type { CoordinatorStatus } from '../../shared/client/types.ts';
import type { Look } from './look.ts';
import { cut, padEnd, padStart, plainText, widthOf, wrapped } from './text.ts';

const GAP = 2;
/** What a limit bounds is told in so many columns at least; where there are fewer it is left out. */
const LEAST = 16;

/** By their parts; what they bound goes on in more lines where the terminal is narrow. Nothing of a cluster without coordinators. */
export function limitsInLines(coordinators: readonly CoordinatorStatus[], { columns, paint }: Pick<Look, 'columns' | 'paint'>): string[] {
  if (coordinators.length === 0) return [];
  const { lines, note } = limitsOfAll(coordinators);
  const said = lines.map(({ part, name, value, what }) => ({ part, name: plainText(name), value, what }));
  if (said.length === 0) return [cut(`limits: ${NO_LIMITS}`, columns)];
  const values = Math.max(...said.map(({ value }) => widthOf(value)));
  const names = Math.min(Math.max(...said.map(({ name }) => widthOf(name))), Math.max(1, columns - values - GAP));
  const room = columns - names - values - 2 * GAP;
  const gap = ' '.repeat(GAP);
  const parts = LIMIT_PARTS.map((part) => [part, said.filter((line) => line.part === part)] as const).filter(([, own]) => own.length > 0);
  return parts.flatMap(([part, own], i) => [
    ...(i === 0 ? [cut(`limits: ${note}`, columns), ''] : ['']),
    paint('bold', cut(LIMIT_TITLES[part], columns)),
    ...own.flatMap(({ name, value, what }) => {
      const [first = '', ...more] = room < LEAST ? [] : wrapped(what, room);
      const head = `${padEnd(cut(name, names), names)}${gap}${padStart(value, values)}${gap}${first}`.trimEnd();
      return [head, ...more.map((line) => ' '.repeat(columns - room) + line)].map((line) => cut(line, columns));
    }),
  ]);
}
