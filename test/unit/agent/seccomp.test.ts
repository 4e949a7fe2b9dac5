/** The filter of system calls, judged by an interpreter of classic BPF that is written here by itself. */
import { describe, expect, test } from 'vitest';
import { syscallFilter } from '../../../agent/sandbox/seccomp.ts';

const ALLOWED = 0x7fff0000;
const EPERM = 0x50001;
const ENOSYS = 0x50026;
const KILLED = 0x80000000;

/** What the kernel would make of a call. */
function verdict(filter: Buffer, { arch, call, args = [] }: { arch: number; call: number; args?: number[] }): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call, 0);
  data.writeUInt32LE(arch, 4);
  args.forEach((value, i) => data.writeBigUInt64LE(BigInt(value), 16 + 8 * i));
  let a = 0;
  for (let pc = 0; pc < filter.length / 8; pc++) {
    const code = filter.readUInt16LE(8 * pc);
    const k = filter.readUInt32LE(8 * pc + 4);
    const jump = (holds: boolean): number => filter.readUInt8(8 * pc + (holds ? 2 : 3));
    if (code === 0x20) a = data.readUInt32LE(k);
    else if (code === 0x15) pc += jump(a === k);
    else if (code === 0x35) pc += jump(a >= k);
    else if (code === 0x45) pc += jump((a & k) !== 0);
    else if (code === 0x06) return k;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error('it has no end');
}

describe.each([
  ['x64', 0xc000003e, { read: 0, ptrace: 101, unshare: 272, socket: 41, clone: 56, ioctl: 16, mount: 165 }],
  ['arm64', 0xc00000b7, { read: 63, ptrace: 117, unshare: 97, socket: 198, clone: 220, ioctl: 29, mount: 40 }],
] as const)('on %s', (name, arch, calls) => {
  const filter = syscallFilter(name)!;
  const of = (call: number, ...args: number[]): number => verdict(filter, { arch, call, args });

  test('calls of every program are allowed', () => {
    expect(of(calls.read, 3, 0, 1)).toBe(ALLOWED);
    expect(of(calls.socket, 1)).toBe(ALLOWED);
    expect(of(calls.clone, 0x3d0f00)).toBe(ALLOWED); // a thread
    expect(of(calls.clone, 17)).toBe(ALLOWED); // a process
    expect(of(calls.ioctl, 1, 0x5401)).toBe(ALLOWED);
  });

  test('calls that open sandboxes are not', () => {
    for (const call of [calls.ptrace, calls.unshare, calls.mount, 425, 447]) expect(of(call)).toBe(EPERM);
    for (const family of [0, 2, 10, 16, 17, 40]) expect(of(calls.socket, family)).toBe(EPERM);
    for (const flag of [0x10000000, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x20000000, 0x40000000])
      expect(of(calls.clone, flag | 17)).toBe(EPERM);
    for (const request of [0x5412, 0x541c]) expect(of(calls.ioctl, 0, request)).toBe(EPERM);
    expect(of(435)).toBe(ENOSYS);
  });

  test('another ABI of the same processor ends the program or is refused', () => {
    expect(verdict(filter, { arch: 0x40000003, call: calls.read })).toBe(KILLED);
    if (name === 'x64') expect(of(0x40000000 + calls.ptrace)).toBe(EPERM);
  });
});

test('there is none for a processor that it is not written for', () => expect(syscallFilter('riscv64')).toBeUndefined());
