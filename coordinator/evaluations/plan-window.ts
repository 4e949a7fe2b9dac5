/**
 * How much to plan ahead, and in what pieces. Pure.
 *
 * The window is seconds of work, not a count: by Little's law the units in flight divided by their duration is the rate at
 * which a route works, so a million-sample evaluation neither fills Redis nor starves the small one behind it.
 */
const WINDOW_SECONDS = 5;
const MAX_WINDOW_UNITS = 8_192;
const MAX_WAITING_TASKS = 2_048;
/** A task should keep one agent busy this long, if it runs ten samples at a time. */
const TASK_SECONDS = 2;
const TYPICAL_CONNECTIONS = 10;
const MAX_TASK_UNITS = 50;
const FIRST_TASK_UNITS = 4;
/** Pieces that what is left of a group is cut into at least, so that tasks shrink towards the end, also where units come back. */
const SHRINK = 8;

/** Units in one task, before the group's end is near. unitMs: a unit's mean duration, 0 if unknown. */
export function taskUnits(unitMs: number, maxTaskSamples: number | undefined): number {
  const wanted = unitMs > 0 ? Math.round((TASK_SECONDS * 1000 * TYPICAL_CONNECTIONS) / unitMs) : FIRST_TASK_UNITS;
  return Math.max(1, Math.min(wanted, maxTaskSamples ?? MAX_TASK_UNITS));
}

/** Units that may wait on a route. leased: units in flight on it. */
export function windowUnits(unitMs: number, leased: number, perTask: number): number {
  const least = 4 * perTask + 16;
  const bySeconds = unitMs > 0 ? Math.ceil((WINDOW_SECONDS * 1000 * leased) / unitMs) : 0;
  return Math.max(least, Math.min(bySeconds, MAX_WINDOW_UNITS, MAX_WAITING_TASKS * perTask));
}

/**
 * How many units may be planned beside those that wait or run, at all and on each route, when at most `maxSamples` (0: no bound) may be
 * in flight. Routes that have units to plan share what the others leave evenly, so that one that nobody serves keeps no other waiting. A
 * little room is left to grow, so that tasks are not single units. inFlight: units that wait or run, per route.
 */
export function roomLeft(
  maxSamples: number,
  inFlight: readonly number[],
  isUnplanned: readonly boolean[],
): { room: number; ofRoutes: number[] } {
  if (maxSamples === 0) return { room: Infinity, ofRoutes: inFlight.map(() => Infinity) };
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const rest = maxSamples - sum(inFlight.filter((_, r) => !isUnplanned[r]));
  const sharing = isUnplanned.filter(Boolean).length;
  let turn = 0;
  const ofRoutes = inFlight.map((own, r) => {
    if (!isUnplanned[r]) return 0;
    const share = Math.floor(rest / sharing) + (turn++ < rest % sharing ? 1 : 0);
    return share - own >= Math.max(1, Math.floor(share / 8)) ? share - own : 0;
  });
  return { room: maxSamples - sum(inFlight), ofRoutes };
}

/**
 * Cuts open units of one group into tasks. `codes[i]` is the state of unit `first + i`; closed units are left out, so a task
 * is always a run of open units. `sizeOf` gives a unit's bytes on the wire: a task holds at most `maxBytes` or one unit.
 * Returns the tasks and the first unit that was not looked at.
 */
export function cutTasks(options: {
  first: number;
  codes: Uint8Array;
  /** End of the group. */
  end: number;
  budget: number;
  perTask: number;
  sizeOf: (unit: number) => number;
  maxBytes: number;
  maxTasks: number;
}): { tasks: { first: number; end: number }[]; cursor: number; units: number } {
  const tasks: { first: number; end: number }[] = [];
  const limit = options.first + options.codes.length;
  let unit = options.first;
  let units = 0;
  const isOpen = (u: number): boolean => options.codes[u - options.first]! < 2;
  /** Open units that are not in a task yet, as far as is known: some before the end may be taken. */
  let left = options.end - limit + options.codes.reduce((sum, code) => sum + (code < 2 ? 1 : 0), 0);
  while (unit < limit && units < options.budget && tasks.length < options.maxTasks) {
    if (!isOpen(unit)) {
      unit++;
      continue;
    }
    const most = Math.min(options.perTask, Math.max(1, Math.ceil(left / SHRINK)), options.budget - units);
    const first = unit;
    let bytes = 0;
    while (unit < limit && unit - first < most && isOpen(unit)) {
      bytes += options.sizeOf(unit);
      if (bytes > options.maxBytes && unit > first) break;
      unit++;
    }
    tasks.push({ first, end: unit });
    units += unit - first;
    left -= unit - first;
  }
  return { tasks, cursor: unit, units };
}
