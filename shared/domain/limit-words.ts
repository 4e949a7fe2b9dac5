/** What the limits of a coordinator bound, in words, in the order in which people read them. Pure. */
import { bytesInWords, count, fineDuration, plural } from './words.ts';

/** By name: what for, in a few words, and what it bounds. */
export const LIMIT_WORDS: Readonly<Record<string, readonly [part: LimitPart, what: string]>> = {
  message_bytes: ['calls', 'one message by gRPC'],
  small_message_bytes: ['calls', 'one request by gRPC without a spec, metadata, content or a list of samples or tasks'],
  body_bytes: ['calls', 'one request by HTTP'],
  max_content_bytes: ['calls', 'one upload'],
  call_ms: ['calls', 'a call that is one question and one answer'],
  slow_ms: ['calls', 'an upload that stands still, an answer that nobody takes'],
  calls_per_identity: ['callers', 'calls of one identity at a time'],
  streams_per_identity: ['callers', 'streams of one identity at a time, by gRPC'],
  http_streams_per_identity: ['callers', 'streams of one identity at a time, by HTTP'],
  max_messages_per_second: ['callers', 'messages a second of one stream'],
  max_connections: ['callers', 'connections'],
  max_connections_per_peer: ['callers', 'connections of one address'],
  max_streams_per_connection: ['callers', 'calls at a time on one connection'],
  max_pending_bytes: ['callers', 'requests and answers that are under way'],
  max_pending_bytes_per_peer: ['callers', 'those of one address'],
  max_unfinished: ['work', 'evaluations that are not finished'],
  redis_headroom_percent: ['work', 'of Redis’s memory, kept for what is accepted'],
  store_headroom_bytes: ['work', 'of the store, kept for what is accepted'],
  keep_log_bytes: ['work', 'lines about one evaluation'],
  lease_ms: ['work', 'a task whose agent says nothing'],
  heartbeat_ms: ['work', 'between two signs of life of an agent'],
  task_soft_ms: ['work', 'a task, before its agent is asked to let go of what waits'],
  task_hard_ms: ['work', 'a task, before it is taken back'],
};

export const LIMIT_PARTS = ['calls', 'callers', 'work', 'others'] as const;
export type LimitPart = (typeof LIMIT_PARTS)[number];

/** What stands above the lines of a part. */
export const LIMIT_TITLES: Readonly<Record<LimitPart, string>> = { calls: 'One call', callers: 'Callers', work: 'Work', others: 'Others' };

/** Values that bound nothing by being 0; of the others 0 is a value. */
const KEPT = /^(keep|.*headroom)_/;

/** Settings are round, mostly: 4 MiB and 1 min, not 4.0 MiB and 1 min 0 s. */
const whole = (text: string): string => text.replace(/\.0 /, ' ').replace(/(?<=\d+ (?:h|min)) 0 (?:min|s)$/, '');

/** A limit's value, by the end of its name. */
export function limitInWords(name: string, value: number): string {
  if (value === 0 && !KEPT.test(name)) return 'no bound';
  if (name.includes('_bytes')) return whole(bytesInWords(value));
  if (name.endsWith('_ms')) return whole(fineDuration(value));
  return name.endsWith('_percent') ? `${value} %` : count(value);
}

export interface LimitLine {
  name: string;
  part: LimitPart;
  what: string;
  value: string;
}

/** In their order; those that this release does not know come last, by their names. */
export function limitLines(limits: Readonly<Record<string, number>>): LimitLine[] {
  const known = Object.keys(LIMIT_WORDS).filter((name) => Object.hasOwn(limits, name));
  const others = Object.keys(limits).filter((name) => !Object.hasOwn(LIMIT_WORDS, name));
  return [...known, ...others.toSorted()].map((name) => {
    const [part, what] = LIMIT_WORDS[name] ?? (['others', ''] as const);
    return { name, part, what, value: limitInWords(name, limits[name]!) };
  });
}

/** What is said where no coordinator tells its limits. */
export const NO_LIMITS = 'These coordinators do not say.';

/** One line for each limit, of coordinators that differ with the values of all; and of whom that holds. */
export function limitsOfAll(coordinators: readonly { limits?: Readonly<Record<string, number>> }[]): { lines: LimitLine[]; note: string } {
  const all = coordinators.flatMap(({ limits }) => (limits ? [limitLines(limits)] : []));
  const values = new Map<string, Set<string>>();
  for (const { name, value } of all.flat()) values.set(name, (values.get(name) ?? new Set()).add(value));
  const byName = new Map(all.flat().map((line) => [line.name, { ...line, value: [...values.get(line.name)!].join(' or ') }]));
  const isSame = [...values.values()].every(({ size }) => size === 1);
  const silent = coordinators.length - all.length;
  const among = silent > 0 ? `; ${plural(silent, 'coordinator')} of an older release ${silent === 1 ? 'does' : 'do'} not say` : '';
  return {
    lines: [...byName.values()],
    note: `${isSame ? `of ${silent > 0 ? plural(all.length, 'coordinator') : 'every coordinator'}` : 'coordinators differ'}${among}`,
  };
}
