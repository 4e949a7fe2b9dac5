/**
 * Finds the values of the one list of a JSON document, chunk by chunk, without building any of it. It follows brackets,
 * commas and quotes only: whether a value is valid JSON is asked where the value is whole.
 *
 *   start ─▶ member ─▶ colon ─▶ value ─▶ (skip | list) ─▶ next-member ─▶ … ─▶ done        a document that is an object
 *   start ─▶ list: first ─▶ capture ─▶ next-item ─▶ item ─▶ capture ─▶ … ─▶ done          a document that is a list
 */
import { AppError } from '../../shared/domain/errors.ts';

/** The document is not such JSON. */
export class JsonProblem extends AppError {
  constructor(problem: string) {
    super('invalid', problem);
  }
}

export interface JsonPiece {
  /** The bytes of one value of the list; undefined: more than are taken. */
  content: Buffer | undefined;
}

type State = 'start' | 'first-member' | 'member' | 'colon' | 'value' | 'next-member' | 'first' | 'item' | 'next-item' | 'done';

const MARK = [0xef, 0xbb, 0xbf];
const MAX_KEY_BYTES = 64 * 1024;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const LIST_REMEDY = 'a JSON dataset is one list of objects, or an object with one such list';

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export class JsonScanner {
  readonly #maxBytes: number;
  #state: State = 'start';
  /** The document is an object, and the list one of its members. */
  #inObject = false;
  #hasList = false;
  #items = 0;
  #bytes = 0;
  /** The value that is being passed over: a member's name, a member that is no list, or an item. */
  #value: ValueEnd | undefined;
  /** Pieces of the value, if it is kept. */
  #pieces: Buffer[] | undefined;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The list's values that end within this chunk. Throws JsonProblem where the document is no such JSON. */
  *push(chunk: Uint8Array): Generator<JsonPiece, void, undefined> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    while (at < bytes.length) {
      if (this.#value) {
        const end = this.#value.find(bytes, at);
        this.#keep(bytes.subarray(at, end < 0 ? bytes.length : end));
        if (end < 0) break;
        at = end;
        this.#value = undefined;
        if (this.#state !== 'item') continue;
        this.#state = 'next-item';
        yield { content: this.#taken() };
      } else if (this.#bytes + at < MARK.length && bytes[at] === MARK[this.#bytes + at]) at++;
      else if (isSpace(bytes[at]!)) at++;
      else at = this.#step(bytes[at]!, at);
    }
    this.#bytes += bytes.length;
  }

  /** The document is over. Throws JsonProblem if it is not whole, or has no list. */
  end(): void {
    if (this.#state === 'start') throw wrong(`is empty; ${LIST_REMEDY}`);
    if (this.#state !== 'done') throw wrong(`ends ${this.#where()}, before its last bracket; it was not copied as a whole`);
    if (!this.#hasList) throw wrong(`has no list; ${LIST_REMEDY}`);
  }

  /** Takes one byte that is no space and no part of a value; returns where to go on. */
  #step(byte: number, at: number): number {
    switch (this.#state) {
      case 'start':
        this.#inObject = byte === OPEN_OBJECT;
        if (byte === OPEN_LIST) this.#openList();
        else if (this.#inObject) this.#state = 'first-member';
        else throw wrong(`does not begin with [ or {; ${LIST_REMEDY}`);
        return at + 1;
      case 'first-member':
      case 'member':
        if (byte === CLOSE_OBJECT && this.#state === 'first-member') return this.#become('done', at);
        if (byte !== QUOTE) throw this.#unexpected('the name of a member in quotes');
        this.#state = 'colon';
        return this.#begin(false, byte, at);
      case 'colon':
        if (byte !== COLON) throw this.#unexpected('a colon');
        return this.#become('value', at);
      case 'value':
        if (byte === OPEN_LIST) {
          if (this.#hasList) throw wrong(`has several lists beside each other; ${LIST_REMEDY}`);
          this.#openList();
          return at + 1;
        }
        this.#state = 'next-member';
        return this.#begin(false, byte, at);
      case 'next-member':
        if (byte === COMMA) return this.#become('member', at);
        if (byte === CLOSE_OBJECT) return this.#become('done', at);
        throw this.#unexpected('a comma or }');
      case 'first':
      case 'item':
        if (byte === CLOSE_LIST && this.#state === 'first') return this.#closeList(at);
        if (byte === CLOSE_LIST || byte === COMMA) throw this.#unexpected('a value; take the extra comma out');
        this.#state = 'item';
        this.#items++;
        return this.#begin(true, byte, at);
      case 'next-item':
        if (byte === COMMA) return this.#become('item', at);
        if (byte === CLOSE_LIST) return this.#closeList(at);
        throw this.#unexpected('a comma or ]');
      case 'done':
        if (this.#inObject && byte === OPEN_OBJECT)
          throw wrong('has one object after another, so it is JSONL by its content; write format: jsonl');
        throw this.#unexpected('nothing more');
    }
  }

  #become(state: State, at: number): number {
    this.#state = state;
    return at + 1;
  }

  #openList(): void {
    this.#hasList = true;
    this.#state = 'first';
  }

  #closeList(at: number): number {
    return this.#become(this.#inObject ? 'next-member' : 'done', at);
  }

  /** A value begins with this byte, which is not taken yet. */
  #begin(kept: boolean, byte: number, at: number): number {
    this.#value = new ValueEnd(byte);
    this.#pieces = kept ? [] : undefined;
    this.#length = 0;
    return at;
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#state === 'colon' && this.#length > MAX_KEY_BYTES) throw wrong(`has a member's name of more than ${MAX_KEY_BYTES} bytes`);
    if (this.#length > this.#maxBytes) this.#pieces = undefined;
    else this.#pieces?.push(part);
  }

  #taken(): Buffer | undefined {
    const pieces = this.#pieces;
    this.#pieces = undefined;
    return pieces && (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, this.#length));
  }

  #where(): string {
    return this.#items === 0 ? 'before its first record' : `after record ${this.#items}`;
  }

  #unexpected(wanted: string): JsonProblem {
    return wrong(`is not valid JSON ${this.#where()}: there should be ${wanted}`);
  }
}

/** Finds where a value ends: the byte behind its last one. */
class ValueEnd {
  readonly #isScalar: boolean;
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** `first`: the value's first byte. */
  constructor(first: number) {
    this.#isScalar = first !== QUOTE && first !== OPEN_LIST && first !== OPEN_OBJECT;
  }

  /** The end within these bytes, which go on where the last ones ended; −1: not here. */
  find(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (this.#isScalar) {
        if (isSpace(byte) || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) return at;
      } else if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) {
          this.#inString = false;
          if (this.#depth === 0) return at + 1;
        }
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth++;
      else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        if (--this.#depth === 0) return at + 1;
      }
    }
    return -1;
  }
}

const wrong = (problem: string): JsonProblem => new JsonProblem(problem);
