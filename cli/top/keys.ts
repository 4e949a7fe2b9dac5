/** Keys, as a terminal in raw mode sends them. Pure. */

export type Key =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageUp'
  | 'pageDown'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'backTab'
  | 'backspace'
  | 'clear'
  | 'interrupt'
  | 'suspend'
  | 'redraw'
  | { text: string };

const SEQUENCES: Readonly<Record<string, Key>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[5~': 'pageUp',
  '[6~': 'pageDown',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[Z': 'backTab',
};

const CONTROLS: Readonly<Record<string, Key>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0003': 'interrupt',
  '\u001a': 'suspend',
  '\u000c': 'redraw',
  '\u0015': 'clear',
};

/** One sequence from its escape on: CSI with its parameters, SS3 with a letter, or the key that was held with Alt. */
// eslint-disable-next-line no-control-regex -- an escape begins them
const SEQUENCE = /^\u001b(\[[0-?]*[ -/]*[@-~]|O[A-Za-z]|[^\u001b[O])/;

/** The keys of what came at once. What is not known is passed over; an escape that nothing follows is the key itself. */
export function keysOf(chunk: string): Key[] {
  const keys: Key[] = [];
  for (let rest = chunk; rest !== '';) {
    if (rest[0] === '\u001b') {
      const [whole = '\u001b', sequence] = SEQUENCE.exec(rest) ?? [];
      const isAlone = rest.length === 1 || rest[1] === '\u001b';
      // A sequence that was cut off is none of the keys that its letters are.
      if (sequence === undefined && !isAlone) return keys;
      const key = sequence === undefined ? 'escape' : SEQUENCES[sequence];
      if (key) keys.push(key);
      rest = rest.slice(whole.length);
      continue;
    }
    const character = String.fromCodePoint(rest.codePointAt(0)!);
    const control = CONTROLS[character];
    if (control) keys.push(control);
    else if (!/^\p{C}$/u.test(character)) keys.push({ text: character });
    rest = rest.slice(character.length);
  }
  return keys;
}
