/** Where frames lie, in columns of typed arrays: 28 bytes a frame, while objects would take several times that. */

export interface FramePlace {
  /** Number of the segment in the sorted list of names. */
  segment: number;
  /** Where the frame starts in the segment. */
  offset: number;
  payloadBytes: number;
  /** Bytes of its contents, not compressed. */
  contentBytes: number;
  grant: number;
}

export class FrameTable {
  #size = 0;
  #segments = new Uint32Array(64);
  #payloadBytes = new Uint32Array(64);
  #contentBytes = new Uint32Array(64);
  #offsets = new Float64Array(64);
  #grants = new Float64Array(64);

  /** Adds a frame and returns its number: 0, 1, 2, … in the order of adding. */
  add(place: FramePlace): number {
    const number = this.#size++;
    if (number === this.#segments.length) this.#grow(number * 2);
    this.#segments[number] = place.segment;
    this.#payloadBytes[number] = place.payloadBytes;
    this.#contentBytes[number] = place.contentBytes;
    this.#offsets[number] = place.offset;
    this.#grants[number] = place.grant;
    return number;
  }

  grant(number: number): number {
    return this.#grants[number]!;
  }

  contentBytes(number: number): number {
    return this.#contentBytes[number]!;
  }

  place(number: number): FramePlace {
    return {
      segment: this.#segments[number]!,
      offset: this.#offsets[number]!,
      payloadBytes: this.#payloadBytes[number]!,
      contentBytes: this.#contentBytes[number]!,
      grant: this.#grants[number]!,
    };
  }

  #grow(capacity: number): void {
    const wider = <T extends Uint32Array | Float64Array>(to: T, from: T): T => (to.set(from), to);
    this.#segments = wider(new Uint32Array(capacity), this.#segments);
    this.#payloadBytes = wider(new Uint32Array(capacity), this.#payloadBytes);
    this.#contentBytes = wider(new Uint32Array(capacity), this.#contentBytes);
    this.#offsets = wider(new Float64Array(capacity), this.#offsets);
    this.#grants = wider(new Float64Array(capacity), this.#grants);
  }
}
