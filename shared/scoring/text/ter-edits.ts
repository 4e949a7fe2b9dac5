/**
 * How many edits make a reference of an output, when moving a run of words counts as one. That is NP-complete, so Tercom searches
 * greedily, and sacrebleu as it does, with bounds of its own; the same search is done here:
 *
 *   1. Candidates are runs of at most 10 words that stand in both texts, at places at most 50 apart, with a word that is wrong in each, and
 *      not aligned with themselves already. Such a run moves in front of its counterpart, or behind any of the words that align with it.
 *   2. The move that lowers the edit distance most is done; then the longer run, the earlier one, the earlier target.
 *   3. Again, until none lowers it, or 1000 moves have been tried (the last round's then is not done).
 */
import { EditTable } from './edit-table.ts';

const MAX_RUN = 10;
const MAX_DISTANCE = 50;
const MAX_TRIALS = 1000;

interface Move {
  gain: number;
  length: number;
  start: number;
  target: number;
}

/** Throws for texts that are too long. */
export function editsWithShifts(output: readonly string[], reference: readonly string[]): number {
  if (reference.length === 0) return output.length;
  const numbers = new Map<string, number>();
  const code = (word: string): number => {
    const known = numbers.get(word);
    if (known !== undefined) return known;
    numbers.set(word, numbers.size);
    return numbers.size - 1;
  };
  const wanted = Int32Array.from(reference, code);
  let current = Int32Array.from(output, code);
  const table = new EditTable(current.slice(), wanted);
  let shifts = 0;
  let trials = 0;
  for (;;) {
    const found = bestMove(current, wanted, table, trials);
    trials = found.trials;
    if (trials >= MAX_TRIALS || !found.move || found.move.gain <= 0) return shifts + table.distance;
    current = moved(current, found.move);
    table.load(current, Math.min(found.move.start, found.move.target));
    shifts++;
  }
}

/** The best move of a run of words, and how many were tried by now. */
function bestMove(current: Int32Array, wanted: Int32Array, table: EditTable, triedBefore: number): { move?: Move; trials: number } {
  const { places, wrongWords, wrongReference } = table.alignment();
  let best: Move | undefined;
  let trials = triedBefore;
  for (const { start, startWanted, length } of commonRuns(current, wanted)) {
    if (wrongWords[start + length] === wrongWords[start]) continue;
    if (wrongReference[startWanted + length] === wrongReference[startWanted]) continue;
    const aligned = places[startWanted]!;
    if (aligned >= start && aligned < start + length) continue;
    let tried = -1;
    for (let offset = -1; offset < length; offset++) {
      const target = startWanted + offset < 0 ? 0 : places[startWanted + offset]! + 1;
      if (target === tried) continue;
      tried = target;
      const move = { gain: 0, length, start, target };
      move.gain = table.distance - table.try(moved(current, move), Math.min(start, target));
      trials++;
      if (!best || isBetter(move, best)) best = move;
    }
    if (trials >= MAX_TRIALS) break;
  }
  return best ? { move: best, trials } : { trials };
}

function isBetter(a: Move, b: Move): boolean {
  const order = a.gain - b.gain || a.length - b.length || b.start - a.start || b.target - a.target;
  return order > 0;
}

function* commonRuns(current: Int32Array, wanted: Int32Array): Generator<{ start: number; startWanted: number; length: number }> {
  for (let start = 0; start < current.length; start++) {
    const end = Math.min(wanted.length, start + MAX_DISTANCE + 1);
    for (let startWanted = Math.max(0, start - MAX_DISTANCE); startWanted < end; startWanted++) {
      const longest = Math.min(MAX_RUN, current.length - start, wanted.length - startWanted);
      for (let length = 1; length <= longest && current[start + length - 1] === wanted[startWanted + length - 1]; length++)
        yield { start, startWanted, length };
    }
  }
}

/** A run of words put elsewhere. The target is a place among the words as they are; one within the run counts from the run's begin. */
function moved(words: Int32Array, { start, length, target }: Move): Int32Array<ArrayBuffer> {
  const result = new Int32Array(words.length);
  const run = words.subarray(start, start + length);
  const rest = new Int32Array(words.length - length);
  rest.set(words.subarray(0, start));
  rest.set(words.subarray(start + length), start);
  const at = target < start ? target : target > start + length ? target - length : Math.min(target, rest.length);
  result.set(rest.subarray(0, at));
  result.set(run, at);
  result.set(rest.subarray(at), at + length);
  return result;
}
