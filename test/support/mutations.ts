/** Messages that were broken on their way, by chance and by design; the same ones for the same seed. For tests. */

/** A small generator of numbers (mulberry32); below `n`. */
export function chance(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

type Pick = (n: number) => number;

/** What parsers have stumbled over: numbers at their edges, lengths that lie, groups within groups, names that mean something. */
const DANGEROUS: readonly Buffer[] = [
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
  Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
  Buffer.from([0x80, 0x80, 0x80, 0x80, 0x08]),
  Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07]),
  Buffer.from([0x0a, 0x80, 0x80, 0x80, 0x80, 0x10]),
  Buffer.alloc(300, 0x0b),
  Buffer.concat(Array.from({ length: 120 }, (_, i) => Buffer.from([0x0a, 0x7f - i]))),
  Buffer.from([0x00]),
  Buffer.from([0x0a, 0x02, 0xc3, 0x28]),
  Buffer.from([0x0a, 0x03, 0xed, 0xa0, 0x80]),
  Buffer.from([0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f]),
  Buffer.from('\x0a\x09__proto__\x12\x01x', 'latin1'),
  Buffer.from('\x0a\x0bconstructor', 'latin1'),
];

const cut = (bytes: Buffer, pick: Pick): [Buffer, Buffer] => {
  const at = pick(bytes.length + 1);
  return [bytes.subarray(0, at), bytes.subarray(at)];
};

const WAYS: readonly ((bytes: Buffer, pick: Pick, other: Buffer) => Buffer)[] = [
  (bytes, pick) => flipped(bytes, pick, 1),
  (bytes, pick) => flipped(bytes, pick, 1 + pick(8)),
  (bytes, pick) => cut(bytes, pick)[0],
  (bytes, pick) => cut(bytes, pick)[1],
  (bytes, pick) => {
    const [head, tail] = cut(bytes, pick);
    return Buffer.concat([head, DANGEROUS[pick(DANGEROUS.length)]!, tail]);
  },
  (bytes, pick) => {
    const [head, tail] = cut(bytes, pick);
    return Buffer.concat([head, Buffer.from(Array.from({ length: 1 + pick(20) }, () => pick(256))), tail]);
  },
  (bytes, pick, other) => Buffer.concat([cut(bytes, pick)[0], cut(other, pick)[1]]),
  (bytes, _, other) => Buffer.concat([bytes, other]),
  (bytes, pick) => Buffer.concat(Array<Buffer>(1 + pick(50)).fill(bytes)),
  (bytes, pick) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[pick(copy.length)] = [0, 0x7f, 0x80, 0xff][pick(4)]!;
    return copy;
  },
];

function flipped(bytes: Buffer, pick: Pick, bits: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let i = 0; i < bits && copy.length > 0; i++) copy[pick(copy.length)]! ^= 1 << pick(8);
  return copy;
}

/** One of the messages, changed once to three times. */
export function mutated(messages: readonly Buffer[], pick: Pick): Buffer {
  let bytes = messages[pick(messages.length)]!;
  for (let i = pick(3); i >= 0; i--) bytes = WAYS[pick(WAYS.length)]!(bytes, pick, messages[pick(messages.length)]!);
  return bytes;
}
