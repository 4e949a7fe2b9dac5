/**
 * The assignment problem: each row gets a column of its own, or where there are fewer columns each column a row, so that the
 * sum of weights is as large as it can be. The Hungarian method (Kuhn 1955) with potentials and shortest augmenting paths
 * (Jonker and Volgenant 1987): O(s² l) for s rows and l ≥ s columns.
 */

/** The pairs of the best assignment, in the order of the rows. All rows are equally long. */
export function bestAssignment(weights: readonly (readonly number[])[]): { row: number; column: number }[] {
  const height = weights.length;
  const width = weights[0]?.length ?? 0;
  if (height <= width) return assignRows(height, width, (row, column) => -weights[row]![column]!);
  return assignRows(width, height, (column, row) => -weights[row]![column]!)
    .map(({ row, column }) => ({ row: column, column: row }))
    .toSorted((a, b) => a.row - b.row);
}

/** Gives each of the `height` ≤ `width` rows a column at the least cost. */
function assignRows(height: number, width: number, cost: (row: number, column: number) => number): { row: number; column: number }[] {
  const rowPotential = new Float64Array(height);
  const columnPotential = new Float64Array(width);
  /** The row that a column belongs to, or −1. */
  const owner = new Int32Array(width).fill(-1);

  for (let added = 0; added < height; added++) {
    /** The cheapest reduced cost of a path from the added row to each column, and the column before it on that path. */
    const distance = new Float64Array(width).fill(Infinity);
    const previous = new Int32Array(width).fill(-1);
    const done = new Uint8Array(width);
    let row = added;
    let column = -1;
    do {
      let nearest = -1;
      let least = Infinity;
      for (let next = 0; next < width; next++) {
        if (done[next] === 1) continue;
        const reduced = cost(row, next) - rowPotential[row]! - columnPotential[next]!;
        if (reduced < distance[next]!) {
          distance[next] = reduced;
          previous[next] = column;
        }
        if (distance[next]! < least) {
          least = distance[next]!;
          nearest = next;
        }
      }
      // All rows on the paths so far pay `least` more, all their columns less, so that the nearest column costs nothing more.
      rowPotential[added]! += least;
      for (let seen = 0; seen < width; seen++) {
        if (done[seen] === 1) {
          rowPotential[owner[seen]!]! += least;
          columnPotential[seen]! -= least;
        } else distance[seen]! -= least;
      }
      done[nearest] = 1;
      column = nearest;
      row = owner[column]!;
    } while (row >= 0);
    while (column >= 0) {
      const before = previous[column]!;
      owner[column] = before < 0 ? added : owner[before]!;
      column = before;
    }
  }
  return Array.from(owner, (row, column) => ({ row, column }))
    .filter(({ row }) => row >= 0)
    .toSorted((a, b) => a.row - b.row);
}
