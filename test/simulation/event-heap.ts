/** What is going to happen, by time; of equal times the earlier plan comes first. */

export interface SimEvent {
  at: number;
  order: number;
  work: () => void;
  cancelled: boolean;
}

export class EventHeap {
  readonly #heap: SimEvent[] = [];
  #order = 0;

  add(at: number, work: () => void): SimEvent {
    const event = { at, order: this.#order++, work, cancelled: false };
    this.putBack(event);
    return event;
  }

  putBack(event: SimEvent): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(heap[at]!, heap[above]!)) break;
      [heap[at], heap[above]] = [heap[above]!, heap[at]!];
      at = above;
    }
  }

  /** The next one that was not taken back. */
  take(): SimEvent | undefined {
    for (let next = this.#pop(); next; next = this.#pop()) if (!next.cancelled) return next;
    return undefined;
  }

  #pop(): SimEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    heap[0] = last;
    for (let at = 0; ;) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && isBefore(heap[left]!, heap[least]!)) least = left;
      if (right < heap.length && isBefore(heap[right]!, heap[least]!)) least = right;
      if (least === at) return first;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

const isBefore = (a: SimEvent, b: SimEvent): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
