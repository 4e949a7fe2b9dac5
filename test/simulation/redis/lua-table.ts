/** Lua's values in JavaScript: nil is undefined, strings have a byte per character, tables are these. */

export type LuaValue = undefined | boolean | number | string | LuaTable | typeof NULL;

/** What cjson makes of null. */
export const NULL = Symbol('null');

export class LuaTable {
  /** Keys 1, 2, 3 …, as far as there is no gap. */
  readonly list: LuaValue[];
  #others: Map<LuaValue, LuaValue> | undefined;

  constructor(list: LuaValue[] = []) {
    this.list = list;
  }

  get length(): number {
    return this.list.length;
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number' && key >= 1 && key <= this.list.length && Number.isInteger(key)) return this.list[key - 1];
    return this.#others?.get(key);
  }

  set(key: LuaValue, value: LuaValue): void {
    const { list } = this;
    if (typeof key === 'number' && key >= 1 && key <= list.length + 1 && Number.isInteger(key)) {
      if (key <= list.length) {
        if (value !== undefined) list[key - 1] = value;
        else this.#shorten(key);
        return;
      }
      if (value === undefined) return;
      list.push(value);
      for (let next = list.length + 1; this.#others?.has(next); next++) {
        list.push(this.#others.get(next));
        this.#others.delete(next);
      }
      return;
    }
    if (key === undefined) throw new Error('lua: index is nil');
    if (value === undefined) this.#others?.delete(key);
    else (this.#others ??= new Map<LuaValue, LuaValue>()).set(key, value);
  }

  /** All keys with their values; the list first. A copy: a loop may change the table. */
  entries(): [LuaValue, LuaValue][] {
    const all = this.list.map((value, i): [LuaValue, LuaValue] => [i + 1, value]);
    return this.#others ? [...all, ...this.#others] : all;
  }

  get isList(): boolean {
    return this.#others === undefined || this.#others.size === 0;
  }

  #shorten(key: number): void {
    const cut = this.list.splice(key - 1);
    for (let i = 1; i < cut.length; i++) this.set(key + i, cut[i]);
  }
}
