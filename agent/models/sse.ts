/**
 * Server-sent events as the HTML standard parses them (§9.2.6), piece by piece: bytes may be cut anywhere, also inside a
 * character or between CR and LF. Pieces of an unfinished line are kept apart and joined once, so a line of many
 * megabytes costs linear time. One leniency: an event without its closing blank line is delivered at the end of the body.
 */

export interface SseEvent {
  /** The `event` field; empty when there was none. */
  event: string;
  /** The `data` lines, joined by line feeds. */
  data: string;
}

export class SseParser {
  // fatal: bytes that are no UTF-8 throw a TypeError instead of silently changing an answer.
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #line: string[] = [];
  #data: string[] = [];
  #event = '';
  #afterCr = false;

  /** The events that these bytes complete. Throws TypeError for what is no UTF-8. */
  push(bytes: Uint8Array): SseEvent[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The body has ended: what was still open. Throws TypeError when it ended inside a character. */
  end(): SseEvent[] {
    const events = this.#read(this.#decoder.decode());
    if (this.#line.length > 0) this.#endOfLine(events);
    this.#dispatch(events);
    return events;
  }

  #read(text: string): SseEvent[] {
    const events: SseEvent[] = [];
    let start = 0;
    if (this.#afterCr && text.startsWith('\n')) start = 1;
    if (text.length > 0) this.#afterCr = false;
    const lineEnd = /\r\n|\n|\r/g;
    lineEnd.lastIndex = start;
    for (let found = lineEnd.exec(text); found !== null; found = lineEnd.exec(text)) {
      if (found.index > start) this.#line.push(text.slice(start, found.index));
      start = lineEnd.lastIndex;
      // A CR at the very end may be the first half of a CRLF.
      if (found[0] === '\r' && start === text.length) this.#afterCr = true;
      this.#endOfLine(events);
    }
    if (start < text.length) this.#line.push(text.slice(start));
    return events;
  }

  #endOfLine(events: SseEvent[]): void {
    const line = this.#line.join('');
    this.#line = [];
    if (line === '') return this.#dispatch(events);
    const colon = line.indexOf(':');
    if (colon === 0) return; // a comment
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') this.#data.push(value);
    else if (field === 'event') this.#event = value;
    // `id` and `retry` are about reconnecting, which a model call never does; other fields are ignored as the standard says.
  }

  #dispatch(events: SseEvent[]): void {
    if (this.#data.length > 0) events.push({ event: this.#event, data: this.#data.join('\n') });
    this.#data = [];
    this.#event = '';
  }
}
