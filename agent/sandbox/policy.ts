/** What a sandbox keeps out, as arguments of bubblewrap. Pure; `self-test.ts` proves that it is so. docs/agents.md says it in words. */
import type { Interpreter } from './interpreter.ts';

/** Bounds of one process of a sandbox and of what it starts. */
export interface BoxLimits {
  /** Of one process's address space, and of what all of them have in memory. */
  memoryBytes: number;
  cpuSeconds: number;
}

/** Processes and threads at the same time, together. */
const PROCESSES = 32;
const OPEN_FILES = 64;
const FILE_BYTES = 16 * 1024 * 1024;
/** /tmp, the one place that can be written; it lies in memory. */
const TMP_BYTES = 64 * 1024 * 1024;
/** Who it is inside, and outside as well where the agent is root. */
export const NOBODY = 65_534;

/** By the names of Python's `resource` module, without RLIMIT_. */
export const rlimitsOf = ({ memoryBytes, cpuSeconds }: BoxLimits): Record<string, number> => ({
  AS: memoryBytes,
  CPU: cpuSeconds,
  NPROC: PROCESSES,
  FSIZE: FILE_BYTES,
  NOFILE: OPEN_FILES,
  CORE: 0,
});

/** Everything behind `bwrap`; `filterFd`: where bubblewrap finds the filter of system calls. */
export function boxArguments({ interpreter, code, filterFd }: { interpreter: Interpreter; code: string; filterFd: number }): string[] {
  const { executable, paths } = interpreter;
  return [
    // No network, no other process, no shared memory, no host name; no user of the host, and no way to new namespaces.
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--uid', String(NOBODY), '--gid', String(NOBODY), '--hostname', 'sandbox'],
    ...['--cap-drop', 'ALL', '--clearenv', '--new-session', '--die-with-parent', '--seccomp', String(filterFd)],
    ...['--setenv', 'HOME', '/tmp', '--setenv', 'LANG', 'C.UTF-8'],
    // The interpreter's files and four devices; neither /proc nor /dev/shm nor a terminal.
    ...paths.flatMap((path) => ['--ro-bind', path, path]),
    ...['null', 'zero', 'random', 'urandom'].flatMap((device) => ['--dev-bind', `/dev/${device}`, `/dev/${device}`]),
    ...['--size', String(TMP_BYTES), '--tmpfs', '/tmp', '--remount-ro', '/', '--chdir', '/tmp'],
    // Isolated: nothing of the working directory, of variables or of a user's packages is imported.
    ...['--', executable, '-I', '-S', '-B', '-c', code],
  ];
}
