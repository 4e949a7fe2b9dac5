/** What the first reason was over time, for people: the newest first, then all of it added up. Pure. */
import type { ReasonPeriod, WhyHistory } from '../../shared/client/why.ts';
import type { Look } from './look.ts';
import { count, padEnd, plainText, plural, widthOf, wrapped } from './text.ts';
import { span } from './time.ts';
import { COLOUR, WORD, WORD_WIDTH } from './why-words.ts';

const lasted = (ms: number): string => (ms < 1_000 ? 'a moment' : span(ms / 1_000));

export function historyLines({ sinceMs, periods, totals }: WhyHistory, look: Look): string[] {
  const { paint } = look;
  if (periods.length === 0) return [paint('bold', 'before'), 'nobody has looked yet: coordinators do, every few seconds'];
  const rows = periods.map((period) => ({ period, from: look.time(period.sinceMs), long: lasted(period.untilMs - period.sinceMs) }));
  const from = Math.max(...rows.map((row) => widthOf(row.from)));
  const long = Math.max(...rows.map((row) => widthOf(row.long)));
  const indent = from + long + WORD_WIDTH + 6;
  const lines = rows.flatMap(({ period, ...row }) => {
    const head = `${padEnd(row.from, from)}  ${padEnd(row.long, long)}  ${paint(COLOUR[period.effect], padEnd(WORD[period.effect], WORD_WIDTH))}`;
    const told = wrapped(textOf(period), Math.max(10, look.columns - indent));
    return told.map((line, i) => (i === 0 ? `${head}  ${line}` : `${' '.repeat(indent)}${line}`));
  });
  const all = totals.map(
    ({ code, times, totalMs }) => `${plainText(code)} ${lasted(totalMs)}${times > 1 ? ` in ${count(times)} periods` : ''}`,
  );
  return [
    paint('bold', `what it was, since ${look.time(sinceMs)}`),
    ...lines,
    ...wrapped(`in all: ${all.join(', ')}`, Math.max(10, look.columns)),
  ];
}

function textOf({ text, code, requirement, agents, agentCount }: ReasonPeriod): string {
  const [first] = agents;
  const more = agentCount > 1 ? ` and ${plural(agentCount - 1, 'more agent')}` : '';
  const who = first ? ` – ${first.name}: ${first.text}${more}` : '';
  return plainText(`${text} (${code})${requirement === '' ? '' : ` – ${requirement}`}${who}`);
}
