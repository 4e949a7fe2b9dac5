/**
 * The filter of system calls that a sandbox runs under, as the kernel reads it (classic BPF, linux/seccomp.h): what no program of a
 * test needs, and what has opened sandboxes before, fails with EPERM. Pure.
 */

/** AUDIT_ARCH of linux/audit.h, and the calls' numbers of the kernel's tables. */
interface Architecture {
  audit: number;
  /** Calls that always fail. */
  denied: readonly number[];
  socket: readonly number[];
  clone: number;
  clone3: number;
  ioctl: number;
  /** Numbers from here on belong to another ABI of the same processor. */
  otherAbi?: number;
}

/** The same on both: io_uring_*, pidfd_getfd, new mount calls, mount_setattr, memfd_secret. */
const SHARED_CALLS = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 447];

// In this order: ptrace keyctl add_key request_key bpf perf_event_open userfaultfd mount umount2 pivot_root chroot unshare setns kexec_load
// kexec_file_load init_module finit_module delete_module memfd_create shmget msgget semget mq_open open_by_handle_at name_to_handle_at
// process_vm_readv process_vm_writev swapon swapoff reboot settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname
// acct quotactl syslog personality kcmp
const X64: Architecture = {
  audit: 0xc000003e,
  denied: [
    101, 250, 248, 249, 321, 298, 323, 165, 166, 155, 161, 272, 308, 246, 320, 175, 313, 176, 319, 29, 68, 64, 240, 304, 303, 310, 311, 167,
    168, 169, 164, 227, 305, 159, 170, 171, 163, 179, 103, 135, 312,
    // iopl, ioperm
    172, 173,
  ],
  socket: [41, 53],
  clone: 56,
  clone3: 435,
  ioctl: 16,
  otherAbi: 0x40000000,
};
const ARM64: Architecture = {
  audit: 0xc00000b7,
  denied: [
    117, 219, 217, 218, 280, 241, 282, 40, 39, 41, 51, 97, 268, 104, 294, 105, 273, 106, 279, 194, 186, 190, 180, 265, 264, 270, 271, 224,
    225, 142, 170, 112, 266, 171, 161, 162, 89, 60, 116, 92, 272,
  ],
  socket: [198, 199],
  clone: 220,
  clone3: 435,
  ioctl: 29,
};
const ARCHITECTURES: Readonly<Record<string, Architecture>> = { x64: X64, arm64: ARM64 };

const EPERM = 1;
const ENOSYS = 38;
const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const refuse = (errno: number): number => 0x00050000 | errno;

/** Places in struct seccomp_data. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const argument = (n: number): number => 16 + 8 * n;

const AF_UNIX = 1;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACES = 0x7e020000;
/** Putting characters into a terminal's input. */
const TERMINAL_INPUT = [0x5412, 0x541c];

interface Instruction {
  code: number;
  /** Instructions to skip if so, and if not. */
  yes?: number;
  no?: number;
  k: number;
}

const load = (k: number): Instruction => ({ code: 0x20, k });
const equals = (k: number, yes: number, no: number): Instruction => ({ code: 0x15, k, yes, no });
const atLeast = (k: number, yes: number, no: number): Instruction => ({ code: 0x35, k, yes, no });
const anyOf = (k: number, yes: number, no: number): Instruction => ({ code: 0x45, k, yes, no });
const end = (k: number): Instruction => ({ code: 0x06, k });

/** The filter's bytes, or undefined for a processor that it is not written for. */
export function syscallFilter(architecture: string): Buffer | undefined {
  const known = ARCHITECTURES[architecture];
  if (!known) return undefined;
  const { audit, denied, socket, clone, clone3, ioctl, otherAbi } = known;
  const program: Instruction[] = [load(ARCHITECTURE), equals(audit, 1, 0), end(KILL), load(NUMBER)];
  if (otherAbi !== undefined) program.push(atLeast(otherAbi, 0, 1), end(refuse(EPERM)));
  for (const call of [...denied, ...SHARED_CALLS]) program.push(equals(call, 0, 1), end(refuse(EPERM)));
  // As on a kernel without it: its flags lie where no filter can look, and the C library then takes clone.
  program.push(equals(clone3, 0, 1), end(refuse(ENOSYS)));
  for (const call of socket) program.push(equals(call, 0, 4), load(argument(0)), equals(AF_UNIX, 1, 0), end(refuse(EPERM)), end(ALLOW));
  program.push(equals(clone, 0, 4), load(argument(0)), anyOf(NEW_NAMESPACES, 0, 1), end(refuse(EPERM)), end(ALLOW));
  program.push(equals(ioctl, 0, 5), load(argument(1)), equals(TERMINAL_INPUT[0]!, 1, 0), equals(TERMINAL_INPUT[1]!, 0, 1));
  program.push(end(refuse(EPERM)), end(ALLOW), end(ALLOW));
  const bytes = Buffer.alloc(8 * program.length);
  program.forEach(({ code, yes = 0, no = 0, k }, i) => {
    bytes.writeUInt16LE(code, 8 * i);
    bytes.writeUInt8(yes, 8 * i + 2);
    bytes.writeUInt8(no, 8 * i + 3);
    bytes.writeUInt32LE(k, 8 * i + 4);
  });
  return bytes;
}
