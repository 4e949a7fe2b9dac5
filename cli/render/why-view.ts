/** Why work does not run, for people: the first reason is the one that counts. Pure. */
import type { Reason, Why } from '../../shared/client/why.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { factLines } from './evaluation-view.ts';
import type { Look } from './look.ts';
import { stateColour } from './paint.ts';
import { count, cut, padEnd, perSecond, plainText, plural, widthOf, wrapped } from './text.ts';
import { span } from './time.ts';
import { historyLines } from './why-history.ts';
import { COLOUR, WORD, WORD_WIDTH } from './why-words.ts';

const INDENT = WORD_WIDTH + 2;

export function whyView(why: Why, look: Look): string {
  const { paint } = look;
  const open = isFinal(why.state)
    ? []
    : [`${plural(why.open, 'sample')} open, ${count(why.inFlight)} handed out${why.rate > 0 ? `, ${perSecond(why.rate)}` : ''}`];
  const lines = [`${paint('bold', why.taskId || why.evaluationId)}  ${paint(stateColour(why.state), why.state)}`, ...open];
  for (const reason of why.reasons) lines.push('', ...reasonLines(reason, why.timeMs, look));
  if (why.history) lines.push('', ...historyLines(why.history, look));
  return `${lines.join('\n')}\n`;
}

export function reasonLines(reason: Reason, nowMs: number, look: Look): string[] {
  const { paint, columns } = look;
  const width = Math.max(10, columns - INDENT);
  const said = wrapped(`${plainText(reason.text)}${reason.code ? ` (${plainText(reason.code)})` : ''}`, width);
  const effect = paint(COLOUR[reason.effect], padEnd(WORD[reason.effect], WORD_WIDTH));
  const facts = factLines(
    [
      ['route', reason.requirement && `${plainText(reason.requirement)}  ${plainText(reason.route)}`],
      ['concerns', concerns(reason)],
      ['since', look.time(reason.sinceMs)],
      ['until', reason.untilMs > 0 ? ahead(reason.untilMs, nowMs) : ''],
      ['to change it', plainText(reason.remedy)],
    ],
    { columns: columns - INDENT, paint },
  );
  const indent = ' '.repeat(INDENT);
  return [
    ...said.map((line, i) => (i === 0 ? `${effect}  ${line}` : `${indent}${line}`)),
    ...facts.map((line) => indent + line),
    // Never wrapped nor cut: it is there to be copied.
    ...(reason.command ? [`${indent}${paint('cyan', `$ ${plainText(reason.command)}`)}`] : []),
    ...agentLines(reason, look).map((line) => indent + line),
    ...(reason.evaluationIds.length > 0
      ? wrapped(`evaluations: ${reason.evaluationIds.map(plainText).join(', ')}`, width).map((l) => indent + l)
      : []),
  ];
}

const concerns = ({ samples, tasks }: Reason): string =>
  samples === 0 ? '' : `${plural(samples, 'sample')}${tasks > 0 ? ` in ${plural(tasks, 'task')}` : ''}`;

const ahead = (untilMs: number, nowMs: number): string =>
  untilMs <= nowMs ? 'at any moment' : `in ${span(Math.ceil((untilMs - nowMs) / 1000))}`;

function agentLines({ agents, agentCount }: Reason, look: Look): string[] {
  const most = Math.max(24, Math.floor(look.columns / 4));
  const width = Math.min(most, Math.max(0, ...agents.map(({ name }) => widthOf(plainText(name)))));
  const room = Math.max(10, look.columns - INDENT - width - 4);
  const lines = agents.flatMap(({ name, text, sinceMs }) => {
    const since = look.time(sinceMs);
    const [first = '', ...rest] = wrapped(`${plainText(text)}${since ? `, ${since}` : ''}`, room);
    return [`  ${padEnd(cut(plainText(name), width), width)}  ${first}`, ...rest.map((line) => `${' '.repeat(width + 4)}${line}`)];
  });
  return agentCount > agents.length ? [...lines, `  … and ${plural(agentCount - agents.length, 'more agent')}`] : lines;
}
