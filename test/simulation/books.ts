/**
 * Books of its own beside each ledger of the simulated Redis: who may report on which unit, and what is closed. They are kept from what is
 * asked of the scripts and what these answer, in the very order in which they run, and share Redis's fate; what the scripts themselves
 * remember is not asked. Whatever contradicts them is noted: S6, S7, S11, S12.
 */
import { readFileSync } from 'node:fs';
import type { History } from './history.ts';
import type { RedisData, Reply } from './redis/data.ts';

const SCRIPTS = ['create', 'grant', 'commit', 'release', 'spare', 'control', 'close', 'reopen', 'restore'] as const;
type ScriptName = (typeof SCRIPTS)[number];

const CRASHES = 3;
const LOSSES = 20;
/** Codes of units (shared/domain/states.ts): from here on they were closed without a result. */
const CANCELLED = 5;

interface Book {
  /** Open units under an attempt. */
  owners: Map<number, string>;
  /** Closed units with their codes. */
  closed: Map<number, number>;
  units: number;
  /** By sequence: how many of its attempts crashed, and which were lost. */
  setbacks: Map<number, { crashes: number; lost: Set<string> }>;
  attempts: Map<string, { agent: string; at: number }>;
}

type Argument = Record<string, unknown>;
/** unit, code, … */
type Item = [number, number];

const scriptsFolder = new URL('../../coordinator/ledger/scripts/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(`${name}.lua`, scriptsFolder), 'utf8');
let names: Map<string, ScriptName> | undefined;
/** Under the very texts that were asked for: to compare long ones takes longer than to run most scripts. */
const asked = new Map<string, ScriptName | undefined>();

function nameOf(lua: string): ScriptName | undefined {
  if (asked.has(lua)) return asked.get(lua);
  names ??= new Map(SCRIPTS.map((name) => [read('common') + read(name), name]));
  const name = names.get(lua);
  asked.set(lua, name);
  return name;
}

export class Books {
  readonly #history: History;
  readonly #now: () => number;
  #books = new Map<string, Book>();

  constructor(history: History, now: () => number) {
    this.#history = history;
    this.#now = now;
  }

  copy(): unknown {
    return structuredClone(this.#books);
  }

  restore(copy: unknown): void {
    this.#books = structuredClone(copy) as Map<string, Book>;
  }

  wipe(): void {
    this.#books.clear();
  }

  /** A script has run. */
  note(data: RedisData, lua: string, keys: readonly string[], argv: readonly string[], reply: Reply): void {
    const script = nameOf(lua);
    if (!script) return;
    const evaluationId = argv[1]!;
    const argument = JSON.parse(argv[2]!) as Argument;
    const wrong = (name: string, text: string): void => this.#history.problem(name, `${evaluationId}: ${text}`);
    if (script === 'create') {
      if (reply === 1) this.#books.set(evaluationId, bookOf(argument['units'] as number));
      return;
    }
    const book = this.#books.get(evaluationId);
    if (!book) return;
    switch (script) {
      case 'grant':
        this.#granted(book, evaluationId, argument, reply, wrong);
        break;
      case 'commit':
        committed(book, argument, reply, wrong);
        break;
      case 'release':
        this.#released(book, argument, reply, wrong);
        break;
      case 'spare':
        this.#spared(book, argument, reply);
        break;
      case 'control':
        if (argument['action'] === 'recovered' && (reply as Reply[])[0] === 1) this.#history.reach('recovered');
        break;
      case 'close':
        closed(book, argument, reply);
        break;
      case 'reopen':
        if ((reply as number) >= 0)
          for (const [unit, code, , , , anew] of argument['items'] as [...Item, unknown?, unknown?, unknown?, number?][])
            if (book.closed.get(unit) === code) {
              book.closed.delete(unit);
              book.owners.delete(unit);
              // A judge's call that is under way, about an answer that is opened again: it is another call from now on.
            } else if (anew === 1 && !book.closed.has(unit)) book.owners.delete(unit);
        break;
      case 'restore':
        if (((reply as Reply[])[0] as number) >= 0) for (const [unit, code] of argument['items'] as Item[]) close(book, unit, code);
    }
    endedEarly(book, data, keys[0]!);
  }

  #granted(book: Book, evaluationId: string, argument: Argument, reply: Reply, wrong: Wrong): void {
    const agent = argument['agent'] as string;
    const grants = argument['grants'] as [number, number, string][];
    const at = this.#now();
    for (const [i, [answer, , , list]] of answersOf<[string, number, number, string]>(reply).entries()) {
      if (answer !== 'granted') continue;
      const [, , attempt] = grants[i]!;
      const units = numbersOf(list);
      this.#history.granted.push({ at, evaluationId, attempt, units });
      if (!book.attempts.has(attempt)) book.attempts.set(attempt, { agent, at });
      for (const unit of units) {
        const owner = book.owners.get(unit);
        if (owner !== undefined && owner !== attempt) wrong('S7', `unit ${unit} is given to ${attempt}, and ${owner} has it`);
        if (book.closed.has(unit)) wrong('S7', `unit ${unit} is given to ${attempt}, and is closed`);
        book.owners.set(unit, attempt);
      }
    }
  }

  #released(book: Book, argument: Argument, reply: Reply, wrong: Wrong): void {
    const items = argument['items'] as [number, string | number, string][];
    for (const [i, [answer]] of answersOf<[string, number]>(reply).entries()) {
      const [sequence, attempt, kind] = items[i]!;
      if (answer === 'unknown') continue;
      const task = book.setbacks.get(sequence) ?? { crashes: 0, lost: new Set() };
      book.setbacks.set(sequence, task);
      if (kind === 'crash' || kind === 'crashed') task.crashes++;
      if (kind === 'lost') task.lost.add(String(attempt));
      // A loss that was a crash, as is told later.
      if (kind === 'crashed') task.lost.delete(String(attempt));
      for (const [unit, owner] of book.owners) if (owner === attempt) book.owners.delete(unit);
      if (kind === 'crash' || kind === 'crashed') this.#crashed(book, String(attempt), wrong);
      if (answer !== 'doomed') continue;
      this.#history.reach('died');
      if (task.crashes < CRASHES && task.lost.size < LOSSES)
        wrong('S12', `task ${sequence} is dead after ${task.crashes} crashes and ${task.lost.size} losses`);
    }
  }

  /** Only a process that was killed has crashed. */
  #crashed(book: Book, attempt: string, wrong: Wrong): void {
    const own = book.attempts.get(attempt);
    if (own && !this.#history.deaths.some(({ agent, at }) => agent === own.agent && at >= own.at))
      wrong('S12', `${attempt} is said to have crashed, and its agent ${own.agent} lives`);
  }

  #spared(book: Book, argument: Argument, reply: Reply): void {
    const [answer, taken] = reply as [string, number];
    if (answer !== 'taken' && answer !== 'over') return;
    if (taken > 0) this.#history.reach('spared');
    for (const unit of argument['units'] as number[]) if (book.owners.get(unit) === argument['attempt']) book.owners.delete(unit);
  }
}

type Wrong = (name: string, text: string) => void;

const bookOf = (units: number): Book => ({
  owners: new Map(),
  closed: new Map(),
  units,
  setbacks: new Map(),
  attempts: new Map(),
});

/** The first element of a reply is JSON. */
const answersOf = <T>(reply: Reply): T[] => JSON.parse((reply as string[])[0]!) as T[];

const numbersOf = (list: string): number[] => (list === '' ? [] : list.split(',').map(Number));

function close(book: Book, unit: number, code: number): void {
  if (book.closed.has(unit)) return;
  book.closed.set(unit, code);
  book.owners.delete(unit);
}

/** What counts is either of the attempt that has the unit, or was counted before. */
function committed(book: Book, argument: Argument, reply: Reply, wrong: Wrong): void {
  const [refusedOf, lateOf] = (reply as string[]).slice(0, 2).map((json) => JSON.parse(json) as string[]) as [string[], string[]];
  for (const [i, [, attempt, , items]] of (argument['reports'] as [number, string, string, Item[]][]).entries()) {
    const not = new Set([...numbersOf(refusedOf[i]!), ...numbersOf(lateOf[i]!)]);
    for (const [unit, code] of items) {
      if (not.has(unit)) continue;
      const before = book.closed.get(unit);
      const owner = book.owners.get(unit);
      if (before !== undefined && before >= CANCELLED) wrong('S11', `unit ${unit} counts for ${attempt}, and was closed without a result`);
      else if (before === undefined && owner !== attempt)
        wrong('S6', `unit ${unit} counts for ${attempt}, and ${owner ?? 'nobody'} has it`);
      close(book, unit, code);
    }
  }
}

function closed(book: Book, argument: Argument, reply: Reply): void {
  if ((reply as number) < 0) return;
  for (const [first, end] of argument['ranges'] as [number, number][])
    for (let unit = first; unit < end; unit++) close(book, unit, argument['code'] as number);
}

/** Cancelled, drained or failed: whatever was open then is closed. */
function endedEarly(book: Book, data: RedisData, meta: string): void {
  if (data.run('HGET', [meta, 'state']) !== 'finalizing' || data.run('HGET', [meta, 'ended']) === null) return;
  for (let unit = 0; unit < book.units; unit++) close(book, unit, CANCELLED);
}
